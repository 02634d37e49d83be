"""A program → the same program in a language's own instructions, its partials told apart at corners."""

from __future__ import annotations

from collections.abc import Mapping

from gradcli.calculus.exporting.building import Building
from gradcli.calculus.exporting.finiteness import watched
from gradcli.calculus.exporting.language import Language
from gradcli.calculus.exporting.meanings import REMOVABLE
from gradcli.calculus.exporting.ties import SEAMS, TIED, Ties, are_plain
from gradcli.calculus.program import Program
from gradcli.calculus.sweep import Sweep, program_of

#: How far two partials may be from each other, as a part of the first, to be the same one.
_AGREED = 1e-14

Pair = tuple[int, int]
Signature = tuple[object, ...]


def lowered(program: Program, language: Language, ties: Mapping[str, str] | None = None) -> Program:
    """*program* in the instructions of *language* alone. Raises Lacking.

    ties: what operations with a corner answer there (`gradcli.calculus.corners.FRAMEWORKS`); None: what both sides
    agree on, else NaN.
    """
    return _Lowering(program, language, ties).program()


class _Lowering:
    """Each slot of the old program as two nodes of the new graph, one for each answer to ties: mostly the same node.

    forward: the slots that the value needs. surely, perhaps: of conditions beside a seam, what holds on both sides
    of it and what holds on one. active: the conditions whose seams lie across the way that is looked along.
    """

    def __init__(self, program: Program, language: Language, ties: Mapping[str, str] | None) -> None:
        self.old = program
        self.build = Building(language)
        self.ties = Ties(self.build, ties, are_plain(program))
        self.framework = ties is not None
        self.forward = _reached(program, program.value)
        names = [self.build.graph.node("name", text=name) for name in program.variables]
        constants = [self._constant(text) for text in program.constants]
        self.slots: list[Pair] = [(node, node) for node in (*names, *constants)] + [(0, 0)] * len(program.code)
        self.surely: dict[int, int] = {}
        self.perhaps: dict[int, int] = {}
        self.choices = _choices(program, self.forward)
        self.active: frozenset[int] = frozenset()

    def program(self) -> Program:
        """The lowered program."""
        places = range(self.old.first, self.old.first + len(self.old.code))
        self._carry_out([slot for slot in places if slot in self.forward])
        rest = [slot for slot in places if slot not in self.forward]
        adjoints: dict[str, int] = {}
        for active, names in _groups(self.old).items():
            self.active = active
            self._carry_out(rest)
            adjoints |= {name: self._agreed(*self.slots[place]) for name, place in names.items()}
        graph, value, found = watched(self.build, self.slots[self.old.value][0], adjoints)
        found = {name: found[name] for name in self.old.variables if name in found}
        return program_of(Sweep(graph, value, found, self.old.unknown), self.old.variables)

    def _carry_out(self, slots: list[int]) -> None:
        for slot in slots:
            op, *places = self.old.code[slot - self.old.first]
            first = self._instruction(op, slot, places, 0)
            alike = op not in TIED and all(a == b for a, b in (self.slots[place] for place in places))
            tied = (op == "select" and places[0] in self.active) or (op == "div" and self._is_hypot(places[1]))
            self.slots[slot] = (first, first if alike and not tied else self._instruction(op, slot, places, 1))

    def _constant(self, text: str) -> int:
        from gradcli.calculus import floats

        return self.build.number(floats.constant(text))

    def _instruction(self, op: str, here: int, places: list[int], run: int) -> int:
        args = tuple(self.slots[place][run] for place in places)
        if op in SEAMS:
            return self._seam(op, here, args)
        if op in ("and", "or") and any(place in self.perhaps for place in places):
            sure = [self.surely.get(place, arg) for place, arg in zip(places, args, strict=True)]
            self.surely[here] = self.build.apply(op, *sure)
            may = [self.perhaps.get(place, arg) for place, arg in zip(places, args, strict=True)]
            self.perhaps[here] = self.build.apply(op, *may)
            return self.surely[here]
        if op == "select" and places[0] in self.active and places[0] in self.perhaps:
            return self._chosen(places[0], args, run)
        if op in TIED:
            quotient = self._quotient(places[0])
            return self.ties.remainder(op, *quotient, run) if quotient else self.ties.slope(op, args, run)
        if op == "div" and here not in self.forward:
            return self._divided(places, args, run)
        return self.build.apply(op, *args)

    def _seam(self, op: str, here: int, args: tuple[int, ...]) -> int:
        if self.framework:
            return self.build.apply(op.removesuffix("_side"), *args)
        sure, may = SEAMS[op]
        self.surely[here] = self.build.apply(sure, *args) if sure else self.build.number(0.0)
        self.perhaps[here] = self.build.apply(may, *args) if may else self.build.number(1.0)
        return self.surely[here]

    def _chosen(self, condition: int, args: tuple[int, ...], run: int) -> int:
        """A piece of a slope; on the seam itself both pieces, by a weight that does not matter where they agree."""
        build, (_, a, b) = self.build, args
        sure, may = self.surely[condition], self.perhaps[condition]
        weight = self.ties.weight(run, sure, may)
        seam = self._sum(self._times(weight, a), self._times(round(1 - weight, 6), b))
        for left, right in self.choices.get(_signature(self.old, condition), ()):
            # A jump has no slope: any number will do, as it counts only where a slope of 0 makes it nothing.
            jump = self._times(1 + weight, self._sum(a, b))
            seam = build.apply("select", self._alike(self.slots[left][0], self.slots[right][0]), seam, jump)
        return build.apply("select", sure, a, build.apply("select", may, seam, b))

    def _divided(self, places: list[int], args: tuple[int, ...], run: int) -> int:
        """A quotient that only a gradient has: some have a value where the divisor is 0."""
        graph, (dividend, divisor) = self.build.graph, args
        if self._is_hypot(places[1]) and dividend in graph.args[divisor] and not self.ties.plain:
            return self.ties.quotient(dividend, divisor, run)
        op, *inner = self._written(places[0])
        factor = None
        if op == "mul" and self._number(inner[0]) is not None:
            factor, (op, *inner) = self.slots[inner[0]][run], self._written(inner[1])
        if op not in REMOVABLE or self.slots[inner[0]][run] != divisor:
            return self.build.apply("div", *args)
        found = self.build.stated(REMOVABLE[op], divisor)
        return found if factor is None else self.build.apply("mul", factor, found)

    def _is_hypot(self, slot: int) -> bool:
        return self._written(slot)[0] == "hypot" and not self.framework

    def _written(self, slot: int) -> tuple[object, ...]:
        return self.old.code[slot - self.old.first] if slot >= self.old.first else ("",)

    def _number(self, slot: int) -> float | None:
        return self.build.known.get(self.slots[slot][0])

    def _quotient(self, slot: int) -> Pair | None:
        """Dividend and divisor of a quotient whose remainder f takes."""
        op, *places = self._written(slot)
        if op != "div" or ("mod", *places) not in self.old.code:
            return None
        return self.slots[places[0]][0], self.slots[places[1]][0]

    def _agreed(self, first: int, second: int) -> int:
        if first == second:
            return first
        alike = self._alike(first, second)
        self.build.careless.add(alike)  # NaN is like nothing
        return self.build.apply("select", alike, first, self.build.nan)

    def _alike(self, first: int, second: int) -> int:
        """The condition that two numbers are the same one, but for rounding."""
        build = self.build
        gap = build.apply("abs", build.apply("sub", first, second))
        return build.apply("le", gap, build.apply("mul", build.number(_AGREED), build.apply("abs", first)))

    def _times(self, weight: float, node: int) -> int:
        number = self.build.number(weight)
        return node if self.build.known.get(node) == 0 else self.build.apply("mul", number, node)

    def _sum(self, a: int, b: int) -> int:
        if self.build.known.get(a) == 0:
            return b
        return a if self.build.known.get(b) == 0 else self.build.apply("add", a, b)


def _reached(program: Program, slot: int) -> set[int]:
    reached, waiting = set[int](), [slot]
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting += program.code[here - program.first][1:] if here >= program.first else ()
    return reached


def _groups(program: Program) -> dict[frozenset[int], dict[str, int]]:
    """The variables with a partial and its slot, by the conditions beside seams that they have an influence on.

    Along other variables a seam stands still: what holds at the point holds on both sides.
    """
    conditions = {places[0] for op, *places in program.code if op == "select"}
    seams = {slot for slot in conditions if any(program.code[s - program.first][0] in SEAMS
             for s in _reached(program, slot) if s >= program.first)}  # fmt: skip
    below = {slot: _reached(program, slot) for slot in seams}
    groups: dict[frozenset[int], dict[str, int]] = {}
    for number, (name, place) in enumerate(zip(program.variables, program.gradient, strict=True)):
        if place is not None:
            active = frozenset(slot for slot in seams if number in below[slot])
            groups.setdefault(active, {})[name] = place
    return groups


def _choices(program: Program, forward: set[int]) -> dict[Signature, list[Pair]]:
    """The pieces of every choice that the value makes, by its condition."""
    found: dict[Signature, list[Pair]] = {}
    for slot, (op, *places) in enumerate(program.code, program.first):
        if op == "select" and slot in forward:
            found.setdefault(_signature(program, places[0]), []).append((places[1], places[2]))
    return found


def _signature(program: Program, condition: int) -> Signature:
    """A condition without the difference between itself and itself beside a seam."""
    if condition < program.first:
        return (condition,)
    op, *places = program.code[condition - program.first]
    if op in ("and", "or"):
        return (op, *(_signature(program, place) for place in places))
    return (op.removesuffix("_side"), *places)
