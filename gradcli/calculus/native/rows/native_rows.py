"""Sums over rows by machine code, where that pays or was asked for; rows that it refuses are left to Python or NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.calculus.native.native_support import IN_PYTHON, obstacle, pays
from gradcli.calculus.program.program import Program

if TYPE_CHECKING:
    from gradcli.calculus.native.rows.row_passes import RowPasses, Sums

#: Nanoseconds of an instruction in NumPy, and of a term of a sum in NumPy and in Python.
IN_ARRAYS, ARRAY_TERM, TERM = 2.0, 8.0, 150.0

#: Where so large a part of the rows is refused, the code is not asked again.
REFUSED = 0.125

#: After so many evaluations whose sums were open, all are wide; after as many with open wide sums, all are Python's.
OPEN = 3


class _Level:
    """What is known of one program: the nanoseconds that its rows have taken, its passes, and how many sums were open."""

    def __init__(self) -> None:
        self.spent = 0.0
        self.passes: RowPasses | None = None
        self.hopeless = False
        self.opened = {False: 0, True: 0}


class NativeRows:
    """Adds up rows by machine code. backend: `native` makes it at once, `auto` once it has cost as much as it may."""

    def __init__(self, backend: str = "auto") -> None:
        self._asked = backend == "native"
        self._why = "it only has sums of whole columns, and slopes along numbers"
        self._levels: dict[int, tuple[Program, _Level]] = {}

    @property
    def missing(self) -> str:
        """Why no machine code was made so far; nothing where some was."""
        return "" if any(level.passes for _, level in self._levels.values()) else self._why

    def ways(self, program: Program) -> list[NativeWay]:
        """With quick sums, and with wide ones where those are open, as far as it is worth while."""
        level = self._levels.setdefault(id(program), (program, _Level()))[1]
        found = [wide for wide in (False, True) if level.opened[wide] < OPEN]
        return [] if level.hopeless else [NativeWay(self, level, wide) for wide in found]

    def made(
        self, level: _Level, program: Program, slots: Sequence[int], varying: Sequence[int], cost: float
    ) -> bool:
        """Whether there is code by now: where it saves what it costs, or was asked for. cost: nanoseconds without it."""
        level.spent += cost
        lines = 2 * len(program.code) + 10 * len(slots) + 60
        if not self._asked and not pays(level.spent, 0, lines):
            return False
        self._why = obstacle(lines) or ""
        if not self._why:
            self._make(level, program, slots, varying)
        level.hopeless = level.passes is None  # which is not tried again
        return level.passes is not None

    def _make(self, level: _Level, program: Program, slots: Sequence[int], varying: Sequence[int]) -> None:
        from gradcli.calculus.native.machine_lines import Unsuitable

        try:
            from gradcli.calculus.native.rows.row_passes import RowPasses

            level.passes = RowPasses(program, varying, slots)
        except (ImportError, OSError, RuntimeError):
            self._why = "LLVM does not work on this system"
        except (Unsuitable, ValueError, ArithmeticError):
            self._why = "the program has parts that only Python carries out"


class NativeWay(NamedTuple):
    """Machine code for the rows of one program, with sums that are wide or not."""

    rows: NativeRows
    level: _Level
    wide: bool

    def was_open(self) -> None:
        """Keep in mind that a sum was open."""
        self.level.opened[self.wide] += 1

    def sums(
        self, program: Program, slots: Sequence[int], given: Sequence[Any], count: int, arrays: bool
    ) -> Sums | None:
        """The sums of the numbers in *slots* over all rows but a few; None where it is not for machine code.

        given: for each variable a number, or those of a column. arrays: whether NumPy adds them up otherwise.
        """
        level, varying = self.level, [i for i, one in enumerate(given) if not isinstance(one, float)]
        each, term = (IN_ARRAYS, ARRAY_TERM) if arrays else (IN_PYTHON, TERM)
        cost = count * (each * len(program.code) + term * len(slots))
        if level.hopeless or (
            level.passes is None and not self.rows.made(level, program, slots, varying, cost)
        ):
            return None
        assert level.passes is not None  # noqa: S101
        held = [one for one in given if isinstance(one, float)]
        found = level.passes.sums([given[i] for i in varying], held, count, wide=self.wide)
        if sum(size for _, size in found.left) > REFUSED * count:
            level.hopeless = True
            return None
        return found
