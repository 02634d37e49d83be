"""An update rule as lines of a loop: what depends on the settings alone is computed before it, what depends
on the step's number once per step, the rest for each variable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gradcli.calculus.backends import float_backend
from gradcli.descent.rules.update_program import Update

_SLOT = re.compile(r"\bv(\d+)\b")
_W, _G, _T = 0, 1, 2


class Inlined:
    """A rule over the names of a loop: v… the point, *partials* the gradient, s…_… the slots, c… constants.

    offsets: how many more steps than the loop's were counted for each variable; what depends on the step's number is
    computed once for all that have one offset. environment: what the lines may name.
    """

    def __init__(self, update: Update, partials: Mapping[int, str], offsets: Mapping[int, int]) -> None:
        self.update, self.partials, self.offsets = update, partials, offsets
        self._groups = {offset: number for number, offset in enumerate(dict.fromkeys(offsets.values()))}
        program, count = update.program, len(update.slots)
        self._varying = {_W, _G, *range(3, 3 + count)}
        self._timed = {_T}
        self.environment: dict[str, Any] = {}
        values = self._constants()
        self._shared: list[int] = []
        for index, instruction in enumerate(program.code):
            slot, arguments = program.first + index, set(instruction[1:])
            if arguments & self._varying:
                self._varying.add(slot)
            elif arguments & self._timed:
                self._timed.add(slot)
                self._shared.append(index)
            else:
                values[slot] = float_backend.table(program)[index](*[values[a] for a in instruction[1:]])
        self.environment |= {f"c{slot}": value for slot, value in values.items()}

    def shared(self) -> list[str]:
        """The lines for all variables together, the first of each group standing for it."""
        program, lines = self.update.program, []
        if not any(_T in instruction[1:] for instruction in program.code):
            return []
        for offset, group in self._groups.items():
            place = next(place for place, other in self.offsets.items() if other == offset)
            lines.append(f"u{group}_{_T} = real(t + {offset})" if offset else f"u{group}_{_T} = real(t)")
            lines += [f"u{group}_{program.first + i} = {self._text(i, place)}" for i in self._shared]
        return lines

    def _constants(self) -> dict[int, float]:
        program = self.update.program
        known = float_backend.environment(program)
        self.environment = {name: item for name, item in known.items() if not _SLOT.fullmatch(name)}
        self.environment["real"] = float
        begin = len(program.variables) - len(self.update.constants)
        values = dict(enumerate(self.update.constants, begin))
        return values | dict(
            enumerate(map(float_backend.constant, program.constants), len(program.variables))
        )

    def _text(self, index: int, place: int) -> str:
        text = float_backend.statement(self.update.program, index)
        return _SLOT.sub(lambda match: self._name(int(match[1]), place), text)

    def _name(self, slot: int, place: int) -> str:
        if slot == _W:
            return f"v{place}"
        if slot == _G:
            return self.partials[place]
        if slot in self._timed:
            return f"u{self._groups[self.offsets[place]]}_{slot}"
        if slot not in self._varying:
            return f"c{slot}"
        return f"s{place}_{slot - 3}" if slot < 3 + len(self.update.slots) else f"r{place}_{slot}"

    def kept(self, place: int) -> list[str]:
        """The names of a variable's slots."""
        return [f"s{place}_{k}" for k in range(len(self.update.slots))]

    def lines(self, place: int) -> list[str]:
        """What is computed for one variable."""
        first = self.update.program.first
        return [
            f"r{place}_{first + index} = {self._text(index, place)}"
            for index in range(len(self.update.program.code))
            if first + index in self._varying
        ]

    def assignments(self, place: int) -> list[str]:
        """The new value of one variable, and of its slots."""
        program = self.update.program
        results = [program.value, *(slot for slot in program.gradient[3:] if slot is not None)]
        return [
            f"{target} = {self._name(slot, place)}"
            for target, slot in zip([f"v{place}", *self.kept(place)], results, strict=True)
        ]
