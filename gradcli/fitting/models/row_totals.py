"""What many rows have in all, by exact sums: the same for rows that are held here and for those in parts elsewhere."""

from __future__ import annotations

from gradcli.calculus.program.program import Program
from gradcli.fitting.models.program_parts import ProgramParts, Slot
from gradcli.fitting.models.row_sums import RowSums
from gradcli.fitting.models.squares_program import Measured
from gradcli.language.records import NamedTuple

#: The mean, as the programs of totals call it: no column can have this name.
_MEAN = "#mean"


class Totals(NamedTuple):
    """As `estimates.Rows` has them: rows of a weight above 0, the variation around the mean, logarithms of weights."""

    rows: int
    total: float
    log_weights: float


def row_totals(measured: Measured, sums: RowSums) -> Totals:
    """The totals of all rows. Raises ArithmeticError where a row has no number, or no weight, or a sum is too large."""
    found = sums.numbers(_firsts(measured), {})
    if found is None:
        raise ArithmeticError("a row has no number")
    if not found[0]:
        return Totals(0, 0.0, 0.0)
    counted, logarithms, whole, weighted = found
    spread = sums.numbers(_around(measured), {_MEAN: weighted / whole})
    if spread is None:
        raise ArithmeticError("the squares are too large for a float")
    return Totals(int(counted), spread[0], logarithms)


def _firsts(measured: Measured) -> Program:
    """How many rows count, the sum of the weights' logarithms, that of the weights, and that of what they weigh."""
    parts = ProgramParts()
    target, one = parts.taken(measured.target)[measured.target.value], parts.constant("1")
    if measured.weight is None:
        return parts.program([one, parts.constant("0"), one, target])
    weight = _weight(parts, measured)
    counts = parts.made("lt", parts.constant("0"), weight)
    logarithm = parts.made("log", parts.made("select", counts, weight, one))
    return parts.program([counts, logarithm, weight, parts.made("mul", weight, target)])


def _around(measured: Measured) -> Program:
    """The weighted square of the distance from the mean."""
    parts = ProgramParts()
    target, mean = parts.taken(measured.target)[measured.target.value], parts.variable(_MEAN)
    left = parts.made("sub", target, mean)
    square = parts.made("mul", left, left)
    return parts.program(
        [square if measured.weight is None else parts.made("mul", _weight(parts, measured), square)]
    )


def _weight(parts: ProgramParts, measured: Measured) -> Slot:
    """The weight of a row, which is checked: a standard deviation is above 0, a weight is not below 0."""
    assert measured.weight is not None  # noqa: S101  (who asks has one)
    given = parts.taken(measured.weight)[measured.weight.value]
    if not measured.deviation:
        root = parts.made("sqrt", given)
        return parts.made("add", given, parts.made("mul", root, parts.constant("0")))
    sure = parts.made("mul", parts.made("log", given), parts.constant("0"))
    return parts.made("add", parts.made("div", parts.constant("1"), parts.made("mul", given, given)), sure)
