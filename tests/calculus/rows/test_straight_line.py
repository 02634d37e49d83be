"""Programs of plain operations by balls alone: the floats of the careful way, and none where a function has no value."""

from __future__ import annotations

import math
import random

import pytest
from flint import arb

from gradcli.calculus.balls.ball_numbers import exact
from gradcli.calculus.balls.decimals import nearest_double
from gradcli.calculus.balls.programs import straight_line as plain
from gradcli.calculus.balls.programs.ball_backend import run
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.program.instructions import ARITY
from gradcli.calculus.program.program import Program
from gradcli.calculus.program.typed_numbers import TypedFloat
from gradcli.shell.tables.point_answers import PointAnswers
from gradcli.shell.tables.row_question import PointAnswer, RowQuestion

BITS = 192

#: Numbers at which functions end, have poles, are 0, or leave the exponents of floats.
EDGES = (
    0.0,
    -0.0,
    1.0,
    -1.0,
    1 + 2.0**-52,
    1 - 2.0**-53,
    -1 - 2.0**-52,
    math.pi / 2,
    math.pi,
    1e-300,
    -5e-324,
    1e300,
    1e22,
    0.5,
)


def program_of(code, variables=("x", "y"), constants=()):
    slots = len(variables) + len(constants) + len(code)
    return Program(
        variables,
        constants,
        tuple(code),
        0,
        slots - 1,
        (None,) * len(variables),
        (),
        (None,) * len(code),
        frozenset(),
    )


def careful(program, point, outputs):
    """The floats nearest to the outputs by `ball_backend.run`, None where it does not tell them."""
    found = []
    for slot in outputs:
        x = run(program, point, BITS)[slot]
        if isinstance(x, Failure) or not (exact(x) or x.rel_accuracy_bits() >= plain.RIGHT_BITS):
            return None
        number = nearest_double(x)
        if not math.isfinite(number) or (number == 0 and x != 0):
            return None
        found.append(number)
    return found


def random_program(source):
    """Some operations on what is there, sums of numbers that are nearly the same among them."""
    code, ops = [], sorted(plain._PLAIN)
    for slot in range(3, 3 + source.randint(1, 9)):
        op = source.choice(ops if source.random() < 0.7 else ("add", "sub", "mul", "div"))
        code.append(
            (op, *(source.choice((slot - 1, source.randrange(slot))) for _ in range(ARITY.get(op, 1))))
        )
    return program_of(code, constants=(source.choice(("2", "0.1", "pi", "1e-20")),))


def test_random_programs_give_the_floats_of_the_careful_way():
    """At plain points, at numbers that nearly cancel, and at the ends of domains; where those have none, there are none."""
    source, told, refused = random.Random(3), 0, 0
    for _ in range(6_000):
        program = random_program(source)
        outputs = [slot for slot in range(3, 3 + len(program.code)) if source.random() < 0.3] + [
            program.value
        ]
        x = source.choice((source.gauss(0, 1), source.gauss(0, 1), source.choice(EDGES)))
        y = source.choice((x, x + 2.0**-50, math.sin(x), source.gauss(0, 1), source.choice(EDGES)))
        straight = plain.straight_line(program, outputs, BITS)
        assert straight is not None
        found, wanted = straight([x, y]), careful(program, [x, y], outputs)
        if found is None:
            refused += wanted is not None
        else:
            assert found == wanted, (program.code, x, y)
            told += 1
    assert told > 3_500 and refused < told / 8  # zeros that only rationals can tell


#: Operation -> arguments at which it has no value, or none that balls can tell.
OUTSIDE = {
    "div": ((1.0, 0.0), (0.0, 0.0), (1.0, arb(0, 1e-30))), "sqrt": (-1e-300, arb(0, 1e-30)), "log": (0.0, -1.0, arb(0, 1e-30)),
    "log1p": (-1.0, -2.0, arb(-1, 1e-30)), "asin": (2.0, 1 + 2.0**-52, arb(1, 1e-30)), "acos": (-2.0, arb(-1, 1e-30)),
    "acosh": (0.5, -3.0, arb(1, 1e-30)), "atanh": (1.0, -1.0, 3.0, arb(1, 1e-30)),
    "tan": (arb.pi() / 2,), "sec": (arb.pi() / 2,), "csc": (0.0, arb.pi()), "cot": (0.0, arb.pi()),
    "csch": (0.0, arb(0, 1e-30)),
    "coth": (0.0, arb(0, 1e-30)), **dict.fromkeys(("exp", "expm1", "sinh", "cosh"), (1e19, -1e19, 1e300)),
}  # fmt: skip


@pytest.mark.parametrize("op", sorted(plain._PLAIN))
def test_outside_of_a_domain_there_is_no_number(op):
    """Nor of anything that is made of it: no operation makes a number of what is none, as tanh does of what has no end."""
    for outside in (*OUTSIDE.get(op, ()), math.nan):
        arguments = outside if isinstance(outside, tuple) else (outside,) * ARITY.get(op, 1)
        names = ("x", "y")[: len(arguments)]
        first = (op, *range(len(arguments)))
        for after in sorted(plain._PLAIN):
            slot = len(arguments)
            code = [first, (after, *[slot] * ARITY.get(after, 1)), ("tanh", slot + 1)]
            straight = plain.straight_line(program_of(code, names), [slot + 2], BITS)
            assert straight(arguments) is None, (op, after, arguments)


def test_a_float_halfway_between_two_is_not_told_by_a_ball_around_it():
    """The midpoint of a ball may be on the wrong side; an exact number is rounded to even."""
    assert plain._nearest(arb(1 + 2.0**-52) + arb(2) ** -53) == 1 + 2.0**-51
    assert plain._nearest(arb(1) + arb(2) ** -53 + arb(0, 1e-40)) is None
    assert plain._nearest(arb(1) + arb(2) ** -53 + arb(2) ** -100 + arb(0, 1e-40)) == 1 + 2.0**-52
    assert plain._nearest(arb(0)) == 0.0 and plain._nearest(arb(2) ** -1200) is None is plain._nearest(
        arb(2) ** 1200
    )


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [("x**3 - y*x**2", True), ("x**0.5", False), ("x**y", False), ("abs(x)", False), ("sinc(x)", False)],
)
def test_which_programs_are_plain(text, is_plain):
    """Small whole powers are; what has corners, or makes a number of what is none, is not."""
    program = compile_text((text,), ("x", "y")[: 1 + ("y" in text)], formulas=False).program
    straight = plain.straight_line(program, [program.value], BITS)
    assert (straight is not None) is is_plain
    if is_plain:
        assert straight([0.1, 0.3]) == careful(program, [0.1, 0.3], [program.value])


@pytest.mark.parametrize("numbers", [(0.3, 0.7), (0.0, 1.0), (1e200, 1e200), (-1.0, 5.0)])
def test_rows_in_balls_are_those_of_the_careful_way(numbers, monkeypatch):
    """A typed decimal among them, a slope that there is none of, and points without a value."""
    program = compile_text(
        ("exp(-x*a)*sin(x*y) + log(x)",), ("x", "y", "a"), ("x", "y"), formulas=False
    ).program
    asked = RowQuestion(
        program,
        program.value,
        program.gradient,
        (None, None, 0.0),
        {"a": TypedFloat(0.1, "0.1")},
        ("x", "y"),
        lambda at: PointAnswer(None, [], "none"),
    )
    found = PointAnswers(asked, sure=1.0).in_balls(numbers)
    monkeypatch.setattr(plain, "_PLAIN", {})
    assert found == PointAnswers(asked, sure=1.0).in_balls(numbers)
