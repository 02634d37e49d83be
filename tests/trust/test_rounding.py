"""The bound of rounding errors is never below the error: instruction by instruction, and through whole programs.

`GRADCLI_ROUNDING=1000000 pytest tests/trust/test_rounding.py` tries a million random operations.
"""

from __future__ import annotations

import math
import os
import random

import numpy as np
import pytest

from gradcli.calculus.backends import compiled_error_bound, float_backend
from gradcli.calculus.backends.error_propagation import SLACK, UNIT
from gradcli.calculus.backends.float_backend import float_operation
from gradcli.calculus.backends.rounding_error import error_of, errors_of, input_errors
from gradcli.calculus.balls.ball_numbers import Undecided, ball, working_bits
from gradcli.calculus.balls.decimals import double
from gradcli.calculus.balls.programs.ball_backend import run
from gradcli.calculus.balls.programs.ball_operations import OPERATIONS, Failure
from gradcli.calculus.program.instructions import ARITY, FLOATS, SPECIAL
from gradcli.calculus.rows import array_blocks
from tests.independent import operations as independent
from tests.trust.hard_points import programs

#: Random operations in all.
COUNT = int(os.environ.get("GRADCLI_ROUNDING", "20000"))
SEED = os.environ.get("GRADCLI_SEED", "1")

_LANDMARKS = (
    0.0,
    1.0,
    -1.0,
    2.0,
    -2.0,
    0.5,
    math.pi,
    math.pi / 2,
    4.493409457909064,
    3.0,
    -0.36787944117144233,
)


def a_double(source):
    """A double: next to zeros, seams and poles, of every exponent, subnormal, whole."""
    kind = source.randrange(6)
    if kind == 0:
        return source.choice((-1, 1)) * math.ldexp(source.random() + 1, source.randint(-1074, 1020))
    if kind == 1:
        return source.uniform(-5, 5)
    if kind == 2:
        return source.uniform(-800, 800)
    if kind == 3:
        return source.choice(_LANDMARKS) * (1 + source.choice((-1, 1)) * 2.0 ** -source.randint(1, 53))
    if kind == 4:
        return source.choice(_LANDMARKS) + source.choice((-1, 1)) * 2.0 ** -source.randint(2, 52)
    return float(source.randint(-30, 30))


def arguments_of(op, source):
    """Arguments for one operation, and true numbers near them: how far, as units of 2**-53."""
    count = ARITY.get(op, 1)
    values = [a_double(source) for _ in range(count)]
    if op == "root":
        values[1] = float(source.randint(-9, 9))
    if op in ("and", "or", "select"):
        values = [float(source.random() < 0.5), *values[1:]]
        values = [*values[:1], float(source.random() < 0.5)] if op != "select" else values
    errors = [0.0] * count
    exact = op in ("and", "or") or source.random() < 0.4
    for place in range(count):
        integral = (op in ("root", "select") and place in (1, 0)) or exact
        if not integral and source.random() < 0.8:
            errors[place] = min(abs(values[place]) * 2.0 ** source.randint(-3, 50), 1e308)
    return values, errors


def within(value, error, source):
    """A rational no farther than *error* units from *value*."""
    share = source.choice((-1, 1, source.uniform(-1, 1), source.uniform(-1, 1)))
    return double(value) + double(share) * double(error) * double(UNIT)


def other_bounds(op, result, values, errors):
    """The bounds of the same operation in compiled programs and in arrays, where they have their own, as they end."""
    if op in compiled_error_bound._BOUNDS:
        names = {"r": "r", **{f"{e}{v}": f"{e}{v}" for e in ("", "e") for v in "ab"}}
        text = compiled_error_bound._BOUNDS[op].format(**names)
        numbers = dict(zip("ab", values, strict=False)) | dict(zip(("ea", "eb"), errors, strict=False))
        yield eval(text, {**compiled_error_bound.BOUND_NAMES, **numbers, "r": result}) * SLACK
    if op in array_blocks._BOUNDS:
        arrays = [np.array([x]) for x in (result, *values, *errors)]
        with np.errstate(all="ignore"):
            own = array_blocks._BOUNDS[op](*arrays)
        loose = 0.0 if op in array_blocks.EXACT else array_blocks.LOOSE * abs(result)
        yield (float(own[0]) + loose) * SLACK


@pytest.mark.parametrize("op", sorted(FLOATS))
def test_an_instructions_bound_is_never_below_its_error(op):
    """What floats answer is as near to the truth as the bound says, wherever in their intervals the arguments are."""
    source = random.Random(f"{op} {COUNT} {SEED}")
    for _ in range(COUNT // len(FLOATS)):
        values, errors = arguments_of(op, source)
        try:
            result = FLOATS[op](*values)
        except (ValueError, ArithmeticError):
            continue
        bound = error_of(op, result, values, errors)
        if not math.isfinite(result) or not math.isfinite(bound):
            continue  # in doubt: it is looked at again
        truth = [within(x, e, source) for x, e in zip(values, errors, strict=True)]
        with working_bits(300):
            try:
                gap = abs(ball(OPERATIONS[op](*truth)) - ball(double(result)))
            except Undecided:
                continue
            except OverflowError:
                assert op in ("pow", "power_log")
                continue
            except (ValueError, ArithmeticError) as failure:
                pytest.fail(
                    f"{op} of {values} is {result} within {bound} units, and has no value: {failure!r}"
                )
            if gap.rad() < 1e-30 * gap.mid() or gap.rad() < 1e-340:
                for one in (bound, *other_bounds(op, result, values, errors)):
                    if math.isfinite(one):
                        assert gap <= ball(double(one)) * double(UNIT), (op, values, errors, result, one)


def test_the_bound_of_a_program_is_never_below_its_error():
    """Errors that pass through many instructions stay below their bounds."""
    source, tried = random.Random(f"programs {SEED}"), 0
    for program, point in programs(source, COUNT // 50):
        numbers = [float(text) for text in point]
        try:
            slots = float_backend.run(program, numbers)
        except (ValueError, ArithmeticError):
            continue
        bounds = errors_of(program, slots, input_errors(point, numbers))
        truth = run(program, list(point), 2_000)
        for number, bound, true in zip(slots, bounds, truth, strict=True):
            if not (math.isfinite(number) and math.isfinite(bound)) or isinstance(true, Failure):
                continue
            with working_bits(2_000):
                gap = abs(ball(true) - ball(double(number)))
                if gap.rad() < 1e-30 * gap.mid() or gap.rad() < 1e-400:
                    assert gap <= ball(double(bound)) * double(UNIT), (program, point, number, bound)
                    tried += 1
    assert tried > COUNT // 25


#: Arguments of a special function that are whole, or lie in a narrow domain: where, and what is chosen from.
_PLACES = {
    ("elliptic_k", 0): (-3, 0.99), ("elliptic_e", 0): (-3, 0.99), ("elliptic_e2", 1): (-3, 0.9), ("elliptic_f", 1): (-3, 0.9),
    ("erfinv", 0): (-0.99, 0.99), ("polylog", 1): (-0.9, 0.9), ("li", 0): (1.1, 9), ("zetaprime", 0): (1.2, 9),
    ("erfcinv", 0): (0.1, 1.9), ("lambertw_lower", 0): (-0.36, -0.01), ("betainc", 2): (0.05, 0.95), ("hyp2f1", 3): (-3, 0.9),
    ("elliptic_pi", 0): (-3, 0.9), ("elliptic_pi", 1): (-3, 0.9), ("hurwitz_zeta", 0): (1.2, 6),
}  # fmt: skip
_WHOLE = {("polygamma", 0)} | {
    (op, 0)
    for op in ("legendre", "chebyshev_t", "chebyshev_u", "hermite", "genlaguerre", "gegenbauer", "jacobi", "spherical_jn",
               "spherical_yn", "spherical_in", "spherical_kn")
}  # fmt: skip


@pytest.mark.parametrize("op", sorted(SPECIAL))
def test_the_bound_of_a_special_function_is_never_below_its_error(op):
    """Against mpmath, wherever in their intervals the arguments are."""
    source, tried = random.Random(f"special {op} {SEED}"), 0
    function, truth = float_operation(op), independent.operations(60)[op]
    mp = independent.context(60)
    for _ in range(7 * (most := max(6, COUNT // 5000))):
        values = [source.uniform(*_PLACES.get((op, place), (0.3, 6))) for place in range(ARITY.get(op, 1))]
        errors = [abs(x) * 2.0 ** source.randint(-3, 30) * (source.random() < 0.8) for x in values]
        for place in range(len(values)):
            if (op, place) in _WHOLE:
                values[place], errors[place] = float(source.randint(1, 4)), 0.0
        try:
            result = function(*values)
            bound = error_of(op, result, values, errors)
            shares = [source.choice((-1, 1, source.uniform(-1, 1))) for _ in values]
            near = [mp.mpf(x) + s * mp.mpf(e) * UNIT for x, s, e in zip(values, shares, errors, strict=True)]
            gap = abs(truth(*near) - result)
        except (ValueError, ArithmeticError):
            continue
        if math.isfinite(bound):
            assert gap <= mp.mpf(bound) * UNIT, (op, values, errors, result, bound)
            tried += 1
        if tried == most:
            break
    assert tried >= 3
