"""Derivatives at a point → Taylor polynomial: coefficients as numbers, and exactly where sympy finds them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from math import factorial
from typing import Any, NamedTuple

from gradcli.calculus.program.point_answer import Value
from gradcli.calculus.tables.higher_derivatives import Chain

#: An exact coefficient longer than this is shown as a number.
LONGEST = 60

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?")


class Term(NamedTuple):
    """One term: the power of each variable's distance from the point, its coefficient, and that exactly if known."""

    powers: Mapping[str, int]
    coefficient: Value
    exact: str | None


def terms_of(
    names: Sequence[str],
    chains: Sequence[Chain],
    numbers: Sequence[Value],
    exact: Sequence[str | None],
    digits: int,
) -> list[Term]:
    """The terms that are not 0. numbers: the derivatives at the point, f's own value (the empty chain) first."""
    terms = []
    for chain, number, text in zip(chains, numbers, exact, strict=True):
        powers = {name: chain.count(name) for name in names if name in chain}
        coefficient = _divided(number, powers, digits)
        if float(coefficient) != 0:
            terms.append(Term(powers, coefficient, _agreeing(text, coefficient)))
    return terms


def _divided(number: Value, powers: Mapping[str, int], digits: int) -> Value:
    divisor = 1
    for power in powers.values():
        divisor *= factorial(power)
    if digits <= 15:
        return float(number) / divisor
    from gradcli.calculus.balls.decimals import decimal_text, rational

    return decimal_text(rational(str(number)) / divisor, digits)


def _agreeing(exact: str | None, number: Value) -> str | None:
    """The exact text, if it is the number: sympy simplifies before it evaluates, the program does not."""
    if exact is None:
        return None
    from gradcli.calculus.evaluation.gradient_at_point import evaluate
    from gradcli.calculus.graph.reverse_sweep import compile_value
    from gradcli.language.errors import GradcliError

    try:
        program = compile_value(exact)
        if program.variables:  # a constant of sympy's that the language has no word for
            return None
        value = float(evaluate(program, exact, {}).value)
    except GradcliError:
        return None
    return exact if abs(value - float(number)) <= 1e-9 * max(abs(value), abs(float(number))) else None


def exact_coefficients(
    texts: Sequence[str], given: Collection[str], point: Mapping[str, str], chains: Sequence[Chain]
) -> list[str | None]:
    """What sympy finds for the coefficient of each chain at *point*, whose values are texts of constants."""
    from gradcli.calculus.effort.time_budget import within_budget
    from gradcli.calculus.formulas.texts.partial_formulas import MOST_NODES
    from gradcli.calculus.symbolic.from_sympy import write
    from gradcli.calculus.symbolic.to_sympy import symbol, to_sympy
    from gradcli.language.parser import parse
    from gradcli.language.parser.outputs import total

    expression = total(texts, given)
    found: list[str | None] = [None] * len(chains)
    if expression.size > MOST_NODES:
        return found

    def work() -> None:
        """The coefficients by sympy, at the exact point."""
        at = {symbol(name): to_sympy(parse(text)) for name, text in point.items()}
        known: dict[Chain, Any] = {(): to_sympy(expression)}
        for i, chain in enumerate(chains):
            if chain:
                known[chain] = known[chain[:-1]].diff(symbol(chain[-1]))
            divisor = 1
            for name in set(chain):
                divisor *= factorial(chain.count(name))
            value = known[chain].subs(at) / divisor
            text = write(value) if value.is_number and value.is_finite and _is_known(value) else ""
            found[i] = text if text and len(text) <= LONGEST else None

    within_budget(work)
    return found


def _is_known(value: Any) -> bool:
    """Whether sympy knows all functions in it: others would stand there unevaluated."""
    import sympy

    return all(type(call).__module__.startswith("sympy") for call in value.atoms(sympy.Function))


def polynomial(terms: Sequence[Term], point: Mapping[str, str], numbers: Sequence[str]) -> str:
    """The polynomial as text that parses; numbers: how each term's coefficient is written where it is not exact."""
    pieces = []
    for term, number in zip(terms, numbers, strict=True):
        factors = [_power(name, point[name], power) for name, power in term.powers.items()]
        pieces.append(_term(term.exact or number, "*".join(factors)))
    return " + ".join(pieces).replace("+ -", "- ") if pieces else "0"


def _term(coefficient: str, factors: str) -> str:
    if not factors:
        return coefficient
    if coefficient in ("1", "-1"):
        return coefficient[:-1] + factors
    fraction = re.fullmatch(r"(-?)1/([0-9]+)", coefficient)
    if fraction:
        return f"{fraction[1]}{factors}/{fraction[2]}"
    return f"({coefficient})*{factors}" if _is_sum(coefficient) else f"{coefficient}*{factors}"


def _is_sum(text: str) -> bool:
    """Whether a sign stands in the text, but in front of it or in a decimal's exponent."""
    return not _DECIMAL.fullmatch(text) and any(sign in text[1:] for sign in "+-")


def _power(name: str, at: str, power: int) -> str:
    base = distance(name, at)
    return base if power == 1 else f"{base}**{power}"


def distance(name: str, at: str) -> str:
    """`x - 1` in brackets; x itself around 0."""
    at = at.strip()
    if _DECIMAL.fullmatch(at) and float(at) == 0:
        return name
    if _is_sum(at):
        return f"({name} - ({at}))"
    return f"({name} + {at[1:]})" if at.startswith("-") else f"({name} - {at})"
