"""Conditions and steps of numbers that rest → the numbers that they are, for descents, whose floats round what they compare.

`where(x - 0.1 >= 0.2, …)` takes its first piece at x = 0.3, and in floats the other one. What moves is compared in floats.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from gradcli.calculus.program.instructions import FLOATS
from gradcli.calculus.program.program import Instruction, Program, made_of
from gradcli.calculus.program.typed_numbers import is_short, text_of

#: What jumps, and so may differ by more than its arguments are rounded.
STEPS = frozenset(("lt", "le", "eq", "ne", "floor", "ceil", "sign", "heaviside", "mod", "lt_side", "le_side", "eq_side",
                   "ne_side", "floor_side", "sign_side", "heaviside_side"))  # fmt: skip

#: Bits of the balls: what they do not decide either is left to floats.
BITS = 192


def with_settled(program: Program, given: Mapping[str, Any]) -> Program:
    """*program* with what floats decide otherwise than exact numbers as constants, where all is known of it.

    given: the numbers of variables that rest, as they were typed; computed ones are left out.
    """
    known = {name: x for name, x in given.items() if text_of(x) is not None or is_short(float(x))}
    steps = resting_steps(program, known)
    if not steps:
        return program
    found = _exactly(program, known, steps)
    return _with_constants(program, found) if found else program


def resting_steps(program: Program, resting: Collection[str]) -> list[int]:
    """The instructions that jump and are made of constants and of the variables *resting* alone."""
    if not any(one[0] in STEPS for one in program.code):
        return []
    still = {slot for slot, name in enumerate(program.variables) if name in resting}
    still |= set(range(len(program.variables), program.first))
    steps = []
    for index, (op, *places) in enumerate(program.code):
        if still.issuperset(places):
            still.add(program.first + index)
            if op in STEPS:
                steps.append(index)
    return steps


def plain_part(program: Program, steps: Collection[int]) -> tuple[Program, dict[int, int]]:
    """What *steps* are made of alone, each as the operation whose slope it may be; and the slot of each step in it."""
    needed = made_of(program, [program.first + index for index in steps])
    names = [slot for slot in range(len(program.variables)) if slot in needed]
    constants = range(len(program.variables), program.first)
    places = {slot: place for place, slot in enumerate((*names, *constants))}
    first, code = len(places), list[Instruction]()
    for index, (op, *args) in enumerate(program.code):
        if program.first + index in needed:
            places[program.first + index] = first + len(code)
            code.append(
                (op.removesuffix("_side") if index in steps else op, *(places[slot] for slot in args))
            )
    part = Program(
        tuple(program.variables[slot] for slot in names), program.constants, tuple(code), 0, 0, (None,) * len(names), (),
        (None,) * len(code), frozenset(range(len(code))),
    )  # fmt: skip
    return part, {index: places[program.first + index] for index in steps}


def step_in_floats(part: Program, place: int, op: str, point: Sequence[float]) -> float:
    """What a step at a slot of its part is in floats, by its own operation; no number where it fails, as slopes do at ties."""
    from gradcli.calculus.backends import float_backend

    slots = float_backend.run(part, point)
    args = [slots[slot] for slot in part.code[place - part.first][1:]]
    return float_backend.quiet(FLOATS[op])(*args)


def _exactly(program: Program, given: Mapping[str, Any], steps: Collection[int]) -> dict[int, str]:
    """The decimal that each step is, of those that are one for certain and that floats have otherwise."""
    from gradcli.calculus.balls.ball_numbers import exact
    from gradcli.calculus.balls.programs.ball_backend import run

    part, places = plain_part(program, steps)
    point = [given[name] for name in part.variables]
    slots, floats, found = run(part, point, BITS), [float(x) for x in point], dict[int, str]()
    for index, place in places.items():
        text = decimal_of(slots[place]) if exact(slots[place]) else None
        if text is not None and float(text) != step_in_floats(part, place, program.code[index][0], floats):
            found[index] = text
    return found


def decimal_of(quotient: Any) -> str | None:
    """The decimal that a rational is; None where it has none of few digits."""
    above, below = int(quotient.p), int(quotient.q)
    for digits in range(40):
        if 10**digits % below == 0:
            return f"{above * (10**digits // below)}e-{digits}" if digits else str(above)
    return None


def _with_constants(program: Program, found: Mapping[int, str]) -> Program:
    texts = tuple(dict.fromkeys(("0", *found.values())))
    first, more = program.first, len(texts)

    def moved(slot: int) -> int:
        return slot if slot < first else slot + more

    code = [
        ("add", first + texts.index(found[index]), first) if index in found else (op, *map(moved, args))
        for index, (op, *args) in enumerate(program.code)
    ]
    gradient = tuple(None if slot is None else moved(slot) for slot in program.gradient)
    return program._replace(
        constants=program.constants + texts, code=tuple(code), value=moved(program.value), gradient=gradient
    )
