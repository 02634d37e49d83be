"""Does f fall without end? A walk along a ray or a curve, each time twice as far, in balls where floats cancel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from gradcli.calculus.program.instructions import SPECIAL
from gradcli.descent.objective.bounds import Bounds
from gradcli.descent.objective.objective import Evaluation, Objective
from gradcli.descent.objective.vectors import Vector, add_scaled, norm, solve_spectral
from gradcli.descent.verdicts.curvature import looked
from gradcli.descent.verdicts.outcome import Ending, listed
from gradcli.descent.verdicts.stationary_point import classify_point

if TYPE_CHECKING:
    from gradcli.calculus.rows.bound_rows import BoundRows

#: Doublings of the distance that are tried along a ray and along a curve; falls that are too few to say anything.
FAR, FAR_CURVE, FEW = 200, 60, 4
#: Doublings from the beginning of a way to its end.
STEPS_BEFORE = 6
#: Points of a walk over rows in balls, as their work is counted.
WALKED = 20
#: What falls below this before it is too large for a number falls without end.
DEEPEST = -1e100
#: How fast the variables grow beside each other on the curves that are tried, and for how many variables.
POWERS, VARIABLES = (0, 1, 2, 3), 3


def unbounded_along(objective: Objective, place: Evaluation, way: Vector, bounds: Bounds) -> Ending | None:
    """The ending if f falls along *way* from *place* as far as numbers go, else None."""
    size = norm(way)
    if size == 0 or not size < float("inf") or any(map(bounds_reached, way, bounds.low, bounds.high)):
        return None
    unit = [number / size for number in way]
    length = max(norm(place.x), norm(way)) if any(place.x) else 1.0
    direction = dict(zip(objective.names, unit, strict=True))
    told = f"along {listed(direction)}"

    def reached(k: int) -> Vector:
        """The point after k doublings along the direction."""
        return add_scaled(place.x, length * 2.0**k, unit)

    if any(op[0] in SPECIAL for op in objective.course.program.code):
        return _ending(objective, place, reached, told, direction, FAR, _float_values(objective))
    values = _ball_values(objective)
    found = _ending(objective, place, reached, told, direction, FAR, values)
    return found or _on_the_way(objective, place, way, (unit, told, direction), values)


def _on_the_way(
    objective: Objective, place: Evaluation, way: Vector, along: tuple[Vector, str, dict[str, float]], values: Values
) -> Ending | None:  # fmt: skip
    """The ending if f falls all the way to *place*, and beyond it by what balls can no longer tell from nothing.

    It begins where *way* does, each time twice as far; f rises nowhere on it.
    """
    unit, told, direction = along
    behind = objective.look(add_scaled(place.x, -1.0, way))
    first, second = (values(add_scaled(place.x, 2.0**k * norm(way), unit)) for k in (0, 1))
    last = values(place.x)
    if behind is None or first is None or second is None or not _is_told_apart(last, first, second):
        return None

    def reached(k: int) -> Vector:
        """The point after k doublings, of which the last few lead to *place*."""
        return add_scaled(behind.x, norm(way) * 2.0 ** (k - STEPS_BEFORE), unit)

    found = _ending(objective, behind, reached, told, direction, FAR, values)
    return found if found is not None and found.status == "asymptote" else None


def _is_told_apart(last: Any, first: Any, second: Any) -> bool:
    """Whether balls hold two numbers beyond *last* neither above it nor exactly equal: f may go on falling there."""
    return not any(isinstance(one, float) or one > last or (one - last).is_exact() for one in (first, second))


def unbounded_along_curve(objective: Objective, place: Evaluation, bounds: Bounds) -> Ending | None:
    """The ending if f falls without end along a curve on which powers of the variables keep their proportions."""
    free = [
        low == -float("inf") and high == float("inf")
        for low, high in zip(bounds.low, bounds.high, strict=True)
    ]
    if not all(free) or not 2 <= len(place.x) <= VARIABLES or not all(place.x):
        return None
    for powers in product(POWERS, repeat=len(place.x)):
        if len(set(powers)) == 1 or 1 not in powers:
            continue

        def reached(k: int, powers: Sequence[int] = powers) -> Vector:
            """The point after k doublings along the curve."""
            return [a * 2.0 ** ((k + 1) * p) for a, p in zip(place.x, powers, strict=True)]

        grow = {
            name: f"{name} = {a:.6g}*t**{p}"
            for name, a, p in zip(objective.names, place.x, powers, strict=True)
        }
        told = f"along the curve {', '.join(grow.values())}".replace("*t**0", "").replace("t**1", "t")
        direction = dict(
            zip(objective.names, [a * p for a, p in zip(place.x, powers, strict=True)], strict=True)
        )
        ending = _ending(objective, place, reached, told, direction, FAR_CURVE, _ball_values(objective))
        if ending is not None and ending.status == "unbounded":
            return ending
    return None


Values = Callable[[Vector], Any]


def _float_values(objective: Objective) -> Values:
    def value(x: Vector) -> Any:
        """f in floats; None where it has no value."""
        place = objective.look(x)
        return None if place is None else place.f

    return value


def _ball_values(objective: Objective) -> Values:
    if objective.by_rows is not None:
        return _row_values(objective, objective.by_rows)
    from gradcli.calculus.balls.ball_numbers import ball
    from gradcli.calculus.balls.decimals import double
    from gradcli.descent.objective.objective_in_balls import ObjectiveInBalls

    exact = ObjectiveInBalls(objective)

    def value(x: Vector) -> Any:
        """f as a ball; None where it has no value."""
        if not all(abs(number) < float("inf") for number in x):
            return None
        found = exact.value([double(number) for number in x])
        return None if found is None else ball(found)

    return value


def _row_values(objective: Objective, rows: BoundRows) -> Values:
    """Balls where the rows are few, and no columns move."""
    from gradcli.calculus.rows.row_in_balls import are_few, levels_in_balls

    if rows.moving or not are_few(rows.rows, rows.data, WALKED):
        return _float_values(objective)
    from gradcli.calculus.balls.ball_numbers import ball
    from gradcli.descent.objective.objective_in_balls import BITS

    def value(x: Vector) -> Any:
        """The whole as a ball; None where a row has no value."""
        if not all(abs(number) < float("inf") for number in x):
            return None
        numbers = dict(zip(rows.variables, objective.whole(x), strict=True))
        found = levels_in_balls(rows.rows, rows.data, numbers, BITS)
        return None if found is None else ball(found[""]) * (-1 if objective.sign < 0 else 1)

    return value


def _ending(
    objective: Objective, place: Evaluation, reached: Callable[[int], Vector], told: str,
    direction: dict[str, float], most: int,
    value: Values,
) -> Ending | None:  # fmt: skip
    last, x, falls = value(place.x), place.x, []
    if last is None:
        return None
    ended, seen = False, True
    for k in range(most):
        there = value(reached(k))
        if there is None:
            ended = True
            break
        if not there < last:
            if there > last or (not isinstance(there - last, float) and (there - last).is_exact()):
                return None
            seen = False
            break
        falls.append(float(last - there))
        last, x = there, reached(k)
    deep = float(last) < DEEPEST
    if len(falls) < (FEW if not seen else 20 if not deep else FEW):
        return None
    if ended and not deep and not _too_large(objective, x):
        return None
    down, extreme = objective.falls, objective.extreme
    at = listed(dict(zip(objective.names, x, strict=True)))
    ends = f"f {_told(objective.sign * last)} at {at}"
    if not deep and (not seen or falls[-1] <= 0.5 * falls[len(falls) // 2]):  # both are 0 below all floats
        return Ending(
            "asymptote",
            f"no {extreme} that way: f {down} ever more slowly {told} ({ends})",
            direction=direction,
        )
    if not seen:
        return None
    which = "least" if extreme == "minimum" else "greatest"
    return Ending("unbounded", f"no {which} value: f {down} without end {told} ({ends})", direction=direction)


#: The power of ten beyond which numbers are told by it alone.
_FAR = 1_000_000


def _told(value: Any) -> str:
    """A float or a ball in three digits, also where no float is as large or as small."""
    if isinstance(value, float):
        return f"= {value:.3g}"
    if value.contains(0):
        return "= 0" if value.is_zero() else f"is within {(2 * value.abs_upper()).str(1, radius=False)} of 0"
    far = type(value)(10) ** _FAR
    if abs(value) * far < 1:
        return f"is within 1e-{_FAR} of 0"
    if abs(value) > far:
        return f"is above 1e+{_FAR}" if value > 0 else f"is below -1e+{_FAR}"
    found = float(value)
    plain = found != 0 and abs(found) < float("inf")
    return f"= {found:.3g}" if plain else f"= {value.str(3, radius=False)}"


def _too_large(objective: Objective, x: Vector) -> bool:
    """Whether it is their size that keeps the numbers from being calculated, twice as far as *x*."""
    objective.look([2 * number for number in x])
    return objective.problem is not None and "too large" in objective.problem.message


def bounds_reached(way: float, low: float, high: float) -> bool:
    """Whether a component of a ray runs into a bound at some distance."""
    return (way < 0 and low != float("-inf")) or (way > 0 and high != float("inf"))


def mention_saddle(objective: Objective, start: Evaluation, ending: Ending, bounds: Bounds) -> Ending:
    """The same ending, with the stationary point that Newton's method finds from *start*, if there is one."""
    place = start
    for _ in range(30):
        look = looked(objective, place, bounds)
        if look is None or len(look.free) < len(place.x):
            return ending
        step = solve_spectral(look.parts, place.g, 1e-12 * max(map(abs, look.parts.values), default=0.0))
        after = objective.look(add_scaled(place.x, -1.0, step))
        if after is None:
            return ending
        place = after
        if norm(step) <= 1e-12 * norm(place.x):
            break
    found = classify_point(objective, place, bounds)[1]
    if found is None or found.status != "saddle":
        return ending
    return ending._replace(
        message=f"{ending.message}; there is {found.message}", eigenvalues=found.eigenvalues
    )
