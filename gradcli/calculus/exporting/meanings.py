"""Instructions that a language lacks → instructions that it has.

Each row of MEANINGS is one instruction in gradcli's own language; `lowered` replaces rows until only native
instructions are left. At a corner the partial is NaN, or what a framework answers there.
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Mapping
from functools import cache

from gradcli.calculus import floats
from gradcli.calculus.graph import Graph
from gradcli.calculus.operations import float_operation
from gradcli.calculus.program import Program
from gradcli.calculus.sweep import Sweep, program_of
from gradcli.language.parser import parse
from gradcli.language.tree import Expression

_SERIES = "(1-x*x/10*(1-x*x/28*(1-x*x/54*(1-x*x/88*(1-x*x/130*(1-x*x/180*(1-x*x/238)))))))"

#: Written so that NaN stays NaN: no comparison with it may choose a number.
_STEP = "where(x==0,tie,(1+x/abs(x))/2)"

#: Instruction → its meaning in x, y, z. `nan` is no number, `tie` what is answered at a corner.
MEANINGS = {
    "square": "x*x", "sec": "1/cos(x)", "csc": "1/sin(x)", "cot": "1/tan(x)",
    "asec": "acos(1/x)", "acsc": "asin(1/x)", "acot": "atan(1/x)",
    "sinc": "where(x==0,1,sin(x)/x)",
    "sincprime": f"where(abs(x)>1,(cos(x)-sin(x)/x)/x,-x/3*{_SERIES})",
    "sech": "2*exp(-abs(x))/(1+exp(-2*abs(x)))",
    "csch": "where(abs(x)<20,1/sinh(x),2*sign(x)*exp(-abs(x)))", "coth": "1/tanh(x)",
    "asech": "acosh(1/x)", "acsch": "asinh(1/x)", "acoth": "atanh(1/x)",
    "cbrt": "sign(x)*abs(x)**(1/3)",
    "root": "where(x<0,where(abs(y-2*floor(y/2))==1,-abs(x)**(1/y),nan),abs(x)**(1/y))",
    "hypot": "sqrt(x*x+y*y)", "expm1": "2*exp(x/2)*sinh(x/2)",
    "log1p": "where(1+x==1,x,log(1+x)*x/((1+x)-1))", "log10": "log(x)/log(10)", "log2": "log(x)/log(2)",
    "sign": "where(x==0,0,x/abs(x))", "heaviside": "where(x==0,0.5,(1+x/abs(x))/2)",
    "mod": "x-y*floor(x/y)", "abs": "where(x<0,-x,x)",
    "min": "where(y<x,y,where(x<=y,x,nan))", "max": "where(y>x,y,where(x>=y,x,nan))",
    "sigmoid": "where(x<0,exp(-abs(x)),1)/(1+exp(-abs(x)))", "softplus": "max(x,0)+log1p(exp(-abs(x)))",
    "relu": "where(x<0,0,x)", "leaky_relu": "where(x>0,x,y*x)", "elu": "where(x>0,x,y*expm1(min(x,0)))",
    "gamma": "where(x>0,exp(lgamma(abs(x))),pi/(sin(pi*x)*exp(lgamma(1-x))))",
    "beta": "gamma(x)*gamma(y)/gamma(x+y)", "binomial": "gamma(x+1)/(gamma(y+1)*gamma(x-y+1))",
    "li": "ei(log(x))",
    "power_log": "where(x==0,where(y>0,0,nan),x**y*log(x))", "gate": "where(x==0,0,x*y)",
    "sign_side": "where(x==0,tie,x/abs(x))", "heaviside_side": _STEP, "first_side": _STEP, "second_side": _STEP,
    "relu_side": _STEP, "floor_side": "where(x==floor(x),tie,floor(x))",
    "flat_zero": "where(x==0,tie,0)", "flat_integer": "where(x==floor(x),tie,0)",
}  # fmt: skip

#: What a jump answers at itself where no framework is asked: no number.
_FREE = {"flat_zero": "0", "flat_integer": "0", "heaviside_side": "0.5", "floor_side": "floor(x)"}

#: What is calculated at once where it stands between constants: conditions, and what conditions are made of.
_COMPARE = {"lt": operator.lt, "le": operator.le, "eq": operator.eq, "ne": operator.ne}
_KEPT = frozenset(("neg", "add", "sub", "mul", "div", "floor", "abs"))

_SIDES = {"lt_side": "lt", "le_side": "le", "eq_side": "eq", "ne_side": "ne"}


class Lacking(ValueError):
    """The language has no word for an instruction: the first argument is its name."""


def lowered(program: Program, native: Collection[str], ties: Mapping[str, str] | None = None) -> Program:
    """*program* in the instructions *native* alone. Raises Lacking.

    ties: what operations with a corner answer there (`gradcli.calculus.corners.FRAMEWORKS`); None: NaN.
    """
    return _Lowering(program, native, ties).program()


class _Lowering:
    """The new graph, the node of each slot of the old program, and which conditions stand on a seam."""

    def __init__(self, program: Program, native: Collection[str], ties: Mapping[str, str] | None) -> None:
        self.old, self.native, self.ties = program, native, ties
        self.graph = Graph()
        self.nan = self.graph.node("constant", text="nan")
        self.slots = [self.graph.node("name", text=name) for name in program.variables]
        self.known: dict[int, float] = {}
        self.slots += [self._constant(text) for text in program.constants]
        self.seams: dict[int, tuple[int, ...]] = {}

    def program(self) -> Program:
        """The lowered program."""
        for op, *places in self.old.code:
            self.slots.append(self._instruction(op, places))
        adjoints = {
            name: self.slots[place]
            for name, place in zip(self.old.variables, self.old.gradient, strict=True)
            if place is not None
        }
        sweep = Sweep(self.graph, self.slots[self.old.value], adjoints, self.old.unknown)
        return program_of(sweep, self.old.variables)

    def _instruction(self, op: str, places: list[int]) -> int:
        args = tuple(self.slots[place] for place in places)
        here = len(self.slots)
        if op in _SIDES:
            if self.ties is None:
                self.seams[here] = (self._node("eq", args),)
            return self._node(_SIDES[op], args)
        if op in ("and", "or"):
            seams = self.seams.get(places[0], ()) + self.seams.get(places[1], ())
            if seams:
                self.seams[here] = seams
        result = self._node(op, args)
        for seam in self.seams.get(places[0], ()) if op == "select" else ():
            result = self._node("select", (seam, self.nan, result))
        return result

    def _node(self, op: str, args: tuple[int, ...]) -> int:
        if op in ("select", "and", "or") and (chosen := self._chosen(op, args)) is not None:
            return chosen
        if op in self.native:
            return self._native(op, args)
        if op not in MEANINGS:
            raise Lacking(op)
        return self._meaning(op, args)

    def _native(self, op: str, args: tuple[int, ...]) -> int:
        node = self.graph.node(op, *args)
        if op in _COMPARE and all(arg in self.known for arg in args):
            self.known[node] = float(_COMPARE[op](*(self.known[arg] for arg in args)))
        elif op in _KEPT and all(arg in self.known for arg in args):
            self.known[node] = floats.quiet(float_operation(op))(*(self.known[arg] for arg in args))
        return node

    def _chosen(self, op: str, args: tuple[int, ...]) -> int | None:
        """What a condition that is settled by constants chooses; None where it is not."""
        for place, arg in enumerate(args[: 1 if op == "select" else 2]):
            if arg in self.known:
                holds = self.known[arg] != 0
                if op == "select":
                    return args[1] if holds else args[2]
                return args[1 - place] if holds == (op == "and") else arg
        return None

    def _meaning(self, op: str, args: tuple[int, ...]) -> int:
        inner = Graph()
        root = inner.include(_parsed(MEANINGS[op]))
        nodes: dict[int, int] = {}
        for node in range(root + 1):
            kind, text = inner.ops[node], inner.texts[node]
            if kind == "name":
                nodes[node] = self._named(op, text, args)
            elif kind in ("number", "constant"):
                nodes[node] = self._constant(text)
            else:
                nodes[node] = self._node(kind, tuple(nodes[a] for a in inner.args[node]))
        return nodes[root]

    def _named(self, op: str, name: str, args: tuple[int, ...]) -> int:
        if name == "nan":
            return self.nan
        if name != "tie":
            return args["xyz".index(name)]
        if self.ties is None:
            return self.nan
        answer = self.ties.get(op) or _FREE[op]
        if answer == "floor(x)":
            return self._node("floor", args)
        return self._constant(answer)

    def _constant(self, text: str) -> int:
        node = self.graph.node("constant", text=text)
        self.known[node] = floats.constant(text)
        return node


@cache
def _parsed(text: str) -> Expression:
    return parse(text, ("x", "y", "z", "nan", "tie"))
