"""What the rows of one part add to a level: exact sums and nearest rows, which travel as data and merge into the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.careful_rows import LOOKED, NAMED, CarefulRows, Corner, Corners
from gradcli.calculus.rows.extreme_rows import MOST_TIED, Group, Nearest, attained
from gradcli.calculus.rows.level_result import LevelResult, SidedSums, Total, finished, slots_of
from gradcli.calculus.rows.numbers_in_blocks import Decimals
from gradcli.calculus.rows.row_data import Binding, Held, Varying
from gradcli.calculus.summation.partial_sum import PartialSum
from gradcli.language.errors import DomainProblem


class NearRows(NamedTuple):
    """The least or greatest number of a part with the bound of its error; rows near to it: what they are made of, and where.

    groups: (the numbers of the columns, the row's number, the bound of its error, what messages call it).
    """

    best: float
    error: float
    groups: tuple[tuple[tuple[float, ...], float, float, str], ...]


class RowsInDoubt(NamedTuple):
    """The rows of a part that floats did not answer.

    lost, found: those without a value and those with one. before: those lost before the first that was found. named: the
    first that were lost, as messages call them, with why. corners: the first of each variable. unfit: those with a value,
    and none in floats.
    """

    lost: int
    found: int
    before: int
    named: tuple[tuple[str, DomainProblem], ...]
    corners: Corners
    unfit: int = 0


class LevelPart(NamedTuple):
    """A part of a level: of a sum its totals and the sums of slopes at corners, of an extreme the nearest rows."""

    totals: tuple[tuple[PartialSum, PartialSum], ...]
    corners: Mapping[int, SidedSums]
    near: NearRows | None
    doubt: RowsInDoubt


def doubt_of(careful: CarefulRows) -> RowsInDoubt:
    """What *careful* has kept in mind."""
    named = tuple((careful.where(row), problem) for row, problem in careful.problems)
    before = careful.before if careful.found else careful.lost
    return RowsInDoubt(careful.lost, careful.found, before, named, careful.corners, careful.unfit)


def near_rows(nearest: Nearest, where: Callable[[int], str]) -> NearRows:
    """The nearest rows of a part, so many that the whole knows whether they are too many."""
    first = list(nearest.groups.items())[: MOST_TIED + 1]
    groups = tuple((key, one.number, one.error, where(one.places[0])) for key, one in first)
    return NearRows(nearest.best, nearest.error, groups)


class WholeLevel(NamedTuple):
    """The level whose parts are merged: its program, what its variables are, and how it was asked for."""

    program: Program
    bindings: Sequence[Binding]
    text: str
    name: str
    kind: str
    corner: str
    bounds: bool


def merged(whole: WholeLevel, parts: Iterable[LevelPart]) -> tuple[LevelResult, Corners]:
    """The level of all rows, as one pass gives it, and its first corner. parts: in the order of their rows.

    Raises DomainProblem where rows have no value, OverflowError where a sum is too large.
    """
    return _summed(whole, parts) if whole.kind == "sum" else _nearest(whole, parts)


def merged_totals(parts: Iterable[LevelPart]) -> list[Total] | None:
    """The totals of all parts; None where a row has no value."""
    totals: list[Total] = []
    for part in parts:
        if part.doubt.lost:
            return None
        _add(totals, part)
    return totals


def _add(totals: list[Total], part: LevelPart) -> None:
    if not totals:
        totals += [Total(arrays=False) for _ in part.totals]
    for total, (numbers, errors) in zip(totals, part.totals, strict=True):
        total.merge(numbers, errors)


def _summed(whole: WholeLevel, parts: Iterable[LevelPart]) -> tuple[LevelResult, Corners]:
    totals: list[Total] = []
    corners: dict[int, SidedSums] = {}
    doubts = []
    for part in parts:
        _add(totals, part)
        doubts.append(part.doubt)
        for place, sides in part.corners.items():
            if place in corners:
                corners[place].merge(sides)
            else:
                corners[place] = sides
    careful = _looked_at(whole, whole.bindings, doubts, {})
    careful.check()
    slots = slots_of(whole.program)
    value, error, slopes = finished(whole.program, totals, corners, slots, whole.name, bounds=whole.bounds)
    return LevelResult(value, error, slopes, {}, careful.unfit), careful.corners


def _nearest(whole: WholeLevel, parts: Iterable[LevelPart]) -> tuple[LevelResult, Corners]:
    """The nearest rows of all parts, which are held here as columns of a few rows."""
    nearest, doubts = Nearest(1 if whole.kind == "min" else -1, (), whole=False), []
    rows: list[tuple[float, ...]] = []
    names: dict[int, str] = {}
    for part in parts:
        doubts.append(part.doubt)
        if part.near is None:
            continue
        groups = []
        for key, number, error, where in part.near.groups:
            names[len(rows)] = where
            groups.append((key, Group(number, error, [len(rows)])))
            rows.append(key)
        nearest.merge(part.near.best, part.near.error, groups)
    columns = iter(zip(*rows, strict=True))
    bindings = [one if isinstance(one, Held) else _of_rows(one, next(columns, ())) for one in whole.bindings]
    careful = _looked_at(whole, bindings, doubts, names)
    careful.check()
    found = attained(nearest, careful, bounds=whole.bounds)
    return found._replace(unfit=careful.unfit), careful.corners


def _of_rows(one: Varying, numbers: Sequence[float]) -> Varying:
    """The numbers of a few rows in the place of a column's."""
    return one._replace(numbers=numbers, given=Decimals(numbers) if one.typed else None)


def _looked_at(
    whole: WholeLevel, bindings: Sequence[Binding], doubts: Sequence[RowsInDoubt], names: dict[int, str]
) -> CarefulRows:
    """What a look at all rows would have kept in mind. names: of rows that may be looked at again, by their places."""
    careful = CarefulRows(
        whole.program, bindings, whole.text, whole.name, whole.corner, lambda row: names.get(row, "")
    )
    for doubt in doubts:
        if (
            not careful.found and careful.lost + doubt.before >= LOOKED
        ):  # then nobody looks at the rows after them
            careful.lost += doubt.lost + doubt.found
        else:
            careful.lost, careful.found = careful.lost + doubt.lost, careful.found + doubt.found
        for where, problem in doubt.named[: NAMED - len(careful.problems)]:
            place = -1 - len(careful.problems)
            names[place] = where
            careful.problems.append((place, problem))
        careful.corners = {**doubt.corners, **careful.corners}
        careful.unfit += doubt.unfit
    return careful


# --- as data ---------------------------------------------------------------------------------------------------


def part_to_data(part: LevelPart) -> dict[str, Any]:
    """A part as plain data for JSON."""
    doubt, near = part.doubt, part.near
    named = [[where, one.message, one.text, one.span, one.hint] for where, one in doubt.named]
    return {
        "totals": [[one.to_data() for one in pair] for pair in part.totals],
        "corners": [[place, *(one.to_data() for one in sides)] for place, sides in part.corners.items()],
        "near": near and [near.best, near.error, [[list(key), *rest] for key, *rest in near.groups]],
        "doubt": [
            doubt.lost,
            doubt.found,
            doubt.before,
            named,
            [[name, *corner] for name, corner in doubt.corners.items()],
            doubt.unfit,
        ],
    }


def part_from_data(data: Any) -> LevelPart:
    """The part that `part_to_data` wrote. Raises ValueError for anything else."""
    try:
        totals = tuple((_sum(numbers), _sum(errors)) for numbers, errors in data["totals"])
        corners = {int(place): SidedSums(*map(_sum, sides)) for place, *sides in data["corners"]}
        near = None if data["near"] is None else _near(*data["near"])
        return LevelPart(totals, corners, near, _doubt(*data["doubt"]))
    except (TypeError, KeyError, LookupError, OverflowError) as error:
        raise ValueError("no part of a level") from error


_sum = PartialSum.from_data


def _near(best: Any, error: Any, groups: Any) -> NearRows:
    made = tuple(
        (tuple(map(float, key)), float(number), float(one), str(where)) for key, number, one, where in groups
    )
    return NearRows(float(best), float(error), made)


def _doubt(lost: Any, found: Any, before: Any, named: Any, corners: Any, unfit: Any) -> RowsInDoubt:
    problems = tuple(
        (str(where), DomainProblem(str(message), text=_text(text), span=_span(span), hint=_text(hint)))
        for where, message, text, span, hint in named
    )
    first = {str(name): Corner(str(where), str(kind), _span(span)) for name, where, kind, span in corners}
    return RowsInDoubt(int(lost), int(found), int(before), problems, first, int(unfit))


def _text(data: Any) -> str | None:
    return None if data is None else str(data)


def _span(data: Any) -> tuple[int, int] | None:
    return None if data is None else (int(data[0]), int(data[1]))
