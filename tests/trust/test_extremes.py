"""The largest and the smallest numbers, where squares, ranges and exponents are first to overflow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .watching import watched

BIG = "binomial(1e300,1e299)*x"


def answered(home: Path, *arguments: str) -> dict[str, Any]:
    (answer,), _ = watched([{"args": list(arguments)}], home)
    assert answer["trace"] is None
    assert answer["seconds"] < 20
    return answer


def test_an_uncertainty_is_not_squared_into_overflow(tmp_path: Path) -> None:
    """sigma = |f'| s: of 3*x with s = 1e300 that is 3e300, whose square no float holds."""
    record = json.loads(
        answered(tmp_path, "grad", "3*x+0*y", "--at", "x=1±1e300,y=1±1", "--format", "json")["out"]
    )
    assert record["uncertainty"]["sigma"] == pytest.approx(3e300, rel=1e-15)
    assert record["uncertainty"]["shares"] == {"x": 1.0, "y": 0.0}


def test_an_uncertainty_beyond_floats_has_no_value(tmp_path: Path) -> None:
    """1e10 times 1e300 is no float: status 3, and with more digits a number."""
    assert answered(tmp_path, "grad", "1e10*x", "--at", "x=1±1e300")["status"] == 3
    wide = answered(
        tmp_path, "grad", "1e10*x", "--at", "x=1±1e300", "--digits", "20", "--get", "uncertainty.sigma"
    )
    assert float(wide["out"].replace("e+310", "")) == pytest.approx(1.0)


@pytest.mark.parametrize("claim", ["gamma(1e300)", BIG])
def test_a_claim_beyond_all_size_is_wrong(claim: str, tmp_path: Path) -> None:
    """Nobody tries to count how many twelfths are in it."""
    assert answered(tmp_path, "check", "x**2", "--claim", f"x={claim}")["status"] == 1


def test_digits_of_numbers_beyond_decimals_settle(tmp_path: Path) -> None:
    """The exponent of 1e299 digits of binomial(1e300, 1e299) is no exponent of Python's decimals: f'*x = f still."""
    answer = answered(tmp_path, "grad", BIG, "--x", "2", "--digits", "30", "--format", "json")
    record = json.loads(answer["out"])
    value, slope = (text.partition("e") for text in (record["value"], record["gradient"]["x"]))
    assert value[2] == slope[2]
    assert float(value[0]) == pytest.approx(2 * float(slope[0]), rel=1e-14)


@pytest.mark.parametrize("text", ["exp(exp(exp(exp(x))))", "1e308*x", "√" * 1074 + "x", "x*1e-320"])
@pytest.mark.parametrize("out", [[], ["--out", "page.html"]])
def test_pictures_of_extremes(text: str, out: list[str], tmp_path: Path) -> None:
    """A curve that overflows, is steeper than a float or flatter than one is drawn, or left out."""
    assert answered(tmp_path, "plot", text, "--x", "1.25", *out)["status"] == 0


@pytest.mark.parametrize("ends", ["-1e308:1e308", "1:1.0000000000000002", "0:1e-320"])
def test_ranges_that_nobody_can_draw(ends: str, tmp_path: Path) -> None:
    """A range beyond all size, or without any, is refused."""
    answer = answered(tmp_path, "plot", "x", "--range", f"x={ends}")
    assert answer["status"] == 2
    assert answer["err"].startswith("gradcli: --range x: ")
