"""Units → blocks: loops of one length that need nothing else of each other than what lies side by side are one loop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gradcli.calculus.native.line_groups import FEW, Groups, Line, Unit

#: Lines of a loop, and of a piece without one, at most.
WIDE, LONG = 40, 300


class Block:
    """Lines without a loop, a loop over *length* lanes, or chains; `runs` are its lines, those of a loop lane by lane."""

    def __init__(self, kind: str, length: int, calls: bool = False) -> None:
        self.kind, self.length, self.calls = kind, length, calls
        self.runs: list[tuple[Line, ...]] = []
        self.number = -1


class Blocks:
    """The blocks in their order; `where` has the block and the lane of each line."""

    def __init__(self, groups: Groups) -> None:
        self.blocks: list[Block] = []
        self.where: dict[str, tuple[int, int]] = {}
        for unit in groups.units():
            self._put(unit)

    def _put(self, unit: Unit) -> None:
        if unit.chain:
            block = self._chain(unit)
        elif len(unit.lines) >= FEW:
            block = self._loop(unit)
        else:
            for line in unit.lines:
                block = self._straight()
                block.runs.append((line,))
                self.where[line.name] = block.number, len(block.runs) - 1
            return
        block.runs.append(unit.lines)
        for lane, line in enumerate(unit.lines):
            self.where[line.name] = block.number, lane

    def _new(self, kind: str, length: int, calls: bool = False) -> Block:
        block = Block(kind, length, calls)
        block.number = len(self.blocks)
        self.blocks.append(block)
        return block

    def _straight(self) -> Block:
        last = self.blocks[-1] if self.blocks else None
        return (
            last if last and last.kind == "straight" and len(last.runs) < LONG else self._new("straight", 1)
        )

    def _last_needed(self, lines: Iterable[Line]) -> int:
        """The block behind which the lines can stand."""
        where = self.where
        return max((where[one][0] for line in lines for one in line.operands if one in where), default=-1)

    def _loop(self, unit: Unit) -> Block:
        lines, calls = unit.lines, " call " in f" {unit.lines[0].form}"
        needed = self._last_needed(lines)
        if needed >= 0 and self._fits(self.blocks[needed], lines, calls) and self._aligned(needed, lines):
            return self.blocks[needed]
        for block in self.blocks[:needed:-1]:
            if self._fits(block, lines, calls):
                return block
        return self._new("loop", len(lines), calls)

    def _fits(self, block: Block, lines: Sequence[Line], calls: bool) -> bool:
        return (
            block.kind == "loop"
            and block.length == len(lines)
            and block.calls == calls
            and len(block.runs) < WIDE
        )

    def _aligned(self, number: int, lines: Sequence[Line]) -> bool:
        where = self.where
        return all(
            where[one] == (number, lane)
            for lane, line in enumerate(lines)
            for one in line.operands
            if one in where and where[one][0] == number
        )

    def _chain(self, unit: Unit) -> Block:
        needed = self._last_needed(unit.lines[:1])
        inside = {line.name for line in unit.lines}
        terms = [
            one for line in unit.lines for one in line.operands if one in self.where and one not in inside
        ]
        needed = max((self.where[one][0] for one in terms), default=needed)
        for block in self.blocks[:needed:-1]:
            if block.kind == "chain" and block.length == len(unit.lines) and len(block.runs) < 8:
                return block
        return self._new("chain", len(unit.lines))
