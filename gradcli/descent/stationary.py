"""A place where the gradient vanishes → what it is: the Hessian's eigenvalues tell, and f itself where they cannot."""

from __future__ import annotations

from typing import NamedTuple

from gradcli.descent.around import at_corner, named, opens, tried
from gradcli.descent.bounds import Bounds
from gradcli.descent.linear import Matrix, Spectrum, Vector, dot, moved, norm, scaled, solved, spectrum
from gradcli.descent.objective import Objective, Place
from gradcli.descent.outcome import Ending, listed
from gradcli.language.limits import limit

#: Eigenvalues below this share of the largest, for each variable, are rounding errors of 0.
NOTHING = 1e-14
#: So many of the smallest eigenvalues are not believed before f was tried, and all below this share of the largest.
ALL, WEAK = 20, 1e-4
#: A Newton step or a way of polishing beyond this share of the point's size says that the minimum is not here.
NEAR = 1e-2


class Look(NamedTuple):
    """The Hessian's spectrum at a place along the variables that are free, and their positions.

    sign: 1 where it is positive definite, −1 where f falls in some direction, 0 where it is singular.
    """

    parts: Spectrum
    free: tuple[int, ...]
    sign: int


def looked(objective: Objective, place: Place, bounds: Bounds) -> Look | None:
    """The curvature along what bounds leave free, or None where there is no Hessian."""
    matrix = objective.curvature(place.x)
    if matrix is None:
        return None
    free = tuple(i for i, held in enumerate(bounds.pressed(place.x, place.g)) if not held)
    part = [[matrix[i][j] for j in free] for i in free]
    return Look(spectrum(part), free, _sign(part))


def _sign(matrix: Matrix) -> int:
    """The sign of the smallest eigenvalue, 0 where it is a rounding error of 0."""
    values = spectrum(scaled(matrix)[1]).values
    zero = NOTHING * len(values) * max(map(abs, values), default=0.0)
    return 1 if not values or values[0] > zero else -1 if values[0] < -zero else 0


def polished(objective: Objective, place: Place, bounds: Bounds, tries: int = 40) -> Place:
    """The place that Newton's steps lead to while each brings the free gradient down and f does not rise.

    Where the Hessian is positive definite this takes the gradient down to its rounding errors.
    """
    for _ in range(tries):
        look = looked(objective, place, bounds)
        if look is None or not look.parts.values or look.sign < 1:
            return place
        step = solved(look.parts, [place.g[i] for i in look.free])
        if norm(step) <= 1e-16 * (1 + norm(place.x)):
            return place
        x = list(place.x)
        for i, d in zip(look.free, step, strict=True):
            x[i] -= d
        x = bounds.kept(x)
        after = objective.look(x) if x != place.x else None
        if after is None or after.f > place.f + 1e-12 * (1 + abs(place.f)):
            return place
        if not norm(bounds.free(x, after.g)) < norm(bounds.free(place.x, place.g)):
            return place
        place = after
    return place


def judged(objective: Objective, place: Place, bounds: Bounds) -> tuple[Place, Ending]:
    """What a place with a vanishing gradient is."""
    if not place.x:
        return place, Ending("flat", "f does not depend on any variable that may move")
    if not place.smooth:
        return place, at_corner(objective, place, bounds)
    look = looked(objective, place, bounds)
    if look is None:
        why = "there is no Hessian to tell what it is"
        if len(place.x) > limit("eigenvalues"):
            why = f"{len(place.x):,} variables are more than --limit eigenvalues={limit('eigenvalues'):g} to tell what it is"
        at = named(objective, place)
        return place, Ending("unclassified", f"the gradient is {_size(place)} at {at}, but {why}")
    values = look.parts.values
    zero = NOTHING * max(len(values), 1) * max(map(abs, values), default=0.0)
    if look.sign < 0:
        return place, _fallen(objective, place, look, zero, bounds)
    if look.sign == 0:
        return place, _flat(objective, place, look, _least(look, zero), bounds)
    return _confirmed(objective, place, look, bounds)


def _fallen(objective: Objective, place: Place, look: Look, zero: float, bounds: Bounds) -> Ending:
    """A Hessian with negative eigenvalues: a saddle or a maximum, if it is here.

    Weak eigenvalues may be what is left of the gradient (around a ring of minima): f must fall along one of them.
    """
    values = look.parts.values
    newton = solved(look.parts, [place.g[i] for i in look.free], zero)
    if norm(newton) > NEAR * (1 + norm(place.x)):
        return _plateau(objective, place, bounds)
    falls = [i for i, value in enumerate(values) if value < -zero] or [0]
    if values[0] < -WEAK * max(map(abs, values)):
        return _falling(objective, place, look, zero)
    for i in falls[:ALL]:
        along = [_along(objective, look, i)[name] for name in objective.names]
        if any(opens(objective, place, [sign * a for a in along], bounds) for sign in (1.0, -1.0)):
            return _falling(objective, place, look, zero)
    return _flat(objective, place, look, [i for i, value in enumerate(values) if value <= zero], bounds)


def _least(look: Look, zero: float) -> list[int]:
    """The eigenvalues that are 0 but for rounding errors, or else the smallest."""
    return [i for i, value in enumerate(look.parts.values) if abs(value) <= zero] or [0]


def _plateau(objective: Objective, place: Place, bounds: Bounds) -> Ending:
    """A place that is only less steep than the tolerance: what the Hessian belongs to is elsewhere."""
    slope = bounds.free(place.x, place.g)
    way = {name: -b / norm(slope) for name, b in zip(objective.names, slope, strict=True)}
    message = (
        f"a plateau at {named(objective, place)}: the gradient is {_size(place)}, but no {objective.extreme} "
    )
    message += f"is near: f {objective.falls} on along {listed(way)}"
    return Ending("plateau", message, direction=way)


def _confirmed(objective: Objective, place: Place, look: Look, bounds: Bounds) -> tuple[Place, Ending]:
    """A minimum, sharpened; or what it turns out to be where it is tried: an asymptote, an inflection."""
    better = polished(objective, place, bounds)
    if norm(moved(better.x, -1.0, place.x)) > NEAR * (1 + norm(place.x)):
        return better, _asymptote(objective, place, moved(better.x, -1.0, place.x))
    sharper = looked(objective, better, bounds)
    if sharper is None or sharper.sign < 1:  # the last digits of a place may hide what it is
        better, sharper = place, look
    way = _opening(objective, better, sharper, bounds)
    if way is not None:
        direction = dict(zip(objective.names, way, strict=True))
        message = f"no {objective.extreme} at {named(objective, better)}: the smallest eigenvalue of the Hessian is "
        message += f"{sharper.parts.values[0]:.3g} in size, and f {objective.falls} along {listed(direction)}"
        signed = tuple(sorted(objective.sign * value for value in sharper.parts.values))
        return better, Ending("saddle", message, signed, direction)
    return better, _minimum(objective, better, sharper, bounds)


def _opening(objective: Objective, place: Place, look: Look, bounds: Bounds) -> Vector | None:
    """A direction in which f falls although the Hessian is positive definite, as close to x**3 at 0.

    The weakest eigenvectors are tried, both ways, and the steepest descent; a true minimum takes few looks.
    """
    values = look.parts.values
    weak = [i for i, value in enumerate(values) if i < ALL or value <= WEAK * values[-1]]
    ways = []
    for i in weak:
        along = _along(objective, look, i)
        ways += [[sign * along[name] for name in objective.names] for sign in (1.0, -1.0)]
    slope = bounds.free(place.x, place.g)
    if norm(slope):
        ways.append([-b / norm(slope) for b in slope])
    return next((way for way in ways if opens(objective, place, way, bounds)), None)


def _minimum(objective: Objective, place: Place, look: Look, bounds: Bounds) -> Ending:
    held = bounds.pressed(place.x, place.g)
    multipliers = {
        n: objective.sign * g for n, g, h in zip(objective.names, place.g, held, strict=True) if h
    } or None
    values = look.parts.values
    where, word = named(objective, place), objective.extreme
    definite, which = ("negative", "largest") if objective.sign < 0 else ("positive", "smallest")
    signed = tuple(sorted(objective.sign * value for value in values))
    curved = f"the Hessian is {definite} definite"
    curved += f", its {which} eigenvalue is {objective.sign * values[0]:.6g}" if values else ""
    if multipliers:
        rest = f"; along the other variables {curved}" if values else ""
        return Ending("minimum-on-bound", f"a {word} on the bound at {where}: the slopes {listed(multipliers)} "
                      f"press against it{rest}", signed, multipliers=multipliers)  # fmt: skip
    return Ending("minimum", f"a {word} at {where}: {curved}", signed)


def _falling(objective: Objective, place: Place, look: Look, zero: float) -> Ending:
    """A saddle or a maximum, with the direction in which f falls fastest."""
    direction = _along(objective, look, 0)
    if dot([direction[n] for n in objective.names], place.g) > 0:
        direction = {name: -number for name, number in direction.items()}
    signed = tuple(sorted(objective.sign * value for value in look.parts.values))
    values = ", ".join(f"{value:.6g}" for value in signed[:6]) + (", …" if len(signed) > 6 else "")
    plural = "eigenvalue" if len(signed) == 1 else "eigenvalues"
    where = named(objective, place)
    if look.parts.values[-1] < -zero:
        word = "minimum" if objective.sign < 0 else "maximum"
        return Ending("maximum", f"a {word} at {where}: the Hessian's {plural} {values}", signed, direction)
    return Ending("saddle", f"a saddle at {where}: the Hessian's eigenvalues {values}; f {objective.falls} along "
                  f"{listed(direction)}", signed, direction)  # fmt: skip


def _along(objective: Objective, look: Look, index: int) -> dict[str, float]:
    direction = dict.fromkeys(objective.names, 0.0)
    for i, number in zip(look.free, look.parts.vectors[index], strict=True):
        direction[objective.names[i]] = number + 0.0
    return direction


def _flat(objective: Objective, place: Place, look: Look, flat: list[int], bounds: Bounds) -> Ending:
    """A singular Hessian: f itself is tried along the eigenvectors without curvature, those numbered *flat*."""
    directions = [_along(objective, look, i) for i in flat]
    rises = tried(objective, place, [[d[n] for n in objective.names] for d in directions], bounds)
    signed = tuple(sorted(objective.sign * value for value in look.parts.values))
    where = f"{named(objective, place)}: the Hessian is singular"
    if not isinstance(rises, bool):
        way = dict(zip(objective.names, rises, strict=True))
        message = f"a saddle at {where}, and f {objective.falls} along {listed(way)}"
        return Ending("saddle", message, signed, way)
    if rises:
        return Ending(
            "flat", f"flat at {where}; every direction tried leads the other way", signed, directions[0]
        )
    return Ending(
        "flat", f"flat at {where}; f does not change along {listed(directions[0])}", signed, directions[0]
    )


def _asymptote(objective: Objective, place: Place, way: Vector) -> Ending:
    direction = dict(zip(objective.names, [number / norm(way) for number in way], strict=True))
    message = f"no {objective.extreme} near {named(objective, place)}: the gradient is {_size(place)}, "
    message += f"but f {objective.falls} on along "
    return Ending("asymptote", message + listed(direction), direction=direction)


def _size(place: Place) -> str:
    return f"{norm(place.g):.3g}"
