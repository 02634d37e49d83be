"""The rules of differentiation: one pending derivative → what the rule that fits makes of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from gradcli.calculus.deriving.rule_names import rule_name
from gradcli.calculus.formulas.terms import (
    ONE,
    PENDING,
    ZERO,
    Term,
    divided,
    multiplied,
    negative,
    number,
    raised,
    substituted,
    summed,
    term_of,
    varies,
    written,
)
from gradcli.calculus.sums.sum_derivatives import AS_BOOKS
from gradcli.language.function_table import FUNCTIONS, SHORT_CALLS
from gradcli.language.parser import parse
from gradcli.language.parser.composite_functions import defaults, is_composite, keeps_its_name, meaning
from gradcli.language.tree import Expression

#: Derivatives as courses write them, where the table's form is another one.
TEXTBOOK = AS_BOOKS | {
    "tan": ("1/cos(x)**2",), "acosh": ("1/(sqrt(x-1)*sqrt(x+1))",), "sigmoid": ("sigmoid(x)*(1-sigmoid(x))",),
}  # fmt: skip

#: What turns an argument into its derivative, still to be taken or trivial.
_D = Callable[[Term], Term]

#: A function's parameters as rules show them: x is a variable of many an expression.
_SHOWN = {"x": "u", "y": "v"}


class Applied(NamedTuple):
    """What a rule made: the rule's name, its statement in general, and the new term."""

    rule: str
    statement: str
    term: Term


def applied(inner: Term, variable: str, depth: int) -> Applied:
    """The derivative of *inner* along *variable* by the one rule that fits its outermost operation.

    Raises ValueError where no rule is known.
    """

    def d(part: Term) -> Term:
        if not varies(part, variable):
            return ZERO
        return ONE if part == Term("name", (), variable) else Term(PENDING, (part,), str(depth + 1))

    if not varies(inner, variable):
        name = "stop_gradient" if inner.op == "stop_gradient" else "constant"
        return Applied(name, f"c' = 0: it does not depend on {variable}", ZERO)
    if inner.op == "name":
        return Applied("variable", f"{variable}' = 1", ONE)
    rule = {
        "+": _sum,
        "neg": _negative,
        "*": _product,
        "/": _quotient,
        "**": _power,
        "exp": _exp,
        "log": _log,
    }
    return rule.get(inner.op, _function)(inner, variable, d)


def _sum(inner: Term, variable: str, d: _D) -> Applied:
    """Constant terms stay to be seen: that they vanish is a rule of its own."""
    parts = tuple(d(part) if varies(part, variable) else Term(PENDING, (part,), "0") for part in inner.args)
    return Applied("sum", "(u + v)' = u' + v'", Term("+", parts))


def _negative(inner: Term, variable: str, d: _D) -> Applied:
    return Applied("constant factor", "(-u)' = -u'", negative(d(inner.args[0])))


def _product(inner: Term, variable: str, d: _D) -> Applied:
    moving = [k for k, factor in enumerate(inner.args) if varies(factor, variable)]
    if len(moving) == 1:
        parts = [d(factor) if k in moving else factor for k, factor in enumerate(inner.args)]
        return Applied("constant factor", "(c*u)' = c*u'", multiplied(parts))
    terms = [
        multiplied([d(factor) if k == chosen else factor for k, factor in enumerate(inner.args)])
        for chosen in moving
    ]
    return Applied("product", "(u*v)' = u'*v + u*v'", summed(terms))


def _quotient(inner: Term, variable: str, d: _D) -> Applied:
    upper, lower = inner.args
    if not varies(lower, variable):
        return Applied("constant factor", "(u/c)' = u'/c", divided(d(upper), lower))
    square = raised(lower, number(2))
    if not varies(upper, variable):
        return Applied(
            "reciprocal", "(c/v)' = -c*v'/v**2", negative(divided(multiplied([upper, d(lower)]), square))
        )
    over = summed([multiplied([d(upper), lower]), negative(multiplied([upper, d(lower)]))])
    return Applied("quotient", "(u/v)' = (u'*v - u*v')/v**2", divided(over, square))


def _power(inner: Term, variable: str, d: _D) -> Applied:
    base, exponent = inner.args
    if not varies(exponent, variable):
        lowered = raised(base, _one_less(exponent))
        chain = "" if base.op == "name" else "*u'"
        return Applied("power", f"(u**n)' = n*u**(n - 1){chain}", multiplied([exponent, lowered, d(base)]))
    if not varies(base, variable):
        if base == Term("constant", (), "e"):
            return Applied("exponential", "(e**v)' = e**v*v'", multiplied([inner, d(exponent)]))
        log = Term("log", (base,))
        return Applied("exponential", "(a**v)' = a**v*log(a)*v'", multiplied([inner, log, d(exponent)]))
    both = summed(
        [multiplied([d(exponent), Term("log", (base,))]), divided(multiplied([exponent, d(base)]), base)]
    )
    return Applied("logarithmic", "(u**v)' = u**v*(v'*log(u) + v*u'/u)", multiplied([inner, both]))


def _one_less(exponent: Term) -> Term:
    whole = exponent.args[0] if exponent.op == "neg" else exponent
    if whole.op == "number" and whole.text.isdigit():
        return number((-1 if exponent.op == "neg" else 1) * int(whole.text) - 1)
    return Term("+", (exponent, Term("neg", (ONE,))))


def _exp(inner: Term, variable: str, d: _D) -> Applied:
    chain = "" if inner.args[0].op == "name" else "*u'"
    return Applied("exponential", f"exp(u)' = exp(u){chain}", multiplied([inner, d(inner.args[0])]))


def _log(inner: Term, variable: str, d: _D) -> Applied:
    if len(inner.args) == 2:
        whole = Term("/", (Term("log", inner.args[:1]), Term("log", inner.args[1:])))
        return Applied("change of base", "log(u, b) = log(u)/log(b)", d(whole))
    return Applied("logarithm", "log(u)' = u'/u", divided(d(inner.args[0]), inner.args[0]))


def _function(inner: Term, variable: str, d: _D) -> Applied:
    args = (*inner.args, *map(term_of, defaults(inner.op, len(inner.args))))
    if is_composite(inner.op) and not keeps_its_name(inner.op):
        names, text, expression = meaning(inner.op, len(args))
        whole = substituted(term_of(expression), dict(zip(names, args, strict=True)))
        return Applied("definition", f"{inner.op}({', '.join(names)}) = {text}", d(whole))
    if inner.op in ("where", "piecewise"):
        pieces = [d(part) if k % 2 or k == len(args) - 1 else part for k, part in enumerate(args)]
        return Applied("pieces", "each piece by itself, between the seams", Term(inner.op, tuple(pieces)))
    if inner.op in ("min", "max") and len(args) == 1:
        return Applied("definition", f"{inner.op}(u) = u", d(args[0]))
    if inner.op in ("min", "max") and len(args) > 2:
        pair = Term(inner.op, (Term(inner.op, args[:-1]), args[-1]))
        return Applied("definition", f"{inner.op}(u, v, w) = {inner.op}({inner.op}(u, v), w)", d(pair))
    return _by_its_slopes(inner, args, variable, d)


def _by_its_slopes(inner: Term, args: tuple[Term, ...], variable: str, d: _D) -> Applied:
    names = _parameters(inner.op, len(args))
    shown = {name: Term("name", (), other) for name, other in _SHOWN.items()}
    parts: list[Term] = []
    statements: list[Term] = []
    for index, (name, argument) in enumerate(zip(names, args, strict=True)):
        if varies(argument, variable):
            slope = _slope(inner.op, index, len(args))
            parts.append(
                multiplied([substituted(term_of(slope), dict(zip(names, args, strict=True))), d(argument)])
            )
            chain = [] if argument.op == "name" else [Term("name", (), f"{_SHOWN.get(name, name)}'")]
            statements.append(multiplied([substituted(term_of(slope), shown), *chain]))
    call = f"{inner.op}({', '.join(_SHOWN.get(name, name) for name in names)})"
    return Applied(rule_name(inner.op), f"{call}' = {written(summed(statements))}", summed(parts))


@cache
def _parameters(op: str, count: int) -> tuple[str, ...]:
    if op in ("min", "max"):
        return ("x", "y")
    return ("m",) if op == "elliptic_e" and count == 1 else FUNCTIONS[op].names[:count]


@cache
def _slope(op: str, index: int, count: int) -> Expression:
    """The function's own derivative along an argument. Raises ValueError where none is known."""
    names, row = _parameters(op, count), FUNCTIONS[op]
    texts = SHORT_CALLS[op][1] if op in SHORT_CALLS and count == 1 else TEXTBOOK.get(op, row.slopes)
    text = texts[index] if index < len(texts) else ""
    if not text:
        raise ValueError(op)
    return parse(text, names)
