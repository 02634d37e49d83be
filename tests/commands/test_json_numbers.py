"""A number in JSON is its decimal: digits beyond those of its double count, alone and in a stream."""

from __future__ import annotations

import json
from decimal import Decimal, localcontext
from random import Random

import pytest

from gradcli.calculus.program.typed_numbers import text_of
from gradcli.shell.problems.json_numbers import json_value
from tests.conftest import command_line

#: A number as it is typed, and 1e28*(x - y)*x there with y = 0.1, by decimals of 60 places.
LONG = ["0.1000000000000000000000000001", "0.10000000000000001", "0.09999999999999999999999",
        "0.10000000000000000000000000000000000000000000007", "1.000000000000000000000000001e-1", "0.1"]  # fmt: skip


def stream(points):
    """The records that a stream of points of one expression is answered with."""
    lines = "".join(f'{{"expression": "(x-y)*1e28*x", "at": {{"x": {x}, "y": 0.1}}}}\n' for x in points)
    out = command_line(["grad", "-", "--format", "jsonl", "--no-save"], lines).out
    return [json.loads(line) for line in out.splitlines()]


def truth(x):
    with localcontext() as context:
        context.prec = 90
        a, b = Decimal(x), Decimal("0.1")
        return float((a - b) * Decimal(10) ** 28 * a), float((2 * a - b) * Decimal(10) ** 28)


def test_every_digit_of_a_number_counts():
    """In a stream that is quick by then as in its first lines."""
    points = LONG * 3
    for x, record in zip(points, stream(points), strict=True):
        value, slope = truth(x)
        assert record["value"] == pytest.approx(value, rel=1e-14, abs=0)
        assert record["gradient"]["x"] == pytest.approx(slope, rel=1e-14, abs=0)
        assert record["at"]["x"] == float(x)


@pytest.mark.parametrize(
    ("expression", "x", "value"),
    [("(x-0.5)*1e30", "0.500000000000000000000000000002", 2.0), ("x*1e250", "1e-400", 1e-150),
     ("x-12345678901234567890", "12345678901234567891", 1.0), ("(x-5)*1e20", "5.0000000000000000000", 0.0)],
)  # fmt: skip
def test_neighbours_of_short_numbers_and_of_none_are_themselves(run, expression, x, value):
    """Also where the double is exact, 0 or large."""
    problem = f'{{"expression": "{expression}", "at": {{"x": {x}}}}}\n'
    ended = run("grad", "-", "--format", "jsonl", "--no-save", text=problem * 4)
    assert [json.loads(line)["value"] for line in ended.out.splitlines()] == [
        pytest.approx(value, rel=1e-14)
    ] * 4


def test_more_digits_are_those_of_the_decimal(run):
    """With `--digits` as without."""
    problem = '{"expression": "x*3", "at": {"x": 0.1234567890123456789012345678}}'
    ended = run("grad", "-", "--digits", "30", "--format", "json", "--no-save", text=problem)
    assert json.loads(ended.out)["value"] == "0.3703703670370370367037037034"


def test_a_claim_in_json_is_shown_as_it_was_typed(run, tmp_path):
    """A claimed partial keeps the digits that its double has not, as one on the command line does."""
    file = tmp_path / "claims.json"
    file.write_text('{"x": 0.5000000000000000000000001}')
    assert "claimed 0.5000000000000000000000001" in run("check", "x/2", "--x", "1", "--claims", file).out


def test_a_number_keeps_its_text_exactly_where_its_double_is_written_otherwise():
    """5,000 decimals of up to 25 digits: what is read stands for the decimal that was typed."""
    source = Random(3)
    for _ in range(5_000):
        digits = "".join(source.choices("0123456789", k=source.randint(1, 25)))
        power = source.choice(["", "", f"e{source.randint(-330, 290)}", f"E+{source.randint(0, 30)}"])
        text = f"{source.choice(['', '-'])}{source.randint(0, 9)}.{digits}{power}"
        found = json_value(text)
        assert Decimal(text_of(found) or repr(found)) == Decimal(text)
