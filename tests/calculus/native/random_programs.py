"""Random programs over the whole table of instructions, checked as a program of the library is, and points for them."""

from __future__ import annotations

import math
import random

from gradcli.calculus.program.instructions import ARITY, FLOATS, SUM
from gradcli.calculus.program.program import Program, from_data, to_data

#: Zeros of both signs, ends of ranges of functions, subnormal, huge and tiny numbers.
EDGES = (
    0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 3.0, -2.0, -3.0, 20.0, -20.0, 1e-310, -5e-324, 2.2250738585072014e-308, 1e308,
    -1e308, 709.0, 710.0, -745.0, -746.0, 1e-160, 1e160, 1.5, 2.5, 1e16, 0.1,
)  # fmt: skip
CONDITIONS = ("lt", "le", "eq", "ne")
NUMBERS = tuple(sorted({*FLOATS} - {*CONDITIONS, "select"}))


def number(rng: random.Random) -> float:
    kind = rng.random()
    if kind < 0.3:
        return rng.choice(EDGES)
    if kind < 0.7:
        return rng.uniform(-3, 3)
    if kind < 0.9:
        return rng.gauss(0, 100)
    return math.copysign(10 ** rng.uniform(-308, 308), rng.random() - 0.5)


def random_program(rng: random.Random) -> Program:
    """A program of up to 30 instructions whose conditions are asked by `select`; a fifth of the others is guarded."""
    variables, constants = rng.randint(1, 4), [repr(number(rng)) for _ in range(rng.randint(1, 4))]
    code, guarded, numbers = [], set(), list(range(variables + len(constants)))
    for _ in range(rng.randint(1, 30)):
        slot = variables + len(constants) + len(code)
        if rng.random() < 0.15:
            code.append((rng.choice(CONDITIONS), rng.choice(numbers), rng.choice(numbers)))
            code.append(("select", slot, rng.choice(numbers), rng.choice(numbers)))
            numbers.append(slot + 1)
            continue
        op = (
            rng.choice(NUMBERS)
            if rng.random() < 0.5
            else rng.choice(("add", "sub", "mul", "div", "square", SUM))
        )
        count = rng.randint(1, 6) if op == SUM else ARITY.get(op, 1)
        if rng.random() < 0.2:
            guarded.add(len(code))
        code.append((op, *(rng.choice(numbers[-8:]) for _ in range(count))))
        numbers.append(slot)
    gradient = [rng.choice([None, rng.choice(numbers)]) for _ in range(variables)]
    program = Program(
        tuple(f"x{i}" for i in range(variables)), tuple(constants), tuple(code), 0, numbers[-1], tuple(gradient), (),
        (None,) * len(code), frozenset(guarded),
    )  # fmt: skip
    return from_data(to_data(program))
