"""Tables of derivatives keep the digits that floats lose, as gradients do."""

from __future__ import annotations

import pytest

from gradcli.calculus.evaluation.table_at_point import tabulate
from gradcli.calculus.tables.higher_derivatives import beginnings, derivatives_of


def test_derivatives_of_higher_order_where_floats_cancel():
    """(1 - cos(x))/x**2 is 1/2 - x**2/24 + x**4/720 - x**6/40320 + …"""
    x = 1e-3
    numbers = tabulate(derivatives_of(["(1-cos(x))/x**2"], ["x"], beginnings(("x",) * 3)), {"x": x})
    true = [-x / 12 + x**3 / 180, -1 / 12 + x**2 / 60 - x**4 / 1344, x / 30 - x**3 / 336]
    assert [row[0] for row in numbers.entries] == pytest.approx(true, rel=1e-9)
