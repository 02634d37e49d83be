"""Terms: the tree as nested values, for rewriting; sums and products stay as short as a person writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from gradcli.language.expression_text import text_of
from gradcli.language.tree import Expression, Node

_NOWHERE = (0, 0)

#: The operator of a derivative that is still to be taken; its text is how deep in the expression it stands.
PENDING = "D"


class Term(NamedTuple):
    """An operator of the language's tree, or PENDING, and its arguments."""

    op: str
    args: tuple[Term, ...] = ()
    text: str = ""


def number(value: int | str) -> Term:
    """A literal, with its sign in front."""
    text = str(value)
    return negative(Term("number", (), text[1:])) if text.startswith("-") else Term("number", (), text)


ZERO, ONE = Term("number", (), "0"), Term("number", (), "1")


def term_of(expression: Expression) -> Term:
    """The expression as a term."""
    terms: list[Term] = []
    for node in expression.nodes:
        text = "pi" if node.text == "π" else node.text
        terms.append(Term(node.op, tuple(terms[i] for i in node.args), text))
    return terms[-1]


def expression_of(term: Term, pending: str = "") -> Expression:
    """The term as an expression; derivatives still to be taken are written with *pending* as their function."""
    nodes: list[Node] = []

    def add(part: Term) -> int:
        """Append a part behind its arguments; its place."""
        places = tuple(add(argument) for argument in part.args)
        derivative = part.op == PENDING
        nodes.append(
            Node(pending if derivative else part.op, places, "" if derivative else part.text, _NOWHERE)
        )
        return len(nodes) - 1

    add(term)
    names = dict.fromkeys(node.text for node in nodes if node.op == "name")
    return Expression("", tuple(nodes), tuple(names))


def written(term: Term, pending: str = "") -> str:
    """The term in gradcli's language."""
    return text_of(expression_of(_with_signs_inside(term), pending))


def _with_signs_inside(term: Term, in_sum: bool = False) -> Term:
    """-(a*b) as (-a)*b, which is written -a*b; between the terms of a sum the sign becomes the minus."""
    args = tuple(
        _with_signs_inside(argument, term.op == "+" and i > 0) for i, argument in enumerate(term.args)
    )
    if term.op == "neg" and not in_sum and args[0].op in ("*", "/"):
        first, *rest = args[0].args
        return args[0]._replace(args=(_with_signs_inside(negative(first)), *rest))
    return term._replace(args=args)


@lru_cache(100_000)
def varies(term: Term, variable: str) -> bool:
    """Whether the term depends on *variable*, as far as derivatives go."""
    if term.op == "name":
        return term.text == variable
    return term.op != "stop_gradient" and any(varies(argument, variable) for argument in term.args)


def negative(term: Term) -> Term:
    """-term, without a double minus."""
    if term == ZERO:
        return ZERO
    return term.args[0] if term.op == "neg" else Term("neg", (term,))


def summed(terms: Sequence[Term]) -> Term:
    """The sum without zeros."""
    flat = [part for term in terms for part in (term.args if term.op == "+" else (term,))]
    left = [term for term in flat if term != ZERO]
    if not left:
        return ZERO
    return left[0] if len(left) == 1 else Term("+", tuple(left))


def multiplied(factors: Sequence[Term]) -> Term:
    """The product without ones, its whole numbers together and its sign in front."""
    flat = [part for factor in factors for part in (factor.args if factor.op == "*" else (factor,))]
    minus = sum(factor.op == "neg" for factor in flat) % 2 == 1
    flat = [factor.args[0] if factor.op == "neg" else factor for factor in flat]
    flat = [part for factor in flat for part in (factor.args if factor.op == "*" else (factor,))]
    if ZERO in flat:
        return ZERO
    whole, rest = 1, []
    for factor in flat:
        if factor.op == "number" and factor.text.isdigit() and len(factor.text) < 9:
            whole *= int(factor.text)
        else:
            rest.append(factor)
    items = ([] if whole == 1 else [number(whole)]) + rest
    product = ONE if not items else items[0] if len(items) == 1 else Term("*", tuple(items))
    return negative(product) if minus else product


def divided(upper: Term, lower: Term) -> Term:
    """The quotient, with a minus of the upper part in front."""
    if upper == ZERO or lower == ONE:
        return upper
    if upper.op == "neg":
        return negative(divided(upper.args[0], lower))
    return Term("/", (upper, lower))


def raised(base: Term, exponent: Term) -> Term:
    """The power, where it is one."""
    if exponent == ONE:
        return base
    return ONE if exponent == ZERO else Term("**", (base, exponent))


def rebuilt(term: Term, args: tuple[Term, ...]) -> Term:
    """The same operation on other arguments."""
    if term.op == "+":
        return summed(args)
    if term.op == "*":
        return multiplied(args)
    if term.op == "/":
        return divided(*args)
    if term.op == "neg":
        return negative(*args)
    return term._replace(args=args)


def substituted(term: Term, names: Mapping[str, Term]) -> Term:
    """The term with its names replaced."""
    if term.op == "name":
        return names.get(term.text, term)
    return rebuilt(term, tuple(substituted(argument, names) for argument in term.args)) if term.args else term
