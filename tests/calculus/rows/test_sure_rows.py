"""Which rows are in doubt: never fewer than by bounds of their own, and numbers that are those of the plain blocks."""

import pytest
from mpmath import mp

from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.program.instructions import FLOATS
from gradcli.calculus.rows import array_blocks
from gradcli.calculus.rows.bounds import sure_rows
from gradcli.calculus.rows.row_data import Held, Varying

np = pytest.importorskip("numpy", reason="arrays need the extra gradcli[plot]")

SHARE = 1e-11 * 2**53

TEXTS = (
    "exp(-x**2)*sin(x*y)+log(1+x*x+y*y)", "x - y", "x*y - 1", "x/y", "sqrt(x*x + y)", "log(abs(x)) - y", "abs(x - y)*x",
    "max(x, y)*min(x, 1) - x", "tanh(x)*sigmoid(y) - softplus(x - y)", "relu(x)*y", "log1p(x*x) - cos(y)/(2 + sin(x))",
    "x**3 - 3*x + y", "x**y", "where(x > y, x*y, x - y)", "exp(x*50) - exp(y*50)", "1/(x - x + y)", "a*x + (y - b)**2",
)  # fmt: skip


def columns(count, kind, seed):
    random = np.random.default_rng(seed)
    if kind == "plain":
        return random.normal(size=count), random.normal(size=count)
    if kind == "near":  # terms that cancel, exact zeros, whole numbers
        x = np.round(random.normal(size=count) * 4) / 4
        return x, x + random.choice([0.0, 1e-9, -1e-13, 0.5], size=count)
    return random.normal(size=count) * 10.0 ** random.integers(-8, 8, size=count), random.normal(size=count)


@pytest.mark.parametrize("kind", ["plain", "near", "wide"])
@pytest.mark.parametrize("text", TEXTS)
def test_the_doubtful_rows_are_those_of_their_own_bounds(text, kind, monkeypatch):
    """By `array_blocks` with bounds for each row, block by block, in blocks of another size, and before more digits."""
    monkeypatch.setattr(sure_rows, "BLOCK", 700)
    monkeypatch.setattr(
        sure_rows, "answered", lambda _, columns, into, *rest: np.zeros(len(into[0]), dtype=bool)
    )
    x, y = columns(2_000, kind, 1)
    held = {"a": Held(0.3, 1.0), "b": Held(-2.0)}
    compiled = compile_text((text,), ("x", "y", "a", "b"), formulas=False)
    assert all(op in FLOATS for op, *_ in compiled.program.code)
    bindings = [held[n] if n in held else Varying({"x": x, "y": y}[n]) for n in compiled.program.variables]
    found = sure_rows.sure_rows(compiled.program, bindings, len(x), SHARE)
    expected = []
    for block in array_blocks.array_blocks(compiled.program, bindings, len(x), bounds=True):
        bad = np.zeros(len(block.outputs[0]), dtype=bool)
        for numbers, errors in zip(block.outputs, block.errors, strict=True):
            with np.errstate(over="ignore"):
                bad |= ~(errors <= SHARE * np.abs(numbers))
        bad[block.failed] = True
        expected += (block.start + np.flatnonzero(bad)).tolist()
        good = np.setdiff1d(np.arange(len(bad)), block.failed)
        for numbers, own in zip(block.outputs, found.outputs, strict=True):
            there = own[block.start : block.start + len(numbers)]
            assert np.allclose(there[good], numbers[good], rtol=1e-14, atol=0, equal_nan=True)
    assert found.doubtful == expected


def test_the_rules_are_of_operations_that_there_are():
    """And the range of each holds what the operation gives, at points of its arguments' ranges."""
    from gradcli.calculus.backends.numpy_backend import operation

    random = np.random.default_rng(4)
    for op, rule in sure_rows._RULES.items():
        assert op in FLOATS
        count = 3 if op == "select" else 2 if op in ("mul", "gate", "add", "sub", "div", "min", "max") else 1
        for _ in range(100):
            ends = [sorted(random.normal(size=2) * 10.0 ** random.integers(-3, 2)) for _ in range(count)]
            points = [random.uniform(low, high, size=50) for low, high in ends]
            ranges = [(float(p.min()), float(p.max())) for p in points]
            try:
                low, high = sure_rows._wide(rule.range(*ranges))
            except (ValueError, ArithmeticError):
                continue
            numbers = operation(op)(*points)
            numbers = numbers[np.isfinite(numbers)]
            assert ((low <= numbers) & (numbers <= high)).all(), op


@pytest.mark.parametrize("op", ["sin", "cos"])
def test_bounds_of_sines_are_above_their_errors(op):
    """Of numbers next to where they turn too, in each row and over a range, beside 40 digits."""
    random, unit = np.random.default_rng(6), array_blocks.UNIT
    for _ in range(60):
        centre = random.choice(
            [0.0, np.pi / 2, -np.pi, 7.5 * np.pi, random.normal() * 10.0 ** random.integers(-6, 5)]
        )
        points = centre + random.uniform(-1, 1, size=20) * 10.0 ** random.integers(-9, 1)
        own = float(random.choice([0.0, 1.0])) * 10.0 ** random.uniform(-1, 15)
        with mp.workdps(40):
            moved = [mp.mpf(float(x)) + random.choice([-1, 1]) * mp.mpf(own) * mp.mpf(unit) for x in points]
            truth = [getattr(mp, op)(x) for x in moved]
            found = getattr(np, op)(points)
            errors = np.array(
                [float(abs(mp.mpf(float(x)) - y) / unit) for x, y in zip(found, truth, strict=True)]
            )
        assert (errors <= array_blocks._BOUNDS[op](found, points, own)).all()
        rule, a = sure_rows._RULES[op], (float(points.min()), float(points.max()))
        assert errors.max() <= rule.error(sure_rows._wide(rule.range(a)), a, own) * sure_rows._ROUNDED


def test_chains_of_sines_and_cosines_are_sure():
    """What a sine loses of a difference is its slope times it: thirty of them in each other leave no row in doubt."""
    text = "; ".join(["e0 = x", *(f"e{i + 1} = sin(e{i})*y + cos(e{i})" for i in range(30)), "e30"])
    random = np.random.default_rng(7)
    bindings = [Varying(random.uniform(0, 0.3, size=3_000)), Varying(random.uniform(0, 0.3, size=3_000))]
    program = compile_text((text,), ("x", "y"), ("y",), formulas=False).program
    assert sure_rows.sure_rows(program, bindings, 3_000, SHARE).doubtful == []
