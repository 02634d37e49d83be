"""A corner, a cusp, a jump or an edge of the domain that a descent came to → its ending."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcli.calculus.rows.bound_rows import BoundRows
from gradcli.descent.objective.bounds import Bounds
from gradcli.descent.objective.objective import Evaluation, Objective
from gradcli.descent.objective.vectors import norm
from gradcli.descent.verdicts.outcome import Ending, listed
from gradcli.descent.verdicts.verdict_sentences import Words, named
from gradcli.language.limits import limit


def ending_at_kinks(
    objective: Objective, place: Evaluation, bounds: Bounds, spans: Sequence[float]
) -> tuple[Evaluation | None, Ending | None]:
    """What the kinks at *place*, or next to it, make of it, and the place where they meet; nothing where there are none."""
    if objective.by_rows is not None:
        return _of_rows(objective, objective.by_rows, place, bounds, spans)
    if not place.x or len(place.x) > limit("eigenvalues"):
        return None, None
    from gradcli.descent.certificates.corners.nonsmooth_point import corner_of
    from gradcli.descent.objective.objective_in_balls import ObjectiveInBalls, floats, limits_of

    exact, limits = ObjectiveInBalls(objective), limits_of(bounds)
    corner = corner_of(exact, place.x, limits, spans)
    if corner is None:
        return None, None
    x = floats(corner.x)
    if corner.kind == "pole":
        return None, _towards(objective, exact, corner, spans)
    edge = _ends(exact, corner.x, spans)
    ending = _ending(objective, corner, x, edge)
    if corner.kind in ("minimum", "level") and not edge and _flat(exact, corner, spans):
        message = ending.message.replace(" at a corner,", "").replace(
            f"a {objective.extreme}", f"a {objective.extreme}", 1
        )
        ending = Ending(
            "minimum",
            f"{message}; the gradient is 0 there, and f has no second derivatives",
            direction=ending.direction,
        )
    if (
        corner.kind == "saddle"
        and norm([(a - b) / span for a, b, span in zip(x, place.x, spans, strict=True)]) > 1e-6
    ):
        return None, None
    slopes = _slopes_at_edge(exact, corner, spans) if edge else [0.0] * len(x)
    return Evaluation(
        x, float(corner.value) if corner.value == 0 else _float(corner.value), slopes, smooth=False
    ), ending


def _of_rows(
    objective: Objective, rows: BoundRows, place: Evaluation, bounds: Bounds, spans: Sequence[float]
) -> tuple[Evaluation | None, Ending | None]:
    """The same of a loss over rows: few are written out, of many floats tell alone."""
    from gradcli.descent.verdicts.row_verdict import corner_by_rows
    from gradcli.descent.verdicts.written_rows import written_out

    written = written_out(objective, rows)
    found = (None, None) if written is None else ending_at_kinks(written, place, bounds, spans)
    return corner_by_rows(objective, rows, place) if found[1] is None else found


def _slopes_at_edge(exact: Any, corner: Any, spans: Sequence[float]) -> list[float]:
    from gradcli.descent.certificates.corners.edge_slopes import slopes_beside_edge

    return slopes_beside_edge(exact, corner.x, spans)


def _float(value: Any) -> float:
    from gradcli.calculus.balls.decimals import nearest_double

    return nearest_double(value)


def _limit(value: Any) -> float:
    """A limit in floats, 0 where it is not told from that."""
    return 0.0 if value.contains(0) else _float(value)


def _flat(exact: Any, corner: Any, spans: Sequence[float]) -> bool:
    """Whether the slopes on all sides of a point, along the axes, are 0: f changes less than distances do."""
    from flint import arb

    from gradcli.calculus.balls.ball_numbers import ball, working_bits
    from gradcli.calculus.balls.decimals import power_of_two
    from gradcli.descent.objective.objective_in_balls import BITS

    with working_bits(BITS):
        for i, span in enumerate(spans):
            for sign in (1, -1):
                changes = []
                for exponent in (-100, -140):
                    moved = [
                        a + sign * power_of_two(span, exponent) * (i == j) for j, a in enumerate(corner.x)
                    ]
                    there = exact.value(moved)
                    if there is None:
                        return False
                    changes.append(abs(ball(there) - ball(corner.value)))
                if not (changes[1].contains(0) or changes[1] <= changes[0] * arb(2) ** -41):
                    return False
    return True


def _ends(exact: Any, x: Sequence[Any], spans: Sequence[float]) -> bool:
    """Whether the domain ends at a point: f has no value on one side of it along an axis."""
    from gradcli.calculus.balls.decimals import power_of_two

    for i, span in enumerate(spans):
        for sign in (1, -1):
            if exact.value([a + sign * power_of_two(span, -30) * (i == j) for j, a in enumerate(x)]) is None:
                return True
    return False


def _ending(objective: Objective, corner: Any, x: Sequence[float], edge: bool) -> Ending:
    words, where = Words(objective), listed(named(objective, x))
    place = "an edge of the domain" if edge else "a jump" if "jump" in corner.kinds else "a corner"
    way = named(objective, corner.way) if corner.way else None
    if corner.kind in ("minimum", "level"):
        status = "minimum-at-edge" if edge else "minimum-at-corner"
        shown = {
            "multipliers": f"0 lies inside of the subdifferential, by {corner.margin:.3g} of its width",
            "rises": f"intervals show that f is {words.higher} all around",
            "nowhere lower": f"intervals show that f is nowhere {words.lower} close by",
            "tried": f"f does not change along {listed(way or {})}, and {words.falls} in no direction that was tried",
        }[corner.how]
        return Ending(status, f"a {words.extreme} at {place}, at {where}: {shown}", direction=way)
    if corner.kind == "unattained":
        value, down = objective.sign * _float(corner.value), "up" if objective.sign < 0 else "down"
        comes = f"is {words.lower}"
        if corner.limit is not None:
            comes = f"comes {down} to {objective.sign * _limit(corner.limit) + 0.0:.6g}"
        message = f"no {words.extreme} at {where}: f jumps there, and {comes} along {listed(way or {})}, "
        return Ending(
            "unattained",
            f"{message}but is {value:.6g} there: what it comes to is not attained",
            direction=way,
        )
    message = f"{place} at {where} that is no {words.extreme}: f {words.falls} along {listed(way or {})}"
    return Ending("saddle", message, direction=way)


def _towards(objective: Objective, exact: Any, corner: Any, spans: Sequence[float]) -> Ending | None:
    """f falls towards a point where it has no value: without bound, or to what limit."""
    from gradcli.descent.certificates.corners.nonsmooth_corner import limits_towards

    found = limits_towards(exact, corner, spans)
    if found is None:
        return None
    words = Words(objective)
    from gradcli.descent.objective.objective_in_balls import floats

    where = listed(named(objective, floats(corner.x)))
    if found[1]:
        message = f"no {words.extreme}: f {words.falls} without bound towards {where}, where it has no value"
        return Ending("domain", message)
    limit_there = f"the limit {objective.sign * float(found[0].mid()) + 0.0:.6g}"
    if found[2]:
        limit_there = "a limit of about 0"
    message = f"no {words.extreme}: f {words.falls} to {limit_there} towards {where}, where it has no value"
    return Ending("domain", message)
