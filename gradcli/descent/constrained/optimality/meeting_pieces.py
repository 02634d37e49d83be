"""A problem around a point as smooth ones: a piece of each corner and jump that meet there, ends of roots made variables.

Around the point, whatever keeps the constraints is in one of the pieces. So a point that is a local minimum of every piece that
comes near it is one of the whole.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence

from gradcli.calculus.critical.one_variable.written_nodes import substituted, text_of_node
from gradcli.descent.constrained.optimality.lifted_kinks import values_of
from gradcli.descent.constrained.optimality.lifted_roots import (
    ROOTS,
    Root,
    alone,
    links_of_roots,
    rewritten,
    root_of,
    with_squares,
)
from gradcli.language.constraints.constraint_text import Constraint, constraints_of
from gradcli.language.errors import LimitProblem
from gradcli.language.parser.outputs import outputs_of
from gradcli.language.records import NamedTuple
from gradcli.language.tree import Expression, Node

#: Corners, and jumps between constants.
CORNERS, JUMPS = ("max", "min", "abs", "relu"), ("floor", "ceil", "sign")

#: Values that are as near as this meet, as a share of their size; pieces that are looked at at the most.
NEAR, MOST = 1e-3, 64


class Option(NamedTuple):
    """One piece of a corner or a jump: its value (the place of an argument, turned or not, or a number) and what it keeps.

    keeps: pairs of arguments, the first of which is no less than the second; -1 is 0. own: whether at the point itself the
    value is this one.
    """

    argument: int
    turned: bool
    number: str
    keeps: tuple[tuple[int, int], ...]
    own: bool
    shift: str = ""
    still: bool = False


class SmoothPiece(NamedTuple):
    """One piece: its text, its constraints, of which the first are those of the problem, where it begins, its roots.

    own: whether the point itself takes its value from it. tips: for each tip of a cone the place of its root's constraint and
    those of what it is the length of, which are 0 there: their multipliers together are to be shorter than the root's.
    """

    text: str
    constraints: list[Constraint]
    at: dict[str, float]
    roots: list[Root]
    own: bool
    meeting: list[str]
    tips: tuple[tuple[int, tuple[int, ...]], ...] = ()

    def as_tips(self) -> SmoothPiece:
        """The piece with each root of squares taken for the tip of a cone, t >= the length of (a, b); itself without one.

        With t >= 0 and a = b = 0 in place of t**2 = a**2 + b**2 the point is a minimum of this if multipliers m of t, and u, v
        of a, b are so that u**2 + v**2 < m**2 (second-order cones, Bonnans & Ramírez 2005).
        """
        if not any(root.squares for root in self.roots):
            return self
        own = len(self.constraints) - sum(len(root.links) for root in self.roots)
        links, tips = self.constraints[:own], []
        for root in self.roots:
            if not root.squares:
                links += links_of_roots([root])
                continue
            first = len(links)
            links += [_link(root.name, ">=", "0"), *(_link(one, "=", "0") for one in root.squares)]
            tips.append((first, tuple(range(first + 1, len(links)))))
        return self._replace(constraints=links, tips=tuple(tips))


def smooth_pieces(
    text: str, constraints: Sequence[Constraint], at: Mapping[str, float]
) -> list[SmoothPiece] | None:
    """All pieces that meet next to the point *at*; None where there are too many, or nothing meets there.

    Raises ValueError or ArithmeticError where something has no value there.
    """
    whole, outputs = outputs_of([text, *(one.difference for one in constraints)], tuple(at))
    try:
        meetings = _meetings(outputs, at)
    except LimitProblem:
        return None
    meeting = {key: options for key, options in meetings.items() if options}
    if not meetings or math.prod(map(len, meeting.values())) > MOST:
        return None
    found = []
    for chosen in itertools.product(*meeting.values()):
        roots: dict[str, Root] = {}
        links: dict[str, list[Constraint]] = {}
        choice = dict(zip(meeting, chosen, strict=True))
        taken = {*at, *whole.variables}
        written = [_written(one, meetings, choice, (roots, links), taken) for one in outputs]
        if not any(written):
            return None
        kept = rewritten(text, constraints, outputs, written)
        begin = {**at, **_begun(list(roots.values()), at)}
        every = [
            *kept,
            *(one for several in links.values() for one in several),
            *links_of_roots(roots.values()),
        ]
        shown = [
            *(key for key, options in meeting.items() if len(options) > 1),
            *(r.typed for r in roots.values()),
        ]
        own = all(option.own for option in chosen)
        found.append(
            SmoothPiece(written[0] or alone(text, outputs), every, begin, list(roots.values()), own, shown)
        )
    return found


def _begun(roots: Sequence[Root], at: Mapping[str, float]) -> dict[str, float]:
    found: dict[str, float] = {}
    for root in roots:
        try:
            (found[root.name],) = values_of([root.value], {**at, **found})
        except (ValueError, ArithmeticError):
            found[root.name] = 0.0  # just outside of the domain
    return found


def _meetings(outputs: Sequence[Expression], at: Mapping[str, float]) -> dict[str, list[Option]]:
    """The corners and jumps next to the point, by their texts, with their pieces; roots near an end have none."""
    found: dict[str, list[Option]] = {}
    for expression in outputs:
        values = substituted(expression, {})
        for place, node in enumerate(expression.nodes):
            if node.op == "where" and values[place] not in found:
                options = _cases(
                    expression, node, [values_of([values[i]], at)[0] for i in _sides(expression, node)]
                )
                if options:
                    found[values[place]] = options
                continue
            if node.op not in (*CORNERS, *JUMPS, *ROOTS) or values[place] in found:
                continue
            numbers = values_of([values[i] for i in node.args], at)
            if node.op in ROOTS:
                ends = (1.0, -1.0) if node.op in ("asin", "acos") else (0.0,)
                size = math.hypot(*numbers) if node.op == "hypot" else numbers[0]
                if any(abs(size - end) <= NEAR for end in ends):
                    found[values[place]] = []
                continue
            options = _corner(node.op, numbers) if node.op in CORNERS else _jump(node.op, numbers[0])
            if options:
                found[values[place]] = options
    return found


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= NEAR * (1 + min(abs(a), abs(b)))


def _corner(op: str, numbers: Sequence[float]) -> list[Option]:
    if op in ("abs", "relu"):
        if not _near(numbers[0], 0.0):
            return []
        below = (
            Option(0, True, "", ((-1, 0),), True) if op == "abs" else Option(-1, False, "0", ((-1, 0),), True)
        )
        return [Option(0, False, "", ((0, -1),), True), below]
    best = max(numbers) if op == "max" else min(numbers)
    near = [i for i, a in enumerate(numbers) if _near(a, best)]
    if len(near) < 2:
        return []
    return [
        Option(i, False, "", tuple((i, j) if op == "max" else (j, i) for j in near if j != i), True)
        for i in near
    ]


def _sides(expression: Expression, node: Node) -> Sequence[int]:
    """The places of what the condition of where(u > v, a, b) compares; none of a condition of another kind."""
    condition = expression.nodes[node.args[0]]
    return condition.args if condition.op in ("<", "<=", ">", ">=") else ()


def _cases(expression: Expression, node: Node, numbers: Sequence[float]) -> list[Option]:
    """Both cases where what their condition compares meets; the one that holds elsewhere stays as it is written."""
    if len(numbers) != 2 or not _near(*numbers):
        return []
    op = expression.nodes[node.args[0]].op
    above = (0, 1) if op.startswith(">") else (1, 0)
    closed = op.endswith("=")
    return [
        Option(2, False, "", (above,), closed),
        Option(3, False, "", (above[::-1],), not closed),
    ]


def _jump(op: str, number: float) -> list[Option]:
    if op == "sign":
        if not _near(number, 0.0):
            return [Option(-1, False, "1" if number > 0 else "(-1)", (), True)]
        return [
            Option(-1, False, "1", ((0, -1),), False), Option(-1, False, "(-1)", ((-1, 0),), False),
            Option(-1, False, "0", (), True, "0", still=True),
        ]  # fmt: skip
    whole = round(number)
    if abs(number - whole) > NEAR:
        return [
            Option(-1, False, f"({math.floor(number) if op == 'floor' else math.ceil(number)})", (), True)
        ]
    above, below = (whole, whole - 1) if op == "floor" else (whole + 1, whole)
    return [
        Option(-1, False, f"({above})", ((0, -1),), op == "floor", str(whole)),
        Option(-1, False, f"({below})", ((-1, 0),), op == "ceil", str(whole)),
    ]


def _written(
    expression: Expression, meetings: Mapping[str, list[Option]], choice: Mapping[str, Option],
    found: tuple[dict[str, Root], dict[str, list[Constraint]]], taken: set[str],
) -> str | None:  # fmt: skip
    """The text of an expression in a piece; None where that is its own. found: roots and constraints, to which it adds."""
    roots, links = found
    texts: list[str] = []
    values = substituted(expression, {})
    changed = False
    for place, node in enumerate(expression.nodes):
        arguments = [texts[i] for i in node.args]
        key = values[place]
        option = choice.get(key)
        if option is not None:
            if node.op == "where":
                arguments = [*(texts[i] for i in _sides(expression, node)), *arguments[1:]]
            changed = True
            texts.append(option.number or f"({'-' * option.turned}{arguments[option.argument]})")
            links.setdefault(key, _kept(option, arguments))
            continue
        if key in meetings:
            value = text_of_node(node.op, node.text, arguments)
            root = root_of(expression, place, arguments, value, (len(roots), taken))
            if root is not None:
                changed = True
                texts.append(roots.setdefault(key, with_squares(root, expression, place, texts)).lifted)
                continue
        texts.append(text_of_node(node.op, node.text, arguments))
    return texts[-1] if changed else None


def _kept(option: Option, arguments: Sequence[str]) -> list[Constraint]:
    """What holds in a piece."""
    border = option.shift or "0"
    if option.still:
        return [_link(arguments[0], "=", border)]
    sides = [[border if i < 0 else arguments[i] for i in pair] for pair in option.keeps]
    return [_link(above, ">=", below) for above, below in sides]


def _link(left: str, relation: str, right: str) -> Constraint:
    return constraints_of(f"{left} {relation} {right}")[0]
