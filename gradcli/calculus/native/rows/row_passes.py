"""A pass over many rows by machine code, on all processors: sums with a bound of what they may be off by."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator, Sequence
from threading import Thread
from typing import Any, NamedTuple

from gradcli.calculus.native.machine_code import MachineCode
from gradcli.calculus.native.machine_lines import ATTRIBUTES, HEADER, Unsuitable
from gradcli.calculus.native.rows.memory_places import address, as_doubles, zeros
from gradcli.calculus.native.rows.row_code import METADATA, RowCode
from gradcli.calculus.native.rows.sum_code import LANES, MEMORY, sum_functions
from gradcli.calculus.program.program import Program

#: Rows that a processor takes at a time: about a millisecond, for interrupts to be heard. Rows among which those are looked
#: for that the code refuses. Fewer rows than this many are no work for another processor.
CHUNK, PART, SHARE = 2**15, 64, 2**17

#: What bounds are multiplied with, for they are sums of floats themselves.
_ROUNDED = 2.0


class Sums(NamedTuple):
    """For each output floats whose exact sum is that of the rows, up to a bound. left: rows not among them: (first, count)."""

    numbers: list[list[float]]
    bounds: list[float]
    left: list[tuple[int, int]]


class RowPasses:
    """Passes of one program over rows, of which the variables *varying* have columns: sums of the numbers in *slots*.

    Raises Unsuitable for what has no machine code that several processors can run; ImportError, OSError and RuntimeError
    where LLVM cannot be used.
    """

    def __init__(self, program: Program, varying: Sequence[int], slots: Sequence[int]) -> None:
        import ctypes

        self._rows = RowCode("rows", program, varying, slots)
        if self._rows.lines.calls_python:
            raise Unsuitable("python")
        text = "\n".join([HEADER, sum_functions(), self._rows.text(""), ATTRIBUTES, METADATA])
        self._code = MachineCode(text, self._rows.lines.kept)
        place, whole = ctypes.c_void_p, ctypes.c_int64
        self._run = self._code.function(
            "rows", ctypes.c_double, place, place, whole, whole, place, place, place, locked=False
        )

    def sums(self, columns: Sequence[Any], held: Sequence[float], count: int, *, wide: bool = False) -> Sums:
        """The sums over all rows. columns: the numbers of the variables that vary; held: those of the others, in order.

        wide: so that even sums that cancel are certain.
        """
        kept = [as_doubles(one) for one in columns]
        places, numbers = array("q", map(address, kept) if kept else [0]), array("d", held or [0.0])
        added = self._code.address("added_wide" if wide else "added_quick")
        workers = [
            _Worker(self._rows, self._run, (places, numbers), added) for _ in range(_processors(count))
        ]
        _together(workers, iter(range(0, count, CHUNK)), count)
        found, bounds = list[list[float]](), list[float]()
        for k in range(len(self._rows.outputs)):
            parts = [one.sum(k) for one in workers]
            found.append([x for own, _ in parts for x in own])
            bounds.append(sum(bound for _, bound in parts) * _ROUNDED)
        return Sums(found, bounds, sorted(one for worker in workers for one in worker.left))


class _Worker:
    """What one processor adds up."""

    def __init__(self, code: RowCode, run: Any, given: tuple[array[int], array[float]], added: int) -> None:
        self._run, self._given, self._added = run, given, added
        self._sums, self._before = zeros("d", code.sums), zeros("d", code.sums)
        self._terms = zeros("d", code.terms)
        self.left: list[tuple[int, int]] = []
        self.stopped = False

    def work(self, starts: Iterator[int], count: int) -> None:
        """Take chunks until none is left, or this is stopped."""
        for start in starts:
            if self.stopped:
                return
            size = min(CHUNK, count - start)
            if not self._are_added(start, size):
                for first in range(start, start + size, PART):
                    part = min(PART, start + size - first)
                    if not self._are_added(first, part):
                        self.left.append((first, part))

    def _are_added(self, first: int, size: int) -> bool:
        """Whether the rows were added; where one of them is refused, none is."""
        self._before[:] = self._sums
        columns, held = map(address, self._given)
        total = self._run(columns, held, first, size, self._added, address(self._sums), address(self._terms))
        if total == 0:
            return True
        self._sums[:] = self._before
        return False

    def sum(self, k: int) -> tuple[list[float], float]:
        """The numbers of an output, and their bound."""
        own = self._sums[k * MEMORY : (k + 1) * MEMORY]
        return [x for x in own[:-LANES] if x != 0], sum(own[-LANES:])


def _processors(count: int) -> int:
    known = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(min(known, count // SHARE), 1)


def _together(workers: Sequence[_Worker], starts: Iterator[int], count: int) -> None:
    """Let all work; an interrupt ends them: none adds up any more when it is told, and who only starts then stops."""
    threads = [Thread(target=one.work, args=(starts, count), daemon=True) for one in workers[1:]]
    try:
        for thread in threads:
            thread.start()
        workers[0].work(starts, count)
        for thread in threads:
            thread.join()
    except BaseException:
        for one in workers:
            one.stopped = True
        for thread in threads:
            if thread.is_alive():
                thread.join()
        raise
