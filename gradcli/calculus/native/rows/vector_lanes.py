"""Lanes of double-double arithmetic as LLVM's vectors: what is written for arrays writes lines of machine code here."""

from __future__ import annotations

from array import array
from typing import Any

from gradcli.calculus.double_double.lanes import ArrayLanes, Floats
from gradcli.calculus.native.machine_lines import real

#: Lanes of a vector.
LANES = 8

FLOATS, WHOLES, CONDITIONS = f"<{LANES} x double>", f"<{LANES} x i64>", f"<{LANES} x i1>"

_FUNCTIONS = {"fma": 3, "sqrt": 1, "floor": 1, "fabs": 1}

#: What stands before the functions of a module.
DECLARED = "\n".join([
    *(f"declare {FLOATS} @llvm.{name}.v{LANES}f64({', '.join([FLOATS] * count)})" for name, count in _FUNCTIONS.items()),
    f"declare {FLOATS} @llvm.masked.gather.v{LANES}f64.v{LANES}p0(<{LANES} x ptr>, i32, {CONDITIONS}, {FLOATS})",
])  # fmt: skip


class VectorLanes(ArrayLanes):
    """Lanes whose floats are `Vector`, or floats that all lanes share. fused: whether a product and a sum are one operation.

    Without it a product leaves what halves of its factors do, as in arrays. lines: what was written; tables: those that are
    looked into.
    """

    def __init__(self, *, fused: bool) -> None:
        self._fused, self.lines = fused, list[str]()
        self.tables: dict[int, array[float]] = {}

    def line(self, text: str) -> str:
        """The name of what *text* computes."""
        self.lines.append(f"%n{len(self.lines)} = {text}")
        return f"%n{len(self.lines) - 1}"

    def vector(self, text: str) -> Vector:
        """The floats that *text* computes."""
        return Vector(self, self.line(text))

    def name(self, a: Floats) -> str:
        """Floats as an operand."""
        return a.name if isinstance(a, Vector) else _same("double", real(float(a)))

    def product(self, a: Floats, b: Floats) -> tuple[Floats, Floats]:
        """By a fused operation, where there is one."""
        if not self._fused or not (isinstance(a, Vector) or isinstance(b, Vector)):
            return super().product(a, b)
        found = a * b
        return found, self._function("fma", a, b, -found)

    def size(self, a: Floats) -> Floats:
        """|a|."""
        return self._function("fabs", a)

    def root(self, a: Floats) -> Floats:
        """The square root, rounded to nearest."""
        return self._function("sqrt", a)

    def floor(self, a: Floats) -> Floats:
        """The largest whole number that is not above a."""
        return self._function("floor", a)

    def chosen(self, condition: Condition, a: Floats, b: Floats) -> Floats:
        """a where the condition holds, else b."""
        names = f"{CONDITIONS} {condition.name}, {FLOATS} {self.name(a)}, {FLOATS} {self.name(b)}"
        return self.vector(f"select {names}")

    def entry(self, table: array[float], place: Floats) -> Floats:
        """The number of a table at a whole place of it."""
        self.tables[id(table)] = table
        whole = self.line(f"fptosi {FLOATS} {self.name(place)} to {WHOLES}")
        where = self.line(
            f"getelementptr double, ptr @table{[*self.tables].index(id(table))}, {WHOLES} {whole}"
        )
        all_of_them, nothing = _same("i1", "true"), _same("double", real(0.0))
        return self.vector(
            f"call {FLOATS} @llvm.masked.gather.v{LANES}f64.v{LANES}p0(<{LANES} x ptr> {where}, i32 8,"
            f" {CONDITIONS} {all_of_them}, {FLOATS} {nothing})"
        )

    def power_of_two(self, exponent: Floats) -> Floats:
        """2**exponent for whole numbers from -1022 to 1023."""
        whole = self.line(f"fptosi {FLOATS} {self.name(exponent + 1023.0)} to {WHOLES}")
        bits = self.line(f"shl {WHOLES} {whole}, {_same('i64', '52')}")
        return self.vector(f"bitcast {WHOLES} {bits} to {FLOATS}")

    def exponent(self, a: Floats) -> Floats:
        """The exponent of the power of two that is next below a normal float of any sign, or equal to it in size."""
        bits = self.line(f"bitcast {FLOATS} {self.name(a)} to {WHOLES}")
        above = self.line(f"lshr {WHOLES} {bits}, {_same('i64', '52')}")
        biased = self.line(f"and {WHOLES} {above}, {_same('i64', '2047')}")
        return self.vector(f"sitofp {WHOLES} {biased} to {FLOATS}") - 1023.0

    def _function(self, name: str, *a: Floats) -> Vector:
        arguments = ", ".join(f"{FLOATS} {self.name(one)}" for one in a)
        return self.vector(f"call {FLOATS} @llvm.{name}.v{LANES}f64({arguments})")


class Condition:
    """A condition in each lane."""

    def __init__(self, lanes: VectorLanes, name: str) -> None:
        self._lanes, self.name = lanes, name

    def __and__(self, other: Condition) -> Condition:
        return Condition(self._lanes, self._lanes.line(f"and {CONDITIONS} {self.name}, {other.name}"))

    def __or__(self, other: Condition) -> Condition:
        return Condition(self._lanes, self._lanes.line(f"or {CONDITIONS} {self.name}, {other.name}"))


class Vector:
    """Floats of all lanes."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, lanes: VectorLanes, name: str) -> None:
        self._lanes, self.name = lanes, name

    def __neg__(self) -> Vector:
        return self._lanes.vector(f"fneg {FLOATS} {self.name}")

    def __add__(self, other: Floats) -> Vector:
        return self._binary("fadd", self, other)

    def __radd__(self, other: float) -> Vector:
        return self._binary("fadd", other, self)

    def __sub__(self, other: Floats) -> Vector:
        return self._binary("fsub", self, other)

    def __rsub__(self, other: float) -> Vector:
        return self._binary("fsub", other, self)

    def __mul__(self, other: Floats) -> Vector:
        return self._binary("fmul", self, other)

    def __rmul__(self, other: float) -> Vector:
        return self._binary("fmul", other, self)

    def __truediv__(self, other: Floats) -> Vector:
        return self._binary("fdiv", self, other)

    def __rtruediv__(self, other: float) -> Vector:
        return self._binary("fdiv", other, self)

    def __lt__(self, other: Floats) -> Condition:
        return self._compared("olt", other)

    def __gt__(self, other: Floats) -> Condition:
        return self._compared("ogt", other)

    def __ge__(self, other: Floats) -> Condition:
        return self._compared("oge", other)

    def __eq__(self, other: object) -> Condition:  # type: ignore[override]
        return self._compared("oeq", other)

    def __ne__(self, other: object) -> Condition:  # type: ignore[override]
        return self._compared("une", other)

    def _binary(self, operation: str, a: Any, b: Any) -> Vector:
        return self._lanes.vector(f"{operation} {FLOATS} {self._lanes.name(a)}, {self._lanes.name(b)}")

    def _compared(self, condition: str, other: Any) -> Condition:
        text = f"fcmp {condition} {FLOATS} {self.name}, {self._lanes.name(other)}"
        return Condition(self._lanes, self._lanes.line(text))


def _same(kind: str, number: str) -> str:
    """A constant vector."""
    return f"<{', '.join([f'{kind} {number}'] * LANES)}>"
