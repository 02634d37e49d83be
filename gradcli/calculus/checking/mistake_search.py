"""A wrong partial → the slip that made it, where one of the table makes exactly this."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial as worded
from typing import TYPE_CHECKING, Any, NamedTuple

from flint import arb

from gradcli.calculus.balls.ball_numbers import integer_below
from gradcli.calculus.balls.decimals import decimal_text
from gradcli.calculus.checking.rule_mistakes import rows
from gradcli.calculus.checking.tape import Tape, View, partial, taped
from gradcli.calculus.checking.test_points import Point, moved, number_at, numbers_at, points
from gradcli.calculus.program.program import Program
from gradcli.language.expression_text import text_of
from gradcli.language.tree import Expression

if TYPE_CHECKING:
    from gradcli.calculus.checking.claims import Subject

#: Points at which a slip must make the claim, and the largest expression that is looked through.
POINTS, MOST_NODES = 4, 300

#: Numbers up to here are tried as fractions.
_COUNTABLE = 1e12


class Slip(NamedTuple):
    """What went wrong, and the characters of the expression where it did."""

    message: str
    span: tuple[int, int] | None = None


#: A slip that is worded when it is needed.
Telling = Callable[[], Slip]

#: A candidate: its kind, its place among its kind (the likeliest slips come first), and what tells it apart.
Key = tuple[int, int, str]


def recognised(subject: Subject, variable: str, claimed: Program) -> Slip | None:
    """The first slip of the table that gives the claim at every one of some points; None where none does."""
    if subject.expression.size > MOST_NODES:
        return None
    places = _differing(subject.expression, variable, claimed)
    alive: dict[Key, Telling] | None = None
    for point, tape, claim, actual in places:
        candidates = {key: (wrong, tell) for key, wrong, tell in _candidates(subject, variable, point, tape, actual)
                      if wrong is not None}  # fmt: skip
        alive = _surviving(alive, candidates, claim, actual)
    if alive is None:
        return None
    return alive[min(alive)]() if alive else _constant([(claim, actual) for *_, claim, actual in places])


def _differing(expression: Expression, variable: str, claimed: Program) -> list[tuple[Point, Tape, Any, Any]]:
    """Points, tapes, claims and partials there, until the claim is another at two; none where too few points can tell."""
    found: list[tuple[Point, Tape, Any, Any]] = []
    differ = 0
    for point in points(expression.variables):
        claim = number_at(claimed, claimed.value, moved(claimed, expression.variables, point))
        tape = None if claim is None else taped(expression, variable, point)
        if tape is None:
            continue
        actual = partial(expression, tape)
        found.append((point, tape, claim, actual))
        differ += not _near(claim, actual)
        if len(found) >= POINTS and differ >= 2:
            return found
    return []


def _surviving(
    alive: dict[Key, Telling] | None, candidates: dict[Key, tuple[Any, Telling]], claim: Any, actual: Any
) -> dict[Key, Telling]:
    """The slips that make the claim here too. Where it is right by chance, a rule need not have been tried."""
    found = {key: tell for key, (wrong, tell) in candidates.items() if _near(wrong, claim)}
    if alive is None:
        return found
    agrees = _near(claim, actual)
    return {key: tell for key, tell in alive.items() if key in found or (agrees and key not in candidates)}


def _near(a: Any, b: Any) -> bool:
    return bool(abs(a - b) <= arb(10) ** -35 * max(abs(a), abs(b), arb(1)))


def _candidates(
    subject: Subject, variable: str, point: Point, tape: Tape, actual: Any
) -> Iterator[tuple[Key, Any, Telling]]:
    expression = subject.expression
    yield (0, 0, ""), -actual, lambda: Slip("the sign is turned around")
    yield from _others(subject, variable, point)
    yield (2, 0, ""), tape.views[-1].value, lambda: Slip("this is the expression itself, not its derivative")
    for index, view in enumerate(tape.views):
        if not (view.inner and any(view.varies)):
            continue
        for number, row in enumerate(rows(view)):
            if row.tangent is not None:
                wrong = actual + tape.adjoints[index] * (row.tangent - view.tangent)
                tell = worded(_slip, expression, index, row.sentence, row.argument)
                yield (3, number, f"{MOST_NODES - index:06d} {row.argument} {row.sentence}"), wrong, tell
    for index, node in enumerate(expression.nodes):
        if node.op == "name" and node.text == variable:
            message = f"{variable} counts as a constant at one of its places"
            yield (5, index, ""), actual - tape.adjoints[index], worded(Slip, message, node.span)
    wrong_tape = taped(expression, variable, point, _without_chain)
    if wrong_tape is not None:
        override = _without_chain(-1, wrong_tape.views[-1])
        wrong = override if override is not None else partial(expression, wrong_tape)
        yield (6, 0, ""), wrong, lambda: Slip("the chain rule's factors are lost everywhere")


def _others(subject: Subject, variable: str, point: Point) -> Iterator[tuple[Key, Any, Telling]]:
    """The partials of the other variables, and the sum of all."""
    program = subject.program
    slots = numbers_at(program, [g for g in program.gradient if g is not None], point)
    partials = {name: slots[g] if g is not None else arb(0)
                for name, g in zip(program.variables, program.gradient, strict=True)}  # fmt: skip
    known = {name: p for name, p in partials.items() if p is not None}
    for number, (name, number_there) in enumerate(known.items()):
        if name != variable:
            yield (1, number, name), number_there, worded(Slip, f"this is the partial along {name}")
    if len(known) == len(partials) > 1:
        yield (
            (4, 0, "sum"),
            sum(known.values()),
            worded(Slip, f"the other variables are constants along {variable}"),
        )


def _without_chain(index: int, view: View) -> Any:
    """Tangents of somebody who has never heard of the chain rule."""
    if view.op in ("+", "*", "/", "neg", "where", "piecewise"):
        return None
    if any(v and s is None for v, s in zip(view.varies, view.slopes, strict=True)):
        return None
    return sum((s for s, v in zip(view.slopes, view.varies, strict=True) if v), arb(0))


def _slip(expression: Expression, index: int, sentence: str, argument: int) -> Slip:
    node = expression.nodes[index]
    places = [index, *node.args]
    if node.op not in ("/", "**"):
        places[1:2] = [node.args[argument]]
    texts = [text_of(Expression("", expression.nodes[: place + 1], ())) for place in places[:3]]
    texts += [""] * (3 - len(texts))
    short = [text if len(text) <= 40 else text[:39] + "…" for text in texts]
    return Slip(sentence.format(*short), node.span)


def _constant(pairs: list[tuple[Any, Any]]) -> Slip | None:
    """A constant factor, or a constant that was added."""
    if all(actual != 0 for _, actual in pairs):
        factors = [claim / actual for claim, actual in pairs]
        if factors[0] != 0 and all(_near(factor / factors[0], arb(1)) for factor in factors):
            return Slip(f"a constant factor is wrong: the claim is {_number(factors[0])} times the partial")
    gaps = [claim - actual for claim, actual in pairs]
    if all(_near(gap, gaps[0]) for gap in gaps):
        return Slip(
            f"a constant is wrong: the claim is the partial {'+' if gaps[0] > 0 else '-'} {_number(abs(gaps[0]))}"
        )
    return None


def _number(number: Any) -> str:
    for divisor in range(1, 13) if abs(number) < _COUNTABLE else ():
        whole = integer_below(number * divisor + arb(0.5))
        if _near(number * divisor, arb(whole)):
            return str(whole) if divisor == 1 else f"{whole}/{divisor}"
    near = abs(number - number.mid().floor())
    near = arb.min(near, 1 - near)
    digits = 10 if not near > 0 else max(10, 2 - math.floor(float(near.log() / arb(10).log())))
    return decimal_text(number, digits)
