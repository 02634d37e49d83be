"""Where the gradient vanishes, and what the Hessian says about each such point.

Quotients of polynomials: all points, counted exactly. All else: in a box, by bisection in balls, each point proved to be
one and the rest of the box to hold none. Every point is looked at with f as it was typed. What was not proved is said.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import inf
from typing import NamedTuple

from gradcli.calculus.critical.boxes.bisection import Box as Ends
from gradcli.calculus.critical.boxes.bisection import search
from gradcli.calculus.critical.boxes.gradient_enclosure import Field
from gradcli.calculus.critical.boxes.reduced_slopes import reduced_slopes
from gradcli.calculus.critical.critical_places import Box, is_within, looked_at, undecided_told, zeros_told
from gradcli.calculus.critical.one_variable.piecewise_critical_points import piecewise_critical_points
from gradcli.calculus.critical.one_variable.seams import KINKED, steep_seams
from gradcli.calculus.critical.one_variable.signs_in_boxes import is_never_zero
from gradcli.calculus.critical.polynomials.exact_critical_points import Exact, solve_gradient_exactly
from gradcli.calculus.linear_algebra.second_derivative_test import (
    Critical,
    Place,
)
from gradcli.calculus.program.derivative_table import Matrix
from gradcli.calculus.tables.hessian_table import hessian_of
from gradcli.language.errors import LimitProblem
from gradcli.language.limits import for_strangers, limit, limit_or
from gradcli.language.parser.outputs import total
from gradcli.language.tree import Expression

#: What is searched where nobody says what: this far from 0 along every variable; and where no point is there.
REACH, FAR = 10.0, 1_000.0

#: Instructions that a search carries out on all of its boxes together, unless `--limit boxes=N` is set, and boxes in any case.
_WORK, _LEAST = 2_000_000, 500

#: What is said where f has, or may have, places without slopes.
NOT_STUDIED = "only points where the gradient vanishes are looked for in several variables, no edges, cusps or ends of domains"

#: Boxes that are named.
_NAMED = 3


class Found(NamedTuple):
    """All points found, whole families of them, whether it is proved that there are no others, and notes.

    complete: in the box that was asked for, or everywhere where none was. searched: the box that was searched where none
    was asked for, so that what is said of others holds in it alone; inside: whether there it is proved.
    """

    points: list[Critical]
    families: list[dict[str, str]]
    complete: bool
    notes: list[str]
    searched: Mapping[str, tuple[float, float]] = {}
    inside: bool = False


def critical_points(
    texts: Sequence[str], given: Collection[str], names: Sequence[str], fixed: Mapping[str, str], box: Box
) -> Found:
    """The critical points along *names*; fixed: the other variables' values as texts. Raises what parsing raises."""
    found = _critical_points(texts, given, names, fixed, box)
    if len(names) == 1 or not _may_lack_slopes(total(texts, given), names, fixed, box or found.searched):
        return found
    return found._replace(notes=[*found.notes, NOT_STUDIED])


def _may_lack_slopes(
    expression: Expression, names: Sequence[str], fixed: Mapping[str, str], box: Box
) -> bool:
    """Whether f may have values where it has no slope, in the box or anywhere."""
    if not any(node.op in KINKED for node in expression.nodes):
        return False
    whole = {name: box.get(name, (-inf, inf)) for name in names}
    try:
        return not all(is_never_zero(seam, whole) for seam in steep_seams(expression, fixed))
    except LimitProblem:
        return True


def _critical_points(
    texts: Sequence[str], given: Collection[str], names: Sequence[str], fixed: Mapping[str, str], box: Box
) -> Found:
    """The same, but for what is not studied in several variables."""
    matrix = hessian_of(texts, given, names, formulas=False)
    exact = solve_gradient_exactly(texts, given, names, fixed)
    if exact is None and len(names) == 1 and any(node.op in KINKED for node in total(texts, given).nodes):
        return _of_pieces(texts, given, names[0], fixed, matrix, box)
    if exact is not None and (exact.complete or (exact.counted and not box)):
        return _of_exact(exact, matrix, names, fixed, box)
    if matrix.unknown:
        return Found([], [], False, ["that there are no others is not proved: a derivative is not known"])
    whole = box or dict.fromkeys(names, (-REACH, REACH))
    found = _in_box(texts, given, names, fixed, matrix, whole)
    if not box and not found.points and found.complete:
        whole = dict.fromkeys(names, (-FAR, FAR))
        found = _in_box(texts, given, names, fixed, matrix, whole)
    if not box:
        found = found._replace(complete=False, searched=whole, inside=found.complete)
    if exact is None:
        return found
    return found._replace(families=exact.families, notes=[*found.notes, *_families(exact.families)])


def _of_pieces(
    texts: Sequence[str],
    given: Collection[str],
    name: str,
    fixed: Mapping[str, str],
    matrix: Matrix,
    box: Box,
) -> Found:
    """One variable, and f has pieces or ends: the zeros of the slope between them, and what is at each."""
    whole = box.get(name, (-REACH, REACH))
    expression = total(texts, given)
    found = piecewise_critical_points(expression, name, fixed, whole, matrix, int(limit("boxes")))
    places = [p for p in found.places if is_within(p, [name], box)]
    points, notes = zeros_told(matrix, [name], fixed, places)
    points += [p for p in found.breaks if not box or whole[0] <= p.at[name] <= whole[1]]
    more, open_ = undecided_told(texts, given, matrix, [name], fixed, found.undecided)
    points += [p for p in more if not any(p.at == q.at for q in points)]
    families = [{name: text} for text in found.constant]
    notes += [*found.sentences, *(_said(open_, [name]) if open_ else []), *_families(families)]
    decided = not open_ and not any(note.startswith("not decided") for note in notes)
    everywhere = found.everywhere or bool(box)
    searched = {} if everywhere else {name: whole}
    return Found(_sorted(points), families, decided and everywhere, notes, searched, decided)


def _of_exact(
    exact: Exact, matrix: Matrix, names: Sequence[str], fixed: Mapping[str, str], box: Box
) -> Found:
    """What is at the zeros that were solved for, those in the box."""
    points, notes = looked_at(matrix, names, fixed, [p for p in exact.places if is_within(p, names, box)])
    complete = exact.complete and not notes
    if exact.why:
        notes.append(f"that there are no others is not proved: {exact.why}")
    notes += _families(exact.families)
    return Found(_sorted(points), exact.families, complete, notes)


def _sorted(points: Sequence[Critical]) -> list[Critical]:
    return sorted(points, key=lambda p: tuple(p.at.values()))


def _families(families: Sequence[Mapping[str, str]]) -> list[str]:
    shown = (
        ", ".join(f"{name} = {text}" for name, text in family.items() if name != text) for family in families
    )
    return [f"the gradient vanishes on the whole of {text or 'the space'}: degenerate" for text in shown]


def _in_box(
    texts: Sequence[str], given: Collection[str], names: Sequence[str], fixed: Mapping[str, str], matrix: Matrix, box: Box
) -> Found:  # fmt: skip
    """All critical points in a box, by bisection."""
    slopes = reduced_slopes(total(texts, given), given, names) or matrix
    most = _most_boxes(slopes)
    result = search(Field(slopes, names, fixed), [box[name] for name in names], most)
    places = [Place(lambda bits, zero=zero: zero, None, True) for zero in result.zeros]  # type: ignore[misc]
    points, notes = zeros_told(matrix, names, fixed, places)
    more, open_ = undecided_told(texts, given, matrix, names, fixed, result.undecided)
    if open_:
        notes += _said(open_, names)
        if result.widest < max(b - a for ends in open_ for a, b in ends):
            notes[-1] += f" (in {result.pieces:,} boxes of at most {result.widest:.1e})"
        if result.boxes >= most:
            notes[-1] += f": the search ended after {most:,} boxes, and --limit boxes=N looks at more"
    undecided = open_ or any(note.startswith("not decided") for note in notes)
    return Found(_sorted([*points, *more]), [], not undecided, notes)


def _most_boxes(slopes: Matrix) -> int:
    """How many boxes are looked at: fewer where each takes many instructions."""
    asked = limit_or("boxes", 0)
    if asked and not for_strangers():
        return int(asked)
    return int(min(limit("boxes"), max(_LEAST, _WORK // max(1, len(slopes.program.code)))))


def _said(boxes: Sequence[Ends], names: Sequence[str]) -> list[str]:
    """What is not decided, and how small it is."""
    places = []
    for box in boxes[:_NAMED]:
        middle = ", ".join(f"{n} = {(a + b) / 2 + 0.0:.9g}" for n, (a, b) in zip(names, box, strict=True))
        places.append(f"within {max(b - a for a, b in box) / 2:.1e} of {middle}")
    rest = f", and {len(boxes) - _NAMED} more" if len(boxes) > _NAMED else ""
    return [f"not decided: what else is {'; '.join(places)}{rest}"]
