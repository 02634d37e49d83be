"""Fourteen reference sets of nonlinear regression, from both of their starts."""

from __future__ import annotations

import json

import pytest

from tests.fits.reference_sets import SETS, arguments, digits, least_digits
from tests.prepared import ALL


@pytest.mark.parametrize("start", ["start1", "start2"])
@pytest.mark.parametrize("one", SETS, ids=[one["name"] for one in SETS])
def test_reference_sets_are_reached(one, start, run):
    """Parameters to 9 digits, standard errors and the sum of squares to 8, with a certificate and status 0."""
    ended = run(*arguments(one, start, "--format", "json"))
    found = json.loads(ended.out)
    assert (ended.status, found["status"], found["proved"]) == (0, "minimum", True)
    assert least_digits(found["at"], one["certified"]) > 9
    assert least_digits(found["errors"], one["se"]) > 8
    assert digits(found["rss"], one["rss"]) > 8
    assert digits(found["sigma"], one["rsd"]) > 8
    assert (found["rows"], found["dof"]) == (one["n"], one["n"] - len(one["certified"]))


@pytest.mark.parametrize("one", SETS, ids=[one["name"] for one in SETS])
def test_the_near_start_alone_gets_there(one, run):
    """`--start given` looks nowhere else."""
    found = json.loads(run(*arguments(one, "start2", "--start", "given", "--format", "json")).out)
    assert least_digits(found["at"], one["certified"]) > 9
    assert found["start"]["tried"] == 0


@pytest.mark.parametrize(
    "name", ["BoxBOD", "DanWood", "MGH09", "MGH17", "Misra1a", "Nelson", "Rat43", "Roszman1", "Thurber"]
)
def test_without_a_start_one_is_found(name, run):
    """The sets with few parameters: the same minimum, and what was tried is said; of two of them twice."""
    one = next(one for one in SETS if one["name"] == name)
    ended = run(*arguments(one, None, "--format", "json"))
    found = json.loads(ended.out)
    assert digits(found["rss"], one["rss"]) > 8
    assert found["start"]["tried"] > 0 and found["start"]["from_start"] is None
    if ALL or name in ("BoxBOD", "MGH09"):
        assert run(*arguments(one, None, "--format", "json")).out == ended.out


@pytest.mark.parametrize("name", ["ENSO", "Gauss1"])
def test_many_parameters_need_no_start_where_most_are_linear(name, run):
    """Periods and peaks are looked for one at a time: the certified sum of squares, its parameters in any order."""
    one = next(one for one in SETS if one["name"] == name)
    found = json.loads(run(*arguments(one, None, "--format", "json")).out)
    assert found["status"] == "minimum" and digits(found["rss"], one["rss"]) > 8
    assert len(one["certified"]) > 7 and found["start"]["from_start"] is None
