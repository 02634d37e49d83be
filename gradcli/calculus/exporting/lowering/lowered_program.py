"""A program → the same program in a language's own instructions, its partials told apart at corners."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from operator import or_

from gradcli.calculus.backends import float_backend
from gradcli.calculus.exporting.finiteness_checks import watched
from gradcli.calculus.exporting.graph_building import Building
from gradcli.calculus.exporting.lowering.tie_answers import JUMPS, SEAMS, TIED, Ties
from gradcli.calculus.exporting.lowering.tie_groups import (
    JUMPING,
    MOST_GROUPS,
    STOPPING,
    are_plain,
    groups_by_ties,
    groups_by_variable,
    has_steps_of,
    influences_of,
    tied_quantities,
)
from gradcli.calculus.exporting.meanings.cancelling_slopes import cancelling
from gradcli.calculus.exporting.meanings.removable_singularities import is_side, removable, written
from gradcli.calculus.exporting.target_language import Language
from gradcli.calculus.graph.reverse_sweep import Sweep, program_of
from gradcli.calculus.program.chained_sums import chained
from gradcli.calculus.program.program import Program, made_of

#: How far two partials may be from each other, as a part of the first, to be the same one.
_AGREED = 1e-14

#: Of a step of a jump each variable is looked along by itself, up to so many instructions for all of them.
_MOST_STEPS = 5000

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
    that are looked along; a tie elsewhere stands still. going: where the runs are the two sides of the point along one
    variable, the ways there of the slots in *asked*, by which ties are answered; else None. blunt: whether no way is known.
    """

    def __init__(self, program: Program, language: Language, ties: Mapping[str | int, str] | None) -> None:
        program = chained(program)
        self.old, self.code = program, frozenset(program.code)
        self.build = Building(language)
        self.nested = ties is None and has_steps_of(program, JUMPING)
        self.stopping = has_steps_of(program, STOPPING)
        self.ties = Ties(self.build, ties, not self.nested and are_plain(program))
        names = [self.build.graph.node("name", text=name) for name in program.variables]
        constants = [self.build.number(float_backend.constant(text)) for text in program.constants]
        self.values = dict(enumerate((*names, *constants)))
        self.slots: list[Pair] = [(node, node) for node in self.values.values()]
        self.surely: dict[Pair, int] = {}
        self.perhaps: dict[Pair, int] = {}
        self.active: set[int] = set()
        self.asked = tied_quantities(program)
        self.going: dict[Pair, int] | None = None
        self.blunt = False

    def program(self) -> Program:
        """The lowered program."""
        first, forward = self.old.first, made_of(self.old, (self.old.value,))
        for slot, (op, *places) in enumerate(self.old.code, first):
            if slot in forward:
                self.values[slot] = self.build.apply(op, *(self.values[place] for place in places))
        sides = self._by_sides()
        if sides is not None and (self.nested or self.stopping):
            return sides
        apart = self.ties.framework is None and not self.ties.plain
        weights = self._written(groups_by_ties(self.old, apart), sided=self.nested)
        return sides if sides is not None and len(sides.code) <= len(weights.code) else weights

    def _by_sides(self) -> Program | None:
        """The program whose ties are answered by the two sides of the point along each variable.

        None where it would be long, or would not know ways where weights do as well.
        """
        if self.ties.framework is not None or self.ties.plain or not self.asked:
            return None
        groups = groups_by_variable(self.old, self.asked)
        if len(groups) > MOST_GROUPS and not (
            self.nested and len(groups) * len(self.old.code) <= _MOST_STEPS
        ):
            return None
        found = self._written(groups, sided=True)
        if not self.ties.ways.unsure:
            return found
        # Who writes layers into each other would write conditions on ways out many times over.
        self.blunt = bool(self.build.language.refused)
        return found if self.nested and not self.blunt else None

    def _written(self, groups: Sequence[Mapping[int, int]], sided: bool) -> Program:
        """The lowered program. groups: variables that are looked along at once, and the slots of their partials."""
        adjoints = self._adjoints(groups, sided)
        graph, value, found = watched(self.build, self.values[self.old.value], adjoints)
        found = {name: found[name] for name in self.old.variables if name in found}
        return program_of(Sweep(graph, value, found, self.old.unknown), self.old.variables)

    def _adjoints(self, groups: Sequence[Mapping[int, int]], sided: bool) -> dict[str, int]:
        """The partials by variable."""
        found, influences = dict[str, int](), influences_of(self.old)
        for names in groups:
            moved = reduce(or_, (1 << name for name in names), 0)
            self.active = {slot for slot, influence in enumerate(influences) if influence & moved}
            self.going = self._seeds(names) if sided else None
            self._carry_out()
            found |= {self.old.variables[name]: self._partial(place) for name, place in names.items()}
        return found

    def _seeds(self, names: Collection[int]) -> dict[Pair, int]:
        """The ways of variables and constants on both sides; of several variables at once nobody knows them."""
        number = self.build.number
        found = {(slot, run): number(0.0) for slot in range(self.old.first) for run in (0, 1)}
        moving = [name for name in names if name in self.asked]
        for run, way in enumerate((-1.0, 1.0)):
            found |= {
                (name, run): number(way) if len(moving) == 1 and not self.blunt else self.build.nan
                for name in moving
            }
        return found

    def _carry_out(self) -> None:
        """The nodes of all slots, for both runs."""
        del self.slots[self.old.first :]
        self.surely.clear()
        self.perhaps.clear()
        for slot, (op, *places) in enumerate(self.old.code, self.old.first):
            first = self._instruction(op, places, 0)
            same = op in _SAME and all(a == b for a, b in (self.slots[place] for place in places))
            self.slots.append((first, first if same else self._instruction(op, places, 1)))
            if self.going is not None and slot in self.asked:
                self.going |= {(slot, run): self._way(op, places, run) for run in (0, 1)}

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
            return self._chosen(places[0], args, run, exactly=self.going is not None and here in self.values)
        if op in TIED:
            return self._tied(op, places, args, run)
        if op in JUMPS and here in self.active and self.ties.framework is None and not self.ties.plain:
            return self.ties.jump(op, args, run, self._ways(places, run))
        if here not in self.values and (slope := cancelling(self.old, op, *places)) is not None:
            return self.build.stated(slope.text, *(self.slots[place][run] for place in slope.slots))
        if op == "div" and here not in self.values:
            return self._divided(places, args, run)
        if op == "held":
            return self.build.apply(op, self.values.get(places[0], args[0]))
        return self.build.apply(op, *args)

    def _tied(self, op: str, places: list[int], args: tuple[int, ...], run: int) -> int:
        """A slope with a tie of its own; of a quotient whose remainder f takes, by that."""
        word, *sides = written(self.old, places[0])
        if word == "div" and ("mod", *sides) in self.code:
            dividend, divisor = (self.slots[side][run] for side in sides)
            return self.ties.remainder(op, (dividend, divisor), run, self._ways(sides, run))
        ways = self._ways(places, run)
        return self.ties.slope(op, args, run, ways[0] if ways else None)

    def _ways(self, places: Sequence[int], run: int) -> tuple[int, ...] | None:
        return None if self.going is None else tuple(self.going[place, run] for place in places)

    def _way(self, op: str, places: list[int], run: int) -> int:
        """The way of a slot on one side."""
        build, going, ways = self.build, self.ties.ways, self._ways(places, run) or ()
        args = tuple(self.slots[place][run] for place in places)
        if op == "select":
            if ways[1] == ways[2]:
                return ways[1]
            pieces = (args[0], *ways[1:])
            if (places[0], run) in self.perhaps:
                return going.pieced(self._chosen(places[0], pieces, run, exactly=True), ways[1:])
            return going.pieced(build.apply(op, *pieces), ways[1:])
        if op == "mod" and ways[1] != going.zero and build.nan not in ways:
            whole = self.ties.remainder("floor_side", (args[0], args[1]), run, ways)
            return going.known(going.pieced(build.stated("x-y*z", ways[0], whole, ways[1]), ways), ())
        return ways[0] if op == "mod" else going.of(op, args, ways)

    def _condition(self, op: str, here: int, places: list[int], args: tuple[int, ...], run: int) -> int:
        """A condition as it is; what is surely and perhaps true is kept, where a seam may lie across the way."""
        if here in self.active and self.ties.framework is None:
            if op in SEAMS:
                ways = self._ways(places, run)
                self.surely[here, run], self.perhaps[here, run] = self.ties.seam(op, args, ways)
            else:
                for kept in (self.surely, self.perhaps):
                    known = [kept.get((place, run), arg) for place, arg in zip(places, args, strict=True)]
                    kept[here, run] = self.build.apply(op, *known)
        return self.build.apply(op, *args)

    def _chosen(self, condition: int, args: tuple[int, ...], run: int, exactly: bool) -> int:
        """A piece; on the seam itself both pieces, by a weight that does not matter where they are the same.

        exactly: there is none where they are not the same.
        """
        build, (_, a, b) = self.build, args
        sure, may = self.surely[condition, run], self.perhaps[condition, run]
        if sure == may:
            return build.apply("select", sure, a, b)
        if exactly:
            seam = a if a == b else build.apply("select", build.apply("eq", a, b), a, build.nan)
        else:
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

    def _alike(self, first: int, second: int) -> int:
        """The condition that two numbers are the same one, but for rounding; NaN is like nothing."""
        build = self.build
        gap = build.apply("abs", build.apply("sub", first, second))
        alike = build.apply("le", gap, build.apply("mul", build.number(_AGREED), build.apply("abs", first)))
        build.careless.add(alike)
        return alike
