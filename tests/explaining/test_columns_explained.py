"""`explain` of texts with columns: one row's rule, then the sum's; lines are compared with NumPy in extended precision."""

from __future__ import annotations

import json

import pytest

from gradcli.calculus.deriving import row_derivation
from gradcli.calculus.deriving.differentiation_rules import Applied
from gradcli.calculus.deriving.line_checks import Unconfirmed
from gradcli.calculus.deriving.row_derivation import row_derivations
from gradcli.calculus.formulas.terms import Term

np = pytest.importorskip("numpy")

AT = {"x": [0.5, 1.25, -0.75, 2.0], "y": [1.5, 0.25, 2.0, -1.0], "a": 0.75, "b": -0.5}
STEP = 1e-6

TEXTS = [
    "mean((y - a*x - b)**2)", "sum((x - a)**2)", "sqrt(sum((y - a*x)**2))", "std(a*x + y)", "norm(y - a*x)", "dot(x, y - b*x)",
    "log(sum(exp(a*x)))", "sum(x*y)/sum(x**2)", "mean((a*x - mean(y))**2)", "mean(tanh(a*x + b))**2 + b**2",
    "sum(x + a)", "mean(x)*mean(y)", "count()*a**2 + sum(b*x)", "sum(exp(a*x)/sum(exp(a*y)))", "var(a*x, 1)", "a*b + 0*sum(x)",
    "r = y - a*x; g(u) = u**2; mean(g(r))",
]  # fmt: skip


def names_of(text):
    """The names of the point that a text has."""
    found = set("".join(c if c.isalnum() else " " for c in text).split())
    return [name for name in AT if name in found]


def by_hand(text, at, row=None):
    """A text in NumPy's extended precision; columns outside of sums are those of one row."""
    names = {name: np.asarray(x, dtype=np.longdouble) for name, x in at.items()}
    rows = len(at["x"])
    rows_of = lambda e: np.broadcast_to(e, rows)  # noqa: E731
    calls = {
        "sum": lambda e: np.sum(rows_of(e)), "mean": lambda e: np.mean(rows_of(e)), "std": np.std,
        "norm": lambda e: np.sqrt(np.sum(e * e)), "dot": lambda e, g: np.sum(e * g), "count": lambda: rows,
        "var": lambda e, less=0: np.sum((e - np.mean(e)) ** 2) / (rows - less), "sech": lambda e: 1 / np.cosh(e),
        "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "tanh": np.tanh,
    }  # fmt: skip
    text = text.replace("r = y - a*x; g(u) = u**2; mean(g(r))", "mean((y - a*x)**2)")
    found = np.asarray(eval(text, {**calls, **names}))
    return float(found if found.ndim == 0 or row is None else found[row])


def slope(text, name, row):
    """A central difference in extended precision."""
    ends = []
    for way in (STEP, -STEP):
        moved = {**AT, name: np.asarray(AT[name], dtype=np.longdouble).copy()}
        if row is None:
            moved[name] = moved[name] + way
        else:
            moved[name][row] += way
        ends.append(by_hand(text, moved))
    return (ends[0] - ends[1]) / (2 * STEP)


@pytest.mark.parametrize("text", TEXTS)
def test_every_line_is_the_slope(text):
    """Lines without a derivative to be taken, and the formula, have the number that differences have."""
    names = names_of(text)
    columns = [name for name in names if isinstance(AT[name], list)]
    found = row_derivations([text], columns, [name for name in names if name not in columns], names)
    assert found
    for name, one in found.items():
        row = 1 if name in columns else None
        right = slope(text, name, row)
        done = [step.text for step in one.steps if "/∂" not in step.text and "/d" not in step.text]
        for line in [*done, one.formula]:
            assert by_hand(line, AT, row) == pytest.approx(right, rel=1e-6, abs=1e-7), (name, line)


def test_a_line_of_least_squares_is_derived_as_a_course_would(run):
    """The rule for sums over rows first, then one row's, in the names of the text."""
    said = run(
        "explain",
        "mean((y-a*x)**2)",
        "--x",
        "[1,2]",
        "--y",
        "[2,3]",
        "--a",
        "1",
        "--wrt",
        "a",
        "--format",
        "json",
    )
    (one,) = json.loads(said.out)["derivations"]
    assert [(step["text"], step["rule"]) for step in one["steps"]] == [
        ("∂/∂a(mean((y - a*x)**2))", "start"),
        ("mean(∂/∂a((y - a*x)**2))", "sum over rows"),
        ("mean(2*(y - a*x)*∂/∂a(y - a*x))", "power"),
        ("mean(2*(y - a*x)*(∂/∂a(y) + ∂/∂a(-a*x)))", "sum"),
        ("mean(2*(y - a*x)*∂/∂a(-a*x))", "constant"),
        ("mean(-2*(y - a*x)*∂/∂a(a*x))", "constant factor"),
        ("mean(-2*(y - a*x)*x)", "constant factor"),
        ("mean(2*x*(a*x - y))", "simplify"),
    ]
    assert one["steps"][1]["statement"] == "mean(e)' = mean(e')"


def test_a_column_is_derived_once_for_any_number_of_rows(run):
    """The derivation is the same for two rows and for a thousand, which are never written out."""
    few, many = (
        run("explain", "sum((x-a)**2)", "--x", json.dumps(list(range(count))), "--a", "1").out
        for count in (2, 1000)
    )
    assert few == many
    assert few.count("∂f/∂x") == 1


def test_a_wrong_line_is_not_shown(monkeypatch):
    """Lines are compared row by row, written out: a wrong rule for sums stops."""

    def wrong(variable, depth, by_row, pending):
        return Applied("sum over rows", "sum(e)' = sum(e)", Term("sum", pending.args[0].args))

    monkeypatch.setattr(row_derivation, "_rule", wrong)
    with pytest.raises(Unconfirmed):
        row_derivations(["sum(a*x)"], ["x"], ["a"], ["a"])


def test_latex_has_sums_over_an_index_and_columns_under_it(run):
    """Along a column the row is i and sums go over j; along a number they go over i. Letters of the text are not taken."""
    latex = lambda *words: run("explain", *words, "--format", "latex").out  # noqa: E731
    column = latex("log(sum(exp(x)))", "--x", "[1,2]")
    assert (
        r"\frac{\mathrm{d}}{\mathrm{d} x_{i}}\left(\log\left(\sum_{j} \exp\left(x_{j}\right)\right)\right)"
        in column
    )
    number = latex("mean(a*x)", "--x", "[1,2]", "--a", "1", "--wrt", "a")
    assert r"\frac{1}{n} \sum_{i} a x_{i}" in number
    taken = latex("mean(i*x*n)", "--x", "[1,2]", "--i", "1", "--n", "2", "--wrt", "i")
    assert r"\frac{1}{N} \sum_{j}" in taken


@pytest.mark.parametrize(
    ("text", "more", "line"),
    [
        ("mean((x - mean(x))**2)", (), "(x[0] - x[1])/2"), ("max(a*x)", ("--a", "1", "--wrt", "a"), "max(a*x[0], a*x[1])"),
        ("sum(x[i+1]*x[i], i, 0, count()-2)", (), "x[1]*x[0]"),
    ],
)  # fmt: skip
def test_what_must_be_written_out_is_derived_written_out(run, text, more, line):
    """Sums within sums along a column, extremes, and single rows."""
    said = run("explain", text, "--x", "[1,2]", *more)
    assert said.status == 0, said.err
    assert line in said.out


def test_higher_orders_go_along_numbers(run):
    """The second derivative is derived from the formula of the first; along a column it is refused with a sentence."""
    said = run(
        "explain",
        "mean(exp(a*x))",
        "--x",
        "[1,2]",
        "--a",
        "1",
        "--wrt",
        "a",
        "--order",
        "2",
        "--format",
        "json",
    )
    first, second = json.loads(said.out)["derivations"]
    assert (first["formula"], second["formula"]) == ("mean(x*exp(a*x))", "mean(x**2*exp(a*x))")
    said = run("explain", "sum(x**3)", "--x", "[1,2]", "--order", "2")
    assert said.status == 2
    assert "x has a number in each row" in said.err


def test_markdown_and_csv_have_a_block_and_rows_for_each_name(run):
    """As for any other derivation."""
    words = ("explain", "sum(a*x)", "--x", "[1,2]", "--a", "1", "--format")
    assert "| `sum(∂/∂a(a*x))` | sum over rows: sum(e)' = sum(e') |" in run(*words, "markdown").out
    assert run(*words, "csv").out.count("one of the rows") == 1


@pytest.mark.parametrize(
    ("more", "says"), [(("--wrt", "z"), "--wrt z"), (("--q", "1"), "q is not a variable")]
)
def test_names_that_do_not_fit_are_refused(run, more, says):
    """As with numbers."""
    said = run("explain", "sum(a*x)", "--x", "[1,2]", "--a", "1", *more)
    assert said.status in (2, 3)
    assert says in said.err
