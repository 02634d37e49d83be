"""Lines of one block → groups that do the same to numbers that lie side by side, and chains that add numbers up.

A program that was written out repeats itself: the terms of a sum differ in their variables and constants alone. Lines
of one form, whose operands are lines of one form, are a group; where their operands lie one after the other they are
a loop. Each line computes what it computed before, in an order that its operands allow.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

_OPERAND = re.compile(r"%\w+|0x[0-9A-F]{16}")

#: Fewer lines are no loop.
FEW = 6

#: Chains of these operations, each link but the last used by the next alone, are one loop.
_LINKS = ("fadd double {}, {}", "fsub double {}, {}")


class Line(NamedTuple):
    """A line: its form, with {} for each operand, and the operands."""

    name: str
    form: str
    operands: tuple[str, ...]

    @property
    def kind(self) -> str:
        """LLVM's type of its number."""
        if self.form.startswith(("fcmp", "and i1", "or i1", "xor i1")):
            return "i1"
        return "i64" if self.form.startswith(("add i64", "sub i64")) else "double"


def parsed(text: str) -> Line:
    """A line of `MachineLines`."""
    name, _, right = text.partition(" = ")
    return Line(name, _OPERAND.sub("{}", right), tuple(_OPERAND.findall(right)))


class Unit(NamedTuple):
    """Lines that are carried out together. chain: they add up, each going on with the one before it."""

    lines: tuple[Line, ...]
    chain: bool = False


class Groups:
    """The units of a block in an order that their operands allow, and where the number of each line lies.

    inputs: the place of each number from outside within its array. marks: what is looked at, by name.
    """

    def __init__(
        self, lines: Sequence[Line], inputs: Mapping[str, tuple[str, int]], marks: Mapping[str, str]
    ) -> None:
        self.by_name = {line.name: line for line in lines}
        self.inputs, self.marks = inputs, marks
        self.place: dict[str, tuple[str, int]] = dict(inputs)
        self._chains = _chains(lines, marks)
        self._members: dict[object, list[Line]] = {}
        self._group: dict[str, object] = {}
        for line in lines:
            if line.kind != "i64":
                self._group[line.name] = self._joined(line)

    def _joined(self, line: Line) -> object:
        chain = self._chains.get(line.name)
        if chain is not None:
            key: object = ("chain", chain)
        elif line.form.find("@numbers") >= 0:
            key = ("alone", line.name)
        else:
            key = (line.form, self.marks.get(line.name, ""), *map(self._class, line.operands))
        found = self._members.setdefault(key, [])
        found.append(line)
        return id(found) if chain is None else key

    def _class(self, operand: str) -> object:
        if operand.startswith("0x"):
            return "constant"
        if operand in self.inputs:
            return self.inputs[operand][0]
        return self._group.get(operand, operand)

    def units(self) -> Iterator[Unit]:
        """The units; the places of the lines are known once all of them were taken."""
        for key, members in self._sorted():
            if isinstance(key, tuple) and key[0] == "chain":
                self.place[members[-1].name] = (f"g{id(members)}", 0)
                yield Unit(tuple(members), chain=True)
                continue
            order, pieces = self._ordered(members)
            for position, line in enumerate(order):
                self.place[line.name] = (f"g{id(self._members[key])}", position)
            yield from map(Unit, pieces)

    def _ordered(self, members: list[Line]) -> tuple[list[Line], list[tuple[Line, ...]]]:
        """The members in the order with the fewest pieces: as they came, or as their operands lie."""
        moved = sorted(members, key=lambda line: [self._position(one) for one in line.operands])
        found = [(order, [*self.runs(order)]) for order in (moved, members)]
        order, pieces = min(found, key=lambda one: len(one[1]))
        return order, [tuple(order)] if many_pieces(pieces, len(order)) else pieces

    def _position(self, operand: str) -> int:
        return self.place[operand][1] if operand in self.place else 0

    def _sorted(self) -> Iterator[tuple[object, list[Line]]]:
        """The groups, each after those that it needs."""
        keys = {id(members): key for key, members in self._members.items()}
        done, opened = set[object](), set[object]()
        stack: list[object] = list(reversed(self._members))
        while stack:
            key = stack[-1]
            if key in done:
                stack.pop()
                continue
            members = self._members[key]
            lines = members if isinstance(key, tuple) and key[0] == "chain" else members[:1]
            found = {self._group[one] for line in lines for one in line.operands if one in self._group}
            needs = {keys.get(one, one) for one in found} - {key}  # type: ignore[call-overload]
            if key in opened or needs <= done:
                done.add(stack.pop())
                yield key, members
            else:
                opened.add(key)
                stack += [need for need in needs if need not in done]

    def runs(self, members: Sequence[Line]) -> Iterator[tuple[Line, ...]]:
        """Pieces in which each operand lies as far from its neighbour's as all over the piece."""
        begin = 0
        while begin < len(members):
            end, strides = begin + 1, None
            while end < len(members):
                found = [
                    self._stride(a, b)
                    for a, b in zip(members[end - 1].operands, members[end].operands, strict=True)
                ]
                if (strides is not None and found != strides) or None in found:
                    break
                strides, end = found, end + 1
            yield tuple(members[begin:end])
            begin = end

    def _stride(self, a: str, b: str) -> int | str | None:
        if a.startswith("0x") and b.startswith("0x"):
            return "constant"
        if a == b:
            return 0
        if a in self.place and b in self.place and self.place[a][0] == self.place[b][0]:
            return self.place[b][1] - self.place[a][1]
        return None


def many_pieces(pieces: Sequence[Sequence[Line]], count: int) -> bool:
    """Whether so many lines lie so irregularly that each operand's place is looked up in a table instead."""
    return count >= FEW and len(pieces) > 1 + count // 16


def _chains(lines: Sequence[Line], marks: Mapping[str, str]) -> dict[str, str]:
    """Links of long chains, and the name of the first link of each."""
    used = Counter(one for line in lines for one in line.operands)
    used.update(list(marks))
    by_name = {line.name: line for line in lines}
    first: dict[str, str] = {}
    for line in lines:
        before = by_name.get(line.operands[0]) if line.form in _LINKS else None
        if before is None:
            continue
        follows = before.form == line.form and used[before.name] == 1 and before.name in first
        first[line.name] = first[before.name] if follows else line.name
    lengths = Counter(first.values())
    return {name: chain for name, chain in first.items() if lengths[chain] >= 2 * FEW}
