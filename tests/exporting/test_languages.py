"""The code of every language, compiled, run, and held against gradcli's own numbers."""

from __future__ import annotations

import math

import pytest

from gradcli.calculus.evaluation.gradient_at_point import evaluate
from gradcli.calculus.exporting.languages.export import LANGUAGES
from gradcli.language.function_table import FUNCTIONS
from tests.exporting.running import missing, rows, run, run_all
from tests.exporting.sources import POINT, calls, compiled_at, has, source

RUN = [name for name in LANGUAGES if name not in ("sql", "matlab")]

EXPRESSIONS = [
    "x**2 + x*y + 3",
    "(1 - x)**2 + 100*(y - x**2)**2",
    "x**2*exp(-x*y) + sin(x*y)/sqrt(1 + y**2)",
    "x**y + y**x - 2**x - x**-3 + x**(1/3)",
    "-(-x)*-y - (x - (y - (x - y))) + x/(y/(x/y))",
    "where(x > 1, log(x - 1), x**2) + where(y > 1 and x < 2 or x > 7, y**3, sqrt(y - 5))",
    "1e-30*x + 1e30*y/1e30 + 0.1*x + 12345678901234567890*x/1e19",
    "sigmoid(x)*log(sigmoid(y)) - tanh(x*y)**3",
]


@pytest.mark.parametrize("language", RUN)
def test_every_expression_runs_to_the_same_numbers(language, tmp_path):
    """A function of value and gradient answers what gradcli answers, to 1e-12."""
    run(language, source(language, EXPRESSIONS[0], POINT).code, tmp_path)  # by itself, as it was written
    run_all(
        language,
        [source(language, text, POINT, name=f"case_{k}").code for k, text in enumerate(EXPRESSIONS)],
        tmp_path,
    )


@pytest.mark.parametrize("language", RUN)
def test_every_function_that_a_language_has_runs_to_the_same_numbers(language, tmp_path):
    """Group by group, the sum of all functions of the table that the language has."""
    if reason := missing(language):
        pytest.skip(reason)
    codes = []
    for group in dict.fromkeys(row.group for row in FUNCTIONS.values()):
        texts = [calls(name) for name, row in FUNCTIONS.items() if row.group == group]
        known = [text for text in texts if text and has(language, text) and not _needs_scipy(language, text)]
        if known:
            weighted = " + ".join(f"{k + 1}*{text}" for k, text in enumerate(known))
            codes.append(source(language, weighted, POINT, name=f"case_{len(codes)}", formulas=False).code)
    run_all(language, codes, tmp_path)


def _needs_scipy(language, text):
    return (
        language == "numpy" and "special." in source(language, text, POINT, tested=False, formulas=False).code
    )


@pytest.mark.parametrize("group", dict.fromkeys(row.group for row in FUNCTIONS.values()))
def test_sql_answers_every_row_of_a_table(group):
    """The query gives point, value and gradient for each row, integers included."""
    texts = [calls(name) for name, row in FUNCTIONS.items() if row.group == group]
    for text in [t for t in texts if t and has("sql", t)]:
        (row,) = rows(source("sql", f"{text} + x/3 + y/7", POINT, formulas=False).code)
        _agrees(row[2:-1], f"{text} + x/3 + y/7", POINT)


def test_sql_reads_whole_numbers_as_numbers():
    """x/y of integer columns is a quotient, not an integer division."""
    code = source("sql", "x/y", {"x": 1.0, "y": 4.0}, tested=False).code
    found = rows(code, x=[1, 3], y=[4, 2])
    assert [row[2] for row in found] == [0.25, 1.5]


def test_sql_answers_every_expression():
    """The expressions of the other languages, on SQLite."""
    for text in EXPRESSIONS:
        (row,) = rows(source("sql", text, POINT).code)
        _agrees(row[2:-1], text, POINT)


def _agrees(found, text, point):
    answer = evaluate(compiled_at(text).program, text, point)
    for part, wanted in zip(found, (answer.value, *answer.partials.values()), strict=True):
        assert math.isclose(part, wanted, rel_tol=1e-12, abs_tol=1e-12), text


@pytest.mark.parametrize("language", ["python", "c", "rust", "javascript", "fortran", "octave"])
def test_corners_answer_as_the_framework_asked_for(language, tmp_path):
    """|x| at 0 has the slope that JAX gives it when JAX's answer was asked for."""
    code = source(language, "abs(x) + max(x, y)", {"x": 0.5, "y": 1.0}, corner="jax").code
    run(language, code, tmp_path)
    assert "1.0" in code


def test_a_corner_is_not_a_number():
    """Without a framework the partial at a corner is NaN: no number is right."""
    names = {}
    exec(source("python", "abs(x) + y**2", {"x": 1.0, "y": 2.0}).code, names)
    value, (along_x, along_y) = names["f_and_gradient"](0.0, 3.0)
    assert value == 9.0
    assert math.isnan(along_x)
    assert along_y == 6.0


def test_shared_parts_are_computed_once():
    """An exponential that value and gradient share is written once."""
    body = source("c", "exp(x*y)*sin(exp(x*y))", POINT).code.partition("*/")[2]
    assert body.count("exp(") == 1


@pytest.mark.parametrize("language", ["numpy", "jax", "torch", "tensorflow"])
@pytest.mark.parametrize("text", ["x**2 + y", "3*x + 0*y", "x*y", "where(x < y, x, 2)", "max(x, 1) + y - y"])
def test_array_libraries_answer_in_the_shape_of_the_batch(language, text, tmp_path):
    """Value and every partial have the shape that the arguments have together, constant partials too."""
    code = source(language, text, {"x": 0.25, "y": 4.0}, tested=False).code
    code += (
        "\nvalue, gradient = f_and_gradient([[0.5], [2.0], [3.0]], [1.0, 4.0])\n"
        "assert [tuple(part.shape) for part in (value, *gradient)] == [(3, 2)] * 3, (value, gradient)\nprint('ok')\n"
    )
    run(language, code, tmp_path)


def test_layers_of_sql_that_would_be_too_large_within_each_other_are_kept_apart():
    """SQLite writes them into each other otherwise, and takes gigabytes; what is small is for all databases."""
    large = "fmod(atanh(y), binary_cross_entropy(y**-1, fmod(x, y)))"
    assert "layer_2 AS MATERIALIZED (" in source("sql", large, POINT, tested=False).code
    assert "MATERIALIZED" not in source("sql", "sin(x)*exp(y)", POINT).code
