"""gradcli's own gradient along three routes: the formula, the program, and differences in high precision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flint import arb

from gradcli.calculus.backends import float_backend
from gradcli.calculus.balls.decimals import decimal_text
from gradcli.calculus.balls.programs.ball_backend import run_to_digits
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.balls.programs.given_numbers import Moved
from gradcli.calculus.checking.claims import Subject, Tolerance
from gradcli.calculus.checking.test_points import points
from gradcli.calculus.corners.one_sided_slopes import distance as away
from gradcli.calculus.graph.reverse_sweep import compile_value
from gradcli.calculus.program.program import Program
from gradcli.language.errors import GradcliError

#: Working digits, the distance of the differences (their error is its square), digits that must agree.
DIGITS, DISTANCE, AGREED = 120, 30, 40


class Agreement(NamedTuple):
    """One partial along its routes: which agreed, to how many digits, at how many points, and where they did not."""

    variable: str
    formula: str | None
    routes: tuple[str, ...]
    verdict: str
    points: int = 0
    digits: int = AGREED
    at: Mapping[str, str] | None = None
    values: Mapping[str, str] | None = None


def checked(
    subject: Subject, variable: str, count: int, tolerance: Tolerance, eps: float | None
) -> Agreement:
    """Whether the routes to ∂f/∂*variable* meet, at *count* points of the domain and at the point asked about.

    eps: with it, also the differences in floats that PyTorch's gradcheck takes, within the tolerance.
    """
    program, formula = subject.program, subject.compiled.formulas.get(variable)
    written = _readable(formula, program)
    names = (*(("formula",) if written else ()), "program", "differences", *(("eps",) if eps else ()))
    start = Agreement(variable, formula, names, "undecided")
    asked = [tuple(subject.at[name] for name in program.variables)] if subject.at else []
    agreed = 0
    for point in [*asked, *points(program.variables)]:
        found = _values(program, variable, written, point)
        if found is None:
            continue
        found |= _floats(program, variable, point, eps) if eps else {}
        if not _agree(found, tolerance):
            return _disagreement(start, program, point, found)._replace(points=agreed)
        agreed += 1
        if agreed >= count or not program.variables:
            break
    return start._replace(verdict="agree" if agreed else "undecided", points=agreed)


def _readable(formula: str | None, program: Program) -> Program | None:
    """The formula read back as a program of its own: what is printed is what is checked."""
    if formula is None:
        return None
    try:
        return compile_value(formula, program.variables)
    except GradcliError:
        return None


def _disagreement(
    start: Agreement, program: Program, point: tuple[str, ...], found: Mapping[str, Any]
) -> Agreement:
    shown = {name: decimal_text(value, 20) for name, value in found.items()}
    return start._replace(verdict="wrong", at=dict(zip(program.variables, point, strict=True)), values=shown)


def _values(
    program: Program, variable: str, written: Program | None, point: tuple[str, ...]
) -> dict[str, Any] | None:
    """The partial along each route; None where one of them has no value there."""
    place, numbers = program.variables.index(variable), list(point)
    slots = run_to_digits(program, numbers, DIGITS)
    slot = program.gradient[place]
    found = {"program": arb(0) if slot is None else slots[slot]}
    if written is not None:
        inner = [numbers[program.variables.index(name)] for name in written.variables]
        found = {"formula": run_to_digits(written, inner, DIGITS)[written.value], **found}
    distance = away(numbers[place], DISTANCE)
    sides = [_beside(program, numbers, place, step * distance) for step in (1, -1)]
    if any(isinstance(value, Failure) for value in (*sides, *found.values())):
        return None
    return {**found, "differences": (sides[0] - sides[1]) / arb(2 * distance)}


def _beside(program: Program, numbers: list[Any], place: int, step: Any) -> Any:
    moved = [Moved(n, step) if k == place else n for k, n in enumerate(numbers)]
    return run_to_digits(program, moved, DIGITS, outputs=[program.value])[program.value]


def _floats(program: Program, variable: str, point: tuple[str, ...], eps: float) -> dict[str, Any]:
    place, numbers = program.variables.index(variable), [float(text) for text in point]
    try:
        sides = [
            float_backend.run(program, [n + step * eps if k == place else n for k, n in enumerate(numbers)])[
                program.value
            ]
            for step in (1, -1)
        ]
    except (ValueError, ArithmeticError):
        return {}
    return {"eps": arb((sides[0] - sides[1]) / (2 * eps))}


def _agree(found: Mapping[str, Any], tolerance: Tolerance) -> bool:
    right = found["program"]
    bound = arb(10) ** -AGREED * max(abs(right), arb(1))
    near = tolerance.atol + tolerance.rtol * abs(right)
    return all(abs(value - right) <= (near if name == "eps" else bound) for name, value in found.items())
