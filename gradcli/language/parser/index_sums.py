"""Sums and products over an index: their bounds as whole numbers, and how many terms they have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import ceil, floor

from gradcli.language.errors import SyntaxProblem
from gradcli.language.limits import limit, limit_problem
from gradcli.language.tree import Node, Span

_LARGEST_POWER = 64
_LONGEST = 10**30

_EXACT: dict[str, Callable[..., Fraction]] = {
    "neg": lambda a: -a,
    "/": lambda a, b: a / b,
    "floor": lambda a: Fraction(floor(a)),
    "ceil": lambda a: Fraction(ceil(a)),
    "abs": abs,
    "min": min,
    "max": max,
    "mod": lambda a, b: a % b,
}


def exact_value(nodes: Sequence[Node], root: int, below: Sequence[int]) -> Fraction | None:
    """The exact value of a constant tree; None where it is none of whole numbers, their quotients and powers.

    below: the positions of its nodes in order.
    """
    values: dict[int, Fraction | None] = {}
    for place in below:
        node = nodes[place]
        arguments = [values[a] for a in node.args]
        known = [value for value in arguments if value is not None]
        values[place] = _one(node, known) if len(known) == len(arguments) else None
    return values[root]


def _one(node: Node, args: list[Fraction]) -> Fraction | None:
    if node.op == "number":
        return Fraction(node.text) if len(node.text) < 40 and "e" not in node.text.lower() else None
    try:
        found = _operation(node.op, args)
    except (ArithmeticError, TypeError):
        return None
    return found if found is not None and abs(found) < _LONGEST and found.denominator < _LONGEST else None


def _operation(op: str, args: list[Fraction]) -> Fraction | None:
    if op == "+":
        return sum(args, Fraction(0))
    if op == "*":
        product = Fraction(1)
        for factor in args:
            product *= factor
            if abs(product) > _LONGEST:
                return None
        return product
    if op == "**":
        base, exponent = args
        small = exponent.denominator == 1 and abs(exponent) <= _LARGEST_POWER
        return Fraction(base**exponent.numerator) if small else None
    return _EXACT[op](*args) if op in _EXACT else None


def whole_bound(text: str, value: Fraction | None, name: str, span: Span) -> int:
    """A bound as a whole number. Raises SyntaxProblem for anything else."""
    if value is None:
        message = f"a bound of {name} is a whole number that is known: it may not depend on a variable"
        raise SyntaxProblem(message, text=text, span=span, hint=f"for example {name}(i**2*x, i, 1, 3)")
    if value.denominator != 1:
        raise SyntaxProblem(f"a bound of {name} is a whole number, not {value}", text=text, span=span)
    return int(value)


def whole_row(text: str, value: Fraction | None, column: str, span: Span) -> int:
    """A row of a column as a whole number. Raises SyntaxProblem for anything else."""
    if value is None:
        message = f"a row of {column} is a whole number that is known, or is counted by a sum around it"
        raise SyntaxProblem(
            message, text=text, span=span, hint=f"for example sum({column}[i], i, 0, count()-1)"
        )
    if value.denominator != 1:
        raise SyntaxProblem(f"a row of {column} is a whole number, not {value}", text=text, span=span)
    return int(value)


def checked_count(text: str, name: str, low: int, high: int, span: Span, before: int) -> int:
    """The number of terms, with those *before*. Raises LimitProblem for too many, before anything is built."""
    count, most = max(high - low + 1, 0), limit("terms")
    if count + before > most:
        whole = f"this {name} has {count:,} terms" if count > most else "the sums together have more terms"
        message = f"{whole}: at most {most:,.0f} are written out"
        raise limit_problem("terms", message, text=text, span=span)
    return count + before
