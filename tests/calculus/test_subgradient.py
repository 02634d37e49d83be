"""The subgradient of least norm, of slopes of every size."""

from __future__ import annotations

import pytest

from gradcli.calculus.corners.subgradient import least_norm


@pytest.mark.parametrize("size", [1e-9, 1.0, 1e3, 1e4, 1e9, 1e30])
def test_the_size_of_the_slopes_does_not_matter(size: float) -> None:
    """Gradients that are multiplied by a number have the same subgradient, multiplied by it."""
    assert least_norm([[size, 3 * size], [-size, 3 * size]]) == pytest.approx([0, 3 * size], abs=1e-12 * size)
    assert least_norm([[2 * size]]) == pytest.approx([2 * size])
    assert least_norm([[size, 0.0], [0.0, size]]) == pytest.approx([size / 2, size / 2])


def test_small_corners_beside_large_slopes_are_seen() -> None:
    """The corner of 30*abs(y) is at rest beside slopes a hundred thousand times as large."""
    gradients = [[161579.6, 30.0, 4862070.0], [161579.6, -30.0, 4862070.0]]
    assert least_norm(gradients) == pytest.approx([161579.6, 0.0, 4862070.0], rel=1e-9)


def test_the_nearest_point_of_a_triangle() -> None:
    """Inside, on an edge, and at a corner of the hull."""
    assert least_norm([[1.0, 0.0], [-1.0, 1.0], [-1.0, -1.0]]) == pytest.approx([0, 0], abs=1e-15)
    assert least_norm([[1.0, 1.0], [-1.0, 1.0], [0.0, 5.0]]) == pytest.approx([0, 1])
    assert least_norm([[1.0, 1.0], [4.0, 1.0], [1.0, 6.0]]) == pytest.approx([1, 1])
