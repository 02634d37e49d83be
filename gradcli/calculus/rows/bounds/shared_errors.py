"""Bounds of errors row by row, with the signs of errors that meet themselves again: never above those of `array_blocks`.

An error δ of a slot is a sum of slopes times the errors of its terms (`shared_terms`), and a rest: |δ - Σ c·ε| ≤ rest with
|ε| ≤ E. The slopes c are floats, and any floats would do: what an operation bends (its second derivative over all of the
enclosure, times δ**2/2), what its slope and the products and sums of slopes are rounded by, and its own rounding are in the
rest. Errors are in units of 2**-53, as `rounding_error` has them (de Figueiredo and Stolfi, Affine arithmetic: concepts and
applications, Numerical Algorithms 37, 2004, where every rounding has a term of its own).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.calculus.backends.error_propagation import SLACK, TINY, UNIT
from gradcli.calculus.program.program import Program
from gradcli.calculus.rows.array_blocks import BOUNDS, EXACT, LOOSE, over
from gradcli.calculus.rows.bounds.shared_terms import SharedTerms
from gradcli.calculus.rows.float_blocks import outputs_of
from gradcli.calculus.rows.row_data import Numbers

#: What slopes may be off by, with the rounding of the products and sums that are made of them, of their size.
_ROUGH = 20 * UNIT

#: Terms above the first are not followed, so that what slopes lose below normal floats is less than the second.
_LARGEST, _FAINT = 2.0**400, 2.0**-600


class _Form(NamedTuple):
    """The error of a slot: slopes along terms (1.0 along the slot itself), and the rest of it."""

    slopes: Mapping[int, Any]
    rest: Any


class _Local(NamedTuple):
    """What an operation makes of its arguments' errors: its slopes along them, and what there may be beside these."""

    slopes: tuple[Any, ...]
    beside: Any


def shared_errors(
    program: Program, terms: SharedTerms, slots: Mapping[int, Numbers], plain: Mapping[int, Numbers]
) -> dict[int, Numbers]:
    """Bounds of the errors of the outputs, in units of 2**-53. plain: those of all slots by `block_errors`."""
    import numpy as np

    followed = _Errors(terms, slots, plain)
    with np.errstate(all="ignore"):
        for slot in range(program.first):
            followed.begin(slot)
        for slot, (op, *places) in enumerate(program.code, program.first):
            followed.carry_out(slot, op, places)
        return {slot: followed.errors[slot] * SLACK for slot in outputs_of(program)}


class _Errors:
    """The errors of all slots so far, and their forms. sizes: how large the error of a term may be."""

    def __init__(
        self, terms: SharedTerms, slots: Mapping[int, Numbers], plain: Mapping[int, Numbers]
    ) -> None:
        self.errors, self._terms, self._slots = dict(plain), terms, slots
        self._forms, self._sizes = dict[int, _Form](), dict[int, Any]()

    def begin(self, slot: int) -> None:
        """A slot that may be a term itself."""
        import numpy as np

        if self._terms.followed[slot] == (slot,):
            error = self.errors[slot]
            self._sizes[slot] = np.where(error <= _LARGEST, error, np.inf)
            self._forms[slot] = _Form({slot: 1.0}, error * _ROUGH)

    def carry_out(self, slot: int, op: str, places: Sequence[int]) -> None:
        """The error of an operation's result, and its form."""
        import numpy as np

        if self._terms.met[slot]:
            self._join(slot, places, self._local(slot, op, places))
        elif slot in self._terms.looked_at and op in BOUNDS:
            values, own = [self._slots[p] for p in places], [self.errors[p] for p in places]
            bound = BOUNDS[op](self._slots[slot], *values, *own)
            bound = bound if op in EXACT else bound + LOOSE * np.abs(self._slots[slot])
            self.errors[slot] = np.fmin(self.errors[slot], bound)
        self.begin(slot)

    def _local(self, slot: int, op: str, places: Sequence[int]) -> _Local:
        values, own = [self._slots[p] for p in places], [self.errors[p] for p in places]
        if op in ("sin", "cos"):
            return _turned(
                op, self._slots[slot], values[0], own[0], self._slots.get(self._terms.slopes.get(slot, -1))
            )
        return _LOCAL[op](self._slots[slot], *values, *own)

    def _join(self, slot: int, places: Sequence[int], local: _Local) -> None:
        import numpy as np

        rest, slopes = local.beside, dict[int, Any]()
        for place, slope in zip(places, local.slopes, strict=True):
            form = self._forms.get(place)
            error = self.errors[place] if form is None else form.rest
            rest = rest if is_exact(error) else rest + _size(slope) * error
            if form is None:
                continue
            for term, own in form.slopes.items():
                along = _product(slope, own)
                slopes[term] = slopes[term] + along if term in slopes else along
        parts = {term: _size(along) * self._sizes[term] for term, along in slopes.items()}
        bound = sum(parts.values(), rest)
        self.errors[slot] = np.fmin(self.errors[slot], bound)
        followed = self._terms.followed[slot]
        if followed and followed != (slot,):
            rest = sum((part for term, part in parts.items() if term not in followed), rest)
            self._forms[slot] = _Form({term: slopes[term] for term in followed}, rest + _ROUGH * bound)


def is_exact(error: Any) -> bool:
    """Whether an error is 0 in all rows."""
    return isinstance(error, float) and error == 0.0


def _size(slope: Any) -> Any:
    import numpy as np

    return abs(slope) if isinstance(slope, float) else np.abs(slope)


def _product(slope: Any, other: Any) -> Any:
    """A product of slopes, the commonest of which are 1."""
    if isinstance(other, float) and other == 1.0:
        return slope
    return other if isinstance(slope, float) and slope == 1.0 else slope * other


def _sum(signs: tuple[float, float]) -> Callable[..., _Local]:
    return lambda r, a, b, ea, eb: _Local(signs, _size(r) + _FAINT)


def _multiplied(r: Numbers, a: Numbers, b: Numbers, ea: Numbers, eb: Numbers) -> _Local:
    """(a + δ)*(b + η) - a*b = b*δ + a*η + δ*η."""
    beside = _size(r) + _FAINT
    return _Local((b, a), beside if is_exact(ea) or is_exact(eb) else beside + ea * eb * UNIT)


def _divided(r: Numbers, a: Numbers, b: Numbers, ea: Numbers, eb: Numbers) -> _Local:
    """(a + δ)/(b + η) - a/b = (δ - a/b*η)/b * (1 - η/(b + η))."""
    slope = 1.0 / b
    size = _size(slope)
    spread = (ea + (_size(r) + TINY) * eb) * size
    bent = spread * over(1.01 * UNIT * eb, _size(b) - eb * UNIT - TINY)
    return _Local((slope, -r * slope), bent + TINY * (ea + eb + eb * size) + _size(r) + _FAINT)


def _squared(r: Numbers, a: Numbers, ea: Numbers) -> _Local:
    return _Local((2.0 * a,), UNIT * ea * ea + r + _FAINT)


def _root(r: Numbers, a: Numbers, ea: Numbers) -> _Local:
    """sqrt(a + δ) - sqrt(a) - δ/(2*sqrt(a)) is at most δ**2/(2*sqrt(a)**3) in size."""
    import numpy as np

    bent = np.where(ea * UNIT <= a / 2, 0.51 * UNIT * over(ea, r) * over(ea, a), np.inf)
    return _Local((0.5 / r,), bent + r + _FAINT)


def _exponential(r: Numbers, a: Numbers, ea: Numbers) -> _Local:
    """exp(δ) - 1 - δ is at most δ**2/2/(1 - |δ|) in size."""
    bent = over(0.51 * UNIT * ea * ea * (r + TINY), 1 - ea * UNIT)
    return _Local((r,), bent + TINY * ea + (4 + LOOSE) * r + _FAINT)


def _logarithm(r: Numbers, a: Numbers, ea: Numbers) -> _Local:
    """The second derivative is steepest at the end of the interval next to 0, where it is 1/end**2."""
    share = over(ea, a - ea * UNIT - TINY)
    return _Local((1.0 / a,), 0.51 * UNIT * share * share + TINY * ea + (4 + LOOSE) * _size(r) + _FAINT)


def _logarithm_of_one_more(r: Numbers, a: Numbers, ea: Numbers) -> _Local:
    share = over(ea, (1 + a) * (1 - UNIT) - ea * UNIT - TINY)
    return _Local((1.0 / (1 + a),), 0.51 * UNIT * share * share + TINY * ea + (4 + LOOSE) * _size(r) + _FAINT)


def _turned(op: str, r: Numbers, a: Numbers, ea: Numbers, other: Numbers | None) -> _Local:
    """Of a sine or cosine, whose second derivative is at most 1; other: the cosine or sine of a, where it is known."""
    import numpy as np

    if other is None:
        other = np.cos(a) if op == "sin" else np.sin(a)
    return _Local(
        (other if op == "sin" else -other,), 0.51 * UNIT * ea * ea + (4 + LOOSE) * _size(r) + _FAINT
    )


def _tanh(r: Numbers, a: Numbers, ea: Numbers) -> _Local:
    """The slope 1 - r*r is off by less than 30 units, the second derivative at most 0.77."""
    return _Local((1.0 - r * r,), (30 + 0.39 * ea) * UNIT * ea + (6 + LOOSE) * _size(r) + _FAINT)


def _sigmoid(r: Numbers, a: Numbers, ea: Numbers) -> _Local:
    """The slope r*(1 - r) is off by less than 30 units, the second derivative at most 0.097."""
    return _Local((r * (1.0 - r),), (30 + 0.05 * ea) * UNIT * ea + (6 + LOOSE) * r + _FAINT)


#: r is the result, a and b are the arguments, ea and eb their errors.
_LOCAL: dict[str, Callable[..., _Local]] = {
    "neg": lambda r, a, ea: _Local((-1.0,), 0.0), "add": _sum((1.0, 1.0)), "sub": _sum((1.0, -1.0)),
    **dict.fromkeys(("mul", "gate"), _multiplied), "div": _divided, "square": _squared, "sqrt": _root, "exp": _exponential,
    "log": _logarithm, "log1p": _logarithm_of_one_more, "tanh": _tanh, "sigmoid": _sigmoid,
}  # fmt: skip
