"""What slopes answer at ties: a framework's number, NaN, or two numbers of which a smooth function takes no notice.

At a corner every slope between those of both sides would do, and at a jump any at all. So the partials are computed
twice, with different answers to every tie: where both agree to 1e-14, the ties do not matter and that is the
partial (x*|x| at 0); where they do not, there is none.
"""

from __future__ import annotations

from collections.abc import Mapping

from gradcli.calculus.exporting.building import Building
from gradcli.calculus.program import Program

#: A slope that is one number below 0 and another above it: the instruction → both.
_STEPS = {"sign_side": (-1.0, 1.0), **dict.fromkeys(
    ("heaviside_side", "first_side", "second_side", "relu_side"), (0.0, 1.0)
)}  # fmt: skip
_WHOLE = ("flat_integer", "floor_side")

#: Instructions that have a tie of their own.
TIED = frozenset((*_STEPS, "flat_zero", *_WHOLE))

#: Conditions beside their seams: what holds surely, and what may hold.
SEAMS = {"lt_side": ("lt", "le"), "le_side": ("lt", "le"), "eq_side": ("", "eq"), "ne_side": ("ne", "")}

#: What a jump answers at itself where a framework is asked for, and the corners that no framework tells apart.
_FREE = {"flat_zero": 0.0, "flat_integer": 0.0, "heaviside_side": 0.5}

_GOLDEN = 0.6180339887498949


class Ties:
    """Answers to ties, in one of two runs; every tie has its own.

    framework: the numbers by which a framework answers, or None. plain: whether NaN is the only answer.
    """

    def __init__(self, build: Building, framework: Mapping[str, str] | None, plain: bool) -> None:
        self.build, self.framework, self.plain = build, framework, plain
        self._numbers: dict[tuple[int, ...], int] = {}

    def weight(self, run: int, *key: int) -> float:
        """A number between 0 and 1 that only this tie has, and in this run only."""
        number = self._numbers.setdefault(key, len(self._numbers))
        return round((number * _GOLDEN + (0.37, 0.81)[run]) % 0.97 + 0.015, 6)

    def slope(self, op: str, args: tuple[int, ...], run: int) -> int:
        """The node of an instruction of TIED."""
        build, x = self.build, args[0]
        if op in _WHOLE:
            floor = build.apply("floor", x)
            tied, beside = build.apply("eq", x, floor), floor if op == "floor_side" else build.number(0.0)
            return build.apply("select", tied, self._at_whole(op, floor, run), beside)
        tied = build.apply("eq", x, build.number(0.0))
        if op == "flat_zero":
            return build.apply(
                "select", tied, self._answer(op, run, 1 + self.weight(run, x)), build.number(0.0)
            )
        low, high = map(build.number, _STEPS[op])
        beside = build.apply("select", build.apply("lt", x, build.number(0.0)), low, high)
        return build.apply("select", tied, self._step(op, x, run), beside)

    def remainder(self, op: str, dividend: int, divisor: int, run: int) -> int:
        """`flat_integer` and `floor_side` of a quotient, by its remainder: the quotient itself is rounded."""
        build = self.build
        rest = build.apply("mod", dividend, divisor)
        whole = build.apply("div", build.apply("sub", dividend, rest), divisor)
        tied = build.apply("eq", rest, build.number(0.0))
        beside = whole if op == "floor_side" else build.number(0.0)
        return build.apply("select", tied, self._at_whole(op, whole, run), beside)

    def quotient(self, dividend: int, distance: int, run: int) -> int:
        """One side of a triangle by its longest: between -1 and 1, and at the origin any number there."""
        build = self.build
        tied = build.apply("eq", distance, build.number(0.0))
        answer = build.number(2 * self.weight(run, dividend, distance) - 1)
        return build.apply("select", tied, answer, build.apply("div", dividend, distance))

    def _at_whole(self, op: str, floor: int, run: int) -> int:
        weight = self.weight(run, floor)
        if op == "flat_integer":
            return self._answer(op, run, 1 + weight)
        if self.framework is not None:
            return floor
        return self.build.nan if self.plain else self.build.apply("sub", floor, self.build.number(weight))

    def _step(self, op: str, x: int, run: int) -> int:
        """A number between both slopes; those of a and -a, of a-b and b-a add up to what they add up to beside the tie."""
        graph, (low, high) = self.build.graph, _STEPS[op]
        args, reversed_, key = graph.args[x], False, (x,)
        if graph.ops[x] == "neg":
            reversed_, key = True, args
        elif graph.ops[x] == "sub":
            # max(x, x) takes its first argument so far as it does not take its second.
            reversed_ = args[0] > args[1] or (args[0] == args[1] and op == "second_side")
            key = (min(args), max(args))
        weight = self.weight(run, *key)
        return self._answer(op, run, low + (high - low) * (1 - weight if reversed_ else weight))

    def _answer(self, op: str, run: int, number: float) -> int:
        if self.framework is not None:
            number = float(self.framework[op]) if op in self.framework else _FREE[op]
            return self.build.number(number)
        return self.build.nan if self.plain else self.build.number(round(number, 6))


def are_plain(program: Program) -> bool:
    """Whether ties reach the partials through sums and constant factors alone: then NaN says all there is to say."""
    from gradcli.calculus import floats

    first, tied = len(program.variables), set[int]()
    for slot, (op, *places) in enumerate(program.code, program.first):
        if op in SEAMS:
            return False
        reached = [place for place in places if place in tied]
        if op in TIED or (op == "div" and _is_side(program, *places)):
            tied.add(slot)
        elif reached:
            others = [place for place in places if place not in tied]
            whole = [
                p
                for p in others
                if first <= p < program.first and floats.constant(program.constants[p - first])
            ]
            kept = op == "neg" or (op in ("add", "sub") and len(others) == 1)
            if not kept and not (
                op in ("mul", "div") and whole and places[0 if op == "div" else -1] in (*tied, *whole)
            ):
                return False
            tied.add(slot)
    return True


def _is_side(program: Program, dividend: int, divisor: int) -> bool:
    """Whether a quotient is a slope of `hypot`."""
    op, *sides = program.code[divisor - program.first] if divisor >= program.first else ("",)
    return op == "hypot" and dividend in sides
