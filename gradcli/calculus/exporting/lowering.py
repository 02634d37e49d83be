"""A program → the same program in a language's own instructions, its partials told apart at corners."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import or_

from gradcli.calculus.backends import float_backend
from gradcli.calculus.exporting.finiteness_checks import watched
from gradcli.calculus.exporting.graph_building import Building
from gradcli.calculus.exporting.held_steps import HELD
from gradcli.calculus.exporting.meanings.cancelling_slopes import cancelling
from gradcli.calculus.exporting.meanings.removable_singularities import is_side, removable, written
from gradcli.calculus.exporting.target_language import Language
from gradcli.calculus.exporting.tie_answers import JUMPS, SEAMS, TIED, Ties, are_plain
from gradcli.calculus.graph.reverse_sweep import Sweep, program_of
from gradcli.calculus.program.chained_sums import chained
from gradcli.calculus.program.program import Program, made_of

#: How far two partials may be from each other, as a part of the first, to be the same one.
_AGREED = 1e-14

#: For so many kinds of partials, by the ties that stand still along their variables, the program is written out.
_MOST = 8

#: Instructions that are the same in both runs where their arguments are.
_SAME = frozenset(
    ("add", "sub", "mul", "neg", "square", "pow", "gate", "exp", "log", "sqrt", "sin", "cos", "tanh")
)

Pair = tuple[int, int]


def lowered(program: Program, language: Language, ties: Mapping[str | int, str] | None = None) -> Program:
    """*program* in the instructions of *language* alone. Raises Lacking.

    ties: what operations with a corner answer there (`gradcli.calculus.corners.kinks.FRAMEWORKS`); None: what both sides
    agree on, else NaN.
    """
    return _Lowering(program, language, ties).program()


class _Lowering:
    """Each slot of the old program as two nodes of the new graph, one for each answer to ties: mostly the same node.

    values: the nodes of the slots that the value needs, as they are. surely, perhaps: of conditions, what holds on
    both sides of a seam and what holds on one, by slot and run. active: the slots of what depends on the variables
    that are looked along; a tie elsewhere stands still.
    """

    def __init__(self, program: Program, language: Language, ties: Mapping[str | int, str] | None) -> None:
        program = chained(program)
        self.old, self.code = program, frozenset(program.code)
        self.build = Building(language)
        self.ties = Ties(self.build, ties, are_plain(program))
        names = [self.build.graph.node("name", text=name) for name in program.variables]
        constants = [self.build.number(float_backend.constant(text)) for text in program.constants]
        self.values = dict(enumerate((*names, *constants)))
        self.slots: list[Pair] = [(node, node) for node in self.values.values()]
        self.surely: dict[Pair, int] = {}
        self.perhaps: dict[Pair, int] = {}
        self.active: set[int] = set()

    def program(self) -> Program:
        """The lowered program."""
        first, forward = self.old.first, made_of(self.old, (self.old.value,))
        for slot, (op, *places) in enumerate(self.old.code, first):
            if slot in forward:
                self.values[slot] = self.build.apply(op, *(self.values[place] for place in places))
        adjoints, influences = dict[str, int](), _influences(self.old)
        for names in _groups(self.old, apart=self.ties.framework is None and not self.ties.plain):
            moved = reduce(or_, (1 << name for name in names), 0)
            self.active = {slot for slot, influence in enumerate(influences) if influence & moved}
            self._carry_out()
            adjoints |= {self.old.variables[name]: self._partial(place) for name, place in names.items()}
        graph, value, found = watched(self.build, self.values[self.old.value], adjoints)
        found = {name: found[name] for name in self.old.variables if name in found}
        return program_of(Sweep(graph, value, found, self.old.unknown), self.old.variables)

    def _carry_out(self) -> None:
        """The nodes of all slots, for both runs."""
        del self.slots[self.old.first :]
        self.surely.clear()
        self.perhaps.clear()
        for op, *places in self.old.code:
            first = self._instruction(op, places, 0)
            same = op in _SAME and all(a == b for a, b in (self.slots[place] for place in places))
            self.slots.append((first, first if same else self._instruction(op, places, 1)))

    def _partial(self, place: int) -> int:
        """A partial, by its slot; NaN where ties matter."""
        build, value, (first, second) = self.build, self.values[self.old.value], self.slots[place]
        pairs = [(value, node) for node in self.slots[self.old.value]] + [(first, second)]
        alike = [self._alike(a, b) for a, b in dict.fromkeys(pairs) if a != b]
        if not alike:
            return first
        every = reduce(lambda a, b: build.apply("and", a, b), alike)
        return build.apply("select", every, first, build.nan)

    def _instruction(self, op: str, places: list[int], run: int) -> int:
        build, args = self.build, tuple(self.slots[place][run] for place in places)
        answer = (self.ties.framework or {}).get(len(self.slots) - self.old.first)
        found = self._ordinary(op, places, args, run)
        if answer is None:
            return found
        # One function of the framework answers otherwise than the operations that it is made of here.
        tied = build.apply("eq", args[0], args[1] if len(args) > 1 else build.number(0.0))
        return build.apply("select", tied, build.number(float(answer)), found)

    def _ordinary(self, op: str, places: list[int], args: tuple[int, ...], run: int) -> int:
        here = len(self.slots)
        plain = op.removesuffix("_side")
        if plain in SEAMS or op in ("and", "or"):
            return self._condition(plain, here, places, args, run)
        if op == "select" and (places[0], run) in self.perhaps:
            return self._chosen(places[0], args, run)
        if op in TIED:
            quotient = self._quotient(places[0], run)
            return self.ties.remainder(op, *quotient, run) if quotient else self.ties.slope(op, args, run)
        if op in JUMPS and here in self.active and self.ties.framework is None and not self.ties.plain:
            return self.ties.jump(op, args, run)
        if here not in self.values and (slope := cancelling(self.old, op, *places)) is not None:
            return self.build.stated(slope.text, *(self.slots[place][run] for place in slope.slots))
        if op == "div" and here not in self.values:
            return self._divided(places, args, run)
        if op in HELD:
            return self.build.apply(op, self.values.get(places[0], args[0]))
        return self.build.apply(op, *args)

    def _condition(self, op: str, here: int, places: list[int], args: tuple[int, ...], run: int) -> int:
        """A condition as it is; what is surely and perhaps true is kept, where a seam may lie across the way."""
        if here in self.active and self.ties.framework is None:
            if op in SEAMS:
                sure, may = SEAMS[op]
                self.surely[here, run] = self.build.apply(sure, *args) if sure else self.build.number(0.0)
                self.perhaps[here, run] = self.build.apply(may, *args) if may else self.build.number(1.0)
            else:
                for kept in (self.surely, self.perhaps):
                    known = [kept.get((place, run), arg) for place, arg in zip(places, args, strict=True)]
                    kept[here, run] = self.build.apply(op, *known)
        return self.build.apply(op, *args)

    def _chosen(self, condition: int, args: tuple[int, ...], run: int) -> int:
        """A piece; on the seam itself both pieces, by a weight that does not matter where they are the same."""
        build, (_, a, b) = self.build, args
        sure, may = self.surely[condition, run], self.perhaps[condition, run]
        weight = build.number(self.ties.weight(run, sure, may))
        seam = build.apply("add", a, build.apply("mul", weight, build.apply("sub", b, a)))
        return build.apply("select", sure, a, build.apply("select", may, seam, b))

    def _divided(self, places: list[int], args: tuple[int, ...], run: int) -> int:
        """A quotient that only a gradient has: some have a value where the divisor is 0."""
        if is_side(self.old, *places) and self.ties.framework is None and not self.ties.plain:
            dividend, divisor = args
            return self.ties.quotient(dividend, divisor, run)
        quotient = removable(self.old, *places)
        if quotient is None:
            return self.build.apply("div", *args)
        found = self.build.stated(quotient.text, self.slots[quotient.slot][run])
        factor = quotient.factor
        return found if factor is None else self.build.apply("mul", self.slots[factor][run], found)

    def _quotient(self, slot: int, run: int) -> Pair | None:
        """Dividend and divisor of a quotient whose remainder f takes."""
        op, *places = written(self.old, slot)
        if op != "div" or ("mod", *places) not in self.code:
            return None
        return self.slots[places[0]][run], self.slots[places[1]][run]

    def _alike(self, first: int, second: int) -> int:
        """The condition that two numbers are the same one, but for rounding; NaN is like nothing."""
        build = self.build
        gap = build.apply("abs", build.apply("sub", first, second))
        alike = build.apply("le", gap, build.apply("mul", build.number(_AGREED), build.apply("abs", first)))
        build.careless.add(alike)
        return alike


def _influences(program: Program) -> list[int]:
    """The variables that move each slot: the bits of a number."""
    found = [1 << n for n in range(len(program.variables))] + [0] * len(program.constants)
    for op, *places in program.code:
        found.append(0 if op in HELD else reduce(or_, (found[place] for place in places)))
    return found


def _groups(program: Program, apart: bool) -> list[dict[int, int]]:
    """The variables with a partial, and its slot; together those that the same ties depend on. apart: whether that matters."""
    found = {n: place for n, place in enumerate(program.gradient) if place is not None}
    still = JUMPS | SEAMS.keys() | {f"{op}_side" for op in SEAMS}
    ties = [slot for slot, (op, *_) in enumerate(program.code, program.first) if op in still]
    if not apart or not ties:
        return [found]
    influences, groups = _influences(program), dict[tuple[int, ...], dict[int, int]]()
    for variable, place in found.items():
        groups.setdefault(tuple(slot for slot in ties if influences[slot] >> variable & 1), {})[variable] = (
            place
        )
    return list(groups.values()) if len(groups) <= _MOST else [found]
