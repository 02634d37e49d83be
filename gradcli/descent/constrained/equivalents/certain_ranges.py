"""What both sides of a constraint can be anywhere within bounds, and whether they never meet: exp(x) <= 0, sin(x) = 2."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from math import inf, isinf, nextafter

from gradcli.calculus.enclosures.half_line_powers import raised, whole_power
from gradcli.calculus.enclosures.half_line_rules import RULES
from gradcli.calculus.enclosures.half_lines import ALL, Ends
from gradcli.descent.constrained.optimality.lifted_roots import rational_of
from gradcli.descent.constrained.problems.simple_bounds import bounds_among
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.errors import GradcliError
from gradcli.language.parser.outputs import outputs_of
from gradcli.language.records import NamedTuple
from gradcli.language.tree import Expression, Node

#: Functions of one argument that come as near as one likes to their least and greatest values, and never take them.
OPEN = {"exp": (0.0, inf), "expm1": (-1.0, inf), "tanh": (-1.0, 1.0), "erf": (-1.0, 1.0), "sigmoid": (0.0, 1.0),
        "softplus": (0.0, inf)}  # fmt: skip

#: Functions that are 0 where their argument is, and nowhere else.
ZERO_WITH = ("sqrt", "abs", "cbrt", "**")


class Span(NamedTuple):
    """Ends of what something can be; whether it never takes the lower one, and never the upper one."""

    ends: Ends
    over: bool = False
    under: bool = False

    @property
    def nonzero(self) -> bool:
        """Whether it is never 0."""
        low, high = self.ends
        return low > 0 or high < 0 or (low == 0 and self.over) or (high == 0 and self.under)


def never_met(constraints: Sequence[Constraint], given: Collection[str]) -> list[int] | None:
    """Places of constraints that cannot be met together: one, and the bounds of its variables; None where none is found."""
    low, high = bounds_among(constraints)
    box = {name: Span((_below(low.get(name, -inf)), -_below(-high.get(name, inf)))) for name in {*low, *high}}
    for place, one in enumerate(constraints):
        if one.limit is not None:
            continue
        try:
            _, (left, right) = outputs_of([one.left, one.right], given)
            sides = span_of(left, box), span_of(right, box)
        except (GradcliError, ValueError, ArithmeticError):
            continue
        if _is_never(one.relation, *sides):
            names = set(one.names)
            return [i for i, other in enumerate(constraints) if i == place or other.bound in names]
    return None


def bounds_of(constraints: Sequence[Constraint], outputs: Sequence[Expression] = ()) -> dict[str, Span]:
    """What variables are kept in, by bounds and where they stand alone under roots or logarithms of *outputs*."""
    low, high = bounds_among(constraints)
    for one in outputs:
        for node in one.nodes:
            inner = one.nodes[node.args[0]] if node.op in ("sqrt", "log") else None
            if inner is not None and inner.op == "name":
                low[inner.text] = max(0.0, low.get(inner.text, 0.0))
    return {
        name: Span((_below(low.get(name, -inf)), -_below(-high.get(name, inf)))) for name in {*low, *high}
    }


def _is_never(relation: str, left: Span, right: Span) -> bool:
    less = left.ends[1] < right.ends[0] or (left.ends[1] == right.ends[0] and (left.under or right.over))
    more = left.ends[0] > right.ends[1] or (left.ends[0] == right.ends[1] and (left.over or right.under))
    return {"=": less or more, ">=": less, "<=": more}[relation]


def _below(x: float) -> float:
    """The number, or one next below it, which is no greater than what was typed for it."""
    return x if isinf(x) or x == int(x) else nextafter(x, -inf)


def span_of(expression: Expression, box: Mapping[str, Span]) -> Span:
    """What an expression can be where variables are in *box*, anywhere without one, and it has a value."""
    found: list[Span] = []
    for place, node in enumerate(expression.nodes):
        number = rational_of(expression, place)
        if number is not None:
            found.append(_number(number))
        elif node.op == "name":
            found.append(box.get(node.text, Span(ALL)))
        else:
            found.append(_result(expression, node, [found[i] for i in node.args]))
    return found[-1]


def _number(number: Fraction) -> Span:
    x = float(number)
    return Span((x, x) if Fraction(x) == number else (nextafter(x, -inf), nextafter(x, inf)))


def _result(expression: Expression, node: Node, spans: Sequence[Span]) -> Span:
    """What an operation makes of its arguments; everything where nothing is known of it."""
    if node.op == "+":
        return _sum(spans)
    if node.op == "neg":
        (low, high), over, under = spans[0]
        return Span((-high, -low), under, over)
    if node.op == "*":
        found = spans[0]
        for one in spans[1:]:
            found = _apart(RULES["mul"](found.ends, one.ends) or ALL, nonzero=found.nonzero and one.nonzero)
        return found
    if node.op == "/":
        return _apart(RULES["div"](spans[0].ends, spans[1].ends) or ALL, nonzero=spans[0].nonzero)
    if node.op == "**":
        power = rational_of(expression, node.args[1])
        if power is None or power <= 0 or abs(power) > 100:
            return Span(ALL)
        ends = whole_power(spans[0].ends, int(power)) if power.denominator == 1 else _raised(spans[0], power)
        return _apart(ends or ALL, nonzero=spans[0].nonzero)
    if node.op not in RULES or len(spans) != 1:
        return Span(ALL)
    ends = RULES[node.op](spans[0].ends) or ALL
    if not ends[0] <= ends[1]:
        return Span(ALL)
    if node.op in OPEN:
        return Span(ends, ends[0] == OPEN[node.op][0], ends[1] == OPEN[node.op][1])
    return _apart(ends, nonzero=node.op in ZERO_WITH and spans[0].nonzero)


def _raised(base: Span, power: Fraction) -> Ends | None:
    from flint import fmpq

    return raised(base.ends, fmpq(power.numerator, power.denominator)) if base.ends[0] >= 0 else None


def _apart(ends: Ends, *, nonzero: bool) -> Span:
    """Ends of what is never 0, or may be."""
    return Span(ends, nonzero and ends[0] == 0, nonzero and ends[1] == 0)


def _sum(spans: Sequence[Span]) -> Span:
    low, over = _added([one.ends[0] for one in spans], -inf)
    high, under = _added([one.ends[1] for one in spans], inf)
    return Span(
        (low, high), over and any(one.over for one in spans), under and any(one.under for one in spans)
    )


def _added(numbers: Sequence[float], way: float) -> tuple[float, bool]:
    """The sum of ends, rounded that way, and whether it is exact."""
    if any(isinf(x) for x in numbers):
        return way, False
    exact = sum(map(Fraction, numbers), Fraction(0))
    try:
        found = float(exact)
    except OverflowError:
        return way, False
    return (found, True) if Fraction(found) == exact else (nextafter(found, way), False)
