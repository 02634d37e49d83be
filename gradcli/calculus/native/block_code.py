"""Blocks → the text of a function: straight lines, loops over lanes, chains."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from gradcli.calculus.native.code_layout import CodeLayout
from gradcli.calculus.native.line_groups import FEW, Line, many_pieces
from gradcli.calculus.native.loop_fusion import Block
from gradcli.calculus.native.machine_lines import NAN, ZERO, real, written

#: What is bounded must be smaller than the largest float by this factor: so many of them may be added up.
ROOM = real(2.0**60)

_ACCESS = ", !llvm.access.group !9"


class Reader(NamedTuple):
    """An array that a loop reads: lane k at begin + k*stride, or where the table says. kind: LLVM's type of the numbers."""

    array: str
    begin: int
    stride: int
    kind: str
    table: str = ""


class FunctionCode:
    """A function of some blocks: (from, to, now) → 0, or nan where something is not as it must be."""

    def __init__(self, code: CodeLayout) -> None:
        self.code = code
        self.lines: list[str] = []
        self.total, self._here, self._label, self._count = ZERO, dict[str, str](), "entry", 0

    def fresh(self, text: str) -> str:
        """The name of what *text* computes."""
        self._count += 1
        self.lines.append(f"%f{self._count} = {text}")
        return f"%f{self._count}"

    def block(self, block: Block) -> None:
        """Write a block."""
        if block.kind == "straight":
            for (line,) in block.runs:
                self._straight(line)
        elif block.kind == "loop":
            self._loop(block)
        else:
            self._chains(block)

    # Numbers from elsewhere

    def _place(self, array: str, index: str) -> str:
        return self.fresh(f"getelementptr double, ptr {array}, i64 {index}")

    def _loaded(self, name: str, kind: str) -> str:
        array, place = self.code.pointer(name)
        number = self.fresh(f"load double, ptr {self._place(array, str(place))}")
        return self.fresh(f"fcmp une double {number}, {ZERO}") if kind == "i1" else number

    def _kind(self, name: str) -> str:
        line = self.code.groups.by_name.get(name)
        return "double" if line is None else line.kind

    def value(self, name: str) -> str:
        """The number of that name, read where it was left."""
        if name.startswith("0x") or name == "%now":
            return name
        if name not in self._here:
            line = self.code.groups.by_name.get(name)
            if line is not None and line.kind == "i64":
                self._here[name] = self.fresh(line.form.format(*map(self.value, line.operands)))
            else:
                self._here[name] = self._loaded(name, self._kind(name))
        return self._here[name]

    def _kept(self, name: str, number: str, kind: str) -> None:
        """Leave a number to other blocks and to what comes out."""
        if kind == "i1":
            number = self.fresh(f"uitofp i1 {number} to double")
        if name in self.code.shared:
            array, place = self.code.pointer(name)
            self.lines.append(f"store double {number}, ptr {self._place(array, str(place))}")
        for place in self.code.into.get(name, ()):
            self.lines.append(f"store double {number}, ptr {self._place('%to', str(place))}")

    def _straight(self, line: Line) -> None:
        operands = [self.value(one) for one in line.operands]
        *before, text = written(f"%x = {line.form.format(*operands)}")
        self.lines += before
        number = self._here[line.name] = self.fresh(text.removeprefix("%x = "))
        self._kept(line.name, number, line.kind)
        self._looked_at(line.name, number)

    def _looked_at(self, name: str, number: str) -> None:
        self._add(self._term(self.code.marks.get(name, ""), number))

    def _term(self, marks: str, number: str) -> list[str]:
        """The numbers that are 0 where *number* is as it must be."""
        found = []
        if "w" in marks:
            found.append(self.fresh(f"fmul double {number}, {ZERO}"))
        if "b" in marks:
            found.append(self.fresh(f"fmul double {self.fresh(f'fmul double {number}, {ROOM}')}, {ZERO}"))
        if "r" in marks:
            found.append(self.fresh(f"select i1 {number}, double {NAN}, double {ZERO}"))
        return found

    def _add(self, terms: Sequence[str]) -> None:
        for term in terms:
            self.total = self.fresh(f"fadd reassoc double {self.total}, {term}")

    # Loops

    def _loop(self, block: Block) -> None:
        lanes = {line.name: place for place, run in enumerate(block.runs) for line in run}
        readers = [self._readers(run, lanes) for run in block.runs]
        k = self._begin()
        inside: list[str] = []
        for run, operands in zip(block.runs, readers, strict=True):
            numbers = [inside[one] if isinstance(one, int) else self._lane(one, k) for one in operands]
            number = self.fresh(run[0].form.format(*numbers))
            inside.append(number)
            self._lane_kept(run, number, k)
            self._looked_at(run[0].name, number)
        self._end(k, block.length)
        for run in block.runs:
            self._copied(run)

    def _readers(self, run: Sequence[Line], lanes: dict[str, int]) -> list[int | str | Reader]:
        """What each operand is: a line of this loop, one number for all lanes, or one that is read."""
        return [
            lanes[first] if first in lanes else self._reader([line.operands[place] for line in run])
            for place, first in enumerate(run[0].operands)
        ]

    def _reader(self, names: Sequence[str]) -> str | Reader:
        if len(set(names)) == 1:
            return self.value(names[0])
        if names[0].startswith("0x"):
            return Reader(self.code.constant("double", names), 0, 1, "double")
        array, places = self.code.pointer(names[0])[0], [self.code.pointer(name)[1] for name in names]
        stride, kind = places[1] - places[0], self._kind(names[0])
        if all(b - a == stride for a, b in pairwise(places)):
            return Reader(array, places[0], stride, kind)
        return Reader(array, 0, 1, kind, self.code.constant("i64", [str(place) for place in places]))

    def _lane(self, reader: str | Reader, k: str) -> str:
        if isinstance(reader, str):
            return reader
        index = self._index(k, reader.begin, reader.stride)
        if reader.table:
            entry = self.fresh(f"getelementptr i64, ptr {reader.table}, i64 {index}")
            index = self.fresh(f"load i64, ptr {entry}{_ACCESS}")
        number = self.fresh(f"load double, ptr {self._place(reader.array, index)}{_ACCESS}")
        return self.fresh(f"fcmp une double {number}, {ZERO}") if reader.kind == "i1" else number

    def _index(self, k: str, begin: int, stride: int) -> str:
        scaled = k if stride == 1 else self.fresh(f"mul nsw i64 {k}, {stride}")
        return self.fresh(f"add nsw i64 {scaled}, {begin}")

    def _lane_kept(self, run: Sequence[Line], number: str, k: str) -> None:
        """Leave a lane's number where other blocks find it, and where it comes out if that is regular."""
        if run[0].kind == "i1":
            number = self.fresh(f"uitofp i1 {number} to double")
        if any(line.name in self.code.shared for line in run) or self._scattered(run):
            array, begin = self.code.pointer(run[0].name)
            self.lines.append(
                f"store double {number}, ptr {self._place(array, self._index(k, begin, 1))}{_ACCESS}"
            )
        places = self._outputs(run)
        if places and not self._scattered(run):
            index = self._index(k, places[0], places[1] - places[0])
            self.lines.append(f"store double {number}, ptr {self._place('%to', index)}{_ACCESS}")

    def _outputs(self, run: Sequence[Line]) -> list[int]:
        return [place for line in run for place in self.code.into.get(line.name, ())]

    def _scattered(self, run: Sequence[Line]) -> bool:
        """Whether what comes out of a loop does not lie at equal distances."""
        places = self._outputs(run)
        regular = len(places) == len(run) and all(len(self.code.into.get(line.name, ())) == 1 for line in run)
        steps = {b - a for a, b in pairwise(places)}
        return bool(places) and not (regular and len(steps) == 1)

    def _copied(self, run: Sequence[Line]) -> None:
        if self._scattered(run):
            for line in run:
                for place in self.code.into.get(line.name, ()):
                    number = self._loaded(line.name, "double")
                    self.lines.append(f"store double {number}, ptr {self._place('%to', str(place))}")

    def _begin(self) -> str:
        """The head of a loop; its counter."""
        self._count += 1
        label, k = f"l{self._count}", f"%k{self._count}"
        self._open = (label, k, self.total)
        phis = [f"{k} = phi i64 [0, %{self._label}], [{k}n, %{label}]",
                f"%c{self._count} = phi double [{self.total}, %{self._label}], [@total, %{label}]"]  # fmt: skip
        self.lines += [f"br label %{label}", f"{label}:", *phis]
        self._phi, self.total = len(self.lines) - 1, f"%c{self._count}"
        return k

    def _end(self, k: str, length: int) -> None:
        label, _, _ = self._open
        self.lines[self._phi] = self.lines[self._phi].replace("@total", self.total)
        after = f"e{label[1:]}"
        self.lines += [
            f"{k}n = add nuw nsw i64 {k}, 1", f"{k}m = icmp ult i64 {k}n, {length}",
            f"br i1 {k}m, label %{label}, label %{after}, !llvm.loop {self.code.loop_metadata()}", f"{after}:",
        ]  # fmt: skip
        self._label = after

    # Chains

    def _chains(self, block: Block) -> None:
        for run in block.runs:
            number, terms = self.value(run[0].operands[0]), _terms(run)
            pieces = [*self.code.groups.runs(terms)]
            if many_pieces(pieces, len(terms)) and self._in_one_array(terms):
                pieces = [tuple(terms)]
            for piece in pieces:
                number = self._added(piece, number)
            last = run[-1]
            self._here[last.name] = number
            self._kept(last.name, number, "double")
            self._looked_at(last.name, number)

    def _in_one_array(self, terms: Sequence[Line]) -> bool:
        names = [line.operands[0] for line in terms]
        return (
            not any(name.startswith("0x") for name in names)
            and len({self.code.pointer(name)[0] for name in names}) == 1
        )

    def _added(self, piece: Sequence[Line], number: str) -> str:
        """The number after the terms of a piece were added to it, in their order."""
        if len(piece) < FEW:
            for line in piece:
                number = self.fresh(line.form.format(number, self.value(line.operands[0])))
            return number
        reader = self._reader([line.operands[0] for line in piece])
        label, self._count = f"l{self._count + 1}", self._count + 1
        k = f"%k{self._count}"
        self.lines += [f"br label %{label}", f"{label}:", f"{k} = phi i64 [0, %{self._label}], [{k}n, %{label}]",
                       f"{k}a = phi double [{number}, %{self._label}], [{k}b, %{label}]"]  # fmt: skip
        term = self._lane(reader, k)
        after = f"e{label[1:]}"
        self.lines += [
            f"{k}b = {piece[0].form.format(f'{k}a', term)}", f"{k}n = add nuw nsw i64 {k}, 1",
            f"{k}m = icmp ult i64 {k}n, {len(piece)}", f"br i1 {k}m, label %{label}, label %{after}", f"{after}:",
        ]  # fmt: skip
        self._label = after
        return f"{k}b"

    def rest(self) -> None:
        """What comes out, or is looked at, and is no line's number."""
        for name, places in self.code.into.items():
            if name not in self.code.groups.by_name:
                for place in places:
                    self.lines.append(
                        f"store double {self.value(name)}, ptr {self._place('%to', str(place))}"
                    )
        for name in self.code.marks:
            if name not in self.code.groups.by_name and not name.startswith("0x"):
                self._looked_at(name, self.value(name))

    def text(self, number: int) -> str:
        """The whole function."""
        head = f"define internal double @block{number}(ptr %from, ptr %to, i64 %now) noinline {{"
        return "\n".join([head, "entry:", *self.lines, f"ret double {self.total}", "}"])


def _terms(run: Sequence[Line]) -> list[Line]:
    """The links of a chain with their second operand alone."""
    return [Line(line.name, line.form, (line.operands[1],)) for line in run]
