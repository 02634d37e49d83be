"""Where the gradient vanishes, and what the Hessian says about each such point.

Quotients of polynomials: all points, counted exactly. All else: in a box, by bisection in balls, each point proved to be
one and the rest of the box to hold none. Every point is looked at with f as it was typed. What was not proved is said.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

from gradcli.calculus.critical.boxes.bisection import Box as Ends
from gradcli.calculus.critical.boxes.bisection import search
from gradcli.calculus.critical.boxes.exact_names import guesses
from gradcli.calculus.critical.boxes.gradient_enclosure import Field, interval, only_zero_at_zero
from gradcli.calculus.critical.boxes.reduced_slopes import reduced_slopes
from gradcli.calculus.critical.one_variable.multiplicity import only_zero
from gradcli.calculus.critical.one_variable.piecewise_critical_points import piecewise_critical_points
from gradcli.calculus.critical.one_variable.seams import KINKED, substituted
from gradcli.calculus.critical.polynomials.exact_critical_points import Exact, solve_gradient_exactly
from gradcli.calculus.linear_algebra.second_derivative_test import (
    Critical,
    Place,
    at_texts,
    second_derivative_test,
)
from gradcli.calculus.program.derivative_table import Matrix
from gradcli.calculus.tables.hessian_table import hessian_of
from gradcli.language.errors import LimitProblem
from gradcli.language.limits import for_strangers, limit, limit_or
from gradcli.language.parser.outputs import total

Box = Mapping[str, tuple[float, float]]

#: What is searched where nobody says what: this far from 0 along every variable; and where no point is there.
REACH, FAR = 10.0, 1_000.0

#: Instructions that a search carries out on all of its boxes together, unless `--limit boxes=N` is set, and boxes in any case.
_WORK, _LEAST = 2_000_000, 500

#: Bits in which signs are looked at.
_SIGN_BITS = 64

#: Guesses at an exact point that are tried; denominators of those in boxes that stayed undecided; boxes that are named.
_GUESSES, _PLAIN, _NAMED = 24, 1_000, 3


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
    places = [p for p in found.places if _in_box_at(p, [name], box)]
    points, notes = _zeros(matrix, [name], fixed, places)
    points += [p for p in found.breaks if not box or whole[0] <= p.at[name] <= whole[1]]
    more, open_ = _undecided(texts, given, matrix, [name], fixed, found.undecided)
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
    points, notes = _looked_at(matrix, names, fixed, [p for p in exact.places if _in_box_at(p, names, box)])
    complete = exact.complete and not notes
    if exact.why:
        notes.append(f"that there are no others is not proved: {exact.why}")
    notes += _families(exact.families)
    return Found(_sorted(points), exact.families, complete, notes)


def _in_box_at(place: Place, names: Sequence[str], box: Box) -> bool:
    """Whether a point is in the box, its edge included."""
    if not box:
        return True
    return all(
        interval(*box[name]).overlaps(_ball(x))
        for name, x in zip(names, place.coordinates(1024), strict=True)
    )


def _ball(x: Any) -> Any:
    from gradcli.calculus.balls.ball_numbers import ball

    return ball(x)


def _looked_at(
    matrix: Matrix, names: Sequence[str], fixed: Mapping[str, str], places: Sequence[Place]
) -> tuple[list[Critical], list[str]]:
    points, notes = [], []
    for place in places:
        point = second_derivative_test(matrix, names, fixed, place)
        if isinstance(point, str):
            notes.append(point)
        else:
            points.append(point)
    return points, notes


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
    points, notes = _zeros(matrix, names, fixed, places)
    more, open_ = _undecided(texts, given, matrix, names, fixed, result.undecided)
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


def _zeros(
    matrix: Matrix, names: Sequence[str], fixed: Mapping[str, str], places: Sequence[Place]
) -> tuple[list[Critical], list[str]]:
    """What is at each zero of the gradient, as an exact point where it is one."""
    points, notes = [], []
    for place in places:
        named = None if place.words else _named(matrix, names, fixed, place.coordinates(256))
        point = named or second_derivative_test(matrix, names, fixed, place)
        if isinstance(point, str):
            notes.append(point)
        else:
            points.append(point)
    return points, notes


def _named(
    matrix: Matrix, names: Sequence[str], fixed: Mapping[str, str], zero: Sequence[Any]
) -> Critical | None:
    """A zero as an exact point, where it has short texts at which the gradient is shown to vanish."""
    if not all(next(guesses(x), None) for x in zero):
        return None
    point = at_texts(matrix, {n: next(guesses(x)) for n, x in zip(names, zero, strict=True)}, fixed)
    return point if isinstance(point, Critical) and point.proved else None


def _undecided(
    texts_of_f: Sequence[str], given: Collection[str], matrix: Matrix, names: Sequence[str], fixed: Mapping[str, str],
    boxes: Sequence[Ends],
) -> tuple[list[Critical], list[Ends]]:  # fmt: skip
    """The zeros with exact texts in boxes that stayed undecided, and the boxes of which it is not shown that there are
    no others in them.
    """
    points, rest = [], []
    for box in boxes:
        rest.append(box)
        if max(b - a for a, b in box) > 1e-3:
            continue
        tried = [list(guesses(interval(*ends), _PLAIN)) for ends in box]
        for texts in list(product(*tried))[:_GUESSES]:
            point = at_texts(matrix, dict(zip(names, texts, strict=True)), fixed)
            if isinstance(point, Critical) and point.proved:
                points.append(point)
                if len(names) == 1 and _alone(texts_of_f, given, matrix, names[0], fixed, texts[0], box[0]):
                    rest.pop()
                break
    return points, rest


def _alone(
    texts_of_f: Sequence[str], given: Collection[str], matrix: Matrix, name: str, fixed: Mapping[str, str],
    place: str, ends: tuple[float, float],
) -> bool:  # fmt: skip
    """Whether the slope along the one variable is 0 between the ends at the exact *place* alone."""
    if place == "0" and only_zero_at_zero(Field(matrix, [name], fixed), *ends, _SIGN_BITS):
        return True
    try:
        text = substituted(total(texts_of_f, given), fixed)[-1]
    except LimitProblem:  # too long, written out
        return False
    return only_zero(text, name, place, interval(*ends))


def _said(boxes: Sequence[Ends], names: Sequence[str]) -> list[str]:
    """What is not decided, and how small it is."""
    places = []
    for box in boxes[:_NAMED]:
        middle = ", ".join(f"{n} = {(a + b) / 2 + 0.0:.9g}" for n, (a, b) in zip(names, box, strict=True))
        places.append(f"within {max(b - a for a, b in box) / 2:.1e} of {middle}")
    rest = f", and {len(boxes) - _NAMED} more" if len(boxes) > _NAMED else ""
    return [f"not decided: what else is {'; '.join(places)}{rest}"]
