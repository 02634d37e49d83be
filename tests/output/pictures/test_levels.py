"""Contours from the lowest place to the highest: none of the heights in between is without one."""

from __future__ import annotations

from itertools import pairwise

import pytest

from gradcli.output.pictures.scales import levels


@pytest.mark.parametrize("shift", [-300.0, 0.0, 7.0])
@pytest.mark.parametrize("highest", [1.0, 3.7, 40.0, 2e6])
def test_the_highest_place_counts_as_much_as_all_others(highest, shift):
    """Of three places one is high: the contours go on up to it, a quarter of the whole height apart at the most."""
    lowest, top = shift, shift + highest
    found = [lowest, *levels([lowest, lowest + highest / 10, top]), top]
    assert len(found) > 4
    assert max(b - a for a, b in pairwise(found)) <= highest / 4
