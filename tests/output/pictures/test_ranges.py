"""Ranges of a picture: one option for each variable, or one for several."""

from __future__ import annotations

import pytest

from gradcli.language.errors import ValueProblem
from gradcli.shell.options.picture_options import ranges_of


@pytest.mark.parametrize("typed", [["x=-1:2", "y=0:pi"], ["x=-1:2,y=0:pi"], ["x = -1:2, y=0:pi"]])
def test_several_ranges_may_stand_in_one_option(typed):
    """As the sides of a box do."""
    assert ranges_of(typed) == {"x": (-1.0, 2.0), "y": (0.0, pytest.approx(3.141592653589793))}


def test_a_comma_in_a_number_is_its_own():
    """min(2, 3) is one number; a name in two ranges is refused."""
    assert ranges_of(["x=0:min(2,3)"]) == {"x": (0.0, 2.0)}
    with pytest.raises(ValueProblem, match="x is given twice"):
        ranges_of(["x=0:1,x=1:2"])
