"""Programs: straight lines whose length grows with the expression alone, and what is left out of them."""

from __future__ import annotations

import math
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp

from gradcli.calculus.backends import float_backend
from gradcli.calculus.backends.compiled_error_bound import in_rationals, run_with_error_bound
from gradcli.calculus.backends.rounding_error import digits_may_be_lost, input_errors
from gradcli.calculus.evaluation.gradient_at_point import evaluate, evaluate_digits
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.graph.expression_graph import Graph
from gradcli.calculus.graph.reverse_sweep import compile_value, program_of, reverse, swept
from gradcli.calculus.program.compiled_expression import compiled_from_data, compiled_to_data
from gradcli.calculus.program.program import from_data, to_data
from gradcli.language.parser import parse
from tests.prepared import ALL

#: How long an example takes says nothing: the first one imports and compiles.
AT_LEISURE = settings(deadline=None)


def program(text):
    """The program of value and gradient of *text*, without formulas."""
    expression = parse(text, ())
    return program_of(swept(expression), expression.variables)


def nested(depth):
    """Value and gradient of e = sin(e)*x + cos(e), from e = x on."""
    graph, rule = Graph(), parse("sin(e)*x + cos(e)", ("e",))
    x = e = graph.node("name", text="x")
    for _ in range(depth):
        e = graph.include(rule, {"e": e, "x": x})
    return program_of(reverse(graph, e, ("x",)), ("x",))


def test_shared_parts_are_computed_once():
    """A 60-fold nesting whose text would have 2**60 parts has a program of a length in proportion to 60."""
    lengths = {depth: len(nested(depth).code) for depth in (15, 30, 60)}
    assert lengths[60] - lengths[30] == 2 * (lengths[30] - lengths[15])
    assert lengths[60] < 600
    run = float_backend.compiled(nested(60))
    value, slope = run(0.3)
    h = 1e-6
    assert slope == pytest.approx((run(0.3 + h)[0] - run(0.3 - h)[0]) / (2 * h), rel=1e-6, abs=1e-6)
    assert math.isfinite(value)


@pytest.mark.parametrize(
    "term",
    ["{}", "({} - 1)**2", "sin({})", "{}*{}", "log(1 + {}**2)"],
    ids=["sum", "squares", "sines", "mixed", "logs"],
)
def test_a_gradient_costs_a_small_multiple_of_the_value(term):
    """Whatever the number of variables (Baur and Strassen): no more than five instructions for each of the value's."""
    names = [f"x{i}" for i in range(400)]
    text = " + ".join(term.format(a, b) for a, b in zip(names, [*names[1:], names[0]], strict=True))
    assert len(program(text).code) <= 5 * len(compile_value(text).code)


def test_products_of_many_factors_have_short_gradients():
    """A product of 500 factors: prefix and suffix products, not 500 products of 499."""
    assert len(program("*".join(f"x{i}" for i in range(500))).code) < 2_000


def test_constants_are_folded():
    """What depends on no variable is computed once, when the program is compiled."""
    made = program("x*sqrt(2)*sin(pi/3) + exp(2)**3")
    assert made.folded >= 5
    assert all(
        slot >= made.first
        for op in made.code[: made.folded]
        for slot in op[1:]
        if slot >= len(made.variables) + 99
    )
    fixed = range(len(made.variables), made.first + made.folded)
    assert all(slot in fixed for op in made.code[: made.folded] for slot in op[1:])


def test_no_instruction_is_without_use():
    """Every result is an output or an argument of another instruction."""
    for text in ("x*y + sin(x)", "max(x, y)**2", "where(x > 0, x**2, sin(y))", "x**y + y**x"):
        made = program(text)
        used = {slot for op in made.code for slot in op[1:]} | {made.value, *made.gradient}
        assert all(made.first + i in used for i in range(len(made.code))), text


@AT_LEISURE
@given(st.floats(-50, -1), st.floats(-0.5, 50))
def test_the_compiled_function_computes_what_the_instructions_say(x, y):
    """Python's function and the walk over the instructions answer with the same bits."""
    made = program("sin(x)*y - x**3/(1 + y**2) + where(x < y, sqrt(1 + x**2), exp(-y**2))")
    slots = float_backend.run(made, [x, y])
    for function in (float_backend.compiled(made), float_backend.interpreted(made)):
        assert function(x, y) == tuple(slots[s] for s in (made.value, *made.gradient))


@AT_LEISURE
@given(st.floats(-9, 9), st.floats(-9, 9))
def test_what_is_assured_is_never_in_doubt(x, y):
    """The quick bound is sure only where the closer analysis is, and the slots are those of the walk."""
    made = program("x**2 + x*y + 3 - sin(x)*y/(1 + y**2) + exp(y - x) + sqrt(1 + x**2) + tanh(x*y)")
    outputs = [made.value, *made.gradient]
    slots, sure = run_with_error_bound(made, outputs)(x, y)
    assert list(slots) == float_backend.run(made, [x, y])
    given = [repr(x), repr(y)]
    assert not (sure and digits_may_be_lost(made, slots, outputs, input_errors(given, [x, y])))


@AT_LEISURE
@given(st.decimals(-99, 99, places=6), st.decimals(-99, 99, places=6))
def test_fractions_find_the_nearest_floats(x, y):
    """Exact fractions and 60 digits of mpmath round to the same float."""
    text = "(x - y)**3*(x + 0.1) - x*y/7 + 2**-3"
    made, point = program(text), {"x": str(x), "y": str(y)}
    answer = evaluate_digits(made, text, point, 60)
    with mp.workdps(70):
        wide = [float(mp.mpf(number)) for number in (answer.value, *answer.partials.values())]
    assert in_rationals(made, list(point.values()), [made.value, *made.gradient]) == wide


def test_fractions_leave_what_would_grow_without_end():
    """Powers of powers have millions of digits: they are not for fractions, nor is any transcendental function."""
    tower = program("((((x**64)**64)**64)**64)**64")
    assert in_rationals(tower, ["1.1"], [tower.value]) is None
    assert in_rationals(program("sin(x)"), ["1"], [0]) is None


@pytest.mark.parametrize(
    ("text", "slope"),
    [("elliptic_k(x)", mp.mpf("0.125")), ("elliptic_e(x)", mp.mpf("-0.125"))],
    ids=["K", "E"],
)
def test_a_slope_in_a_hole_of_its_formula_is_right_to_all_digits(text, slope):
    """Where the formula is 0/0 but the derivative exists, both sides of the point give all digits asked for."""
    for digits in (30, 60, 150):
        answer = evaluate_digits(program(text), text, {"x": "0"}, digits)
        with mp.workdps(digits):
            assert answer.partials["x"] == mp.nstr(slope * mp.pi, digits)


def test_sizes_that_a_machine_writes():
    """10,000 terms, 5,000 nested calls and 2,000 variables: no limit of Python's is in the way."""
    terms = " + ".join(f"{i + 1}*x*y" for i in range(10_000))
    calls = "sin(" * 5_000 + "x" + ")" * 5_000
    many = " + ".join(f"(x{i} - {i})**2" for i in range(2_000))
    total = 10_000 * 10_001 / 2
    assert evaluate(program(terms), terms, {"x": 2.0, "y": 0.5})[:3] == (
        total,
        {"x": total / 2, "y": 2 * total},
        (),
    )
    deep = evaluate(program(calls), calls, {"x": 1.0})
    assert 0 < deep.value < 0.03
    assert deep.value == float_backend.compiled(program(calls))(1.0)[0]
    point = {f"x{i}": float(i + 1) for i in range(2_000)}
    assert set(evaluate(program(many), many, point).partials.values()) == {2.0}
    assert set(float_backend.compiled(program(many))(*point.values())) == {2_000.0, 2.0}


def test_formulas_of_many_variables_come_from_the_sweep():
    """Each of 250 partials is as short as if it were written by hand, and right (1,000 with GRADCLI_TRUST=all)."""
    count = 1_000 if ALL else 250
    text = " + ".join(f"100*(x{i + 1} - x{i}**2)**2 + (1 - x{i})**2" for i in range(1, count))
    compiled = compile_text([text], ())
    assert max(map(len, compiled.formulas.values())) < 100
    point = {name: 0.5 + i / 1000 for i, name in enumerate(compiled.program.variables)}
    answer = evaluate(compiled.program, text, point)
    for name in ("x1", f"x{count // 2}", f"x{count}"):
        formula = compile_value(compiled.formulas[name])
        here = {n: point[n] for n in formula.variables}
        assert evaluate(formula, "", here).value == pytest.approx(answer.partials[name], rel=1e-12)


@AT_LEISURE
@given(st.sampled_from(["x**2 + y", "where(x > 0, 1, y)*x", "besselj(2, x)*y", "root(x, 3) + pi*e"]))
def test_a_program_survives_being_written_down(text):
    """What is read back is what was kept."""
    compiled = compile_text([text], ())
    assert from_data(to_data(compiled.program)) == compiled.program
    assert compiled_from_data(compiled_to_data(compiled)) == compiled


HOSTILE = [
    "__import__('os').system('true')", "f_add", "v0", "add)", "", "quiet_sin", "\n", "neg\n", "lambda", 0, None, ["add"],
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE, ids=repr)
def test_only_operations_of_the_table_are_read(name):
    """An instruction by any other name is no program, so that nothing else can get into compiled text."""
    data = to_data(program("x + y"))
    data[2] = [[name, 0, 1]]
    with pytest.raises(ValueError, match="not a program"):
        from_data(data)


@pytest.mark.parametrize(
    "slot", [-1, 3, 10**9, True, 1.0, "v0", "0", None, [0], "0, __import__('os')"], ids=repr
)
def test_only_numbers_of_earlier_slots_are_read(slot):
    """An argument that is not the number of an earlier slot is no program."""
    for place in (1, 2):
        data = to_data(program("x + y"))
        data[2] = [["add", 0, 1]]
        data[2][0][place] = slot
        with pytest.raises(ValueError, match="not a program"):
            from_data(data)
    data = to_data(program("x + y"))
    data[5] = [slot if slot != 3 else 99, 0]
    if slot is not None:  # None is a variable without a partial
        with pytest.raises(ValueError, match="not a program"):
            from_data(data)


@pytest.mark.parametrize(
    "data",
    [None, 1, "program", [], {}, [1] * 9, [[]] * 9, [["x"], [], [], 0, 0, [None], [], [], []]],
    ids=repr,
)
def test_no_other_data_is_a_program(data):
    """Whatever JSON may hold, reading it ends with ValueError or with a program."""
    try:
        from_data(data)
    except ValueError:
        return
    assert isinstance(data, list)
    assert len(data) == 9


def test_a_zero_that_no_precision_reaches_is_zero(run):
    """cos(9π/2) is 0: with many digits it is said to be, and exp(-1000), which is only small, is not."""
    assert run("grad", "fresnelc(x)", "--x", 3, "--digits", 30, "--get", "gradient.x").out == "0\n"
    assert run("grad", "x*sin(pi)", "--x", 3, "--digits", 30, "--get", "gradient.x").out == "0\n"
    small = run("grad", "exp(x)", "--x", "-1000", "--digits", 20, "--get", "value").out
    assert small == "5.0759588975494567653e-435\n"


def test_formulas_of_a_long_product_take_as_long_as_they_are() -> None:
    """A product is written whole: its beginnings, which are in no formula, are not written one after the other.

    n formulas of n - 1 factors are n² of them: with four times the names, sixteen times the work, and not sixty-four.
    """
    names = [f"x{i}" for i in range(120)]
    found = compile_text(["*".join(names)], names).formulas
    assert sorted(found["x7"].replace("(", "").replace(")", "").split("*")) == sorted(set(names) - {"x7"})
    assert calls_to_compile(names) < 24 * calls_to_compile(names[:30])


def calls_to_compile(names: list[str]) -> int:
    """How many calls of Python functions the formulas of the product of names take."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        compile_text(["*".join(names)], names)
    finally:
        sys.setprofile(None)
    return calls
