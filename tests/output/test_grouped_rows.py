"""Records about the numbers of a column as arrays: of all of them, in their order, and of texts as well."""

from __future__ import annotations

import json

from gradcli.output.text.grouped_rows import grouped_record


def test_equal_texts_are_as_many_as_the_rows(run):
    """Numbers of many digits are texts; only a formula that holds in every row stands once."""
    ended = run(
        "grad", "sum(x*a)", "--x", "[1, 1]", "--a", 2, "--digits", 20, "--no-save", "--format", "json"
    )
    record = json.loads(ended.out)
    assert record["at"]["x"] == ["1", "1"] and record["gradient"]["x"] == ["2", "2"]
    assert record["formulas"]["x"] == "a"
    again = run("grad", "-", "--no-save", "--get", "value", text=json.dumps(record))
    assert again.status == 0 and float(again.out) == 4


def test_what_is_said_of_some_numbers_names_them():
    """An array would have the second one at the first one's place."""
    found = grouped_record({"at": {"x[0]": 1, "x[1]": 2, "a": 3}, "multipliers": {"x[1]": 5, "a": 4}})
    assert found == {"at": {"x": [1, 2], "a": 3}, "multipliers": {"x[1]": 5, "a": 4}}


def test_each_point_of_a_history_has_columns_of_its_own_length():
    """A session's problems follow each other."""
    points = [
        {"at": {"x[0]": 1, "x[1]": 2}, "gradient": {"x[0]": 5, "x[1]": 6}},
        {"at": {"x[0]": 3}, "gradient": {"x[0]": 4}},
    ]
    found = grouped_record({"history": points})
    assert found == {
        "history": [
            {"at": {"x": [1, 2]}, "gradient": {"x": [5, 6]}},
            {"at": {"x": [3]}, "gradient": {"x": [4]}},
        ]
    }


def test_the_terms_of_a_polynomial_name_the_numbers_that_they_have(run):
    """f is x0*x1: at (2, 5) it is 10 + 5*(x0 - 2) + 2*(x1 - 5) + (x0 - 2)*(x1 - 5)."""
    ended = run("taylor", "x[0]*x[1]", "--x", "[2, 5]", "--order", 2, "--format", "json")
    terms = {json.dumps(term["powers"]): term["coefficient"] for term in json.loads(ended.out)["terms"]}
    assert terms == {"{}": 10, '{"x[0]": 1}': 5, '{"x[1]": 1}': 2, '{"x": [1, 1]}': 1}


def test_a_number_of_a_column_that_is_not_asked_for_has_the_slope_0(run):
    """f depends on the column, and on this number of it not at all."""
    for digits, zero in ((10, 0.0), (20, "0")):
        ended = run(
            "grad",
            "x[0]**2*a",
            "--x",
            "[3, 2]",
            "--a",
            1,
            "--digits",
            digits,
            "--no-save",
            "--format",
            "json",
        )
        record = json.loads(ended.out)
        assert record["gradient"]["x"] == [type(zero)(6), zero] and record["notes"] == [], digits
