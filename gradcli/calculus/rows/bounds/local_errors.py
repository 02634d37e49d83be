"""What one operation makes of its arguments' errors: its slopes along them, and what it bends; and how it rounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gradcli.calculus.backends.error_propagation import TINY, UNIT
from gradcli.calculus.backends.rounding_error import ROUNDINGS
from gradcli.calculus.rows.array_blocks import LOOSE
from gradcli.calculus.rows.bounds.error_lines import ErrorLines, Operand

#: What slopes may be off by, with the rounding of the products and sums that are made of them, of their size.
ROUGH = 20 * UNIT

#: What underflow may take from a result, and from the slopes of errors below 2**400, in units.
FAINT = 2.0**-600

#: More than a slope loses below normal floats; its products with errors are normal floats, which processors have at hand.
LOST = 2.0**-900


class Local(NamedTuple):
    """The slopes along each argument, and what the error may be beside slopes times errors and the rounding of the result."""

    slopes: tuple[Operand, ...]
    beside: Operand


def _kept(m: ErrorLines, r: Operand, a: Operand, ea: Operand) -> Local:
    return Local((-1.0,), 0.0)


def _sum(second: float) -> Callable[..., Local]:
    def rule(m: ErrorLines, r: Operand, a: Operand, b: Operand, ea: Operand, eb: Operand) -> Local:
        """Which bends nothing."""
        return Local((1.0, second), FAINT)

    return rule


def _multiplied(m: ErrorLines, r: Operand, a: Operand, b: Operand, ea: Operand, eb: Operand) -> Local:
    """(a + δ)*(b + η) - a*b = b*δ + a*η + δ*η."""
    return Local((b, a), m.add(FAINT, m.product(m.unit, ea, eb)))


def _divided(m: ErrorLines, r: Operand, a: Operand, b: Operand, ea: Operand, eb: Operand) -> Local:
    """(a + δ)/(b + η) - a/b = (δ - a/b*η)/b * (1 - η/(b + η))."""
    slope, size = m.reciprocal(b), m.size(r)
    spread = m.multiply(m.add(ea, m.multiply(m.add(size, TINY), eb)), m.size(slope))
    bent = m.divide(m.product(1.01 * m.unit, spread, eb), _nearest(m, m.size(b), eb))
    lost = m.multiply(LOST, m.sum(ea, eb, m.multiply(eb, m.size(slope))))
    return Local((slope, m.multiply(-1.0, m.multiply(r, slope))), m.sum(FAINT, bent, lost))


def _nearest(m: ErrorLines, size: Operand, error: Operand) -> Operand:
    """The least size of what is so many units from a number of that *size*: 0 or less where it may be 0."""
    return m.subtract(m.multiply(1 - 2.0**-50, size), m.add(m.multiply(m.unit, error), TINY))


def _squared(m: ErrorLines, r: Operand, a: Operand, ea: Operand) -> Local:
    return Local((m.multiply(2.0, a),), m.add(FAINT, m.product(m.unit, ea, ea)))


def _root(m: ErrorLines, r: Operand, a: Operand, ea: Operand) -> Local:
    """sqrt(a + δ) - sqrt(a) - δ/(2*sqrt(a)) is at most δ**2/(2*sqrt(a)**3) in size."""
    bent = m.divide(m.product(0.51 * m.unit, ea, ea), m.multiply(r, _nearest(m, a, m.multiply(2.0, ea))))
    return Local((m.multiply(0.5, m.reciprocal(r)),), m.add(FAINT, bent))


def _exponential(m: ErrorLines, r: Operand, a: Operand, ea: Operand) -> Local:
    """exp(δ) - 1 - δ is at most δ**2/2/(1 - |δ|) in size."""
    bent = m.divide(m.product(0.51 * m.unit, ea, ea, m.add(r, TINY)), m.subtract(1.0, m.multiply(m.unit, ea)))
    return Local((r,), m.sum(FAINT, bent, m.multiply(LOST, ea)))


def _logarithm(m: ErrorLines, r: Operand, a: Operand, ea: Operand) -> Local:
    """The second derivative is steepest at the end of the interval next to 0, where it is 1/end**2."""
    return _logarithm_of(m, r, a, m.reciprocal(a), ea)


def _logarithm_of_one_more(m: ErrorLines, r: Operand, a: Operand, ea: Operand) -> Local:
    base = m.add(1.0, a)
    return _logarithm_of(m, r, base, m.reciprocal(base), ea)


def _logarithm_of(m: ErrorLines, r: Operand, base: Operand, slope: Operand, ea: Operand) -> Local:
    share = m.divide(ea, _nearest(m, base, ea))
    bent = m.product(0.51 * m.unit, share, share)
    return Local((slope,), m.sum(FAINT, bent, m.multiply(LOST, ea)))


def _sine(m: ErrorLines, r: Operand, a: Operand, other: Operand, ea: Operand) -> Local:
    """other: the cosine. The second derivative is at most 1."""
    return Local((other,), m.add(FAINT, m.product(0.51 * m.unit, ea, ea)))


def _cosine(m: ErrorLines, r: Operand, a: Operand, other: Operand, ea: Operand) -> Local:
    """other: the sine."""
    return _sine(m, r, a, m.multiply(-1.0, other), ea)


def _bent(slope: Callable[[ErrorLines, Operand], Operand], second: float) -> Callable[..., Local]:
    """Functions with a slope of the result's, off by less than 30 units, and a second derivative of at most 2*second."""

    def rule(m: ErrorLines, r: Operand, a: Operand, ea: Operand) -> Local:
        """As above."""
        bent = m.multiply(ea, m.add(30.0 * UNIT, m.multiply(second * m.unit, ea)))
        return Local((slope(m, r),), m.add(FAINT, bent))

    return rule


#: (lines, result, arguments, their errors) -> what the operation makes of these.
LOCAL: dict[str, Callable[..., Local]] = {
    "neg": _kept, "add": _sum(1.0), "sub": _sum(-1.0), **dict.fromkeys(("mul", "gate"), _multiplied), "div": _divided,
    "square": _squared, "sqrt": _root, "exp": _exponential, "log": _logarithm, "log1p": _logarithm_of_one_more,
    "sin": _sine, "cos": _cosine, "tanh": _bent(lambda m, r: m.subtract(1.0, m.multiply(r, r)), 0.39),
    "sigmoid": _bent(lambda m, r: m.multiply(r, m.subtract(1.0, r)), 0.05),
}  # fmt: skip


class Arithmetic(NamedTuple):
    """What slots are computed in: a unit is half of the last place of 1; its functions may be so *loose* in units.

    That is beside what those of the C library are off by.
    """

    unit: float
    loose: float


#: By the C library's functions; by NumPy's; in double-double numbers, of which bounds know the nearest floats: what these
#: are off by is at most a unit in sums, products, quotients and roots, ten in functions and thirteen in `tanh`.
LIBRARY, ARRAYS, DOUBLE_DOUBLE = Arithmetic(UNIT, 0.0), Arithmetic(UNIT, LOOSE), Arithmetic(2.0**-102, LOOSE)


def rounding(op: str, arithmetic: Arithmetic) -> float:
    """Units for each unit of the result that an operation may be off by."""
    if op in ("neg", "add", "sub", "mul", "gate", "div", "square", "sqrt"):
        return 0.0 if op == "neg" else 1.0
    return ROUNDINGS[op][0] + arithmetic.loose
