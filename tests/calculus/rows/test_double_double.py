"""Double-double numbers beside Arb's: no error above its bound, nor above what all of the terms leave of it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import arb, ctx

from gradcli.calculus.double_double import decimal_rests, pair_arithmetic, pair_functions
from gradcli.calculus.double_double.lanes import ArrayLanes
from gradcli.calculus.double_double.pair_arithmetic import Pair, exact_sum, ordered_sum
from gradcli.calculus.program.typed_numbers import TypedFloat, shortest_decimal
from gradcli.calculus.rows.bounds.local_errors import DOUBLE_DOUBLE, LOCAL, rounding

np = pytest.importorskip("numpy", reason="arrays need the extra gradcli[plot]")

M, SQUARE, COUNT = ArrayLanes(), 2.0**-106, 3_000


@pytest.fixture(autouse=True)
def many_bits():
    before = ctx.prec
    ctx.prec = 400
    yield
    ctx.prec = before


def pairs(random, high):
    """Numbers with a second float: nothing, tiny, as large as it may be."""
    share = random.uniform(-1, 1, len(high)) * random.choice([0.0, 2.0**-40, 1.0], len(high))
    share = np.where(random.uniform(size=len(high)) < 0.05, np.sign(share), share)
    return Pair(*ordered_sum(high, np.spacing(np.abs(high)) / 2 * share * 0.999))


def spread(random, low, high):
    return random.normal(size=COUNT) * 10.0 ** random.integers(low, high, COUNT)


def angles(random):
    """Multiples of steps of the table and of half of pi, next to them and between them, far away and next to 0."""
    halves = random.integers(-660_000, 660_000, COUNT) * (np.pi / 2)
    steps = random.integers(-(2**25), 2**25, COUNT) * (np.pi / 128)
    few = random.integers(-300, 300, COUNT) * (np.pi / 128)
    near = halves + spread(random, -14, -3)
    middles = (random.integers(-1000, 1000, COUNT) + 0.5) * (np.pi / 128)
    ends = np.array([0.0, 1e-200, 2.0**20 - 1e-9, 1 - 2.0**20])
    return np.concatenate(
        [random.normal(size=COUNT), spread(random, -20, 5), halves, steps, few, near, middles, ends]
    )


def exponents(random):
    """Middles and ends of steps too."""
    steps = random.integers(-110_000, 110_000, COUNT) * (np.log(2) / 128)
    ends = np.array([0.0, -0.0, 1e-200, -600.0, 699.99])
    return np.concatenate(
        [random.normal(size=COUNT), random.uniform(-600, 700, COUNT), spread(random, -30, 0), steps, ends]
    )


def positives(random):
    """Next to 1, at the ends of the table's steps and of powers of two too."""
    ones = 1 + spread(random, -16, -1)
    steps = (random.integers(180, 368, COUNT) / 256) * (1 + random.choice([0.0, 1e-16, 1e-9], COUNT))
    roots = np.sqrt(0.5) * 2.0 ** random.integers(-800, 800, COUNT) * (1 + spread(random, -16, -10))
    return np.concatenate(
        [
            np.exp(random.normal(size=COUNT)),
            np.exp(random.uniform(-600, 600, COUNT)),
            np.abs(ones),
            steps,
            roots,
        ]
    )


def anything(random):
    return np.concatenate(
        [random.normal(size=COUNT), spread(random, -60, 60), spread(random, -3, 3), [1.0, 0.5, 3e-60]]
    )


def of_sine(x):
    return pair_functions.sine_and_cosine(M, x)[0]


def of_cosine(x):
    return pair_functions.sine_and_cosine(M, x)[1]


def plain(function):
    return lambda *x: function(M, *x)


#: Name -> what is tried, at which numbers, what it is, its bound and what it is off by where no term is missing, in u**2.
ONE = {
    "sin": (of_sine, angles, arb.sin, 50, 8), "cos": (of_cosine, angles, arb.cos, 50, 8),
    "exp": (plain(pair_functions.exponential), exponents, arb.exp, 10, 5),
    "sigmoid": (plain(pair_functions.sigmoid), exponents, lambda x: 1 / (1 + (-x).exp()), 30, 7),
    "tanh": (plain(pair_functions.hyperbolic_tangent), exponents, arb.tanh, 120, 50),
    "log": (plain(pair_functions.logarithm), positives, arb.log, 100, 9),
    "sqrt": (plain(pair_arithmetic.root), positives, arb.sqrt, 25 / 8, 3.125),
    "square": (plain(pair_arithmetic.squared), anything, lambda x: x * x, 5, 5),
    "neg": (plain(pair_arithmetic.negated), anything, lambda x: -x, 0, 0),
}  # fmt: skip

#: The same of two numbers.
TWO = {
    "add": (pair_arithmetic.added, lambda x, y: x + y, 3.1), "sub": (pair_arithmetic.subtracted, lambda x, y: x - y, 3.1),
    "mul": (pair_arithmetic.multiplied, lambda x, y: x * y, 5), "div": (pair_arithmetic.divided, lambda x, y: x / y, 15.1),
}  # fmt: skip


def balls(x):
    return [arb(high) + arb(low) for high, low in zip(x.high.tolist(), x.low.tolist(), strict=True)]


def errors(found, truth):
    """Relative errors in u**2, of all that are numbers; 0 is itself."""
    made = []
    for one, high, exact in zip(balls(found), found.high.tolist(), truth, strict=True):
        if np.isfinite(high):
            gap = abs(one - exact)
            made.append(float(gap / abs(exact)) / SQUARE if gap != 0 else 0.0)
    return np.array(made)


@pytest.mark.parametrize("name", ONE)
def test_functions_are_within_their_bounds(name):
    """Each is tried at more than 9,000 numbers, and has a number at all but few of them."""
    function, points, truth, bound, observed = ONE[name]
    x = pairs(np.random.default_rng(1), points(np.random.default_rng(2)))
    with np.errstate(all="ignore"):
        found = errors(function(x), [truth(one) for one in balls(x)])
    assert len(found) > 0.75 * len(x.high) and len(found) > 9_000
    assert found.max() <= observed <= bound


@pytest.mark.parametrize("name", TWO)
def test_operations_are_within_their_bounds(name):
    """Of numbers that nearly cancel too."""
    function, truth, bound = TWO[name]
    random = np.random.default_rng(3)
    x = pairs(random, np.concatenate([anything(random), anything(random)]))
    near = -x.high * (1 + random.choice([0.0, 1e-16, 1e-12, 1e-3], len(x.high)))
    y = pairs(
        random, np.where(random.uniform(size=len(near)) < 0.3, near, np.concatenate([anything(random)] * 2))
    )
    found = errors(function(M, x, y), [truth(a, b) for a, b in zip(balls(x), balls(y), strict=True)])
    assert len(found) == len(x.high) > 15_000 and 0.2 < found.max() <= bound


def test_programs_allow_each_operation_more_than_its_bound():
    """In the units of `local_errors`, each of which is 16*u**2; all operations with a rule have a function, but log(1 + a)."""
    bounds = {name: one[3] for name, one in ONE.items()} | {name: one[2] for name, one in TWO.items()}
    assert {*LOCAL} == {*bounds, "gate", "log1p"} and {*pair_functions.FUNCTIONS} == {*bounds, "gate"} - {
        "sin",
        "cos",
    }
    for name, bound in bounds.items():
        assert bound * SQUARE <= rounding(name, DOUBLE_DOUBLE) * DOUBLE_DOUBLE.unit


@pytest.mark.parametrize(
    ("function", "bad"),
    [
        (of_sine, [2.0**20, -(2.0**30), np.inf, np.nan]), (of_cosine, [2.0**20, 1e300, -np.inf, np.nan]),
        (plain(pair_functions.exponential), [700.0, -1e9, np.inf, np.nan]),
        (plain(pair_functions.sigmoid), [701.0, -800.0, np.nan]),
        (plain(pair_functions.hyperbolic_tangent), [np.inf, -np.inf, np.nan]),
        (plain(pair_functions.logarithm), [0.0, -1.0, 1e-300, 1e300, np.inf, np.nan]),
        (plain(pair_arithmetic.root), [-1.0, 1e-200, -5e-324, np.nan]),
        (lambda x: pair_arithmetic.divided(M, Pair(1.0, 0.0), x), [0.0, 1e-100, -1e-300, np.inf, np.nan]),
        (lambda x: pair_arithmetic.multiplied(M, x, x), [1e160, 1e300, np.inf, np.nan]),
        (lambda x: pair_arithmetic.added(M, x, x), [1.7e308, np.inf, np.nan]),
    ],
)  # fmt: skip
def test_beyond_the_limits_there_is_no_number(function, bad):
    """Not even an infinite one that a quotient would make a 0 of; next to good ones, which have one."""
    x = np.array([*bad, 0.7])
    with np.errstate(all="ignore"):
        found = function(Pair(x, np.zeros(len(x))))
        then = pair_arithmetic.divided(M, Pair(1.0, 0.0), found)
    assert (
        np.isnan(then.high[:-1]).all()
        and np.isfinite(then.high[-1])
        and not np.isfinite(found.high[:-1]).any()
    )


def test_a_sine_next_to_0_has_no_number_where_its_angle_is_not_known_so_well():
    """Half a turn as a pair of floats, and as one; the sine of what is next to 0 itself has all digits."""
    turns = np.arange(1.0, 2_000.0)
    high = np.pi * turns
    low = np.array(
        [float(arb.pi() * turn - arb(x)) for turn, x in zip(turns.tolist(), high.tolist(), strict=True)]
    )
    exact, near = Pair(*ordered_sum(high, low)), Pair(np.array([1e-30, -1e-300]), np.zeros(2))
    assert np.isnan(of_sine(exact).high).all() and np.isfinite(of_cosine(exact).high).all()
    assert np.isnan(of_cosine(Pair(*ordered_sum(exact.high / 2, exact.low / 2))).high[::2]).all()
    assert (of_sine(near).high == near.high).all()


def test_sums_and_products_leave_nothing():
    random = np.random.default_rng(4)
    a, b = spread(random, -60, 60), spread(random, -60, 60)
    for (high, low), truth in (
        (exact_sum(a, b), Fraction.__add__),
        (M.product(a, b), Fraction.__mul__),
        (M.product(a, a), None),
    ):
        for x, y, one, rest in zip(a.tolist(), b.tolist(), high.tolist(), low.tolist(), strict=True):
            exact = Fraction(x) ** 2 if truth is None else truth(Fraction(x), Fraction(y))
            assert Fraction(one) + Fraction(rest) == exact


def cells(random):
    """Numbers of all kinds of columns, powers of two and ten and the floats next to them."""
    tens = 10.0 ** random.integers(-12, 22, 500)
    return np.concatenate([
        random.normal(size=8_000), random.uniform(0, 1, 8_000) * 10.0 ** random.integers(-8, 18, 8_000),
        np.round(random.normal(size=4_000), 3), -random.uniform(0, 9e15, 4_000), 2.0 ** np.arange(-70, 70), tens,
        np.nextafter(tens, 0), np.nextafter(tens, np.inf), random.uniform(0, 9, 4_000).astype(np.float32),
        random.integers(-(10**15), 10**15, 500) / 8, random.integers(10**12, 10**14, 500) / 32,
        [0.0, -0.0, 1e308, 1e-260, 999999999999999.9],
    ])  # fmt: skip


def test_the_rests_of_cells_are_those_of_their_shortest_decimals():
    x = cells(np.random.default_rng(5))
    for number, rest in zip(x.tolist(), decimal_rests.rests(x).tolist(), strict=True):
        exact = Fraction(repr(number)) - Fraction(number)
        assert abs(Fraction(rest) - exact) <= abs(exact) * Fraction(2.0**-50)


def test_few_rests_of_cells_are_written_out(monkeypatch):
    """What takes Python's time, and is right without any other."""
    monkeypatch.setattr(decimal_rests, "rest_of", lambda *_: asked.append(1))
    asked = list[int]()
    decimal_rests.rests(np.random.default_rng(6).normal(size=20_000))
    assert len(asked) < 5


def test_what_is_no_decimal_has_no_rest():
    """Nor what is too small for one, or not next to its float; other texts are fractions."""
    assert np.isnan(decimal_rests.rests(np.array([5e-324, -3e-300]))).all()
    for text, x in (
        ("sqrt(2)", 2**0.5),
        ("pi", np.pi),
        ("1/0", 1.0),
        ("1e-400", 5e-324),
        ("0.2", 0.1),
        ("1e999999999", 1.0),
    ):
        assert decimal_rests.rest_of(TypedFloat(x, text), x) is None
    assert decimal_rests.rest_of(0.1, 0.1) == 0 == decimal_rests.rest_of("0.5", 0.5)
    tenth = float(Fraction("0.1") - Fraction(0.1))
    assert (
        decimal_rests.rest_of(shortest_decimal(0.1), 0.1) == decimal_rests.rest_of("0.1", 0.1) == tenth != 0
    )
    third = Fraction(1, 3)
    assert decimal_rests.rest_of("1/3", float(third)) == float(third - Fraction(float(third)))
