"""Operations on double-double numbers and on floats as machine code: each on so many rows at once, without Python's lock.

A program is not code here but a list of steps, so that code is made once for all programs that have the same operations.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from gradcli.calculus.double_double.lanes import Floats, Lanes
from gradcli.calculus.double_double.pair_arithmetic import Pair
from gradcli.calculus.double_double.pair_functions import FUNCTIONS, sine_and_cosine
from gradcli.calculus.native.machine_code import MachineCode
from gradcli.calculus.native.machine_lines import real
from gradcli.calculus.native.rows.memory_places import address
from gradcli.calculus.native.rows.vector_lanes import DECLARED, FLOATS, LANES, Vector, VectorLanes

#: Rows of a step.
ROWS = 64

#: Words of a step: the operation, where its result and its arguments are, and how far these are on in the next rows.
STEP = 7

#: Operations on pairs, with as many arguments and results.
_PAIRS: dict[str, tuple[Callable[..., Sequence[Pair]], int, int]] = {
    **{name: (lambda m, *x, f=one: [f(m, *x)], 1 + (name in ("add", "sub", "mul", "gate", "div")), 1)
       for name, one in FUNCTIONS.items()},
    "sine_and_cosine": (sine_and_cosine, 1, 2),
}  # fmt: skip


def _larger(m: Lanes, a: Floats, b: Floats) -> Floats:
    """No number where one is none."""
    return m.chosen(m.size(b) >= 0.0, m.chosen(b > a, b, a), b)


#: Operations on floats: those of `error_lines`, for sines and cosines those of pairs.
_FLOATS: dict[str, tuple[Callable[..., Floats], int]] = {
    "add": (lambda m, a, b: a + b, 2), "sub": (lambda m, a, b: a - b, 2), "mul": (lambda m, a, b: a * b, 2),
    "div": (lambda m, a, b: a / b, 2), "max": (_larger, 2), "neg": (lambda m, a: -a, 1), "abs": (lambda m, a: m.size(a), 1),
    "sin": (lambda m, a: sine_and_cosine(m, Pair(a, 0.0))[0].high, 1),
    "cos": (lambda m, a: sine_and_cosine(m, Pair(a, 0.0))[1].high, 1),
}  # fmt: skip


class Operation(NamedTuple):
    """An operation on pairs, or on floats."""

    name: str
    pairs: bool


def is_known(operation: Operation) -> bool:
    """Whether there is code for it."""
    return operation.name in (_PAIRS if operation.pairs else _FLOATS)


class PairCode:
    """Code for operations. Raises ImportError, OSError and RuntimeError where LLVM cannot be used."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        import ctypes

        self._code = MachineCode(_module(operations))
        self.places = {one: self._code.address(_name(one)) for one in operations}
        place, whole = ctypes.c_void_p, ctypes.c_int64
        self._run = self._code.function("run", None, place, whole, whole, locked=False)

    def run(self, steps: Any, blocks: int) -> None:
        """Carry out the steps, an array of STEP words each, for so many times ROWS rows. The words move on."""
        self._run(address(steps), len(steps), blocks)


@lru_cache(maxsize=8)
def pair_code(operations: tuple[Operation, ...]) -> PairCode:
    """The code, made once."""
    return PairCode(operations)


def lines_of(operations: Sequence[Operation]) -> int:
    """About how many lines the code has."""
    return sum(
        300 if one.name in ("sine_and_cosine", "sin", "cos", "exp", "log", "tanh", "sigmoid") else 30
        for one in operations
    )


def _name(one: Operation) -> str:
    return f"{one.name}_of_{'pairs' if one.pairs else 'floats'}"


def _module(operations: Sequence[Operation]) -> str:
    m = VectorLanes(fused=_has_fused_operations())
    functions = [_of_pairs(m, one) if one.pairs else _of_floats(m, one) for one in operations]
    tables = [
        f"@table{place} = internal constant [{len(table)} x double] [{', '.join(f'double {real(x)}' for x in table)}]"
        for place, table in enumerate(m.tables.values())
    ]
    return "\n".join([DECLARED, *tables, *functions, _driver()])


def _has_fused_operations() -> bool:
    import llvmlite.binding as llvm

    return platform.machine().lower() in ("aarch64", "arm64") or bool(llvm.get_host_cpu_features().get("fma"))


def _of_pairs(m: VectorLanes, one: Operation) -> str:
    """`@NAME(into, a, b)`: a second result is where the second argument of others is."""
    function, count, results = _PAIRS[one.name]
    begin = len(m.lines)
    arguments = [
        Pair(*(_loaded(m, name, i, part) for part in (0, ROWS)))
        for i, name in enumerate(("%a", "%b")[:count])
    ]
    found = function(m, *arguments)
    for target, pair in zip(("%into", "%b"), found[:results], strict=False):
        for part, number in zip((0, ROWS), pair, strict=True):
            _store(m, target, part, number)
    return _function(_name(one), m.lines[begin:])


def _of_floats(m: VectorLanes, one: Operation) -> str:
    function, count = _FLOATS[one.name]
    begin = len(m.lines)
    _store(
        m, "%into", 0, function(m, *(_loaded(m, name, i, 0) for i, name in enumerate(("%a", "%b")[:count])))
    )
    return _function(_name(one), m.lines[begin:])


def _loaded(m: VectorLanes, name: str, argument: int, part: int) -> Vector:
    row = m.line(f"add i64 %row, {part}")
    place = m.line(f"getelementptr double, ptr {name}, i64 {row}")
    return m.vector(f"load {FLOATS}, ptr {place}, align 8")


def _store(m: VectorLanes, name: str, part: int, number: Floats) -> None:
    row = m.line(f"add i64 %row, {part}")
    place = m.line(f"getelementptr double, ptr {name}, i64 {row}")
    m.lines.append(f"store {FLOATS} {m.name(number)}, ptr {place}, align 8")


def _function(name: str, lines: Sequence[str]) -> str:
    return "\n".join([
        f"define void @{name}(ptr %into, ptr %a, ptr %b) noinline {{", "entry:", "br label %rows", "rows:",
        "%row = phi i64 [0, %entry], [%next, %rows]", *lines, f"%next = add nuw nsw i64 %row, {LANES}",
        f"%more = icmp ult i64 %next, {ROWS}", "br i1 %more, label %rows, label %end", "end:", "ret void", "}",
    ])  # fmt: skip


def _driver() -> str:
    """`@run(steps, count, blocks)`: block by block, step by step; each moves its places on to those of the next block."""
    places = [
        line for i, name in enumerate(("into", "a", "b"), 1)
        for line in (f"%{name}p = getelementptr i64, ptr %step, i64 {i}", f"%{name} = load i64, ptr %{name}p",
                     f"%{name}s = getelementptr i64, ptr %step, i64 {i + 3}", f"%{name}d = load i64, ptr %{name}s",
                     f"%{name}n = add i64 %{name}, %{name}d", f"store i64 %{name}n, ptr %{name}p",
                     f"%{name}q = inttoptr i64 %{name} to ptr")
    ]  # fmt: skip
    return "\n".join([
        "define void @run(ptr %steps, i64 %count, i64 %blocks) {", "entry:", f"%whole = mul i64 %count, {STEP}",
        "%any = icmp ult i64 0, %blocks", "br i1 %any, label %block, label %end",
        "block:", "%k = phi i64 [0, %entry], [%kn, %done]", "br label %one",
        "one:", "%i = phi i64 [0, %block], [%in, %one]", "%step = getelementptr i64, ptr %steps, i64 %i",
        "%f = load ptr, ptr %step", *places, "call void %f(ptr %intoq, ptr %aq, ptr %bq)", f"%in = add i64 %i, {STEP}",
        "%more = icmp ult i64 %in, %whole", "br i1 %more, label %one, label %done",
        "done:", "%kn = add i64 %k, 1", "%again = icmp ult i64 %kn, %blocks", "br i1 %again, label %block, label %end",
        "end:", "ret void", "}",
    ])  # fmt: skip
