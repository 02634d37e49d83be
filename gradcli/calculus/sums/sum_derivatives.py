"""The derivative of a sum of products along a name: the rules of calculus, in the algebra that formulas are written in.

What is differentiated is the expression as it is typed, like terms together; which form the answer takes is chosen later.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from gradcli.calculus.sums import sum_algebra as algebra
from gradcli.calculus.sums import sum_terms as sums
from gradcli.calculus.sums.sum_reading import powered, sum_of_expression
from gradcli.calculus.sums.sum_terms import Atom, Number, Product, Terms
from gradcli.language.function_table import FUNCTIONS, SHORT_CALLS
from gradcli.language.parser import parse
from gradcli.language.parser.composite_functions import defaults, is_composite, keeps_its_name, meaning
from gradcli.language.tree import Expression

#: Slopes as books write them, where the table has a form that loses fewer digits.
AS_BOOKS = {
    "asin": ("1/sqrt(1-x**2)",), "acos": ("-1/sqrt(1-x**2)",), "atanh": ("1/(1-x**2)",), "acoth": ("1/(1-x**2)",),
    "asec": ("1/(x**2*sqrt(1-1/x**2))",), "acsc": ("-1/(x**2*sqrt(1-1/x**2))",),
    "asech": ("-1/(x*sqrt(1-x**2))",), "asinh": ("1/sqrt(x**2+1)",), "acsch": ("-1/(x**2*sqrt(1+1/x**2))",),
    "tanh": ("1-tanh(x)**2",), "cot": ("-cot(x)**2-1",), "coth": ("-1/sinh(x)**2",), "si": ("sin(x)/x",),
    "sinc": ("cos(x)/x-sin(x)/x**2",),
}  # fmt: skip

_NONE: Mapping[str, Terms] = {}

_CONSTANT = ("number", "constant", "stop_gradient")


class NotKnown(ValueError):
    """Nobody knows the derivative of a function along one of its arguments."""


class Derivatives:
    """Derivatives along one name; those of parts that occur again are not taken twice.

    implicit: the derivatives of other names that depend on it.
    """

    def __init__(self, name: str, implicit: Mapping[str, Terms] = _NONE) -> None:
        self.name, self.implicit = name, implicit
        self._known: dict[str, Terms] = {}

    def of(self, terms: Terms) -> Terms:
        """The derivative of a sum. Raises NotKnown, and TooLong where it would have too many products."""
        parts = []
        for product, coefficient in terms.items():
            for place, (base, power) in enumerate(product):
                inner = self._of_atom(base)
                if inner:
                    rest = _split(product[:place] + product[place + 1 :], coefficient)
                    outer = _power_rule(base, power)
                    parts.append(_distributed(algebra.multiplied([rest, outer, inner])))
        return sums.added(parts)

    def _of_atom(self, base: Atom) -> Terms:
        if base.op == "name":
            return sums.ONE if base.text == self.name else self.implicit.get(base.text, {})
        if base.op in _CONSTANT:
            return {}
        if base.key not in self._known:
            self._known[base.key] = self._of_call(base)
        return self._known[base.key]

    def _of_call(self, base: Atom) -> Terms:
        args = [part.terms for part in base.args]
        if base.op == "sum":
            return self.of(args[0])
        if base.op == "exp":
            return algebra.multiplied([sums.single(base), self.of(args[0])])
        if base.op == "**":
            return self._of_power(*args)
        if base.op in ("where", "piecewise"):
            return self._of_pieces(base.op, args)
        if base.op == "log" and len(args) == 2:
            logs = [sums.single(sums.atom("log", [argument])) for argument in args]
            return self.of(algebra.multiplied([logs[0], algebra.raised(logs[1], -1)]))
        return self._by_the_chain_rule(base.op, args)

    def _of_power(self, base: Terms, exponent: Terms) -> Terms:
        """b**e*(e'*log(b) + e*b'/b)."""
        whole, along_base, along_exponent = powered(base, exponent), self.of(base), self.of(exponent)
        parts = []
        if along_exponent:
            parts.append(algebra.multiplied([whole, along_exponent, sums.single(sums.atom("log", [base]))]))
        if along_base:
            parts.append(algebra.multiplied([whole, exponent, along_base, algebra.raised(base, -1)]))
        return sums.added(parts)

    def _of_pieces(self, op: str, args: list[Terms]) -> Terms:
        last = len(args) - 1
        pieces = [self.of(part) if i % 2 or i == last else part for i, part in enumerate(args)]
        if not any(part for i, part in enumerate(pieces) if i % 2 or i == last):
            return {}
        return sums.single(sums.atom(op, pieces))

    def _by_the_chain_rule(self, op: str, args: list[Terms]) -> Terms:
        if op not in FUNCTIONS:
            raise NotKnown(op)
        args = [*args, *map(sum_of_expression, defaults(op, len(args)))]
        if is_composite(op) and not keeps_its_name(op):
            names, _, whole = meaning(op, len(args))
            return self.of(sum_of_expression(whole, names=dict(zip(names, args, strict=True))))
        names, slopes = _slopes(op, len(args))
        parts = []
        for index, argument in enumerate(args):
            inner = self.of(argument)
            if not inner:
                continue
            slope = slopes[index] if slopes else None
            if slope is None:
                raise NotKnown(op)
            outer = sum_of_expression(slope, names=dict(zip(names, args, strict=True)))
            parts.append(algebra.multiplied([outer, inner]))
        return sums.added(parts)


@cache
def _slopes(op: str, count: int) -> tuple[tuple[str, ...], tuple[Expression | None, ...]]:
    """A function's parameters, and its slopes in them; None for one that nobody knows."""
    row = FUNCTIONS[op]
    names, texts = row.names, AS_BOOKS.get(op, row.slopes)
    if op in ("min", "max"):
        names = ("x", "y")
    elif count == 1 and op in SHORT_CALLS:
        names, texts = SHORT_CALLS[op]
    names = names[:count]
    return names, tuple(parse(text, names) if text else None for text in texts)


def _split(product: Product, coefficient: Number) -> Terms:
    """A product in which x**(y - 1) is x**y/x, so that powers of one base are found."""
    if not any(base.op == "**" for base, _ in product):
        return {product: coefficient}
    plain = tuple((base, power) for base, power in product if base.op != "**")
    powers = [
        algebra.raised(powered(*(part.terms for part in base.args)), power)
        for base, power in product
        if base.op == "**"
    ]
    return algebra.multiplied([{plain: coefficient}, *powers])


def _power_rule(base: Atom, power: Number) -> Terms:
    if power == 1:
        return sums.ONE
    return algebra.multiplied([sums.number(power), {((base, power - 1),): 1}])


def _distributed(terms: Terms) -> Terms:
    """A number times a sum, multiplied out: 2*(x - 1) as 2*x - 2."""
    if len(terms) == 1:
        [(product, coefficient)] = terms.items()
        if _is_one_bracket(product):
            return sums.scaled(product[0][0].args[0].terms, coefficient)
    return terms


def _is_one_bracket(product: Product) -> bool:
    return len(product) == 1 and product[0][0].op == "sum" and product[0][1] == 1
