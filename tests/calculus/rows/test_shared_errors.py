"""Bounds that know which errors are shared: never below the error, and near it where errors cancel."""

from __future__ import annotations

import random

import pytest
from flint import arb, ctx

from gradcli.calculus.balls.programs.straight_line import _PLAIN
from gradcli.calculus.double_double.pair_arithmetic import Pair, ordered_sum
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.program.instructions import ARITY
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.bounds import block_numbers, double_double_rows, native_bounds, sure_rows
from gradcli.calculus.rows.bounds.double_double_rows import Column
from gradcli.calculus.rows.bounds.error_lines import ErrorLines
from gradcli.calculus.rows.bounds.input_kinds import InputKind
from gradcli.calculus.rows.bounds.local_errors import ARRAYS, DOUBLE_DOUBLE, LOCAL
from gradcli.calculus.rows.bounds.shared_errors import error_program
from gradcli.calculus.rows.float_blocks import outputs_of
from gradcli.calculus.rows.numbers_in_blocks import Decimals
from gradcli.calculus.rows.row_data import Held, Varying
from tests.prepared import ALL

np = pytest.importorskip("numpy", reason="arrays need the extra gradcli[plot]")

from gradcli.calculus.backends.numpy_backend import run  # noqa: E402
from gradcli.calculus.rows.array_blocks import block_errors, decimal_errors  # noqa: E402

UNIT, SHARE, ROWS = 2.0**-53, 1e-11 * 2**53, 60

IN_BALLS = _PLAIN | {"sigmoid": lambda x: 1 / (1 + (-x).exp())}

NEST = "; ".join(["e0 = x", *(f"e{i + 1} = sin(e{i})*x + cos(e{i})" for i in range(30)), "e30"])


def program_of(code, variables, constants=()):
    slots = len(variables) + len(constants)
    gradient = tuple(range(slots, slots + len(code)))
    return Program(
        variables,
        constants,
        tuple(code),
        0,
        gradient[-1],
        gradient[:-1],
        (),
        (None,) * len(code),
        frozenset(),
    )


def random_program(source):
    """Operations whose arguments are the newest slots, so that most are used more than once; every slot is an output."""
    code, ops = [], sorted(LOCAL)
    for slot in range(4, 4 + source.randint(3, 14)):
        op = source.choice(ops if source.random() < 0.6 else ("add", "sub", "mul", "sin", "cos"))
        places = [
            source.choice((0, slot - 1, slot - 1, max(slot - 2, 0), max(slot - 3, 0), source.randrange(slot)))
            for _ in range(ARITY.get(op, 1))
        ]
        code.append((op, *places))
    return program_of(code, ("x", "y"), ("3", "0.1"))


def columns_of(source):
    """Plain numbers, those that nearly cancel, tiny and huge ones."""
    kind = source.random()
    x = np.array([source.gauss(0, 1) for _ in range(ROWS)])
    if kind < 0.2:
        return x, x + np.array([source.choice((0.0, 1e-9, -1e-13, 2.0**-52)) for _ in range(ROWS)])
    size = (
        1.0
        if kind < 0.6
        else np.array([10.0 ** source.randint(-160, 120) for _ in range(ROWS)])
        if kind < 0.7
        else 10.0 ** source.randint(-6, 6)
    )
    return x * size, np.array([source.gauss(0, 1) for _ in range(ROWS)])


def truths(program, point):
    """All slots in balls."""
    slots = [*point, *(arb.pi() if text == "pi" else arb(text) for text in program.constants)]
    for op, *places in program.code:
        try:
            slots.append(IN_BALLS[op](*(slots[p] for p in places)))
        except OverflowError:
            slots.append(arb("nan"))
    return slots


def ball_at(numbers, row):
    """A float or a pair of floats of a row."""
    parts = numbers if isinstance(numbers, Pair) else (numbers,)
    return sum((arb(float(np.broadcast_to(one, ROWS)[row])) for one in parts), arb(0))


def check(program, columns, errors, numbers, bounds, source, unit=UNIT):
    """Each bound is at least the error of its number, for inputs anywhere in their own errors. How many were checked."""
    checked = 0
    for row in range(ROWS):
        point = [
            ball_at(x, row)
            + arb(source.choice((-1.0, 1.0, source.uniform(-1, 1))))
            * arb(float(np.broadcast_to(e, ROWS)[row]))
            * arb(UNIT)
            for x, e in zip(columns, errors, strict=True)
        ]
        found = truths(program, point)
        for slot, one, bound in zip(outputs_of(program), numbers, bounds, strict=True):
            x, truth, known = ball_at(one, row), found[slot], float(np.broadcast_to(bound, ROWS)[row])
            if np.isfinite(known) and x.is_finite() and truth.is_finite():
                assert not abs(truth - x) > arb(known) * arb(unit), (
                    program.code,
                    slot,
                    [ball_at(c, row) for c in columns],
                )
                checked += 1
    return checked


def cases(seed, count, *, inexact, arithmetic=ARRAYS):
    """Programs with shared errors, columns, the errors of these, and which are exact."""
    source, made = random.Random(seed), 0
    while made < count:
        program, columns = random_program(source), columns_of(source)
        errors = [
            source.choice((0.0, np.abs(x) * 2.0 ** source.randint(0, 50) * np.ones(ROWS))) if inexact else 0.0
            for x in columns
        ]
        exact = frozenset(i for i, e in enumerate(errors) if isinstance(e, float))
        if error_program(program, exact, arithmetic) is not None:
            made += 1
            yield source, program, columns, errors, exact


@pytest.fixture(autouse=True)
def many_bits():
    before = ctx.prec
    ctx.prec = 700
    yield
    ctx.prec = before


@pytest.mark.parametrize("inexact", [False, True])
@pytest.mark.parametrize("seed", range(8 if ALL else 2))
def test_no_bound_is_below_the_error(seed, inexact):
    """Random programs beside 700 bits, with inputs that are off by as much as a twelfth of themselves."""
    checked, tighter = 0, 0
    for source, program, columns, errors, exact in cases(seed, 60, inexact=inexact):
        better = error_program(program, exact, ARRAYS)
        slots = run(program, columns, {*range(program.first + len(program.code))})
        given = [*(slots[i] for i in better.slots), *(errors[i] for i in better.inputs)]
        found = run(better.program, given, {*outputs_of(better.program)})
        bounds = [found[i] for i in outputs_of(better.program)]
        checked += check(program, columns, errors, [slots[i] for i in outputs_of(program)], bounds, source)
        plain = block_errors(program, slots, errors)
        with np.errstate(all="ignore"):
            tighter += sum(
                int(np.sum(b < 0.5 * plain[i])) for b, i in zip(bounds, outputs_of(program), strict=True)
            )
    assert checked > 15_000 and tighter > 500


@pytest.mark.parametrize("seed", range(2))
def test_no_bound_of_machine_code_is_below_the_error(seed):
    """Rows that are certain at a share of their numbers are off by no more; rows without a number never are."""
    pytest.importorskip("llvmlite", reason="native code needs the extra gradcli[native]")
    checked = 0
    for source, program, columns, errors, exact in cases(seed, 10, inexact=True):
        kinds = [InputKind(True, "none" if i in exact else "given") for i in range(2)]
        code = native_bounds.NativeBounds(program, kinds)
        into = [np.empty(ROWS) for _ in outputs_of(program)]
        bounds = [np.full(ROWS, np.inf) for _ in into]
        for share in 1.3 ** np.arange(150, -2, -1):  # the least at which a row is certain
            doubtful, unclear = code.fill(columns, errors.__getitem__, into, float(share))
            certain = np.setdiff1d(np.arange(ROWS), doubtful)
            assert {*unclear} <= {*doubtful} and all(np.isfinite(one[certain]).all() for one in into)
            for one, bound in zip(into, bounds, strict=True):
                bound[certain] = np.abs(one[certain]) * share
        checked += check(program, columns, errors, into, bounds, source)
    assert checked > 1_000


def bounds_of(program, columns, errors):
    """The bound of the last slot."""
    better = error_program(program, frozenset(), ARRAYS)
    slots = run(program, columns, {*range(program.first + len(program.code))})
    given = [*(slots[i] for i in better.slots), *(errors[i] for i in better.inputs)]
    return run(better.program, given, {better.program.value})[better.program.value]


def test_slopes_that_cancel_in_floats_alone_leave_what_they_are_rounded_by():
    """x*a*b - x*c where c is the float of a*b: the slope is not 0, and x may be off by far more than it is."""
    a, b = 0.1, 0.3
    c, error = a * b, 2.0**80
    code = [("mul", 0, 1), ("mul", 4, 2), ("mul", 0, 3), ("sub", 5, 6)]
    columns = [np.array([x]) for x in (1.5, a, b, c)]
    (bound,) = bounds_of(
        program_of(code, ("x", "a", "b", "c")), columns, [np.array([error]), *[np.zeros(1)] * 3]
    )
    slope = abs(arb(a) * arb(b) - arb(c))
    assert slope > 0 and arb(float(bound)) > slope * arb(error) and bound < 1e-14 * error


def test_a_line_is_not_the_number_of_its_place():
    lines = ErrorLines(UNIT)
    places = [lines.given("slot", slot) for slot in range(12)]
    product = lines.multiply(places[10], places[11])
    assert lines.multiply(10.0, places[11]) != product == lines.multiply(places[11], places[10])


def test_errors_beyond_all_measure_have_no_bound():
    """What their slopes lose below normal floats is not looked for."""
    code = [("mul", 0, 1), ("sub", 2, 0)]
    for error, known in ((2.0**300, True), (2.0**401, False)):
        (bound,) = bounds_of(
            program_of(code, ("x", "y")), [np.ones(1), np.ones(1)], [np.array([error]), np.zeros(1)]
        )
        assert bool(np.isfinite(bound)) is known


def sure(program, x, monkeypatch, *, native, decimals=False):
    """`sure_rows` in blocks as tables have them, by machine code where that is *native*."""
    numbers_of = sure_rows.numbers_in_blocks(program)
    if native:
        pytest.importorskip("llvmlite", reason="native code needs the extra gradcli[native]")
        monkeypatch.setattr(block_numbers, "pays", lambda *_: True)
        numbers_of = numbers_of.natively([Varying(x, Decimals(x), "x") if decimals else Varying(x)], len(x))
    assert (numbers_of.bounds is not None) is native
    parts, found = np.split(x, 4), []
    for one in parts:
        given = Varying(one, Decimals(one), "x") if decimals else Varying(one)
        found.append(sure_rows.sure_rows(program, [given], len(one), SHARE, numbers_of))
    outputs = [np.concatenate(one) for one in zip(*(one.outputs for one in found), strict=True)]
    return outputs, [place * len(parts[0]) + row for place, one in enumerate(found) for row in one.doubtful]


@pytest.mark.parametrize("decimals", [False, True])
@pytest.mark.parametrize("native", [False, True])
def test_no_row_of_a_nest_is_in_doubt(native, decimals, monkeypatch):
    """Thirty sines and cosines in each other: floats lose their digits in one of twelve; what is shown has 11."""
    program = compile_text((NEST,), ("x",), formulas=False).program
    x, looked_at = np.random.default_rng(1).normal(size=8_000), list[int]()
    answered = sure_rows.answered
    monkeypatch.setattr(
        sure_rows,
        "answered",
        lambda p, columns, *rest: (
            looked_at.extend(columns[0].pair.high.tolist()) or answered(p, columns, *rest)
        ),
    )
    outputs, doubtful = sure(program, x, monkeypatch, native=native, decimals=decimals)
    assert doubtful == [] and 400 < len(looked_at) < 1_000
    again = np.flatnonzero(np.isin(x, looked_at))[:: 2 if native else 5]
    for row in [*again.tolist(), *range(0, len(x), 200)]:
        found = truths(program, [arb(repr(float(x[row]))) if decimals else arb(float(x[row]))])
        for slot, one in zip(outputs_of(program), outputs, strict=True):
            assert abs(arb(float(one[row])) - found[slot]) < arb(1e-11) * abs(found[slot])


@pytest.mark.parametrize("native", [False, True])
def test_no_row_of_a_nest_next_to_0_is_in_doubt(native, monkeypatch):
    program = compile_text((NEST,), ("x",), formulas=False).program
    assert (
        sure(program, np.random.default_rng(2).uniform(0, 0.5, size=4_000), monkeypatch, native=native)[1]
        == []
    )


def test_rows_that_are_refused_or_exactly_0_are_looked_at_by_arrays(monkeypatch):
    """A logarithm of what is negative is in doubt and has no number; a product with 0 is not."""
    text = "y = sin(x)*x - cos(x); z = sin(y)*x + cos(y)*y; log(x + 30)*x*(sin(z)*y - cos(z)*z)"
    program = compile_text((text,), ("x",), (), formulas=False).program
    x = np.random.default_rng(3).normal(size=4_000)
    x[[0, 7, 2_100]], x[[1, 3_000]] = [-31.0, -40.0, -30.5], 0.0
    outputs, doubtful = sure(program, x, monkeypatch, native=True)
    assert {0, 7, 2_100} <= {*doubtful} and not {1, 3_000} & {*doubtful}
    assert np.isnan(outputs[0][[0, 7, 2_100]]).all() and (outputs[0][[1, 3_000]] == 0).all()
    plain = run(program, [x], {program.value})[program.value]
    certain = sorted({*range(len(x))} - {*doubtful})
    assert len(certain) > 3_500 and np.allclose(outputs[0][certain], plain[certain], rtol=2e-11, atol=0)


def in_pairs(program, columns, errors, source):
    """The bounds of double-double numbers below which none of the errors is. errors: in units of 2**-53."""
    given = [
        Column(x, np.asarray(e) * (UNIT / DOUBLE_DOUBLE.unit)) for x, e in zip(columns, errors, strict=True)
    ]
    exact = frozenset(i for i, e in enumerate(errors) if isinstance(e, float) and not e)
    better = error_program(program, exact, DOUBLE_DOUBLE)
    slots, bounds = double_double_rows.slots_with_errors(program, better, given)
    numbers = [slots[i] for i in outputs_of(program)]
    return check(program, columns, errors, numbers, bounds, source, DOUBLE_DOUBLE.unit), bounds


@pytest.mark.parametrize("kind", ["exact", "rounded", "inexact"])
@pytest.mark.parametrize("seed", range(3))
def test_no_bound_of_double_double_numbers_is_below_the_error(seed, kind):
    """Constants that no float is among them, second floats of any size, and inputs that are off by a little and by much."""
    checked = 0
    for source, program, columns, errors, _ in cases(
        seed, 50, inexact=kind == "inexact", arithmetic=DOUBLE_DOUBLE
    ):
        lows = [np.spacing(x) / 2 * np.array([source.uniform(-1, 1) for _ in x]) for x in columns]
        given = [Pair(*ordered_sum(x, low)) for x, low in zip(columns, lows, strict=True)]
        if kind == "rounded":
            off = [np.abs(x) * 2.0 ** source.randint(-49, -20) for x in columns]
        checked += in_pairs(program, given, off if kind == "rounded" else errors, source)[0]
    assert checked > 8_000


def test_the_slope_of_a_sine_is_not_that_at_the_nearest_float():
    """Next to an odd multiple of half of pi a cosine is far smaller than what the second float makes of it."""
    source, turns = random.Random(8), np.arange(300_000, 300_000 + ROWS) * 2.0 + 1
    program = program_of([("sin", 0)], ("x",))
    x = Pair(turns * (np.pi / 2), np.spacing(turns) * 0.4)
    for size in range(-40, 20, 5):
        checked, bounds = in_pairs(program, [x], [np.abs(x.high) * 2.0**size], source)
        assert checked == ROWS and (bounds[0] < x.high * 2.0 ** (size + 49)).all()


def test_rows_by_double_double_numbers_have_many_digits_more():
    """Of those that floats leave in doubt; few rows are left to balls."""
    program = compile_text(("(x + 1e-6) - 0.1*x*10 + pi*x*1e-6",), ("x",), (), formulas=False).program
    x = np.random.default_rng(5).normal(size=400)
    columns = [Column(Pair(x, np.zeros(400)), 0.0)]
    into = [np.full(400, np.nan) for _ in outputs_of(program)]
    certain = double_double_rows.answered(program, columns, into, SHARE)
    assert certain.all()
    for row in range(400):
        exact = truths(program, [arb(float(x[row]))])[program.value]
        assert abs(arb(float(into[0][row])) - exact) < arb(1e-11) * abs(exact)
    few = [Column(Pair(x[:40], np.zeros(40)), 0.0)]
    assert not double_double_rows.answered(program, few, [one[:40] for one in into], SHARE).any()


def test_rows_are_certain_up_to_their_share():
    """Of a difference from what is known as far as it is."""
    program = compile_text(("x - y",), ("x", "y"), (), formulas=False).program
    x, error = np.linspace(1.0, 2.0, 400), 2.0**65
    columns = {"x": Column(Pair(x, np.zeros(400)), 0.0), "y": Column(Pair(0.5, 0.0), error)}
    into = [np.empty(400) for _ in outputs_of(program)]
    certain = double_double_rows.answered(program, [columns[name] for name in program.variables], into, SHARE)
    allowed = error * 2.0**-102 / 1e-11 + 0.5
    assert 1.2 < allowed < 1.8 and not certain[x < allowed].any() and certain[x > allowed + 0.02].all()


def test_no_infinite_number_is_certain():
    program, x = program_of([("neg", 0)], ("x",)), np.array([1.0, np.inf, np.nan, -np.inf] * 15)
    into = [np.zeros(60) for _ in outputs_of(program)]
    certain = double_double_rows.answered(program, [Column(Pair(x, np.zeros(60)), 0.0)], into, SHARE)
    assert (certain == np.isfinite(x)).all() and (into[0] == np.where(certain, -1.0, 0.0)).all()


def test_decimals_are_what_they_were_typed_as():
    """x - 0.1 next to 0.1, y less a number that all rows share, and z typed beyond its float: no digit is lost of any."""
    program = compile_text(("(x - 0.1)*(y - a)*(z - 0.3)",), ("x", "y", "z", "a"), formulas=False).program
    steps = np.arange(1, 401)
    x, y = np.round(0.1 + steps * 1e-14, 14), np.round(0.7 - steps * 1e-13, 13)
    typed = [f"0.3000000000000001{step:05}" for step in steps]
    bindings = {
        "x": Varying(x, Decimals(x), "x"), "y": Varying(y, Decimals(y), "y"), "a": Held(0.7, 0.7, given="0.7"),
        "z": Varying(np.array([*map(float, typed)]), typed, "z", errors=np.full(400, 0.3)),
    }  # fmt: skip
    found = sure_rows.sure_rows(program, [bindings[name] for name in program.variables], 400, SHARE)
    assert found.doubtful == []
    given = {"x": [*map(repr, x.tolist())], "y": [*map(repr, y.tolist())], "z": typed, "a": ["0.7"] * 400}
    for row in range(400):
        exact = truths(program, [arb(given[name][row]) for name in program.variables])
        for slot, one in zip(outputs_of(program), found.outputs, strict=True):
            assert abs(arb(float(one[row])) - exact[slot]) < arb(1e-11) * abs(exact[slot])


@pytest.mark.parametrize(
    ("given", "error", "certain"),
    [(None, 0.7, False), ("sqrt(0.49)", 0.7, False), ("0.7", 0.7, True), ("0.69999999999999999999999", 0.7, True),
     (None, 0.0, True)],
)  # fmt: skip
@pytest.mark.parametrize("shared", [True, False])
def test_a_number_that_is_known_to_its_float_alone_stays_in_doubt(given, error, certain, shared):
    """A text that is a decimal is known exactly, whether one number is shared by all rows or each has its own."""
    program = compile_text(("x - a",), ("x", "a"), (), formulas=False).program
    bindings = {"x": Varying(np.linspace(0.69, 0.71, 400) + 1e-15)}
    if shared:
        bindings["a"] = Held(0.7, error, given=given)
    else:
        a = Varying(np.full(400, 0.7))
        texts = None if given is None else [given] * 400
        bindings["a"] = (
            a if not error else a._replace(given=texts or ["sqrt(0.49)"] * 400, errors=np.full(400, error))
        )
    found = sure_rows.sure_rows(program, [bindings[name] for name in program.variables], 400, 50.0)
    assert (found.doubtful == []) is certain


def test_machine_code_knows_the_errors_of_decimals():
    """As `decimal_errors` has them: none of multiples of 1/64, half a last place of others."""
    pytest.importorskip("llvmlite", reason="native code needs the extra gradcli[native]")
    program = compile_text(("(x - 3)*(x + 2)",), ("x",), (), formulas=False).program
    x = np.array([3.25, -1e-3, 0.1, 2**30 + 0.5, 3 + 1 / 64, 3 + 1e-9, 1e-310, 2.9, -2.0, 5e8, 3.0])
    decimal, given = (
        native_bounds.NativeBounds(program, [InputKind(True, kind)]) for kind in ("decimal", "given")
    )
    into, seen = [np.empty(len(x)) for _ in outputs_of(program)], set()
    for share in 1.1 ** np.arange(400):
        first = decimal.fill([x], lambda _: None, into, float(share))
        assert first == given.fill([x], lambda _: decimal_errors(x), into, float(share))
        seen |= {tuple(first[0])}
    assert len(seen) >= 5
