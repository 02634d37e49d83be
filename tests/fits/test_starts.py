"""Without starts: waves of any period are found, by what one parameter at a time leaves of the rows."""

from __future__ import annotations

import json
import math
import random

import pytest

from gradcli.fitting.solver.start_values import wave_numbers
from tests.fits.test_linear import written

ONE = "c + a*cos(w*x) + b*sin(w*x)"
TWO = "c + a*cos(2*pi*x/p) + b*sin(2*pi*x/p) + d*cos(2*pi*x/q) + g*sin(2*pi*x/q)"


def wave(period):
    """A wave of random size and phase."""
    size, phase = random.uniform(0.5, 2), random.uniform(0, 6)
    return lambda x: size * math.cos(2 * math.pi * x / period + phase)


def fitted(run, tmp_path, model, waves, *options):
    """The JSON of a fit of 60 rows made of waves and noise, without a start."""
    rows = [
        (f"{x:.4f}", f"{3 + sum(one(x) for one in waves) + random.gauss(0, 0.1):.5f}")
        for x in sorted(random.uniform(0, 40) for _ in range(60))
    ]
    file = written(tmp_path / "rows.csv", "x,y", rows)
    ended = run("fit", model, "--to", "y", "--data", file, "--no-save", "--format", "json", *options)
    return ended.status, json.loads(ended.out)


@pytest.mark.parametrize("period", [1.7, 3.3, 5.9, 11.3, 27.0])
@pytest.mark.parametrize("model", [ONE, "a*sin(w*x + b) + c"])
def test_a_wave_is_found(run, tmp_path, model, period):
    """Its rate is within what sixty rows tell of it."""
    random.seed(period)
    status, found = fitted(run, tmp_path, model, [wave(period)])
    assert (status, found["status"]) == (0, "minimum")
    assert abs(abs(found["at"]["w"]) - 2 * math.pi / period) < 6 * found["errors"]["w"]


@pytest.mark.parametrize("periods", [(2.9, 7.1), (5.3, 4.1), (17.0, 6.3)])
def test_two_waves_are_found(run, tmp_path, periods):
    """Both, in any order: no sum of squares is lower than that from a start at the truth."""
    random.seed(sum(periods))
    state = random.getstate()
    status, found = fitted(run, tmp_path, TWO, [wave(one) for one in periods])
    random.setstate(state)
    _, near = fitted(run, tmp_path, TWO, [wave(one) for one in periods], "--p", periods[0], "--q", periods[1])
    assert status == 0 and found["rss"] == pytest.approx(near["rss"], rel=1e-9)
    at = sorted(abs(found["at"][name]) for name in "pq")
    assert at == pytest.approx(sorted(periods), rel=0.02)


def test_waves_are_those_that_rows_tell_apart():
    """Of half a wave over the range up to one in two rows; a column of one number has none."""
    found = wave_numbers({"x": [0.0, 1.0, 2.0, 10.0], "y": [5.0] * 4})
    assert found[:3] == [20.0, 0.05, 2 * math.pi * 0.05] and len(found) == 12 and min(found[::3]) == 5.0
