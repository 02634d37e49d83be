"""Which way a number goes beside the point along one variable: its tangent there, by which each tie is answered.

A forward sweep beside the reverse one (Griewank & Walther, Evaluating Derivatives, 2nd ed., chapter 3), on one side of the
point: at its ties the tangents are those of that side. A way of NaN is not known, a way that is the number 0 stands still.
"""

from __future__ import annotations

import math
from functools import cache

from gradcli.calculus.exporting.graph_building import Building, Lacking
from gradcli.calculus.exporting.held_steps import HELD
from gradcli.calculus.graph.local_derivatives import parameters, slope
from gradcli.language.tree import Expression

#: Operations whose results stand still but where they jump, and conditions.
FLAT = frozenset((*HELD, "sign", "heaviside", "floor", "ceil", "lt", "le", "eq", "ne", "and", "or"))

#: What an operation's way is, of its arguments x and y, their ways z and w.
_WAYS = {
    "neg": "-z", "add": "z+w", "sub": "z-w", "mul": "x*w+y*z", "square": "2*x*z", "div": "(z-x/y*w)/y",
    "abs": "where(x<0,-z,where(x>0,z,abs(z)))", "relu": "where(x<0,0*z,where(x>0,z,max(z,0)))",
    "max": "where(x<y,w,where(x>y,z,max(z,w)))", "min": "where(x<y,z,where(x>y,w,min(z,w)))",
    "hypot": "where(hypot(x,y)==0,hypot(z,w),(x*z+y*w)/hypot(x,y))",
}  # fmt: skip

#: Words of slopes that have ties themselves.
_TIED = frozenset(("sign", "heaviside", "floor", "ceil", "mod", "abs", "max", "min", "where", "piecewise"))


class Ways:
    """The ways of the results of operations, as nodes. unsure: whether some tie's way was no number yet."""

    def __init__(self, build: Building) -> None:
        self.build, self.unsure = build, False
        self.zero = build.number(0.0)

    def of(self, op: str, args: tuple[int, ...], ways: tuple[int, ...]) -> int:
        """The way of a result, by those of its arguments; of `select` and `mod` others know it."""
        build = self.build
        if op in FLAT or all(way == self.zero for way in ways):
            return self.zero
        if build.nan in ways:
            return build.nan
        try:
            if op in _WAYS:
                found = self._simple(op, args, ways)
                return (
                    build.stated(_WAYS[op], args[0], args[-1], ways[0], ways[-1]) if found is None else found
                )
            parts = [
                self._times(way, self._slope(op, index, args))
                for index, way in enumerate(ways)
                if way != self.zero
            ]
        except Lacking:
            return build.nan
        total = parts[0]
        for part in parts[1:]:
            total = build.apply("add", total, part)
        return total

    def quotient(self, args: tuple[int, ...], ways: tuple[int, ...]) -> int:
        """The way of the quotient of two numbers."""
        if ways[1] == self.zero and (divisor := self.build.known.get(args[1])):
            return ways[0] if divisor > 0 else self.build.apply("neg", ways[0])
        return self.of("div", args, ways)

    def chosen(self, way: int, low: int, high: int, still: int, unknown: int) -> int:
        """What a tied number answers, by its way: *low* where it falls, *high* where it rises."""
        build, number = self.build, self.build.known.get(way)
        if number is not None:
            known = still if number == 0 else low if number < 0 else high
            return unknown if math.isnan(number) else known
        self.unsure = True
        rising = build.apply("select", build.apply("lt", self.zero, way), high, unknown)
        return build.apply("select", build.apply("lt", way, self.zero), low, rising)

    def _simple(self, op: str, args: tuple[int, ...], ways: tuple[int, ...]) -> int | None:
        """The way of a sum or product some part of which stands still, shorter; None where there is nothing shorter."""
        if op == "add" and self.zero in ways:
            return ways[0] if ways[1] == self.zero else ways[1]
        if op == "sub" and self.zero in ways:
            return ways[0] if ways[1] == self.zero else self.build.apply("neg", ways[1])
        if op == "mul" and self.zero in ways:
            moved = 0 if ways[1] == self.zero else 1
            return self._times(ways[moved], args[1 - moved])
        if op == "div" and ways[1] == self.zero:
            return self.build.apply("div", ways[0], args[1])
        return None

    def _times(self, way: int, factor: int) -> int:
        number = self.build.known.get(way)
        if number == 1:
            return factor
        return self.build.apply("neg", factor) if number == -1 else self.build.apply("mul", way, factor)

    def _slope(self, op: str, index: int, args: tuple[int, ...]) -> int:
        """A local derivative; NaN where it is not known, or has ties of its own."""
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
