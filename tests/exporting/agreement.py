"""What exported code answers at a point, held against what `grad` answers there.

The truth is `evaluate`: balls and exact numbers where floats do not suffice. How far floats may be from it is seen from
gradcli's own float program and from the truths beside the point, not from the exporter.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from gradcli.calculus.backends import float_backend
from gradcli.calculus.evaluation.gradient_at_point import evaluate
from gradcli.calculus.program.instructions import SPECIAL, Kink
from gradcli.calculus.program.program import Program
from gradcli.language.errors import DomainProblem, GradcliError, LimitProblem
from tests.exporting.batches import Case, Numbers

#: How near is right where floats lose no digits, and for how many digits of theirs that are lost we make allowance.
TOLERANCE, LOSS = 1e-12, 64

#: What sums of numbers about 1 may leave of themselves where they cancel.
NOTHING = 1e-15

#: What only libraries have, or what is composed of other functions that overflow sooner.
LIBRARIES = frozenset((*SPECIAL, "gamma", "lgamma"))


class Truth(NamedTuple):
    """What `grad` answers: None for what has no number.

    floats: what gradcli's own floats say. spread: how far they are from the truth, and how far they move with the last
    place of the point. excused: something on the way has no finite float. large: a number of the answer is too large.
    tied: there is a corner or a jump on the way, though f may be smooth. special: some function is a library's own.
    size: of the largest reciprocal of the point's numbers. underflow: a number on the way has lost digits to the end of floats.
    """

    value: float | None
    gradient: tuple[float | None, ...]
    floats: tuple[float, ...]
    spread: tuple[float, ...]
    excused: bool
    large: bool
    tied: bool
    special: bool
    size: float
    underflow: bool


class Undecided(Exception):
    """gradcli's own limits were hit: there is no truth to hold anything against."""


@cache
def truth(text: str, program: Program, point: Numbers) -> Truth:
    """The answer at a point. Raises Undecided."""
    if _is_coarse(program, point):
        raise Undecided
    value, gradient, large = _answer(text, program, point)
    floating, excused, tied, underflow = _floats(program, point)
    numbers = [value, *gradient]
    spread = [
        0.0 if a is None or b is None or not math.isfinite(b) else abs(a - b)
        for a, b in zip(numbers, floating, strict=True)
    ]
    for place, number in enumerate(point):
        for beside in (math.nextafter(number, math.inf), math.nextafter(number, -math.inf)):
            moved = (*point[:place], beside, *point[place + 1 :])
            there, *_ = _floats(program, moved)
            for k, (a, b) in enumerate(zip(floating, there, strict=True)):
                spread[k] = max(spread[k], abs(a - b) if math.isfinite(a - b) else 0.0)
    size = max(1 / abs(number) if number else 0.0 for number in point)
    special = any(op in LIBRARIES for op, *_ in program.code)
    return Truth(
        value, gradient, tuple(floating), tuple(spread), excused, large, tied, special, size, underflow
    )


def _answer(
    text: str, program: Program, point: Numbers
) -> tuple[float | None, tuple[float | None, ...], bool]:
    at = {name: format(Decimal(number), "e") for name, number in zip(program.variables, point, strict=True)}
    nothing = (None,) * len(point)
    try:
        answer = evaluate(program, text, at)
    except LimitProblem as error:
        raise Undecided from error
    except DomainProblem as error:
        if "do not settle" in error.message or "not decided" in error.message:
            raise Undecided from error
        return None, nothing, "too large" in error.message
    except GradcliError as error:
        raise Undecided from error
    if any(note.kind == "undecided" and "has a value" in note.message for note in answer.notes):
        raise Undecided
    partials = tuple(0.0 if answer.partials[name] is None and name not in _with_place(program) else answer.partials[name]
                     for name in program.variables)  # fmt: skip
    return float(answer.value), tuple(None if p is None else float(p) for p in partials), False


def _with_place(program: Program) -> set[str]:
    return {
        name for name, place in zip(program.variables, program.gradient, strict=True) if place is not None
    }


class Run(NamedTuple):
    """gradcli's own floats, NaN where they fail.

    failed: something on the way has no finite float. tied: something has a corner there. underflow: something has lost
    digits to the end of floats.
    """

    outputs: list[float]
    failed: bool
    tied: bool
    underflow: bool


def _floats(program: Program, point: Numbers) -> Run:
    """What gradcli's own float program does at a point."""
    slots = [*point, *map(float_backend.constant, program.constants)]
    failed = tied = False
    for function, (op, *places) in zip(float_backend.table(program), program.code, strict=True):
        tied = tied or (op in ("lt", "le", "eq", "ne") and slots[places[0]] == slots[places[1]])
        try:
            slots.append(function(*(slots[place] for place in places)))
        except Kink:
            slots.append(math.nan)
            tied = True
            continue
        except (ValueError, ArithmeticError):
            slots.append(math.nan)
        failed = failed or not (math.isfinite(slots[-1]) or any(math.isnan(slots[place]) for place in places))
    outputs = [slots[program.value], *(0.0 if g is None else slots[g] for g in program.gradient)]
    return Run(outputs, failed, tied, any(0 < abs(slot) < sys.float_info.min for slot in slots))


def _is_coarse(program: Program, point: Numbers) -> bool:
    """Whether steps are taken of numbers so large that between two floats there are many."""
    steps = {"floor", "ceil", "mod", "flat_integer", "floor_side"}
    return any(op in steps for op, *_ in program.code) and any(abs(number) > 2**50 for number in point)


def verdict(case: Case, point: Numbers, found: Sequence[float]) -> str:
    """`right`, `refused` (both), `excused` (NaN for what is not finite on the way), `tied` (NaN at a corner
    on the way), `library` (NaN where a library's function has no number), `lost` (gradcli's own
    floats see no more of it than the code does), or what is wrong.

    Raises Undecided.
    """
    if len(found) != 1 + len(point):
        return "wrong length"
    if not all(math.isfinite(n) or math.isnan(n) for n in found):
        return "infinite"
    what = truth(case.text, case.compiled.program, point)
    if what.value is None:
        return _refused(what, found)
    wanted = (what.value, *what.gradient)
    near = math.isclose(what.floats[0], what.value, rel_tol=TOLERANCE)
    # A jump that the code's own rounding passed is lost to its partials as well.
    near = near and not (what.tied and abs(found[0] - what.value) > TOLERANCE * max(1.0, abs(what.value)))
    marks = [_mark(*row, what, near) for row in zip(found, wanted, what.floats, what.spread, strict=True)]
    return next(
        (
            mark
            for mark in ("wrong", "no refusal", "missing", "library", "tied", "lost", "excused")
            if mark in marks
        ),
        "right",
    )


def _refused(what: Truth, found: Sequence[float]) -> str:
    numbers = [(a, b) for a, b in zip(found, what.floats, strict=True) if not math.isnan(a)]
    if not numbers or (
        what.large and len(numbers) < len(found)
    ):  # of what is too large the rest may be given
        return "refused"
    return "lost" if all(math.isclose(a, b, rel_tol=1e-9) for a, b in numbers) else "no refusal"


def _mark(found: float, wanted: float | None, floating: float, spread: float, what: Truth, near: bool) -> str:
    if wanted is None:
        if math.isnan(found):
            return "right"
        # Where the value's digits are lost, so may be a tie.
        return "no refusal" if near and not math.isclose(found, floating, rel_tol=1e-9) else "lost"
    if math.isnan(found):
        return (
            "excused" if what.excused else "tied" if what.tied else "library" if what.special else "missing"
        )
    if wanted == 0 and abs(found) <= NOTHING * max(1.0, what.size):  # what is left of numbers that cancel
        return "right"
    if what.tied and wanted == 0 and abs(found) < 1e-60:  # beside a tie, `grad` takes so little for 0
        return "lost"
    if abs(found - wanted) <= TOLERANCE * abs(wanted) + LOSS * spread + 1e-300:
        return "right"
    return "wrong" if near and not what.underflow else "lost"
