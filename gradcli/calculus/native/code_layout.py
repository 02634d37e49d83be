"""Where each number of a long block lies: numbers that one piece leaves to another are in a memory, group by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcli.calculus.native.line_groups import Groups, parsed
from gradcli.calculus.native.loop_fusion import Blocks
from gradcli.calculus.native.machine_lines import MachineLines

#: A number that is shared by a module's loops: none of their iterations waits for another one.
METADATA = "!9 = distinct !{}"


class CodeLayout:
    """The pieces of a block in their order, and where their numbers lie.

    inputs: for each name from outside its array and its place there. arrays: the pointer to each array. outputs: the name
    of the number for each place of %to.
    """

    def __init__(
        self,
        m: MachineLines,
        inputs: Mapping[str, tuple[str, int]],
        arrays: Mapping[str, str],
        outputs: Mapping[int, str],
    ) -> None:
        self.inputs, self.arrays = inputs, arrays
        self.into: dict[str, list[int]] = {}
        for place, name in outputs.items():
            self.into.setdefault(name, []).append(place)
        self.marks = _marks(m, self.into)
        self.groups = Groups([parsed(line) for line in m.lines], inputs, self.marks)
        laid = Blocks(self.groups)
        self.blocks, self.where = laid.blocks, laid.where
        self.memory = _Memory(self.groups.place, inputs)
        self.shared = self._shared()
        self.globals: list[str] = []
        self.metadata: list[str] = [METADATA]

    def _shared(self) -> set[str]:
        """The lines whose numbers other blocks need."""
        found, where = set[str](), self.where
        for name, line in self.groups.by_name.items():
            for one in line.operands:
                if one in where and (name not in where or where[one][0] != where[name][0]):
                    found.add(one)
        return found

    def constant(self, kind: str, numbers: Sequence[str]) -> str:
        """A global array of numbers that are known, of LLVM's type *kind*."""
        name = f"@c{len(self.globals)}"
        listed = ", ".join(f"{kind} {one}" for one in numbers)
        self.globals.append(f"{name} = private unnamed_addr constant [{len(numbers)} x {kind}] [{listed}]")
        return name

    def loop_metadata(self) -> str:
        """What says of a new loop that its iterations are independent."""
        number = 10 + 2 * (len(self.metadata) // 2)
        self.metadata += [f'!{number} = !{{!"llvm.loop.parallel_accesses", !9}}',
                          f"!{number + 1} = distinct !{{!{number + 1}, !{number}}}"]  # fmt: skip
        return f"!{number + 1}"

    def pointer(self, name: str) -> tuple[str, int]:
        """Where a number lies: an array and the place in it."""
        if name in self.inputs:
            array, place = self.inputs[name]
            return self.arrays[array], place
        return "@memory", self.memory.at(name)


class _Memory:
    """Where the arrays of groups begin, of those that are used."""

    def __init__(self, place: Mapping[str, tuple[str, int]], inputs: Mapping[str, tuple[str, int]]) -> None:
        self._place, self._sizes, self._begin, self.size = place, dict[str, int](), dict[str, int](), 0
        for name, (array, at) in place.items():
            if name not in inputs:
                self._sizes[array] = max(self._sizes.get(array, 0), at + 1)

    def at(self, name: str) -> int:
        """The place of a line's number."""
        array, at = self._place[name]
        if array not in self._begin:
            self._begin[array], self.size = self.size, self.size + self._sizes[array]
        return self._begin[array] + at


def _marks(m: MachineLines, outputs: Mapping[str, object]) -> dict[str, str]:
    """What is done with numbers beside what lines do: watched, bounded, refused, written."""
    found: dict[str, str] = {}
    for mark, names in (("w", m.looked_at()), ("b", m.bounded), ("r", m.refused), ("o", outputs)):
        for name in names:
            found[name] = found.get(name, "") + mark
    return found
