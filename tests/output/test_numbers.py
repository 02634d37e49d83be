"""Numbers for people are short, numbers for machines are exact."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcli.output.text.number_text import exact, shown

SHOWN = [
    (43.0, "43"),
    (3.7000000000000002, "3.7"),
    (25.940000000000005, "25.94"),
    (1e22, "1e+22"),
    (-1e-300, "-1e-300"),
    (0.0, "0"),
    (-0.0, "0"),
    (1 / 3, "0.3333333333"),
    (12345678901.0, "1.23456789e+10"),
    (math.inf, "inf"),
    (-math.inf, "-inf"),
    (math.nan, "nan"),
    (None, "none"),
    (12345678901234, "12345678901234"),
    ("3.14159265358979323846", "3.141592654"),
    ("3.14", "3.14"),
]


@pytest.mark.parametrize(("value", "text"), SHOWN)
def test_a_number_is_shown_as_people_write_it(value, text):
    """Ten significant digits, no zeros at the end, and words where there is no number."""
    assert shown(value) == text


def test_the_number_of_digits_is_a_choice():
    """Fewer digits round, more digits show what the float holds."""
    assert (shown(2 / 3, 3), shown(0.1, 17)) == ("0.667", "0.10000000000000001")
    assert shown("3.14159265358979323846", 20) == "3.1415926535897932385"
    assert shown("3.14159265358979323846", 21) == "3.14159265358979323846"


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 17))
def test_a_shown_number_is_near(value, digits):
    """What is shown is off by no more than half a unit of its last digit, and 17 digits are exact."""
    text = shown(value, digits)
    distance = abs(Decimal(text) - Decimal(value))
    assert distance <= abs(Decimal(value)) * Decimal(5).scaleb(-digits)
    assert digits < 17 or float(text) == value


@given(st.floats())
def test_an_exact_number_reads_back(value):
    """Every float, signed zeros included, comes back from its exact text."""
    back = float(exact(value))
    assert repr(back) == repr(value)


def test_exact_leaves_text_as_it_is():
    """A decimal that was rounded elsewhere keeps all its digits."""
    assert exact("0.1000000000000000000000001") == "0.1000000000000000000000001"
