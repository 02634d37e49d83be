"""Program and point → value and gradient, or the reason why there is none.

Floats first: a plain answer costs one run. Where a float operation fails or overflows, the program runs
again in mpmath, whose exponents have no end: what was only too large on the way gets its answer, and
what has none gets a reason that names the sub-expression.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from gradcli.calculus import floats
from gradcli.calculus.doubt import doubtful, in_the_end, settled, unsettled
from gradcli.calculus.operations import TooHard
from gradcli.calculus.program import Program
from gradcli.language.errors import DomainProblem, LimitProblem

#: Digits of the second run; far more than a float holds, so that one rounding at the end is enough.
SECOND_LOOK = 50

#: How many times as many are tried, and for how many seconds, where the value fails: rounding may be at fault, as of
#: atanh(tanh(60)) in 50 digits.
MORE, PATIENCE = (2, 4, 8), 1.0

Value = float | str


class Note(NamedTuple):
    """What a user should know about an answer: kind (`corner`, `jump`, `infinite`, `edge`, …) and a sentence.

    variable: whose partial it is about. left, right: the slopes on both sides, None where there is no value.
    """

    kind: str
    message: str
    variable: str | None = None
    left: float | None = None
    right: float | None = None
    span: tuple[int, int] | None = None


class Answer(NamedTuple):
    """The value at a point, the partial of each variable (None: it has none), and notes."""

    value: Value
    partials: Mapping[str, Value | None]
    notes: tuple[Note, ...] = ()


def evaluate(program: Program, text: str, point: Mapping[str, Value], corner: str = "none") -> Answer:
    """f and its gradient at *point*, in floats.

    corner: what to answer where a derivative has a corner (`gradcli.calculus.corners.RULES`).
    Raises DomainProblem where f has no value, with the sub-expression's place in *text*.
    """
    numbers = [float(point[name]) for name in program.variables]
    try:
        slots = floats.run(program, numbers)
    except (ValueError, ArithmeticError):
        return _second_look(program, text, point, corner)
    outputs = [program.value, *(g for g in program.gradient if g is not None)]
    if not all(math.isfinite(slots[slot]) for slot in outputs):
        return _second_look(program, text, point, corner)
    if doubtful(program, slots, outputs):
        return _closer(program, text, point, corner, slots, outputs)
    return Answer(slots[program.value], _partials(program, slots))


def _closer(
    program: Program,
    text: str,
    point: Mapping[str, Value],
    corner: str,
    slots: list[float],
    outputs: list[int],
) -> Answer:
    """The answer in which every digit can be trusted, where floats lost some."""
    numbers = settled(program, [str(point[name]) for name in program.variables], outputs)
    if numbers is None:
        try:
            return _second_look(program, text, point, corner)
        except LimitProblem:  # too hard in so many digits: what floats say is what there is
            numbers = [slots[slot] for slot in outputs]
    exact = dict(zip(outputs, numbers, strict=True))
    return Answer(exact[program.value], _partials(program, exact))


def _partials(program: Program, slots: Sequence[Any] | Mapping[int, Any]) -> dict[str, Any]:
    named = zip(program.variables, program.gradient, strict=True)
    return {name: None if slot is None else slots[slot] for name, slot in named}


def _second_look(program: Program, text: str, point: Mapping[str, Value], corner: str) -> Answer:
    from gradcli.calculus import wide
    from gradcli.calculus.corners import beside
    from gradcli.calculus.reasons import no_value

    numbers = [str(point[name]) for name in program.variables]
    slots, digits = looked(program, numbers, SECOND_LOOK)
    value = slots[program.value]
    if isinstance(value, wide.Failure):
        raise no_value(program, text, point, value)
    again = wide.run(program, numbers, 2 * digits)[program.value]
    if isinstance(again, wide.Failure) and not isinstance(again.error, TooHard):
        raise no_value(program, text, point, again)
    whole = as_float(value, "the value")
    if not isinstance(again, wide.Failure):
        whole = in_the_end(value, again, 2 * digits)
    partials, notes = beside(program, text, point, _partials(program, slots), corner)
    rounded = {
        name: None if p is None else as_float(p, f"the partial along {name}") for name, p in partials.items()
    }
    return Answer(whole, rounded, notes)


def looked(program: Program, numbers: Sequence[str], digits: int) -> tuple[list[Any], int]:
    """All slots in *digits* digits, or in as many more as the value and its sums need; and how many these are."""
    from gradcli.calculus import wide

    slots = wide.run(program, numbers, digits)
    failure = slots[program.value]
    if isinstance(failure, wide.Failure) and not isinstance(failure.error, (OverflowError, TooHard)):
        slots, digits = _tried_again(program, numbers, slots, digits)
    gap = wide.apart(slots)
    if not gap or isinstance(slots[program.value], wide.Failure):
        return slots, digits
    return wide.run(program, numbers, digits + gap), digits + gap


def _tried_again(
    program: Program, numbers: Sequence[str], slots: list[Any], digits: int
) -> tuple[list[Any], int]:
    """The slots in more digits, if these soon give a value; else those that there are."""
    from gradcli.calculus import wide
    from gradcli.calculus.budget import OutOfTime, seconds

    gap = wide.apart(slots)
    try:
        with seconds(PATIENCE):
            for times in MORE:
                found = wide.run(program, numbers, times * digits + gap)
                value = found[program.value]
                if not isinstance(value, wide.Failure):
                    return found, times * digits + gap
                if isinstance(value.error, TooHard):
                    break
    except OutOfTime:
        pass
    return slots, digits


def as_float(number: Any, name: str) -> float:
    """A number of mpmath as a float; raises DomainProblem where it is too large, saying that *name* is."""
    result = float(number)
    if math.isinf(result):
        raise DomainProblem(f"{name} is too large for a float: about 1e{_magnitude(number)}",
                            hint="gradcli grad --digits 20 has no such limit")  # fmt: skip
    return result


def _magnitude(number: Any) -> str:
    import mpmath

    return str(int(mpmath.floor(mpmath.log10(abs(number)))))


def evaluate_digits(
    program: Program, text: str, point: Mapping[str, Value], digits: int, corner: str = "none"
) -> Answer:
    """f and its gradient to *digits* significant digits, all of them right, as decimal texts.

    Runs twice with different precision and again with more until both agree. Raises DomainProblem as
    `evaluate` does, and where the digits do not settle.
    """
    from gradcli.calculus import wide
    from gradcli.calculus.corners import beside
    from gradcli.calculus.reasons import no_value

    numbers = [str(point[name]) for name in program.variables]

    def texts(precision: int) -> tuple[list[str | None], tuple[Note, ...]]:
        slots = wide.run(program, numbers, precision)
        value = slots[program.value]
        if isinstance(value, wide.Failure):
            raise no_value(program, text, point, value)
        partials, notes = beside(program, text, point, _partials(program, slots), corner, precision)
        mp = wide.context(precision)
        return [decimal(mp, number, digits) for number in (value, *partials.values())], notes

    settled, notes = settle(texts, looked(program, numbers, digits + 10)[1])
    names = program.variables
    return Answer(str(settled[0]), dict(zip(names, settled[1:], strict=True)), notes)


def settle(texts: Callable[[int], tuple[list[str | None], tuple[Note, ...]]], first: int) -> Any:
    """What *texts* says at a precision that is high enough: twice the precision says the same.

    first: the precision to begin with.

    A number that grows smaller by as many digits as the precision gains, twice in a row, is 0: such as
    cos(pi/2), which no precision gets to agree with itself.
    """
    precisions, rounds = [first], [texts(first)[0]]
    for _ in range(6):
        precisions.append(precisions[-1] * 2)
        now, notes = texts(precisions[-1])
        rounds.append(now)
        columns = list(zip(*rounds, strict=True))
        settled = [c[-1] == c[-2] or _vanishes(c[-3:], precisions[-3:]) for c in columns]
        if all(settled):
            return [c[-1] if c[-1] == c[-2] else "0" for c in columns], notes
    raise unsettled(precisions[-1])


def _vanishes(texts: Sequence[str | None], precisions: Sequence[int]) -> bool:
    """Whether a number loses the digits that the precision gains, from each of three rounds to the next."""
    if len(texts) < 3 or None in texts:
        return False
    import mpmath

    sizes = [math.log10(2) * mpmath.mag(mpmath.mpf(text)) for text in texts]
    lost = [after - before for before, after in pairwise(sizes)]
    gained = [after - before for before, after in pairwise(precisions)]
    return all(less <= -0.7 * more for less, more in zip(lost, gained, strict=True))


def decimal(mp: Any, number: Any, digits: int) -> str | None:
    """A number of mpmath as text with that many significant digits."""
    return None if number is None else str(mp.nstr(number, digits, strip_zeros=True)).removesuffix(".0")


def noted(program: Program, text: str, found: Sequence[Note], wrt: Sequence[str]) -> tuple[Note, ...]:
    """An answer's notes with sub-expressions named, and one for each variable without a connection or a formula."""
    notes = [note._replace(message=note.message.replace("{0}", excerpt(text, note.span))) for note in found]
    for name in wrt:
        if name in program.unknown:
            message = f"the derivative along {name} is not known in closed form"
            notes.append(Note("unknown", message, name))
        elif name not in program.variables or program.gradient[program.variables.index(name)] is None:
            stopped = name in program.variables
            why = "stop_gradient holds it constant" if stopped else "the expression does not depend on it"
            notes.append(Note("unconnected", f"{name} is not connected: {why}", name))
    return tuple(notes)


def excerpt(text: str, span: tuple[int, int] | None) -> str:
    """The characters of a sub-expression, for a sentence."""
    part = text[slice(*span)] if span else "the expression"
    return part if len(part) <= 60 else part[:59] + "…"
