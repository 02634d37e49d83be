"""Programs in Python floats: instruction by instruction, or compiled to one Python function."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

from gradcli.calculus.program.instructions import FLOATS, Float
from gradcli.calculus.program.program import Program

#: Instructions that Python itself has; the others are calls.
_OPERATORS = {
    "add": "{} + {}",
    "sub": "{} - {}",
    "mul": "{} * {}",
    "div": "{} / {}",
    "neg": "-{}",
    "square": "{0} * {0}",
}

#: In place of a second slot: there is none, or all slots are a list.
_ONE, _MANY = -1, -2

_CONSTANTS = {"pi": math.pi, "e": math.e}


def constant(text: str) -> float:
    """A constant of a program as a float."""
    return _CONSTANTS[text] if text in _CONSTANTS else float(text)


def quiet(operation: Callable[..., float]) -> Callable[..., float]:
    """The operation with nan in place of its errors, for pieces that need not be taken."""

    def safe(*arguments: float) -> float:
        """The operation's answer, nan for its errors."""
        try:
            return operation(*arguments)
        except (ValueError, ArithmeticError):
            return math.nan

    return safe


def table(program: Program) -> list[Callable[..., float]]:
    """The Python function of each instruction."""
    plain = {name: float_operation(name) for name in {instruction[0] for instruction in program.code}}
    functions = [plain[instruction[0]] for instruction in program.code]
    guarded = [index for index in program.guarded if index < len(functions)]
    safe = {name: quiet(plain[name]) for name in {program.code[index][0] for index in guarded}}
    for index in guarded:
        functions[index] = safe[program.code[index][0]]
    return functions


def run(program: Program, point: Sequence[float], upto: int | None = None) -> list[float]:
    """All slots at *point*, instruction by instruction. Raises what the operations raise."""
    return _carried_out(program, table(program), point, upto)


def _carried_out(
    program: Program, functions: Sequence[Callable[..., float]], point: Sequence[float], upto: int | None
) -> list[float]:
    slots = [*point, *map(constant, program.constants)]
    for function, instruction in zip(functions, program.code[:upto], strict=False):
        slots.append(function(*[slots[i] for i in instruction[1:]]))
    return slots


def _folded(program: Program, functions: Sequence[Callable[..., float]]) -> list[float]:
    """The slots that depend on constants alone, behind those of the variables."""
    return _carried_out(program, functions, [0.0] * len(program.variables), program.folded)


Compiled = Callable[..., tuple[float, ...]]


def compiled(program: Program) -> Compiled:
    """A Python function from the variables' values to (value, one partial per variable with one).

    Its text is made of slot numbers alone: no name and no literal of the user's is part of it.
    """
    header = ", ".join(f"v{i}" for i in range(len(program.variables)))
    body = [f"    v{program.first + i} = {text}" for i, text in statements(program)]
    outputs = [program.value, *(slot for slot in program.gradient if slot is not None)]
    result = ", ".join(f"v{slot}" for slot in outputs)
    source = "\n".join([f"def program({header}):", *body, f"    return ({result},)"])
    function: Compiled = assemble(source, environment(program))
    return function


def interpreted(program: Program) -> Compiled:
    """The same function without a text that is compiled: instruction by instruction, over what was looked up beforehand.

    A call takes about twice as long, and Python compiles as much in the time of a hundred calls.
    """
    functions, folded = table(program), program.folded
    begin = _folded(program, functions)[len(program.variables) :]
    code = [
        (function, one[1], one[2]) if len(one) == 3
        else (function, *one[1:], *([_ONE] * (3 - len(one)))) if len(one) < 3
        else (function, one[1:], _MANY)
        for function, one in zip(functions[folded:], program.code[folded:], strict=True)
    ]  # fmt: skip
    outputs = [program.value, *(slot for slot in program.gradient if slot is not None)]

    def carried_out(*point: float) -> tuple[float, ...]:
        """(value, one partial per variable with one)."""
        slots: list[float] = [*point, *begin]
        push = slots.append
        for function, a, b in code:
            if b >= 0:
                push(function(slots[a], slots[b]))
            elif b == _ONE:
                push(function(slots[a]))
            else:
                push(function(*[slots[one] for one in a]))
        return tuple([slots[slot] for slot in outputs])

    return carried_out


def environment(program: Program) -> dict[str, Any]:
    """What the compiled text may name: constants, folded results, and the functions it calls."""
    functions, names = table(program), dict[str, Any]({"__builtins__": {}})
    slots = _folded(program, functions)
    for slot in range(len(program.variables), len(slots)):
        names[f"v{slot}"] = slots[slot]
    for index, function in enumerate(functions):
        names[_function_name(program, index)] = function
    return names


def assemble(source: str, names: dict[str, Any]) -> Any:
    """The one function that *source* defines, over *names*."""
    module = compile(source, "<program>", "exec")
    code = next(item for item in module.co_consts if hasattr(item, "co_code"))
    return FunctionType(code, names)


def statements(program: Program) -> list[tuple[int, str]]:
    """The slot number, counted from the first instruction's, and the right-hand side of what is not folded."""
    return [(i, statement(program, i)) for i in range(program.folded, len(program.code))]


def statement(program: Program, index: int) -> str:
    """The right-hand side of one instruction."""
    instruction = program.code[index]
    slots = [f"v{slot}" for slot in instruction[1:]]
    template = None if index in program.guarded else _OPERATORS.get(instruction[0])
    return template.format(*slots) if template else f"{_function_name(program, index)}({', '.join(slots)})"


def _function_name(program: Program, index: int) -> str:
    return f"{'quiet' if index in program.guarded else 'f'}_{program.code[index][0]}"


def float_operation(name: str) -> Float:
    """The Python function that carries out an instruction in floats; special ones by balls, rounded once."""
    if name in FLOATS:
        return FLOATS[name]
    from gradcli.calculus.balls.programs.special_floats import rounded

    return rounded(name)
