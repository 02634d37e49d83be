"""Constraints whose slopes vanish where they hold, as ones that have slopes: p**2 = 0 is p = 0, and p**2 + q**2 <= 0 is both.

Powers and absolute values as they are written, and polynomials by their factors.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Any

from gradcli.calculus.critical.one_variable.written_nodes import substituted
from gradcli.descent.constrained.optimality.lifted_roots import rational_of
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.errors import GradcliError
from gradcli.language.parser.outputs import total
from gradcli.language.tree import Expression

#: The relation where both sides change their sign.
TURNED = {"<=": ">=", ">=": "<=", "=": "="}

#: What is 0 where a wave of u takes its greatest value, or its least.
HALVES: dict[tuple[str, Fraction | int], str] = {
    ("sin", 1): "sin(({0})/2 - pi/4)", ("sin", -1): "sin(({0})/2 + pi/4)",
    ("cos", 1): "sin(({0})/2)", ("cos", -1): "cos(({0})/2)",
}  # fmt: skip


def without_powers(one: Constraint, given: Collection[str]) -> list[Constraint] | None:
    """A constraint as one or several without powers around them; None where it has none. Strict ones stay as they are."""
    if one.strict or one.limit is not None:
        return None
    try:
        expression = total([one.difference], given)
        texts = substituted(expression, {})
    except GradcliError:
        return None
    place, relation, odd = _unpowered(expression, len(expression.nodes) - 1, one.relation)
    zeros = _zeros(expression, place)
    if zeros and relation in ("=", "<="):
        return [_new(one, texts[i], "=") for i in zeros]
    if odd:
        return [_new(one, texts[place], relation)]
    return _by_wave(one, expression, texts) or _by_factors(one, expression)


def _new(one: Constraint, left: str, relation: str) -> Constraint:
    return one._replace(left=left, relation=relation, right="0", constant="", limit=None)


def _unpowered(expression: Expression, place: int, relation: str) -> tuple[int, str, bool]:
    """The node below signs, numbers and odd powers, its relation to 0, and whether there are such powers."""
    odd = False
    while True:
        node = expression.nodes[place]
        if node.op == "neg":
            place, relation = node.args[0], TURNED[relation]
            continue
        args = [i for i in node.args if rational_of(expression, i) != 0] if node.op == "+" else []
        if len(args) == 1:
            place = args[0]
            continue
        power = rational_of(expression, node.args[1]) if node.op == "**" else None
        if power is not None and power.denominator == 1 and power > 0 and power % 2 == 1:
            place, odd = node.args[0], odd or power > 1
            continue
        factors = [rational_of(expression, i) for i in node.args] if node.op == "*" else []
        numbers = [a for a in factors if a is not None and a != 0]
        if numbers and len(numbers) == len(factors) - 1:
            place = node.args[factors.index(None)]
            relation = TURNED[relation] if sum(a < 0 for a in numbers) % 2 else relation
            continue
        return place, relation, odd


def _zeros(expression: Expression, place: int) -> list[int] | None:
    """Nodes that are all 0 where a node is, which is nowhere below 0; None where it may be, or is no such sum."""
    node = expression.nodes[place]
    if node.op == "+":
        parts = [_zeros(expression, i) for i in node.args]
        return None if None in parts else [i for part in parts for i in part or ()]
    if node.op == "*":
        factors = [rational_of(expression, i) for i in node.args]
        others = [i for i, a in zip(node.args, factors, strict=True) if a is None]
        positive = all(a is None or a > 0 for a in factors)
        return _zeros(expression, others[0]) if positive and len(others) == 1 else None
    power = rational_of(expression, node.args[1]) if node.op == "**" else None
    even = power is not None and power.denominator == 1 and power > 0 and power % 2 == 0
    if node.op != "abs" and not even:
        return None
    inner, *_ = _unpowered(expression, node.args[0], "=")
    return _zeros(expression, inner) or [inner]


def _unscaled(expression: Expression, place: int) -> tuple[int, Fraction]:
    """The node below signs and numbers, and the product of those."""
    factor = Fraction(1)
    while (node := expression.nodes[place]).op in ("neg", "*"):
        numbers = [rational_of(expression, i) for i in node.args]
        if numbers.count(None) != 1:
            break
        factor *= math.prod(
            (a for a in numbers if a is not None), start=Fraction(-1 if node.op == "neg" else 1)
        )
        place = node.args[numbers.index(None)]
    return place, factor


def _by_wave(one: Constraint, expression: Expression, texts: Sequence[str]) -> list[Constraint] | None:
    """A sine or cosine that is to be no less than 1, or no more than -1: a zero of one of half the angle."""
    root = expression.nodes[-1]
    terms = root.args if root.op == "+" else (len(expression.nodes) - 1,)
    numbers = [rational_of(expression, i) for i in terms]
    others = [i for i, a in zip(terms, numbers, strict=True) if a is None]
    if len(others) != 1:
        return None
    place, factor = _unscaled(expression, others[0])
    node = expression.nodes[place]
    if node.op not in ("sin", "cos") or not factor:
        return None
    level = -sum((a for a in numbers if a is not None), Fraction(0)) / factor
    relation = one.relation if factor > 0 else TURNED[one.relation]
    zero = HALVES.get((node.op, level)) if relation in ("=", ">=" if level > 0 else "<=") else None
    return None if zero is None else [_new(one, zero.format(texts[node.args[0]]), "=")]


def _by_factors(one: Constraint, expression: Expression) -> list[Constraint] | None:
    """The same of a polynomial: its factors once for an equation, and for others where all powers are odd, or all even."""
    from flint import fmpq_mpoly_ctx

    from gradcli.calculus.critical.polynomials.polynomial_rings import names_of, ring
    from gradcli.calculus.critical.polynomials.rational_functions import NotRational, read

    context = ring(fmpq_mpoly_ctx, expression.variables)
    try:
        found = read(expression, context, {})
    except (NotRational, KeyError):
        return None
    if not found.below.is_constant() or any(not d.is_constant() for d in found.divisors):
        return None
    scale, factors = (found.above / found.below).factor()
    if not factors or all(power == 1 for _, power in factors):
        return None
    text = "*".join(f"({_written(p, names_of(context))})" for p, _ in factors)
    if one.relation == "=":
        return [_new(one, text, "=")]
    relation = one.relation if scale > 0 else TURNED[one.relation]
    if all(power % 2 == 0 for _, power in factors):
        return [_new(one, text, "=")] if relation == "<=" else None
    return [_new(one, text, relation)] if all(power % 2 for _, power in factors) else None


def _written(polynomial: Any, names: Sequence[str]) -> str:
    terms = []
    for exponents, coefficient in polynomial.to_dict().items():
        powers = [
            f"{name}**{int(e)}" if e != 1 else name for name, e in zip(names, exponents, strict=True) if e
        ]
        terms.append("*".join([f"({coefficient})", *powers]))
    return " + ".join(terms)
