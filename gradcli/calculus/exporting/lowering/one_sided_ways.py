"""Which way a number goes beside the point along one variable: its tangent there, by which each tie is answered.

A forward sweep beside the reverse one (Griewank & Walther, Evaluating Derivatives, 2nd ed., chapter 3), on one side of the
point: at its ties the tangents are those of that side. A way of 0 stands still near the point, one of NaN is not known:
where a first derivative is 0, the next decides.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

from gradcli.calculus.exporting.graph_building import Building, Lacking
from gradcli.calculus.exporting.held_steps import HELD
from gradcli.calculus.graph.local_derivatives import parameters, slope
from gradcli.language.tree import Expression

#: Operations whose results stand still but where they jump, and conditions.
FLAT = frozenset((*HELD, "sign", "heaviside", "floor", "ceil", "lt", "le", "eq", "ne", "and", "or"))

#: What an operation's way is, of its arguments x and y, their ways z and w; those that are 0 only where it stands still.
_SURE = {
    "neg": "-z", "abs": "where(x<0,-z,where(x>0,z,abs(z)))", "relu": "where(x<0,0,where(x>0,z,max(z,0)))",
    "max": "where(x<y,w,where(x>y,z,max(z,w)))", "min": "where(x<y,z,where(x>y,w,min(z,w)))",
}  # fmt: skip

#: The same of what moves by both arguments, which may be 0 all the same.
_BOTH = {"add": "z+w", "sub": "z-w", "mul": "x*w+y*z", "div": "(z-x/y*w)/y"}

#: Words of slopes that have ties themselves.
_TIED = frozenset(("sign", "heaviside", "floor", "ceil", "mod", "abs", "max", "min", "where", "piecewise"))


class Ways:
    """The ways of the results of operations, as nodes. unsure: whether some way that was asked for may not be known."""

    def __init__(self, build: Building) -> None:
        self.build, self.unsure = build, False
        self.zero = build.number(0.0)
        self._steady: set[int] = set()

    def of(self, op: str, args: tuple[int, ...], ways: tuple[int, ...]) -> int:
        """The way of a result, by those of its arguments; of `select` and `mod` others know it."""
        if op in FLAT or all(way == self.zero for way in ways):
            return self.zero
        if self.build.nan in ways:
            return self.build.nan
        try:
            return self._moving(op, args, ways)
        except Lacking:
            self.unsure = True
            return self.build.nan

    def pieced(self, way: int, ways: Sequence[int]) -> int:
        """A way that is the same near the point where these *ways* are: then 0 is 0."""
        if all(other in self.build.known or other in self._steady for other in ways):
            self._steady.add(way)
        return way

    def known(self, way: int, moving: Sequence[int]) -> int:
        """A way that is not known where it is 0 though all of *moving* are not."""
        build = self.build
        if way in self._steady or ((number := build.known.get(way)) is not None and number != 0):
            return way
        self.unsure = True
        stands = build.apply("eq", way, self.zero)
        for other in moving:
            stands = build.apply("and", stands, build.apply("ne", other, self.zero))
        return build.apply("select", stands, build.nan, way)

    def quotient(self, args: tuple[int, ...], ways: tuple[int, ...]) -> int:
        """The way of the quotient of two numbers."""
        if ways[1] == self.zero and (divisor := self.build.known.get(args[1])):
            return ways[0] if divisor > 0 else self.build.apply("neg", ways[0])
        return self.of("div", args, ways)

    def chosen(self, way: int, low: int, high: int, still: int, unknown: int) -> int:
        """What a tied number answers, by its way: *low* where it falls, *high* where it rises; NaN may stand for *unknown*."""
        build, number = self.build, self.build.known.get(way)
        if number is not None:
            known = still if number == 0 else low if number < 0 else high
            return unknown if math.isnan(number) else known
        rising = build.apply("select", build.apply("lt", self.zero, way), high, still)
        return build.apply("select", build.apply("lt", way, self.zero), low, rising)

    def _moving(self, op: str, args: tuple[int, ...], ways: tuple[int, ...]) -> int:
        build, moving = self.build, [way for way in ways if way != self.zero]
        if op in _SURE:
            return self.pieced(build.stated(_SURE[op], args[0], args[-1], ways[0], ways[-1]), ways)
        if op in _BOTH:
            if len(moving) == 1 or args[0] == args[1]:
                return self._by_one(op, args, ways)
            found = build.stated(_BOTH[op], *args, *ways)
            return self.known(self.pieced(found, ways) if op in ("add", "sub") else found, moving)
        parts = [
            self._times(way, self._slope(op, index, args))
            for index, way in enumerate(ways)
            if way != self.zero
        ]
        total = parts[0]
        for part in parts[1:]:
            total = build.apply("add", total, part)
        return self.known(total, moving if len(moving) == 1 else ())

    def _by_one(self, op: str, args: tuple[int, ...], ways: tuple[int, ...]) -> int:
        """The way of a sum, product or quotient of which one part stands still, or whose parts are the same."""
        build = self.build
        if args[0] == args[1]:
            if op in ("sub", "div"):
                return self.zero
            return ways[0] if op == "add" else self.of("square", args[:1], ways[:1])
        if op == "mul":
            moved = 0 if ways[1] == self.zero else 1
            return self.zero if args[1 - moved] == self.zero else self._times(ways[moved], args[1 - moved])
        if ways[1] == self.zero:
            return self._divided(ways[0], args[1]) if op == "div" else ways[0]
        if op == "div":
            return self.zero if args[0] == self.zero else build.stated("-x/y*z/y", *args, ways[1])
        return ways[1] if op == "add" else self.pieced(build.apply("neg", ways[1]), ways)

    def _divided(self, way: int, divisor: int) -> int:
        found = self.build.apply("div", way, divisor)
        return self.pieced(found, (way,)) if divisor in self.build.known else found

    def _times(self, way: int, factor: int) -> int:
        number = self.build.known.get(way)
        if number == 1:
            return factor
        found = self.build.apply("neg", factor) if number == -1 else self.build.apply("mul", way, factor)
        return self.pieced(found, (way, factor)) if factor in self.build.known else found

    def _slope(self, op: str, index: int, args: tuple[int, ...]) -> int:
        """A local derivative; NaN where it is not known, or has ties of its own."""
        if op == "hypot":
            return self.build.stated("x/hypot(x,y)", args[index], args[1 - index])
        if op == "pow":
            return (
                self.build.stated("y*x**(y-1)", *args) if index == 0 else self.build.apply("power_log", *args)
            )
        rule = _smooth_slope(op, index)
        if rule is None:
            return self.build.nan
        return self.build.included(rule, dict(zip(parameters(op), args, strict=True)))


@cache
def _smooth_slope(op: str, index: int) -> Expression | None:
    try:
        rule = slope(op, index)
    except KeyError:
        return None
    return None if rule is None or any(node.op in _TIED for node in rule.nodes) else rule
