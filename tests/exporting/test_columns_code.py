"""`gradcli code` of texts with columns: functions of arrays answer what `grad` answers, and what NumPy answers by hand.

`GRADCLI_COLUMN_CODE=200 pytest tests/exporting/test_columns_code.py` tries more losses in every language at hand.
"""

from __future__ import annotations

import json
import math
import os
import random
import subprocess

import pytest

from gradcli.calculus.exporting.columns.column_export import ColumnWish, exported_columns
from gradcli.calculus.rows.row_data import RowData
from gradcli.calculus.rows.row_evaluation import RowEvaluation
from gradcli.calculus.rows.row_program import compile_levels
from gradcli.calculus.rows.sided_slopes import slope
from gradcli.cli import run as run_command
from gradcli.language.rows.level_reading import levels_of
from tests.exporting.running import interpreter, missing, run

np = pytest.importorskip("numpy")

COUNT = int(os.environ.get("GRADCLI_COLUMN_CODE", "0"))
LOSSES = COUNT or 60
PYTHONS = ("jax", "torch", "tensorflow")
WITHOUT = ("python", "c", "c++", "rust", "fortran", "javascript", "sql", "latex")


@pytest.fixture
def said(tmp_path, monkeypatch, capsys):
    """Runs a command line in a home of its own: status, stdout, stderr."""
    monkeypatch.setenv("GRADCLI_HOME", str(tmp_path / "home"))

    def ask(*arguments):
        status = run_command(arguments)
        out, err = capsys.readouterr()
        return status, out, err

    return ask


# --- random losses, and what they are in NumPy's extended precision ---------------------------------------------

#: Calls that bring rows to one number, in NumPy by hand.
TO_ONE = {
    "sum": np.sum, "mean": np.mean, "min": np.min, "max": np.max, "std": np.std, "var": np.var,
    "norm": lambda e: np.sqrt(np.sum(e * e)), "logsumexp": lambda e: np.log(np.sum(np.exp(e))),
    "dot": lambda e, g: np.sum(e * g),
}  # fmt: skip
OF_ROWS = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt, "abs": np.abs, "tanh": np.tanh, "sin": np.sin,
           "where": np.where}  # fmt: skip


def row(source, depth):
    """An expression that varies by row, smooth nearly everywhere and defined for the numbers that `point` draws."""
    kind = source.randrange(9) if depth else source.randrange(2)
    inner = lambda: row(source, depth - 1)  # noqa: E731
    return [
        lambda: source.choice("xy"),
        lambda: f"({source.choice('ab')}*{source.choice('xy')} + {source.choice(['b', '1', '0.5'])})",
        lambda: f"({inner()} - {inner()})", lambda: f"{inner()}*{inner()}", lambda: f"({inner()})**2",
        lambda: f"{source.choice(['tanh', 'sin', 'abs'])}({inner()})",
        lambda: f"{source.choice(['log', 'sqrt'])}(1.5 + ({inner()})**2)",
        lambda: f"exp(-({inner()})**2)",
        lambda: f"({inner()} - {one(source, depth - 1)})",
    ][kind]()  # fmt: skip


def one(source, depth):
    """An expression that is one number."""
    name = source.choice([*TO_ONE, "sum", "mean", "mean"])
    inner = f"{row(source, depth)}, {row(source, depth)}" if name == "dot" else row(source, depth)
    return f"{name}({inner})"


def loss(source):
    """A loss in x, y, a and b, and whether each is in it."""
    text = one(source, 2)
    more = [
        f"{text} + a*{one(source, 1)}",
        f"{text}/count() - b**2",
        f"sqrt(2 + ({text})**2)",
        f"sum(where(x < a, x, y))*{text}",
    ]
    text = source.choice([text, text, *more])
    return text if {"x", "a"} <= set(text) else f"{text} + sum(a*x)"


def point(source, rows):
    """Numbers of two columns and of a and b."""
    column = lambda: [round(source.uniform(-2, 2), 3) for _ in range(rows)]  # noqa: E731
    return {
        "a": round(source.uniform(-2, 2), 3),
        "b": round(source.uniform(-2, 2), 3),
        "x": column(),
        "y": column(),
    }


def by_hand(text, at):
    """The value in extended precision."""
    names = {name: np.asarray(x, dtype=np.longdouble) for name, x in at.items()}
    rows = len(at["x"])
    return eval(text, {**TO_ONE, **OF_ROWS, "count": lambda: rows, **names})


def slopes_by_hand(text, at, along):
    """Central differences in extended precision: a number, or one for each row."""
    step, found = 1e-6, {}
    for name in along:
        slopes = []
        for place in range(len(at[name])) if isinstance(at[name], list) else [None]:
            ends = []
            for way in (step, -step):
                moved = {**at}
                if place is None:
                    moved[name] = np.longdouble(at[name]) + way
                else:
                    moved[name] = np.asarray(at[name], dtype=np.longdouble)
                    moved[name][place] += way
                ends.append(by_hand(text, moved))
            slopes.append(float((ends[0] - ends[1]) / (2 * step)))
        found[name] = slopes if isinstance(at[name], list) else slopes[0]
    return found


def drawn(count):
    """So many losses with a point each."""
    source = random.Random(28)
    return [(loss(source), point(source, source.randrange(2, 6))) for _ in range(count)]


def words(text):
    """The words of a text."""
    return set("".join(c if c.isalnum() else " " for c in text).split())


def options(text, at):
    """The point as options of the command line: of the names in the text."""
    names = [name for name in at if name in words(text)]
    return names, [piece for name in names for piece in (f"--{name}", json.dumps(at[name]))]


# --- agreement --------------------------------------------------------------------------------------------------


def executed(code):
    """The function of a source in Python."""
    names = {"__name__": "code"}
    exec(code, names)
    return names["value_and_gradient"]


def written(text, at, language, with_test=False):
    """The source for a loss at a point, without the formulas of its comment."""
    names = [name for name in at if name in words(text)]
    columns = {name: len(at[name]) for name in names if isinstance(at[name], list)}
    levels = levels_of([text], columns, [name for name in names if name not in columns])
    point = {name: at[name] for name in names}
    wish = ColumnWish("value_and_gradient", "none", tuple(names), text, {}, point if with_test else None)
    return exported_columns(language, levels, wish).code, names


def own(text, at, names):
    """gradcli's own value and slopes."""
    columns = {name: at[name] for name in names if isinstance(at[name], list)}
    numbers = {name: at[name] for name in names if name not in columns}
    rows = compile_levels(levels_of([text], {name: len(x) for name, x in columns.items()}, numbers))
    answer = RowEvaluation(rows, RowData(columns)).at(numbers)
    slopes = {name: answer.slopes.get(name, slope(0.0)).left for name in numbers}
    return answer.value, slopes | {
        name: [one.left for one in answer.columns[name].each()] for name in columns
    }


def test_random_losses_in_numpy_answer_what_grad_and_numpy_by_hand_answer():
    """Value and gradient: gradcli's own to 1e-9, NumPy's in extended precision to what differences hold.

    A few have NaN, where a number on the way to a partial is not finite.
    """
    tried = lost = 0
    for text, at in drawn(LOSSES):
        source, names = written(text, at, "numpy")
        value, gradient = executed(source)(*(np.array(at[name]) for name in names))
        right, slopes = own(text, at, names)
        assert value == pytest.approx(float(by_hand(text, at)), rel=1e-12, abs=1e-12), text
        assert value == pytest.approx(right, rel=1e-12, abs=1e-12), text
        hand = slopes_by_hand(text, at, names)
        if any(
            np.isnan(found).any() for found in gradient
        ):  # an infinite slope on the way, as std(y - y) has
            lost += 1
            continue
        for name, found in zip(names, gradient, strict=True):
            assert isinstance(found, float) or found.shape == (len(at[name]),), (text, name)
            assert np.allclose(found, hand[name], rtol=1e-6, atol=1e-6), (text, name, at)
            assert np.allclose(found, slopes[name], rtol=1e-9, atol=1e-11), (text, name, at)
            tried += np.size(found)
    assert tried > 5 * LOSSES
    assert lost <= 0.02 * LOSSES


@pytest.mark.parametrize("language", ["numpy", "octave", *PYTHONS])
def test_sources_with_a_test_say_ok_where_they_are_run(language, tmp_path):
    """--with-test writes the given point. In Python all sources run in one process: an import takes seconds."""
    if reason := missing(language):
        pytest.skip(reason)
    chosen = drawn(LOSSES)[:: 1 if COUNT else 4 if language != "octave" else 20]
    sources = [written(text, at, language, with_test=True)[0] for text, at in chosen]
    if language == "octave":
        for source in sources:
            run(language, source, tmp_path)
        return
    whole = "".join(f"exec({source!r}, {{'__name__': '__main__'}})\n" for source in sources)
    (tmp_path / "all.py").write_text(whole, encoding="utf-8")
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    ended = subprocess.run([str(interpreter(language)), "all.py"], cwd=tmp_path, capture_output=True, text=True,
                           check=False, env=environment)  # fmt: skip
    assert (ended.returncode, ended.stdout.split()) == (0, ["ok"] * len(sources)), ended.stderr


@pytest.mark.parametrize("text", ["mean((y - a*x - b)**2)", "max(a*x) + std(y - b)"])
def test_the_command_answers_what_grad_answers(said, text):
    """Through the command line: code with columns that have numbers, and grad at them."""
    at = point(random.Random(1), 4)
    names, values = options(text, at)
    out = said("code", text, *values, "--lang", "numpy")[1]
    value, gradient = executed(out)(*(at[name] for name in names))
    record = json.loads(said("grad", text, *values, "--format", "json")[1])
    assert value == pytest.approx(record["value"], rel=1e-12)
    for name, found in zip(names, gradient, strict=True):
        assert np.allclose(found, record["gradient"][name], rtol=1e-12, atol=1e-12)


def test_a_wrong_number_fails_the_test(said, tmp_path):
    """A test that cannot fail tests nothing: the same source with another operation stops."""
    _, out, _ = said("code", "mean((x-a)**2)", "--x", "[1,2,4]", "--a", "1", "--lang", "numpy", "--with-test")
    (tmp_path / "code.py").write_text(out.replace("x - a", "x + a"), encoding="utf-8")
    ended = subprocess.run(
        [str(interpreter("numpy")), "code.py"], cwd=tmp_path, capture_output=True, check=False
    )
    assert ended.returncode != 0


# --- what is asked for ------------------------------------------------------------------------------------------


def test_columns_may_be_named_without_numbers(said):
    """The function is the same as with numbers, and takes columns of any length."""
    named = said("code", "mean((y-a*x-b)**2)", "--columns", "x,y", "--lang", "numpy")
    given = said(
        "code",
        "mean((y-a*x-b)**2)",
        "--x",
        "[1,2]",
        "--y",
        "[3,4]",
        "--a",
        "1",
        "--b",
        "0",
        "--lang",
        "numpy",
    )
    assert named == given
    value, (a, b, x, y) = executed(named[1])(2, 0, [1, 2, 4, 8], [2, 4, 7, 16])
    assert (value, a, b, list(x), list(y)) == (0.25, 2.0, 0.5, [0, 0, 1, 0], [0, 0, -0.5, 0])


def test_wrt_chooses_the_entries_of_the_gradient(said):
    """Columns and numbers in the order that is asked for."""
    _, out, _ = said("code", "sum(a*x)", "--columns", "x", "--wrt", "x,a", "--lang", "numpy")
    value, (x, a) = executed(out)(3, [1, 2])
    assert (value, list(x), a) == (9, [3, 3], 3)


@pytest.mark.parametrize("language", WITHOUT)
def test_languages_without_arrays_refuse_with_a_sentence_that_names_the_others(said, language):
    """Status 2, and where to go instead."""
    status, out, err = said("code", "mean((x-a)**2)", "--x", "[1,2,4]", "--a", "1", "--lang", language)
    assert (status, out) == (2, "")
    assert "numpy, jax, torch, tensorflow, julia, matlab and octave" in err


@pytest.mark.parametrize(
    ("text", "more", "says"),
    [
        ("x*a", ("--x", "[1,2]", "--a", "1"), "one number is needed"),
        ("sum(x[i+1]*x[i], i, 0, count()-2)", ("--x", "[1,2]"), "single rows"),
        ("prod(x[i], i, 0, count()-1)", ("--x", "[1,2]"), "how many rows"),
        ("sum(x)", ("--columns", "x", "--with-test"), "no numbers"),
        ("sum(x)", ("--columns", "x", "--x", "[1]"), "has a value"),
        ("sum(x)", ("--columns", "x,z"), "--columns z"),
        ("max(x)", ("--x", "[1,2]", "--corner", "jax"), "min and max of rows"),
        ("max(x)", ("--x", "[2,2]", "--with-test"), "not one number"),
        ("sum(x*1e400)", ("--columns", "x"), "too large"),
        ("sum(zeta(x*a))", ("--columns", "x"), "numpy has no zeta"),
    ],
)  # fmt: skip
def test_what_is_not_written_says_so(said, text, more, says):
    """A sentence, no source and no traceback."""
    status, out, err = said("code", text, *more, "--lang", "numpy")
    assert status in (2, 3), err
    assert out == ""
    assert says in err
    assert "Traceback" not in err


# --- guards -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("sum(log(x))", [1.0, -1.0]), ("exp(-sum(1/x))", [1.0, 0.0]), ("where(sum(log(x)) < 0, 1, 2) + sum(x)", [-1.0, 2.0]),
        ("tanh(sum(x**3))", [1e150, 1.0]), ("min(log(x))", [-1.0, 2.0]), ("max(sqrt(x))", [-1.0, 2.0]),
        ("sum(exp(-sum(exp(x)) + 0*x))", [1000.0, 0.0]),
    ],
)  # fmt: skip
def test_a_row_without_a_value_makes_nan_of_everything(said, text, x):
    """A number on the way that is not finite never comes out as a number."""
    value, (slope,) = executed(said("code", text, "--columns", "x", "--lang", "numpy")[1])(x)
    assert math.isnan(value)
    assert all(math.isnan(part) for part in slope)


def test_a_tie_of_rows_is_nan_where_its_slopes_differ(said):
    """The rule of grad: a tie is a corner unless what is held has one slope in all rows that attain the extreme."""
    value, (a, x) = executed(said("code", "max(a*x)", "--columns", "x", "--lang", "numpy")[1])(2, [3, 1, 3])
    assert (value, a, x[1]) == (6, 3, 0)
    assert np.isnan(x[[0, 2]]).all()


def test_a_corner_in_one_row_is_nan_there_and_in_what_all_rows_share(said):
    """The other rows have their slopes."""
    value, (a, x) = executed(said("code", "sum(abs(x-a))", "--columns", "x", "--lang", "numpy")[1])(
        1, [0, 1, 3]
    )
    assert value == 3
    assert math.isnan(a)
    assert x[0] == -1
    assert math.isnan(x[1])
    assert x[2] == 1


def test_a_framework_answers_corners_of_rows(said):
    """--corner chooses what abs has at 0."""
    _, out, _ = said("code", "sum(abs(x-a))", "--columns", "x", "--lang", "numpy", "--corner", "torch")
    value, (a, x) = executed(out)(1, [0, 1, 3])
    assert (value, a, list(x)) == (3, 0, [-1, 0, 1])


HOSTILE = [
    "rows",
    "sum_1",
    "value",
    "gradient",
    "np",
    "t1",
    "d_a",
    "shared_slope",
    "level1",
    "lambda_",
    "σ",
    "known",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_the_code_do_not_meet_names_of_the_text(said, name):
    """Columns and numbers may be called whatever the code calls its own."""
    for text in (f"mean(({name} - a)**2) + max({name})", f"mean((x - {name})**2)*tanh(sum(x*{name}))"):
        columns = name if text.startswith("mean((" + name) else "x"
        status, _, err = said("code", text, "--columns", columns, "--lang", "numpy")
        assert status == 0, err
        order = ["a", name] if columns == name else [name, "x"]
        at = {one: [1.0, 2.5] if one == columns else 0.5 for one in order}
        record = json.loads(out_of(said, text, at))
        names = record["names"]
        function = executed(record["code"])
        value, gradient = function(**{names[one]: at[one] for one in order})
        plain = text.replace(name, "q")
        assert value == pytest.approx(
            float(plain_value(plain, {one if one != name else "q": at[one] for one in order}))
        )
        assert len(gradient) == 2


def out_of(said, text, at):
    """The record of the code with columns that have numbers."""
    pieces = [piece for name in at for piece in ("--at", f"{name}={json.dumps(at[name])}")]
    return said("code", text, *pieces, "--lang", "numpy", "--format", "json")[1]


def plain_value(text, at):
    """The value by hand of a text in few names."""
    names = {name: np.asarray(x, dtype=float) for name, x in at.items()}
    return eval(text, {**TO_ONE, **OF_ROWS, **names})


def test_definitions_stay_linear(said):
    """Sixty definitions, each the square of the one before, make a source as long as their number."""
    text = "; ".join(["u0 = x/100", *(f"u{k + 1} = u{k}*u{k}" for k in range(60))]) + "; sum(u60)"
    status, out, err = said("code", text, "--columns", "x", "--lang", "numpy")
    assert status == 0, err
    assert len(out) < 30_000


def test_julia_and_matlab_are_written_with_the_same_numbers(said):
    """Neither is run here: the sources have a test, the rows in a loop, and operations between arrays."""
    given = ("mean((y-a*x)**2)", "--x", "[1,2]", "--y", "[2,3]", "--a", "1", "--with-test")
    julia, matlab = (said("code", *given, "--lang", language)[1] for language in ("julia", "matlab"))
    assert "row_1 = map(x, y) do x, y" in julia
    assert "Float64[" in julia
    assert "t1.*t1" in matlab
    assert "gradient = {d_a, d_x, d_y};" in matlab
