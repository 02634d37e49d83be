"""A place where the gradient vanishes → what it is: the Hessian's eigenvalues tell, and f itself where they cannot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gradcli.descent.bounds import Bounds
from gradcli.descent.linear import Matrix, Spectrum, Vector, dot, moved, norm, scaled, solved, spectrum
from gradcli.descent.objective import Objective, Place
from gradcli.descent.outcome import Ending, listed

#: Eigenvalues below this share of the largest, for each variable, are rounding errors of 0.
NOTHING = 1e-14
#: A Newton step or a way of polishing beyond this share of the point's size says that the minimum is not here.
NEAR = 1e-2
#: How far f is tried around places where derivatives cannot tell, as shares of the point's size.
DISTANCES = (1e-1, 1e-2, 1e-3, 1e-4)


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
        return place, at_corner(objective, place)
    look = looked(objective, place, bounds)
    if look is None:
        return place, Ending("unclassified", f"the gradient is {_size(place)} at {_named(objective, place)}, but there is "
                             "no Hessian to tell what it is")  # fmt: skip
    held = bounds.pressed(place.x, place.g)
    values = look.parts.values
    zero = NOTHING * max(len(values), 1) * max(map(abs, values), default=0.0)
    if look.sign < 0:
        return place, _falling(objective, place, look, zero)
    if look.sign == 0:
        return place, _flat(objective, place, look, zero)
    if any(h and not g for h, g in zip(held, place.g, strict=True)):
        return place, Ending(
            "flat", f"at {_named(objective, place)} a bound is reached with a slope of 0", values
        )
    better = polished(objective, place, bounds)
    if norm(moved(better.x, -1.0, place.x)) > NEAR * (1 + norm(place.x)):
        return better, _asymptote(objective, place, moved(better.x, -1.0, place.x))
    sharper = looked(objective, better, bounds)
    if sharper is None or sharper.sign < 1:  # the last digits of a place may hide what it is
        return place, _minimum(objective, place, look, bounds)
    return better, _minimum(objective, better, sharper, bounds)


def _minimum(objective: Objective, place: Place, look: Look, bounds: Bounds) -> Ending:
    held = bounds.pressed(place.x, place.g)
    multipliers = {
        n: objective.sign * g for n, g, h in zip(objective.names, place.g, held, strict=True) if h
    } or None
    values = look.parts.values
    where, word = _named(objective, place), "maximum" if objective.sign < 0 else "minimum"
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
    where, down = _named(objective, place), "rises" if objective.sign < 0 else "falls"
    if look.parts.values[-1] < -zero:
        word = "minimum" if objective.sign < 0 else "maximum"
        return Ending("maximum", f"a {word} at {where}: the Hessian's {plural} {values}", signed, direction)
    return Ending("saddle", f"a saddle at {where}: the Hessian's eigenvalues {values}; f {down} along "
                  f"{listed(direction)}", signed, direction)  # fmt: skip


def _along(objective: Objective, look: Look, index: int) -> dict[str, float]:
    direction = dict.fromkeys(objective.names, 0.0)
    for i, number in zip(look.free, look.parts.vectors[index], strict=True):
        direction[objective.names[i]] = number + 0.0
    return direction


def _flat(objective: Objective, place: Place, look: Look, zero: float) -> Ending:
    """A singular Hessian: f itself is tried along the eigenvectors without curvature."""
    flat = [i for i, value in enumerate(look.parts.values) if abs(value) <= zero] or [0]
    directions = [_along(objective, look, i) for i in flat]
    rises = _tried(objective, place, [[d[n] for n in objective.names] for d in directions])
    signed = tuple(sorted(objective.sign * value for value in look.parts.values))
    where = _named(objective, place)
    if rises is not None and not isinstance(rises, bool):
        way = dict(zip(objective.names, rises, strict=True))
        return Ending(
            "saddle",
            f"a saddle at {where}: the Hessian is singular, and f goes on along {listed(way)}",
            signed,
            way,
        )
    how = (
        "rises from here wherever it was tried" if rises else "does not change along " + listed(directions[0])
    )
    return Ending("flat", f"flat at {where}: the Hessian is singular; f {how}", signed, directions[0])


def at_corner(objective: Objective, place: Place) -> Ending:
    """What a corner is, by trying f around it along the axes and their diagonals."""
    n = len(place.x)
    axes = [[float(i == j) for j in range(n)] for i in range(n)]
    diagonals = [moved(axes[i], sign, axes[j]) for i in range(n) for j in range(i) for sign in (1.0, -1.0)]
    rises = _tried(objective, place, [*axes, *diagonals[:200]])
    where, word = _named(objective, place), "maximum" if objective.sign < 0 else "minimum"
    if rises is True:
        return Ending("minimum-at-corner", f"a {word} at a corner, at {where}: f has no gradient there, and every "
                      "direction tried leads the other way")  # fmt: skip
    if rises is False:
        return Ending("flat", f"a corner at {where} from which f does not change in some direction")
    way = dict(zip(objective.names, rises, strict=True))
    return Ending(
        "saddle", f"a corner at {where} that is no {word}: f goes on along {listed(way)}", direction=way
    )


def _tried(objective: Objective, place: Place, directions: Sequence[Vector]) -> bool | Vector:
    """True if f rises along all *directions*, both ways; False if it stays the same somewhere; else where it falls."""
    size, rises = 1 + norm(place.x), True
    for direction in directions:
        for sign in (1.0, -1.0):
            way = [sign * number for number in direction]
            after = [objective.look(moved(place.x, size * distance, way)) for distance in DISTANCES]
            if any(there is not None and there.f < place.f - 1e-15 * abs(place.f) for there in after):
                return way
            rises = rises and all(there is None or there.f > place.f for there in after)
    return rises


def _asymptote(objective: Objective, place: Place, way: Vector) -> Ending:
    direction = dict(zip(objective.names, [number / norm(way) for number in way], strict=True))
    down = "rises" if objective.sign < 0 else "falls"
    word = "maximum" if objective.sign < 0 else "minimum"
    message = (
        f"no {word} near {_named(objective, place)}: the gradient is {_size(place)}, but f {down} on along "
    )
    return Ending("asymptote", message + listed(direction), direction=direction)


def _named(objective: Objective, place: Place) -> str:
    return listed(dict(zip(objective.names, place.x, strict=True)))


def _size(place: Place) -> str:
    return f"{norm(place.g):.3g}"
