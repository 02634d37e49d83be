"""One block of LLVM's language, line by line, and what must hold for its numbers to be Python's.

Operations are carried out in the order in which Python does them, none is fused, none assumes anything of its
numbers. Where Python would raise, or where that is not certain, the block finds out at its end: a number that must be
finite is *watched*, a condition that must not hold is *refused*. Python then carries out that step, and says why.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Sums in which finite numbers are 0 and others are nan: so many chains at a time keep a processor busy.
CHAINS = 8

#: The functions that LLVM carries out by an instruction: exact, or correctly rounded.
INTRINSICS = {"sqrt": 1, "fabs": 1, "floor": 1, "ceil": 1, "copysign": 2}


class Unsuitable(Exception):
    """The program is one for Python: it holds what has no machine code with the same bits."""


def real(number: float) -> str:
    """A float as LLVM writes it: its bits."""
    return f"0x{struct.unpack('<Q', struct.pack('<d', number))[0]:016X}"


def number_of(text: str) -> float:
    """The float that `real` wrote."""
    found: float = struct.unpack("<d", struct.pack("<Q", int(text, 16)))[0]
    return found


def is_constant(text: str) -> bool:
    """Whether an operand is a number that is known."""
    return text.startswith("0x")


ZERO, ONE, NAN, INFINITY = real(0.0), real(1.0), real(float("nan")), real(float("inf"))


class MachineLines:
    """Lines that are written once each: the same operation on the same operands has one name.

    Names of numbers begin with %, numbers that are known with 0x. calls_python: whether functions of Python's are called;
    widest: with how many numbers at most; kept: what must live as long as the code.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.watched: dict[str, None] = {}
        self.refused: dict[str, None] = {}
        self.bounded: dict[str, None] = {}
        self.calls_python, self.widest, self.kept = False, 0, list[object]()
        self._names: dict[str, str] = {}
        self._guard: list[str] | None = None

    def line(self, text: str) -> str:
        """The name of what *text* computes."""
        if text not in self._names:
            self._names[text] = f"%n{len(self._names)}"
            self.lines.append(f"{self._names[text]} = {text}")
        return self._names[text]

    def fresh(self, text: str, numbers: Sequence[str], into: str = "@numbers") -> str:
        """The name of what *text* computes from memory; it has one of its own. The *numbers* are in *into* then."""
        name = f"%m{len(self.lines)}"
        self.lines.append(f"{name} = {text} ; {into} {' '.join(numbers)}")
        return name

    def binary(self, operation: str, a: str, b: str) -> str:
        """fadd, fsub, fmul, fdiv of two numbers."""
        return self.line(f"{operation} double {a}, {b}")

    def compare(self, condition: str, a: str, b: str) -> str:
        """A condition on two numbers, as LLVM names it."""
        return self.line(f"fcmp {condition} double {a}, {b}")

    def select(self, condition: str, a: str, b: str) -> str:
        """One of two numbers."""
        return self.line(f"select i1 {condition}, double {a}, double {b}")

    def both(self, a: str, b: str) -> str:
        """Both conditions."""
        return self.line(f"and i1 {a}, {b}")

    def either(self, conditions: Iterable[str]) -> str:
        """One of the conditions at least."""
        found = [*conditions]
        while len(found) > 1:
            pairs = zip(found[::2], found[1::2], strict=False)
            found = [self.line(f"or i1 {a}, {b}") for a, b in pairs] + found[len(found) & ~1 :]
        return found[0] if found else "false"

    def opposite(self, condition: str) -> str:
        """The condition does not hold."""
        return self.line(f"xor i1 {condition}, true")

    def intrinsic(self, name: str, *arguments: str) -> str:
        """One of INTRINSICS."""
        return self.line(f"call double @llvm.{name}.f64({', '.join(f'double {a}' for a in arguments)})")

    def is_finite(self, number: str) -> str:
        """Whether it is neither infinite nor nan."""
        return self.compare("olt", self.intrinsic("fabs", number), INFINITY)

    def watch(self, number: str) -> None:
        """The block holds only where that is finite. Raises Unsuitable where it never is."""
        if not is_constant(number):
            self.watched[number] = None
        elif not math.isfinite(number_of(number)):
            raise Unsuitable("nan")

    def bound(self, number: str) -> None:
        """The block holds only where that is so small that no sum of such numbers can overflow. Raises Unsuitable."""
        if not is_constant(number):
            self.bounded[number] = None
        elif not abs(number_of(number)) < 2.0**900:
            raise Unsuitable("large")

    def refuse(self, condition: str) -> None:
        """The block holds only where the condition does not."""
        if self._guard is None:
            self.refused[condition] = None
        else:
            self._guard.append(condition)

    @property
    def guarded(self) -> bool:
        """Whether what is written may fail without harm: it is nan then."""
        return self._guard is not None

    @contextmanager
    def guard(self) -> Iterator[Callable[[str], str]]:
        """Inside, conditions that are refused make nan of the number that the answer is called with."""
        conditions = self._guard = list[str]()

        def lost(number: str) -> str:
            """The number, or nan where a condition holds."""
            self._guard = None
            return self.select(self.either(conditions), NAN, number) if conditions else number

        try:
            yield lost
        finally:
            self._guard = None

    def looked_at(self) -> list[str]:
        """What is watched, without what others that are watched or bounded would not be finite without.

        Sums, differences, products and opposites have no finite number of one that is not, nor have quotients of such a
        number.
        """
        finite, implied = {*self.watched, *self.bounded}, set[str]()
        for line in reversed(self.lines):
            name, _, text = line.partition(" = ")
            if name in finite:
                found = _passed_on(text)
                implied.update(found)
                finite.update(found)
        return [one for one in self.watched if one not in implied]

    def trouble(self) -> str:
        """The condition that the block does not hold, by all that is watched, bounded and refused so far."""
        watched = self.looked_at()
        chains = [ZERO] * CHAINS
        for place, number in enumerate(self.bounded):
            chain = place % CHAINS
            chains[chain] = self.binary("fadd", chains[chain], self.intrinsic("fabs", number))
        large = [self.binary("fmul", chain, real(2.0**60)) for chain in chains if chain != ZERO]
        chains = [ZERO] * CHAINS
        for place, number in enumerate([*large, *watched]):
            chain, zero = place % CHAINS, self.binary("fmul", number, ZERO)
            chains[chain] = zero if chains[chain] == ZERO else self.binary("fadd", chains[chain], zero)
        sums = [chain for chain in chains if chain != ZERO]
        while len(sums) > 1:
            pairs = zip(sums[::2], sums[1::2], strict=False)
            sums = [self.binary("fadd", a, b) for a, b in pairs] + sums[len(sums) & ~1 :]
        lost = [self.compare("uno", one, ZERO) for one in sums]
        return self.either([*lost, *self.refused])


def _passed_on(text: str) -> list[str]:
    """The operands that are finite where the result of a line is."""
    operation, _, rest = text.partition(" ")
    if operation in ("fadd", "fsub", "fmul", "fneg", "fdiv"):
        operands = rest.removeprefix("double ").split(", ")
        return operands[:1] if operation == "fdiv" else operands
    return []


def written(line: str) -> list[str]:
    """A line as LLVM reads it: the numbers of a call over an array, such as @numbers, are put there before it."""
    text, _, numbers = line.partition(" ; ")
    if not numbers:
        return [line]
    array, *names = numbers.split()
    puts = [
        f"store double {number}, ptr getelementptr (double, ptr {array}, i64 {place})"
        for place, number in enumerate(names)
    ]
    return [*puts, text]


#: What every module declares.
HEADER = "\n".join(
    f"declare double @llvm.{name}.f64({', '.join(['double'] * count)})" for name, count in INTRINSICS.items()
)

#: What is true of the C library's functions: they do nothing but answer.
ATTRIBUTES = "attributes #0 = { nounwind willreturn memory(none) }"

#: Up to so many lines are one piece of code, with numbers in registers; more are rolled into loops over a memory.
STRAIGHT = 1_500
