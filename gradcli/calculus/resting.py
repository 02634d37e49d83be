"""Samples of a gradient over two variables → the points where it vanishes, good enough to draw them.

Where both partials change their signs within a cell of a grid, Newton's method looks for the zero near it, the
Hessian being that of differences. `gradcli critical` finds the points exactly, and proves what it says.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from gradcli.calculus.sampling import Sampler

#: Cells along each side of the box; more points than this are a line of them.
CELLS, MOST = 60, 40

#: An eigenvalue below this share of the other is what differences cannot tell from 0.
NOTHING = 1e-5

Ends = tuple[float, float]


class Resting(NamedTuple):
    """A point where the gradient vanishes: `minimum`, `maximum`, `saddle` or `degenerate`."""

    kind: str
    x: float
    y: float


def resting_points(sample: Sampler, across: Ends, up: Ends) -> list[Resting]:
    """The points in the box; none where there are so many that they are a line."""
    sizes = ((across[1] - across[0]) / CELLS, (up[1] - up[0]) / CELLS)
    found: list[Resting] = []
    for start in _cells(sample, across, up):
        place = _newton(sample, start, sizes)
        if place is None or any(_near(place, (one.x, one.y), sizes) for one in found):
            continue
        if across[0] <= place[0] <= across[1] and up[0] <= place[1] <= up[1]:
            found.append(Resting(_kind(_hessian(sample, place, sizes)), *place))
        if len(found) > MOST:
            return []
    return sorted(found, key=lambda one: (one.x, one.y))


def _cells(sample: Sampler, across: Ends, up: Ends) -> list[Ends]:
    """The middles of the cells in which both partials have both signs."""
    xs, ys = ([low + (high - low) * i / CELLS for i in range(CELLS + 1)] for low, high in (across, up))
    found = sample([xs * len(ys), [y for y in ys for _ in xs]])
    width, middles = len(xs), []
    for j in range(CELLS):
        for i in range(CELLS):
            corners = (j * width + i, j * width + i + 1, (j + 1) * width + i, (j + 1) * width + i + 1)
            if all(_turns([partial[c] for c in corners]) for partial in found.partials):
                middles.append(((xs[i] + xs[i + 1]) / 2, (ys[j] + ys[j + 1]) / 2))
    return middles


def _turns(numbers: list[float]) -> bool:
    return all(map(math.isfinite, numbers)) and min(numbers) <= 0 <= max(numbers)


def _newton(sample: Sampler, start: Ends, sizes: Ends) -> Ends | None:
    x, y = start
    for _ in range(30):
        a, b, d = _hessian(sample, (x, y), sizes)
        g, h = _gradient(sample, x, y)
        determinant = a * d - b * b
        if not math.isfinite(g + h + determinant):
            return None
        if determinant == 0:
            return (x, y) if math.hypot(g, h) <= NOTHING * math.hypot(a, b, d) * min(sizes) else None
        right, higher = -(d * g - b * h) / determinant, -(a * h - b * g) / determinant
        x, y = x + right, y + higher
        if abs(x - start[0]) > 4 * sizes[0] or abs(y - start[1]) > 4 * sizes[1]:
            return None
        if abs(right) < 1e-9 * sizes[0] and abs(higher) < 1e-9 * sizes[1]:
            break
    return _round(x, sizes[0]), _round(y, sizes[1])


def _gradient(sample: Sampler, x: float, y: float) -> Ends:
    partials = sample([[x], [y]]).partials
    return partials[0][0], partials[1][0]


def _hessian(sample: Sampler, place: Ends, sizes: Ends) -> tuple[float, float, float]:
    """∂²f/∂x², ∂²f/∂x∂y and ∂²f/∂y², by central differences of the gradient."""
    (x, y), (right, up) = place, (1e-4 * sizes[0], 1e-4 * sizes[1])
    u, v = sample([[x - right, x + right, x, x], [y, y, y - up, y + up]]).partials
    return (u[1] - u[0]) / (2 * right), (u[3] - u[2]) / (2 * up), (v[3] - v[2]) / (2 * up)


def _kind(hessian: tuple[float, float, float]) -> str:
    a, b, d = hessian
    middle, spread = (a + d) / 2, math.hypot((a - d) / 2, b)
    low, high = middle - spread, middle + spread
    if min(abs(low), abs(high)) <= NOTHING * max(abs(low), abs(high)):
        return "degenerate"
    return "saddle" if low < 0 < high else "minimum" if low > 0 else "maximum"


def _near(one: Ends, other: Ends, sizes: Ends) -> bool:
    return all(abs(a - b) <= size / 2 for a, b, size in zip(one, other, sizes, strict=True))


def _round(number: float, size: float) -> float:
    """A round number that is as good, else the number without the last digits, which differences do not know."""
    for digits in range(3):
        if abs(number - round(number, digits)) <= 1e-4 * size:
            return round(number, digits) + 0.0
    return float(f"{number:.9g}")
