"""What is answered at ties: a framework's number, NaN, or two numbers of which a smooth function takes no notice.

At a corner any slope between those of both sides would do, at a jump any value between those of both sides. So value and
partials are computed twice, with different answers to every tie: where both agree to 1e-14, the ties do not matter
and that is the partial (x*|x| at 0); where they do not, there is none.
"""

from __future__ import annotations

from collections.abc import Mapping

from gradcli.calculus.exporting.graph_building import Building
from gradcli.calculus.exporting.meanings.removable_singularities import is_side
from gradcli.calculus.program.program import Program

#: A slope that is one number below 0 and another above it: the instruction → both.
_STEPS = {"sign_side": (-1.0, 1.0), **dict.fromkeys(
    ("heaviside_side", "first_side", "second_side", "relu_side"), (0.0, 1.0)
)}  # fmt: skip
_WHOLE = ("flat_integer", "floor_side")
_FLAT = ("flat_zero", "flat_integer")

#: Functions that jump, and what they are where a jump may be answered.
_JUMPS = {
    "sign": "sign_side",
    "heaviside": "heaviside_side",
    "floor": "floor_side",
    "ceil": "ceil",
    "mod": "mod",
}

#: Slopes that have a tie of their own, and what jumps in f itself.
TIED = frozenset((*_STEPS, "flat_zero", "flat_cut", *_WHOLE))
JUMPS = frozenset(_JUMPS)

#: Conditions: what holds surely, and what may hold, at their seams.
SEAMS = {"lt": ("lt", "le"), "le": ("lt", "le"), "eq": ("", "eq"), "ne": ("ne", "")}

#: What corners that no framework tells apart answer where one is asked for.
_FREE = {"heaviside_side": 0.5}

_GOLDEN = 0.6180339887498949


class Ties:
    """Answers to ties, in one of two runs; every tie has its own.

    framework: the numbers by which a framework answers, or None. plain: whether NaN is the only answer.
    """

    def __init__(self, build: Building, framework: Mapping[str | int, str] | None, plain: bool) -> None:
        self.build, self.framework, self.plain = build, framework, plain and framework is None
        self._numbers: dict[tuple[int, ...], int] = {}

    def weight(self, run: int, *key: int) -> float:
        """A number between 0 and 1 that only this tie has, and in this run only."""
        number = self._numbers.setdefault(key, len(self._numbers))
        return round((number * _GOLDEN + (0.37, 0.81)[run]) % 0.97 + 0.015, 6)

    def slope(self, op: str, args: tuple[int, ...], run: int) -> int:
        """The node of an instruction of TIED."""
        build, x = self.build, args[0]
        if op in _FLAT and not self.plain:
            return build.number(0.0)
        if op in _WHOLE:
            floor = build.apply("floor", x)
            return self._whole(op, build.apply("eq", x, floor), floor, run)
        tied = build.apply("eq", x, build.number(0.0))
        if op == "flat_cut" and self.framework is not None:
            return build.number(0.0)
        if op in ("flat_zero", "flat_cut"):
            return build.apply("select", tied, build.nan, build.number(0.0))
        low, high = map(build.number, _STEPS[op])
        beside = build.apply("select", build.apply("lt", x, build.number(0.0)), low, high)
        return build.apply("select", tied, self._step(op, x, run), beside)

    def jump(self, op: str, args: tuple[int, ...], run: int) -> int:
        """The node of an instruction of JUMPS: at the jump itself a number between its ends."""
        build, x = self.build, args[0]
        if op == "mod":
            rest = build.apply("mod", *args)
            part = build.apply("mul", build.number(self.weight(run, *args)), args[1])
            tied = build.apply("eq", rest, build.number(0.0))
            return rest if x == args[1] else build.apply("select", tied, part, rest)
        if op == "ceil":
            up = build.apply("ceil", x)
            part = build.apply("add", up, build.number(round(1 - self.weight(run, up), 6)))
            return build.apply("select", build.apply("eq", x, up), part, up)
        return self.slope(_JUMPS[op], args, run)

    def remainder(self, op: str, dividend: int, divisor: int, run: int) -> int:
        """`flat_integer` and `floor_side` of a quotient, by its remainder: the quotient itself is rounded."""
        build = self.build
        if dividend == divisor:  # always 0, without a jump
            return build.number(1.0 if op == "floor_side" else 0.0)
        rest = build.apply("mod", dividend, divisor)
        whole = build.apply("div", build.apply("sub", dividend, rest), divisor)
        return self._whole(op, build.apply("eq", rest, build.number(0.0)), whole, run, dividend, divisor)

    def quotient(self, dividend: int, distance: int, run: int) -> int:
        """One side of a triangle by its longest: between -1 and 1, and at the origin any number there."""
        build = self.build
        tied = build.apply("eq", distance, build.number(0.0))
        answer = build.number(2 * self.weight(run, dividend, distance) - 1)
        return build.apply("select", tied, answer, build.apply("div", dividend, distance))

    def _whole(self, op: str, tied: int, floor: int, run: int, *key: int) -> int:
        """`flat_integer` or `floor_side` of a number whose floor is known. key: of the tie, where it is not the floor."""
        build = self.build
        if op == "flat_integer":
            return (
                build.apply("select", tied, build.nan, build.number(0.0)) if self.plain else build.number(0.0)
            )
        if self.framework is not None:
            return floor
        weight = build.number(self.weight(run, *(key or (floor,))))
        return build.apply(
            "select", tied, build.nan if self.plain else build.apply("sub", floor, weight), floor
        )

    def _step(self, op: str, x: int, run: int) -> int:
        """A number between both slopes; those of a and -a, of a-b and b-a add up to what they add up to beside the tie."""
        graph, (low, high) = self.build.graph, _STEPS[op]
        args, reversed_ = graph.args[x], False
        key: tuple[int, ...] = (x,)
        if graph.ops[x] == "neg":
            reversed_, key = True, args
        elif graph.ops[x] == "sub":
            # max(x, x) takes its first argument so far as it does not take its second.
            reversed_ = args[0] > args[1] or (args[0] == args[1] and op == "second_side")
            key = (min(args), max(args))
        weight = self.weight(run, *key)
        return self._answer(op, low + (high - low) * (1 - weight if reversed_ else weight))

    def _answer(self, op: str, number: float) -> int:
        if self.framework is not None:
            number = float(self.framework[op]) if op in self.framework else _FREE[op]
            return self.build.number(number)
        return self.build.nan if self.plain else self.build.number(round(number, 6))


def are_plain(program: Program) -> bool:
    """Whether ties reach the partials through sums and constant factors alone: then NaN says all there is to say."""
    from gradcli.calculus.backends import float_backend

    first, tied = len(program.variables), set[int]()
    for slot, (op, *places) in enumerate(program.code, program.first):
        if op.removesuffix("_side") in SEAMS:
            return False
        reached = [place for place in places if place in tied]
        if op in TIED or (op == "div" and is_side(program, *places)):
            tied.add(slot)
        elif reached:
            others = [place for place in places if place not in tied]
            whole = [
                p
                for p in others
                if first <= p < program.first and float_backend.constant(program.constants[p - first])
            ]
            kept = op == "neg" or (op in ("add", "sub") and len(others) == 1)
            if not kept and not (
                op in ("mul", "div") and whole and places[0 if op == "div" else -1] in (*tied, *whole)
            ):
                return False
            tied.add(slot)
    return True
