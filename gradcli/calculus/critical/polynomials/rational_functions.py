"""Expression tree → a quotient of polynomials with rational coefficients, and what it divides by on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any, NamedTuple

from flint import fmpq, fmpq_mpoly_ctx

from gradcli.calculus.balls.decimals import rational
from gradcli.calculus.critical.polynomials.polynomial_rings import names_of, ring
from gradcli.language.tree import Expression, Node

#: Degrees and terms that a polynomial on the way may have.
MOST_DEGREE, MOST_TERMS = 60, 3_000

#: A polynomial. python-flint has no types of its own to offer.
Polynomial = Any


class NotRational(Exception):
    """The expression is no quotient of polynomials with rational coefficients, or one that is too long."""


class Quotient(NamedTuple):
    """above/below; at a zero of one of the *divisors* the expression has no value, though the quotient may."""

    above: Polynomial
    below: Polynomial
    divisors: tuple[Polynomial, ...] = ()


class System(NamedTuple):
    """Where the gradient of a quotient vanishes: at the zeros of all *equations* that are no zero of a divisor."""

    names: tuple[str, ...]
    equations: tuple[Polynomial, ...]
    divisors: tuple[Polynomial, ...]


def system_of(expression: Expression, names: Sequence[str], fixed: Mapping[str, Expression]) -> System:
    """The system for the gradient along *names*; fixed: constant expressions for the others. Raises NotRational."""
    context = ring(fmpq_mpoly_ctx, names)
    constants = {name: constant(text) for name, text in fixed.items()}
    found = read(expression, context, constants)
    slopes = [_slope(found, i) for i in range(len(names))]
    return System(tuple(names), tuple(slopes), tuple(d for d in found.divisors if not d.is_constant()))


def constant(expression: Expression) -> Any:
    """The rational that a constant expression is. Raises NotRational."""
    context = ring(fmpq_mpoly_ctx, ["x"])
    found = read(expression, context, {})
    if not (found.above.is_constant() and found.below.is_constant()):
        raise NotRational
    return _number(found.above) / _number(found.below)


def _number(polynomial: Polynomial) -> Any:
    return next(iter(polynomial.coeffs()), fmpq(0))


def _slope(f: Quotient, i: int) -> Polynomial:
    """The numerator of the partial along variable number i."""
    slope = f.above.derivative(i) * f.below - f.above * f.below.derivative(i)
    return slope / f.below.gcd(slope) if not f.below.is_constant() and slope != 0 else slope


def read(expression: Expression, context: Any, constants: Mapping[str, Any]) -> Quotient:
    """The quotient that *expression* is. Raises NotRational."""
    one = context.constant(1)
    names = dict(zip(names_of(context), context.gens(), strict=True)) | {
        name: context.constant(value) for name, value in constants.items()
    }
    found: list[Quotient] = []
    for node in expression.nodes:
        if node.op == "number":
            number = rational(node.text)
            if number is None:
                raise NotRational
            found.append(Quotient(context.constant(number), one))
        elif node.op == "name":
            found.append(Quotient(names[node.text], one))
        elif node.op in _OPERATIONS:
            found.append(_small(_OPERATIONS[node.op](node, expression, [found[i] for i in node.args])))
        else:
            raise NotRational
    return found[-1]


def _small(f: Quotient) -> Quotient:
    for polynomial in f[:2]:
        if len(polynomial) > MOST_TERMS or polynomial.total_degree() > MOST_DEGREE:
            raise NotRational
    return f


def _sum(a: Quotient, b: Quotient) -> Quotient:
    divisors = _joined(a, b)
    if a.below == b.below:
        return Quotient(a.above + b.above, a.below, divisors)
    return Quotient(a.above * b.below + b.above * a.below, a.below * b.below, divisors)


def _product(a: Quotient, b: Quotient) -> Quotient:
    return Quotient(a.above * b.above, a.below * b.below, _joined(a, b))


def _divided(a: Quotient, b: Quotient) -> Quotient:
    if b.above == 0:
        raise NotRational
    return Quotient(a.above * b.below, a.below * b.above, (*_joined(a, b), b.above))


def _joined(a: Quotient, b: Quotient) -> tuple[Polynomial, ...]:
    return (*a.divisors, *(d for d in b.divisors if d not in a.divisors))


def _power(node: Node, expression: Expression, arguments: Sequence[Quotient]) -> Quotient:
    base, exponent = arguments
    if not (exponent.above.is_constant() and exponent.below.is_constant()) or exponent.divisors:
        raise NotRational
    n = _number(exponent.above) / _number(exponent.below)
    if n.q != 1 or abs(n.p) > MOST_DEGREE:
        raise NotRational
    n = int(n.p)
    size = max(base.above.total_degree(), base.below.total_degree()) * abs(n)
    if size > MOST_DEGREE or (len(base.above) > 1 and _terms(base, abs(n)) > MOST_TERMS):
        raise NotRational
    if n >= 0:
        return Quotient(base.above**n, base.below**n, base.divisors)
    if base.above == 0:
        raise NotRational
    return Quotient(base.below**-n, base.above**-n, (*base.divisors, base.above))


def _terms(base: Quotient, n: int) -> int:
    """A bound on the terms of a power: all monomials of its degree, or all sums of exponents."""
    variables = len(base.above.context().gens())
    degree = int(base.above.total_degree()) * n
    count, sums = 1, int(pow(len(base.above), n))
    for i in range(variables):
        count = count * (degree + i + 1) // (i + 1)
    return count if count < sums else sums


def _negated(node: Node, expression: Expression, arguments: Sequence[Quotient]) -> Quotient:
    (a,) = arguments
    return a._replace(above=-a.above)


def _many(operation: Callable[[Quotient, Quotient], Quotient]) -> Callable[..., Quotient]:
    return lambda node, expression, arguments: reduce(operation, arguments)


_OPERATIONS: dict[str, Callable[[Node, Expression, Sequence[Quotient]], Quotient]] = {
    "+": _many(_sum), "*": _many(_product), "/": _many(_divided), "**": _power, "neg": _negated,
    "square": lambda node, expression, a: _product(a[0], a[0]),
}  # fmt: skip
