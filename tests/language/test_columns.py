"""Names with many numbers: what the calls that bring rows to one number mean, by sympy; their errors; exact sums."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
import sympy

from gradcli.calculus.evaluation.gradient_at_point import evaluate
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.graph.reverse_sweep import program_of, swept
from gradcli.calculus.program.typed_numbers import TypedFloat
from gradcli.language.column_names import as_rows, columns_among, grouped, is_element, row_of, spread
from gradcli.language.errors import GradcliError
from gradcli.language.parser import parse
from gradcli.language.parser.outputs import total
from gradcli.language.row_texts import in_row
from tests.language.column_oracle import expression
from tests.prepared import ALL

COLUMNS, NUMBERS = {"x": 4, "y": 4}, ("a", "b")
NAMES = [name for column, rows in COLUMNS.items() for name in as_rows(column, range(rows))] + list(NUMBERS)

TEXTS = (
    "sum((x - 1)**2)",
    "mean((y - a*x - b)**2)",
    "mean((x - mean(x))**2)",
    "sum(x*mean(y*mean(x)))",
    "var(x) + var(y, 1)*a",
    "std(x*y) - std(x, 1)",
    "norm(x - a*y)",
    "dot(x, y)/dot(y, y)",
    "dot(x, a)",
    "count()*a + sum(x)/count()",
    "logsumexp(a*x + b)",
    "mean(exp(-a*x)*sin(y)) + x[0]*y[3]",
    "sum(x)**2 - sum(x**2)",
    "exp(mean(log(x**2 + 1)))",
    "sum((x - mean(x))*(y - mean(y)))/sqrt(var(x)*var(y))/count()",
)


def answered(text, at):
    """Value and partials of the text at a point, as commands compute them."""
    tree = total([text], list(at))
    return evaluate(program_of(swept(tree), tree.variables), tree.text, at)


def points(chance):
    """Decimals of one place, and the same numbers for sympy."""
    texts = {name: f"{chance.randint(-30, 30) / 10}" for name in NAMES}
    return {n: TypedFloat(float(t), t) for n, t in texts.items()}, {
        n: sympy.Rational(t) for n, t in texts.items()
    }


@pytest.mark.parametrize("text", TEXTS)
def test_value_and_gradient_are_those_of_the_sums_written_out(text):
    """By sympy, in thirty digits, at three points."""
    chance, whole = random.Random(text), expression(text, COLUMNS, NUMBERS)
    for _ in range(3):
        at, exact = points(chance)
        tree = parse(text, list(at))
        here = {name: x for name, x in at.items() if name in tree.variables}
        found = answered(text, here)
        rows = {sympy.Symbol(name, real=True): x for name, x in exact.items()}
        assert near(found.value, whole.subs(rows))
        for name, partial in found.partials.items():
            truth = whole.diff(sympy.Symbol(name, real=True)).subs(rows)
            assert near(partial or 0.0, truth), (name, partial, truth)


def near(number, truth):
    """Whether a float has fourteen digits of what sympy says."""
    true = sympy.N(truth, 30)
    return abs(sympy.Float(number, 30) - true) <= abs(true) * sympy.Float("1e-13") + sympy.Float("1e-25")


def random_row(chance, depth):
    """A random text that varies by row."""
    if depth == 0:
        return chance.choice(("x", "y", "x", "y", "a", "2", "0.5"))
    a, b = random_row(chance, depth - 1), random_row(chance, depth - 1)
    return chance.choice((f"({a} + {b})", f"({a} - {b})", f"{a}*{b}", f"sin({a})", f"exp(-({a})**2)",
                          f"({a} - mean(x*{b}))", f"cos({a})*sum(y - {b}*x)"))  # fmt: skip


def test_random_losses_are_those_of_the_sums_written_out():
    """Rows within sums within rows, three levels deep."""
    chance = random.Random(28)
    for _ in range(40 if ALL else 16):
        text = f"{chance.choice(('sum', 'mean', 'var'))}(x*{random_row(chance, 3)})"
        whole, (at, exact) = expression(text, COLUMNS, NUMBERS), points(chance)
        tree = parse(text, list(at))
        here = {name: x for name, x in at.items() if name in tree.variables}
        found = answered(text, here)
        rows = {sympy.Symbol(name, real=True): x for name, x in exact.items()}
        assert near(found.value, whole.subs(rows)), text
        name = chance.choice([name for name in here if found.partials[name] is not None])
        assert near(found.partials[name], whole.diff(sympy.Symbol(name, real=True)).subs(rows)), (text, name)


def test_a_sum_is_rounded_once_whatever_the_order():
    """20 orders of ill-conditioned numbers: the float nearest to the exact sum."""
    chance = random.Random(5)
    numbers = [chance.uniform(-1, 1) * 10.0 ** chance.randint(-30, 30) for _ in range(60)]
    numbers += [-x for x in numbers[:50]] + [1e-40]
    truth = float(sum(map(Fraction, numbers)))
    for _ in range(20):
        chance.shuffle(numbers)
        tree = parse("sum(x)", as_rows("x", numbers))
        program = program_of(swept(tree), tree.variables)
        from gradcli.calculus.backends.float_backend import compiled

        assert compiled(program)(*(as_rows("x", numbers)[name] for name in program.variables))[0] == truth


DEFINED = (
    ("e = y - a*x; mean(e**2)", "mean((y - a*x)**2)"),
    ("m = mean(x); mean((x - m)**2)", "mean((x - mean(x))**2)"),
    ("f(v) = v*x; sum(f(y))", "sum(y*x)"),
    ("rmse(e) = sqrt(mean(e**2)); rmse(y - a*x)", "sqrt(mean((y - a*x)**2))"),
    ("f(v) = sum((x - v)**2); f(a)*f(b)", "sum((x - a)**2)*sum((x - b)**2)"),
    ("g(u, v) = mean(u*v) - mean(u)*mean(v); g(x, y)", "mean(x*y) - mean(x)*mean(y)"),
    ("sum(diff(a*x**3, x))", "sum(a*(3*x**2))"),
    ("sum(x[i + 1] - x[i]**2, i, 0, count() - 2)", "x[1] - x[0]**2 + (x[2] - x[1]**2) + (x[3] - x[2]**2)"),
    ("prod(x[i], i, 0, count() - 1)", "x[0]*x[1]*x[2]*x[3]"),
    ("max(x)", "max(x[0], x[1], x[2], x[3])"),
    ("min(x - y)", "min(x[0] - y[0], x[1] - y[1], x[2] - y[2], x[3] - y[3])"),
    ("min(a)*sum(x)", "a*sum(x)"),
    ("|sum(x)| + count()!", "abs(sum(x)) + 24"),
)


@pytest.mark.parametrize(("text", "plain"), DEFINED)
def test_definitions_functions_and_indices_know_columns(text, plain):
    """The same numbers, to the last bits of the same sums."""
    at, _ = points(random.Random(text))
    found, wanted = (
        answered(t, {n: x for n, x in at.items() if n in parse(t, list(at)).variables}) for t in (text, plain)
    )
    assert found.value == pytest.approx(wanted.value, rel=1e-14)
    for name, partial in wanted.partials.items():
        assert found.partials[name] == (
            None if partial is None else pytest.approx(partial, rel=1e-13, abs=1e-15)
        )


REFUSED = (
    ("x + 1", "x has a number in each row, and one number is needed here", "x"),
    ("sum(x)*y", "y has a number in each row, and one number is needed here", "y"),
    ("sum(a)", "a does not vary by row, so sum has nothing to bring together", "a"),
    ("mean(sum(x))", "sum(x) does not vary by row, so mean has nothing to bring together", "sum(x)"),
    ("x[4]", "x has the rows 0 to 3, and no row 4", "x[4]"),
    ("sum(x[i + 1], i, 0, count() - 1)", "x has the rows 0 to 3, and no row 4", "x[i + 1]"),
    ("x[0.5]", "a row of x is a whole number, not 1/2", "0.5"),
    ("a[0]", "a has one number here, and no rows", "a"),
    ("x[0", "this bracket is not closed", "["),
    ("count(x)", "count is called as count(), not with 1 argument", "count(x)"),
    ("sum(x, y)", "sum is called as sum(e), not with 2 arguments", "sum(x, y)"),
    ("dot(x)", "dot is called as dot(e, g), not with 1 argument", "dot(x)"),
    ("prod(x)", "prod runs over an index: prod(e, i, low, high)", "prod(x)"),
    ("var(x, 4)", "var divides by the 4 rows less 4, which is not positive", "var(x, 4)"),
    ("sum(x > 1)", "a comparison is not a number", "x > 1"),
)


@pytest.mark.parametrize(("text", "message", "culprit"), REFUSED)
def test_what_is_wrong_is_one_sentence_and_its_place(text, message, culprit):
    """Each refusal names the part that is at fault."""
    with pytest.raises(GradcliError) as caught:
        parse(text, NAMES)
    assert caught.value.message == message
    assert text[slice(*caught.value.span)] == culprit


def test_columns_of_different_lengths_are_named():
    """Both, and how many numbers each has."""
    with pytest.raises(GradcliError) as caught:
        parse("dot(x, y)", [*as_rows("x", range(3)), *as_rows("y", range(2))])
    assert caught.value.message == "x has 3 numbers and y has 2: columns have one length"


def test_reducing_names_without_brackets_stay_variables():
    """`mean*x + norm` is a text that worked before there were columns."""
    assert parse("mean*x + norm + sum + count", ["x"]).variables == ("count", "mean", "norm", "sum", "x")


def test_names_of_elements_and_columns():
    """Elements by column, and columns by element."""
    names = ["a", *as_rows("x", range(11))]
    assert columns_among(names) == {"x": 11}
    assert spread(["x", "a"], names)[-2:] == ("x[10]", "a")
    assert grouped({"a": 1, "x[0]": 2, "x[1]": 3}) == {"a": 1, "x": [2, 3]}
    assert parse("sum(x)", names).variables == tuple(as_rows("x", range(11)))


def test_a_text_in_one_row():
    """Columns outside of calls that bring rows together are that row's."""
    assert in_row("2*x*(y - mean(x)) + max(x) + max(x, 0)", {"x", "y"}, 2) == (
        "2*x[2]*(y[2] - mean(x)) + max(x) + max(x[2], 0)"
    )
    assert in_row("x[1] + sum(x[i], i, 0, 2) + z", {"x"}, 0) == "x[1] + sum(x[i], i, 0, 2) + z"


FORMULAS = [text for text in TEXTS if "logsumexp" not in text and "[0]" not in text]


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_the_partials_in_each_row(text):
    """The formula along a number, and along a column in each of its rows, has the value of the partial."""
    at, _ = points(random.Random(text + "formulas"))
    here = {name: x for name, x in at.items() if name in parse(text, list(at)).variables}
    compiled = compile_text([text], list(here))
    found = answered(text, here)
    for name, partial in found.partials.items():
        formula = compiled.formulas[name]
        assert partial is not None
        assert "[" not in formula, formula  # the same for every row
        row = row_of(name) if is_element(name) else 0
        written = parse(in_row(formula, columns_among(here), row), list(here))
        program = program_of(swept(written), written.variables)
        number = evaluate(program, written.text, {n: here[n] for n in written.variables}).value
        assert number == pytest.approx(partial, rel=1e-12, abs=1e-14)


VALID = [
    *TEXTS, *(text for text, _ in DEFINED), "x**2*a", "f(v) = mean(v*x); f(y) + f(1)", "max(x - y, 0)",
    "sum(where(x > mean(x), x, 0))", "u = x*y; v = sum(u)/count(); mean((u - v)**2)", "|x[0]| + x[1]!",
]  # fmt: skip


def broken(chance, text):
    """A valid text with a few characters taken out, put in, doubled or exchanged."""
    letters = list(text)
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(letters))
        kind = chance.randrange(4)
        if kind == 0 and len(letters) > 1:
            del letters[place]
        elif kind == 1:
            letters.insert(place, chance.choice("[](),;=|!xyab+-*/0123456789 \n#@.:"))
        elif kind == 2:
            letters.insert(place, letters[place])
        else:
            letters[place] = chance.choice(letters)
    return "".join(letters)


def test_broken_texts_are_answered_or_refused_with_a_sentence():
    """600 texts with columns, each wrong in up to three places."""
    chance, refused = random.Random(77), 0
    for _ in range(600):
        text = broken(chance, chance.choice(VALID))
        try:
            parse(text, NAMES)
        except GradcliError as error:
            refused += 1
            assert error.message
            assert error.span is None or 0 <= error.span[0] <= error.span[1] <= len(error.text or text) + 1
    assert 200 < refused < 600


SIZES = (
    "f0(v) = v + 1; "
    + "; ".join(f"f{k}(v) = f{k - 1}(v)*f{k - 1}(v)" for k in range(1, 61))
    + "; sum(f60(x))",
    "u0 = x; " + "; ".join(f"u{k} = u{k - 1}*u{k - 1}" for k in range(1, 61)) + "; sum(u60)",
    "u0 = x; " + "; ".join(f"u{k} = u{k - 1} + 1" for k in range(1, 2000)) + "; sum(u1999)",
    "f0(v) = v; " + "; ".join(f"f{k}(v) = f{k - 1}(v) + 1" for k in range(1, 2000)) + "; sum(f1999(x))",
)


@pytest.mark.parametrize(
    "text", SIZES, ids=["doubling functions", "doubling definitions", "2000 definitions", "2000 functions"]
)
def test_what_is_defined_once_is_written_out_once_in_each_row(text):
    """Sixty definitions that each use the one before twice stay as many nodes in each row; so do thousands in a row."""
    assert len(parse(text, NAMES).nodes) < 10 * text.count(";") * COLUMNS["x"]


def test_too_many_rows_are_refused_before_they_are_written_out():
    """A column of fifty thousand rows, and sums within sums."""
    for text in ("sum(x**2)", "mean((x - mean(x))**2)"):
        with pytest.raises(GradcliError) as caught:
            parse(text, as_rows("x", range(50_000)))
        assert caught.value.status == 4
