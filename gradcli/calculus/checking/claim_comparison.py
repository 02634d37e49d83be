"""A partial and a claim, compared at points of every piece of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flint import arb

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.calculus.balls.programs.ball_backend import run_to_bits
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.balls.programs.given_numbers import number_of
from gradcli.calculus.checking.claims import Subject
from gradcli.calculus.checking.deciding_quantities import text_of
from gradcli.calculus.checking.test_lines import Terrain
from gradcli.calculus.checking.test_places import places
from gradcli.calculus.checking.test_points import RIGHT, Point, moved, numbers_at, points
from gradcli.calculus.corners.kinks import resolve_kinks
from gradcli.calculus.corners.one_sided_slopes import ENOUGH
from gradcli.calculus.graph.reverse_sweep import compile_value
from gradcli.calculus.program.program import Program

#: Digits that must agree.
AGREED = 50

#: Digits of a derivative that both sides of a seam agree on: their last few are not compared.
_SEAM_DIGITS = 70


class Pair(NamedTuple):
    """The partial and the claim at a point, as balls; None for a claim without a value there."""

    point: Point
    actual: Any
    claimed: Any

    @property
    def same(self) -> bool:
        """Whether both are one number, to AGREED digits of the larger."""
        if self.claimed is None:
            return False
        gap, size = abs(self.actual - self.claimed), arb.max(abs(self.actual), abs(self.claimed))
        return not gap > size * arb(10) ** -AGREED


class Comparison(NamedTuple):
    """The first pair that differs, or how many were the same; pairs whose claim has no value.

    pieces: how many were seen. seams: what both sides were seen of, as equations. only: where the claim has its
    values, as a condition. isolated: it lacks them on seams alone.
    """

    wrong: Pair | None
    agreed: int
    missing: Pair | None
    pieces: int
    seams: tuple[str, ...]
    only: str | None
    isolated: bool


class Sides(NamedTuple):
    """What is compared: the subject, the variable, and the claim as a program and a text."""

    subject: Subject
    variable: str
    claimed: Program
    claim: str

    @property
    def place(self) -> int | None:
        """The partial's slot, None where f does not depend on the variable."""
        program = self.subject.program
        return program.gradient[program.variables.index(self.variable)]


def pair_at(sides: Sides, point: Point, *, on_seam: bool = False) -> Pair | None:
    """Both numbers at a point; None where f has no derivative there. on_seam: both sides are looked at."""
    program = sides.subject.program
    place = program.value if sides.place is None else sides.place
    found = _numbers(program, (program.value, place), point, on_seam)
    if found[program.value] is None:
        return None
    actual = arb(0) if sides.place is None else found[place]
    if actual is None and on_seam:
        actual = _from_both_sides(sides, point)
    if actual is None:
        return None
    there, claim = moved(sides.claimed, program.variables, point), sides.claimed.value
    return Pair(point, actual, _numbers(sides.claimed, (claim,), there, on_seam)[claim])


def _numbers(program: Program, slots: Sequence[int], point: Point, on_seam: bool) -> dict[int, Any]:
    """The balls of slots; what balls cannot tell is shown by sympy on seams, and has no value elsewhere."""
    if not on_seam:
        return numbers_at(program, slots, point)
    found = run_to_bits(program, point, slots, RIGHT)
    return {slot: None if isinstance(x, Failure) else ball(x) for slot, x in found.items()}


def _from_both_sides(sides: Sides, point: Point) -> Any:
    """The derivative that the slopes on both sides agree on."""
    program, place = sides.subject.program, sides.place
    failure = run_to_bits(program, point, [place or 0], RIGHT)[place or 0]
    at = dict(zip(program.variables, point, strict=True))
    partials, _ = resolve_kinks(
        program, sides.subject.compiled.text, at, {sides.variable: failure}, "none", max(ENOUGH, _SEAM_DIGITS)
    )
    found = partials[sides.variable]
    return None if isinstance(found, Failure) else found


def compared(sides: Sides, count: int) -> Comparison:
    """The comparison at *count* ordinary points, and at points of every piece that is found."""
    names = sides.subject.program.variables
    same: list[Pair] = []
    missing: list[Pair] = []
    for point in points(names):
        pair = pair_at(sides, point)
        if pair is not None:
            if pair.claimed is not None and not pair.same:
                return _different(pair, len(same))
            (missing if pair.claimed is None else same).append(pair)
        if len(same) == count:
            break
    value = compile_value(sides.subject.compiled.text, names)
    terrain = Terrain((value, sides.claimed), names)
    for place in places(terrain, names):
        pair = pair_at(sides, place.point, on_seam=place.on_seam)
        if pair is not None:
            if pair.claimed is not None and not pair.same:
                return _different(pair, len(same))
            (missing if pair.claimed is None else same).append(pair)
    return _summed(sides, terrain, same, missing)


def _different(pair: Pair, agreed: int) -> Comparison:
    return Comparison(pair, agreed, None, 0, (), None, isolated=False)


def _summed(sides: Sides, terrain: Terrain, same: Sequence[Pair], missing: Sequence[Pair]) -> Comparison:
    signs = [_signs(terrain, pair) for pair in same]
    seams = [k for k, (_, one) in enumerate(terrain.quantities) if one.kind == "seam"]
    pieces = len({tuple(s[k] for k in seams) for s in signs if all(s[k] for k in seams)})
    crossed = [k for k in seams if {-1, 1} <= {s[k] for s in signs}]
    lacking = [_signs(terrain, pair) for pair in missing]
    isolated = bool(missing) and all(0 in s for s in lacking)
    equations = dict.fromkeys(" = ".join(_texts(sides, terrain, k)) for k in crossed)
    first = next((pair for pair, s in zip(missing, lacking, strict=True) if isolated or 0 not in s), None)
    only = _condition(sides, terrain, signs, lacking) if missing and same and not isolated else None
    return Comparison(None, len(same), first, max(pieces, bool(same)), tuple(equations), only, isolated)


def _signs(terrain: Terrain, pair: Pair) -> list[int | None]:
    numbers = (float(ball(number_of(x, RIGHT))) for x in pair.point)
    return [look.sign for look in terrain.look(tuple(numbers))]


def _condition(
    sides: Sides,
    terrain: Terrain,
    having: Sequence[Sequence[int | None]],
    lacking: Sequence[Sequence[int | None]],
) -> str | None:
    """The sign of one quantity that tells where the claim has its values: `x > 0`."""
    for k in sorted(range(len(terrain.quantities)), key=lambda k: -terrain.quantities[k][0]):
        signs = {s[k] for s in having if s[k] != 0}
        others = {s[k] for s in lacking if s[k] != 0}
        if (signs, others) in (({1}, {-1}), ({-1}, {1})):
            left, right = _texts(sides, terrain, k)
            return f"{left} {'>' if 1 in signs else '<'} {right}"
    return None


def _texts(sides: Sides, terrain: Terrain, k: int) -> tuple[str, str]:
    number, one = terrain.quantities[k]
    text = sides.subject.compiled.text if number == 0 else sides.claim
    return text_of(one, terrain.programs[number][0], text)


def at_of(sides: Sides, point: Point) -> Mapping[str, str]:
    """The values of the variables at a point."""
    return dict(zip(sides.subject.program.variables, point, strict=True))
