"""Constraints on jumps that are constraints without them: floor(u) >= 2.5 is u >= 3, and round(u) = 2 is 1.5 <= u <= 2.5."""

from __future__ import annotations

import math
from collections.abc import Collection
from fractions import Fraction

from gradcli.descent.constrained.optimality.lifted_roots import rational_of
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.errors import GradcliError
from gradcli.language.parser import parse
from gradcli.language.records import NamedTuple

#: The relation the other way round.
TURNED = {"<=": ">=", ">=": "<=", "=": "="}

#: Numbers beyond this are left as they are: floats have none.
LARGEST = 10**300

#: Functions that have whole numbers alone for values.
JUMPS = ("floor", "ceil", "round", "sign")


class _Side(NamedTuple):
    """What an argument keeps on one side: everything, nothing, or what lies on this side of an end."""

    end: Fraction | None
    strict: bool = False
    nothing: bool = False


def without_jump(one: Constraint, given: Collection[str]) -> list[Constraint] | None:
    """A constraint that compares a jump with a number as constraints on its argument; None where it is none."""
    if one.constant not in ("left", "right"):
        return None
    side, number = (one.right, one.left) if one.constant == "left" else (one.left, one.right)
    relation = TURNED[one.relation] if one.constant == "left" else one.relation
    try:
        nodes, constant = parse(side, given), parse(number, given)
    except GradcliError:
        return None
    op, c = nodes.nodes[-1].op, rational_of(constant, len(constant.nodes) - 1)
    if op not in JUMPS or c is None or abs(c) > LARGEST or not side.strip().startswith(op):
        return None
    inner = side[side.index("(") + 1 : side.rindex(")")]
    if relation == "=" and c.denominator != 1:
        return [_never(one)]
    return _kept(one, inner, relation, (op, c))


def _kept(one: Constraint, inner: str, relation: str, jump: tuple[str, Fraction]) -> list[Constraint]:
    op, c = jump
    sides = []
    if relation in (">=", "="):
        sides.append((">=", _above(op, math.floor(c) + 1 if one.strict else math.ceil(c))))
    if relation in ("<=", "="):
        sides.append(("<=", _below(op, math.ceil(c) - 1 if one.strict else math.floor(c))))
    if any(side.nothing for _, side in sides):
        return [_never(one)]
    ends = [(word, side) for word, side in sides if side.end is not None]
    if len(ends) == 2 and ends[0][1].end == ends[1][1].end:  # sign(u) = 0
        ends = [("=", ends[0][1])]
    plain = one._replace(left=inner, constant="", limit=None)
    found = [plain._replace(relation=word, right=str(side.end), strict=side.strict) for word, side in ends]
    return found or [
        one._replace(left="0", relation="<=", right="1", strict=False, constant="both", limit=None)
    ]


def _never(one: Constraint) -> Constraint:
    return one._replace(left="1", relation="<=", right="0", strict=False, constant="both", limit=None)


def _above(op: str, k: int) -> _Side:
    """Where a jump is at least k: of two numbers that are as near, the even one is the rounded one."""
    if op == "sign":
        return _Side(None, nothing=k > 1) if k > 1 or k < 0 else _Side(Fraction(0), k == 1)
    if op == "round":
        return _Side(k - Fraction(1, 2), k % 2 == 1)
    return _Side(Fraction(k)) if op == "floor" else _Side(Fraction(k - 1), strict=True)


def _below(op: str, k: int) -> _Side:
    """Where a jump is at most k."""
    found = _above({"floor": "ceil", "ceil": "floor"}.get(op, op), -k)
    return found if found.end is None else found._replace(end=-found.end)
