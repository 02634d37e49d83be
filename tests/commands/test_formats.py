"""The machine formats: bit for bit, flat for jq, and never a bare NaN."""

from __future__ import annotations

import csv
import io
import json
import math
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import command_line

finite = st.floats(allow_nan=False, allow_infinity=False)
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def strict(text):
    """JSON without the extensions of Python."""

    def refuse(word):
        raise AssertionError(word)

    return json.loads(text, parse_constant=refuse)


def bits(number):
    """The eight bytes of a float."""
    return struct.pack("<d", number)


@QUIET
@given(finite)
@pytest.mark.parametrize("format_", ["json", "jsonl", "csv", "tsv"])
def test_every_float_comes_back_bit_for_bit(format_, number):
    """The point that was given, the value, and the gradient of x + y/2 there."""
    out = command_line(["grad", "x", f"--x={number!r}", "--format", format_, "--no-save"]).out
    if format_ in ("json", "jsonl"):
        record = strict(out)
        found = [record["at"]["x"], record["value"]]
    else:
        (row,) = csv.DictReader(io.StringIO(out), delimiter="," if format_ == "csv" else "\t")
        found = [float(row["at"]), float(row["value"])]
    assert [bits(value) for value in found] == [bits(number)] * 2


@QUIET
@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_piped_answer_is_the_same_point(x, y):
    """grad --format json | grad -: the second answer is the first."""
    first = command_line(
        ["grad", "x*y+x**2", f"--x={x!r}", f"--y={y!r}", "--format", "json", "--no-save"]
    ).out
    second = command_line(["grad", "-", "--format", "json", "--no-save"], text=first).out
    assert first == second


@pytest.mark.parametrize("arguments", [
    ["grad", "abs(x)", "--x", "0"], ["grad", "sqrt(x)", "--x", "0"], ["grad", "x", "--x", "1", "--y", "2", "--wrt", "x,y"],
    ["grad", "exp(x)", "--x", "800"], ["grad", "1/x", "--x", "0"], ["grad", "x"], ["step", "x**4", "--x", "1e80"],
    ["step", "exp(x)", "--x", "700", "--lr", "1e300"], ["grad", "1e308*x", "--x", "10"],
])  # fmt: skip
def test_json_has_no_bare_nan_or_infinity(arguments, run):
    """Whatever happens, each line of JSON on either stream is JSON."""
    ended = run(*arguments, "--format", "json")
    lines = [line for line in (ended.out + ended.err).splitlines() if line.startswith("{")]
    assert lines
    for line in lines:
        strict(line)


def test_the_record_of_a_gradient_is_flat(run):
    """The keys of the contract, in their order."""
    record = strict(run("grad", "x**2+x*y+3", "--x", 5, "--y", 3, "--format", "json").out)
    assert list(record) == ["expression", "at", "value", "gradient", "formulas", "norm", "notes"]
    assert record["gradient"] == {"x": 13.0, "y": 5.0} and math.isclose(record["norm"], math.hypot(13, 5))


def test_the_record_of_a_step_has_its_stages(run):
    """The keys of the contract, and the new point as `at`."""
    record = strict(run("step", "x**2+x*y+3", "--x", 5, "--y", 3, "--lr", 0.1, "--format", "json").out)
    assert {"expression", "at", "lr", "optimizer", "step", "before", "after"} <= set(record)
    assert set(record["before"]) == {"at", "value", "gradient"}
    assert record["at"] == record["after"]["at"] == {"x": 3.7, "y": 2.5}


def test_the_record_of_an_error(run):
    """The keys of the contract, on stderr as one line."""
    ended = run("grad", "sinn(x)", "--format", "json")
    record = strict(ended.err.splitlines()[-1])
    assert list(record["error"]) == ["kind", "message", "hint", "span", "status"]
    assert record["error"]["span"] == [0, 4] and record["error"]["status"] == ended.status == 2


def test_jsonl_and_csv_have_every_step(run):
    """--steps N: N records, and N + 1 points."""
    base = ["step", "x**2+x*y+3", "--x", 5, "--y", 3, "--lr", 0.1, "--steps", 3]
    records = [strict(line) for line in run(*base, "--format", "jsonl").out.splitlines()]
    rows = list(csv.DictReader(io.StringIO(run(*base, "--format", "csv").out)))
    assert [record["step"] for record in records] == [1, 2, 3]
    assert [float(row["x"]) for row in rows] == [5.0, 3.7, 2.71, 1.955]
    assert len(run(*base, "--format", "json").out.splitlines()) == 1


@pytest.mark.parametrize(("path", "printed"), [
    ("value", "43.0"), ("gradient.x", "13.0"), ("at.y", "3.0"), ("formulas.x", "2*x + y"), ("norm", "13.92838827718412"),
    ("expression", "x**2+x*y+3"),
])  # fmt: skip
def test_get_prints_one_bare_value(path, printed, run):
    """No name, no quotes, all digits."""
    assert run("grad", "x**2+x*y+3", "--x", 5, "--y", 3, "--get", path).out == printed + "\n"
