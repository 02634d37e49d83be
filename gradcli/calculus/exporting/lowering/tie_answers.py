"""What is answered at ties: a framework's number, NaN, or two answers of which a smooth function takes no notice.

At a corner any slope between those of both sides would do, at a jump any value between those of both sides. So value and
partials are computed twice: where both agree to 1e-14, the ties do not matter and that is the partial (x*|x| at 0); where
they do not, there is none. Both are the sides of the point along one variable, where it is known to which side each tie
goes; elsewhere every tie has two numbers of its own between its ends.
"""

from __future__ import annotations

from collections.abc import Mapping

from gradcli.calculus.exporting.graph_building import Building
from gradcli.calculus.exporting.lowering.one_sided_ways import Ways

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

#: The weight of a tie is a power modulo a prime, with another exponent in each run: no sum of few of them is the same in both.
_PRIME, _EXPONENTS = 999983, (1009, 65537)


class Ties:
    """Answers to ties, in one of two runs; every tie has its own.

    framework: the numbers by which a framework answers, or None. plain: whether NaN is the only answer. ways: what the
    ways beside the point are to each run, where it is a side of the point; where no way is given, ties answer by weights.
    """

    def __init__(self, build: Building, framework: Mapping[str | int, str] | None, plain: bool) -> None:
        self.build, self.framework, self.plain = build, framework, plain and framework is None
        self.ways = Ways(build)
        self._numbers: dict[tuple[int, ...], int] = {}

    def weight(self, run: int, *key: int) -> float:
        """A number between 0 and 1 that only this tie has, and in this run only."""
        number = self._numbers.setdefault(key, len(self._numbers))
        return round(0.015 + 0.97 * pow(number + 2, _EXPONENTS[run], _PRIME) / _PRIME, 6)

    def slope(self, op: str, args: tuple[int, ...], run: int, way: int | None = None) -> int:
        """The node of an instruction of TIED."""
        build, x = self.build, args[0]
        if op in _FLAT and not self.plain:
            return build.number(0.0)
        if op in _WHOLE:
            floor = build.apply("floor", x)
            return self._whole(op, build.apply("eq", x, floor), floor, run, (floor,), way)
        if op == "flat_cut" and self.framework is not None:
            return build.number(0.0)
        tied = build.apply("eq", x, build.number(0.0))
        if op in ("flat_zero", "flat_cut"):
            return build.apply("select", tied, build.nan, build.number(0.0))
        low, high = map(build.number, _STEPS[op])
        between = self._step(op, x, run)
        if way is not None:
            between = self.ways.chosen(way, low, high, between, between)
        beside = build.apply("select", build.apply("lt", x, build.number(0.0)), low, high)
        return build.apply("select", tied, between, beside)

    def jump(self, op: str, args: tuple[int, ...], run: int, ways: tuple[int, ...] | None = None) -> int:
        """The node of an instruction of JUMPS: at the jump itself a number between its ends, or the end on the way.

        Where the way is not known, that is NaN.
        """
        build, x = self.build, args[0]
        here = build.apply(op, *args)
        if op == "mod":
            if x == args[1]:
                return here
            tied, zero = self._divides(args, here), build.number(0.0)
            if ways is None:
                part = build.apply("mul", build.number(self.weight(run, *args)), args[1])
            else:
                part = self.ways.chosen(self.ways.quotient(args, ways), args[1], zero, zero, build.nan)
            return build.apply("select", tied, part, here)
        if ways is None:
            return self._between(op, args, here, run)
        if op in ("floor", "ceil"):
            one, tied = build.number(1.0), build.apply("eq", x, here)
            low = build.apply("sub", here, one) if op == "floor" else here
            high = build.apply("add", here, one) if op == "ceil" else here
        else:
            tied = build.apply("eq", x, build.number(0.0))
            low, high = map(build.number, _STEPS[_JUMPS[op]])
        end = self.ways.chosen(ways[0], low, high, here, build.nan)
        return here if end == here else build.apply("select", tied, end, here)

    def seam(self, op: str, args: tuple[int, ...], ways: tuple[int, ...] | None) -> tuple[int, int]:
        """What holds surely, and what may hold, of a comparison: the same where the way across its seam is known."""
        build, zero = self.build, self.ways.zero
        way = build.nan if ways is None else self.ways.of("sub", args, ways)
        if way == zero:
            return (build.apply(op, *args),) * 2
        if way == build.nan:
            surely, perhaps = SEAMS[op]
            return (
                build.apply(surely, *args) if surely else build.number(0.0),
                build.apply(perhaps, *args) if perhaps else build.number(1.0),
            )
        if (number := build.known.get(way)) is not None:
            side = "le" if number < 0 else "lt"
            held = build.number(float(op == "ne")) if op in ("eq", "ne") else build.apply(side, *args)
            return held, held
        tied = build.apply("eq", *args)
        # Elsewhere the way does not matter, even where it is no number.
        way = build.apply("select", tied, way, zero)
        if op in ("eq", "ne"):
            moves = build.apply("ne" if op == "ne" else "eq", way, zero)
            held = build.apply("or" if op == "ne" else "and", build.apply(op, *args), moves)
        else:
            falls = build.apply("and", tied, build.apply(op, way, zero))
            held = build.apply("or", build.apply("lt", *args), falls)
        return held, held

    def remainder(self, op: str, args: tuple[int, int], run: int, ways: tuple[int, ...] | None = None) -> int:
        """`flat_integer` and `floor_side` of a quotient, by its remainder: the quotient itself is rounded."""
        build, (dividend, divisor) = self.build, args
        if dividend == divisor:  # always 0, without a jump
            return build.number(1.0 if op == "floor_side" else 0.0)
        rest = build.apply("mod", dividend, divisor)
        whole = build.apply("div", build.apply("sub", dividend, rest), divisor)
        way = None if ways is None else self.ways.quotient(args, ways)
        return self._whole(op, self._divides(args, rest), whole, run, args, way)

    def quotient(self, dividend: int, distance: int, run: int) -> int:
        """One side of a triangle by its longest: between -1 and 1, and at the origin any number there."""
        build = self.build
        tied = build.apply("eq", distance, build.number(0.0))
        answer = build.number(2 * self.weight(run, dividend, distance) - 1)
        return build.apply("select", tied, answer, build.apply("div", dividend, distance))

    def _divides(self, args: tuple[int, ...], rest: int) -> int:
        """The condition that a quotient is whole: by its remainder, and as it is rounded where the divisor is as well."""
        build, divisor = self.build, args[1]
        tied, number = build.apply("eq", rest, build.number(0.0)), build.known.get(divisor)
        exact = build.graph.ops[divisor] == "name" if number is None else (number * 1024).is_integer()
        if exact or self.framework is not None:
            return tied
        quotient = build.apply("div", *args)
        whole = build.apply("eq", quotient, build.apply("floor", quotient))
        near = build.apply("lt", build.apply("abs", quotient), build.number(2.0**52))
        return build.apply("or", tied, build.apply("and", whole, near))

    def _between(self, op: str, args: tuple[int, ...], here: int, run: int) -> int:
        """A jump where no way is known: a number between its ends."""
        build, x = self.build, args[0]
        if op == "ceil":
            part = build.apply("add", here, build.number(round(1 - self.weight(run, here), 6)))
            return build.apply("select", build.apply("eq", x, here), part, here)
        return self.slope(_JUMPS[op], args, run)

    def _whole(self, op: str, tied: int, floor: int, run: int, key: tuple[int, ...], way: int | None) -> int:
        """`flat_integer` or `floor_side` of a number whose floor is known. key: of the tie."""
        build = self.build
        if op == "flat_integer":
            return (
                build.apply("select", tied, build.nan, build.number(0.0)) if self.plain else build.number(0.0)
            )
        if self.framework is not None:
            return floor
        if self.plain:
            return build.apply("select", tied, build.nan, floor)
        between = build.apply("sub", floor, build.number(self.weight(run, *key)))
        if way is not None:
            less = build.apply("sub", floor, build.number(1.0))
            between = self.ways.chosen(way, less, floor, between, between)
        return build.apply("select", tied, between, floor)

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
