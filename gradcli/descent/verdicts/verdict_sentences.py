"""What a point was found to be → its ending: the status, the sentence, the evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.descent.certificates.finding import Finding
from gradcli.descent.objective.objective import Evaluation, Objective
from gradcli.descent.objective.vectors import Matrix, norm, spectrum
from gradcli.descent.verdicts.outcome import Ending, listed

#: Eigenvalues below this share of the largest are known to fewer digits in floats than are shown.
KNOWN = 1e-4


class Words:
    """The words of a minimization, or of a maximization."""

    def __init__(self, objective: Objective) -> None:
        up = objective.sign < 0
        self.extreme, self.falls, self.rises = objective.extreme, objective.falls, "falls" if up else "rises"
        self.lower, self.higher = ("higher", "lower") if up else ("lower", "higher")
        self.definite, self.which = ("negative", "largest") if up else ("positive", "smallest")
        self.opposite = "minimum" if up else "maximum"


def named(objective: Objective, way: Sequence[float]) -> Mapping[str, float]:
    """Numbers of the variables that move, by name."""
    return {name: number + 0.0 for name, number in zip(objective.names, way, strict=True)}


def ending_of(objective: Objective, found: Finding, place: Evaluation, last: bool) -> Ending:
    """The ending at *place*, which was *found* to be something.

    last: whether its gradient is above what was asked for, so that it is a minimum to the last digits of floats only.
    """
    signed = _signed(objective, found)
    if found.kind in ("minimum", "level"):
        return _minimum(objective, found, place, signed, last)
    where, words = listed(named(objective, place.x)), Words(objective)
    way = named(objective, found.way or [0.0] * len(place.x))
    if found.kind == "flat":
        return Ending("flat", f"flat at {where}: f does not change there in any direction", signed, way)
    if found.kind == "open":
        return Ending(
            "flat", f"flat at {where}: the Hessian is singular, and what f does there is not decided", signed
        )
    if found.how == "curve":
        curve = "along" if len(objective.names) == 1 else "along a curve that begins in the direction"
        message = f"a saddle at {where}: the Hessian is singular, and f {words.falls} {curve} {listed(way)}"
        return Ending("saddle", message, signed, way)
    values = ", ".join(f"{value:.6g}" for value in signed[:6]) + (", …" if len(signed) > 6 else "")
    plural = "eigenvalue" if len(signed) == 1 else "eigenvalues"
    if found.kind == "maximum":
        return Ending(
            "maximum", f"a {words.opposite} at {where}: the Hessian's {plural} {values}", signed, way
        )
    return Ending("saddle", f"a saddle at {where}: the Hessian's {plural} {values}; f {words.falls} along {listed(way)}",
                  signed, way)  # fmt: skip


def _signed(objective: Objective, found: Finding) -> tuple[float, ...]:
    """The Hessian's eigenvalues along what bounds leave free, with f's own sign; 0 where they are not told from it."""
    free = [i for i, held in enumerate(found.held) if not held]
    values = eigenvalues(
        [[(found.matrix or [])[i][j] for j in free] for i in free],
        [[(found.balls or found.matrix or [])[i][j] for j in free] for i in free],
    )
    return tuple(sorted(objective.sign * value + 0.0 for value in values))


def eigenvalues(matrix: Matrix, balls: Sequence[Sequence[Any]]) -> tuple[float, ...]:
    """The eigenvalues; in balls, 0 where they are not told from it, where floats do not know the smallest to many digits."""
    values = spectrum(matrix).values
    size = max(map(abs, values), default=0.0)
    if not values or min(map(abs, values)) > KNOWN * size or size == 0:
        return values
    from flint import arb_mat

    from gradcli.calculus.balls.ball_numbers import ball, working_bits
    from gradcli.calculus.balls.decimals import nearest_double

    with working_bits(512):
        try:
            found = arb_mat([[ball(a) for a in row] for row in balls]).eig(multiple=True)
        except ValueError:
            return values
        return tuple(sorted(0.0 if x.real.contains(0) else nearest_double(x.real) for x in found))


def _minimum(
    objective: Objective, found: Finding, place: Evaluation, signed: tuple[float, ...], last: bool
) -> Ending:
    words, where = Words(objective), listed(named(objective, place.x))
    multipliers = {
        name: objective.sign * slope
        for name, slope, held in zip(objective.names, place.g, found.held, strict=True) if held
    }  # fmt: skip
    weak = [objective.names[i] for i in found.weak]
    curved, way = _curved(objective, found, signed, words)
    ends = (
        f"; to the last digits of floating point: the gradient of {norm(_free(found, place)):.3g} is what rounding leaves"
        if last
        else ""
    )
    if multipliers or weak:
        press = f"the slopes {listed(multipliers)} press against it" if multipliers else ""
        rest = f"the slopes along {', '.join(weak)} are 0" if weak else ""
        along = f"along the other variables {curved}" if curved and multipliers and not weak else curved
        parts = "; ".join(part for part in (press, rest, along) if part)
        numbers = {**multipliers, **dict.fromkeys(weak, 0.0)}
        return Ending(
            "minimum-on-bound",
            f"a {words.extreme} on the bound at {where}: {parts}{ends}",
            signed,
            way,
            numbers,
        )
    message = f"a {words.extreme} at {where}: {curved}{ends}"
    return Ending("minimum", message, signed, way, order=found.order)


def _free(found: Finding, place: Evaluation) -> list[float]:
    return [0.0 if held else slope for slope, held in zip(place.g, found.held, strict=True)]


def _curved(
    objective: Objective, found: Finding, signed: tuple[float, ...], words: Words
) -> tuple[str, Mapping[str, float] | None]:
    """What shows that it is a minimum, and along what f does not change."""
    way = named(objective, found.way) if found.way else None
    if found.kind == "level":
        if not found.matrix or not any(map(any, found.matrix)):
            return f"f does not change along {listed(way or {})}, and is nowhere {words.lower} close by", way
        tail = (
            f"and {words.rises} across"
            if found.how != "nowhere lower"
            else f"and is nowhere {words.lower} close by"
        )
        return f"f does not change along {listed(way or {})}, {tail}", way
    if found.order is not None:
        name = {3: "third", 4: "fourth", 5: "fifth", 6: "sixth", 8: "eighth"}.get(
            found.order, f"{found.order}th"
        )
        return (
            f"the Hessian is singular there, but along {listed(way or {})} f {words.rises} with the {name} power",
            None,
        )
    shown = {
        "nowhere lower": f"the Hessian is singular there, but intervals show that f is nowhere {words.lower} close by",
        "rises": f"intervals show that f is {words.higher} all around",
        "curves": f"the Hessian is singular there, but f {words.rises} along every curve that was tried",
    }
    if found.how in shown:
        return shown[found.how], None
    if found.weak and signed and min(objective.sign * value for value in signed) <= 0:
        return f"f {words.rises} in every direction that bounds leave", None
    value = (signed[-1] if objective.sign < 0 else signed[0]) if signed else None
    evidence = f", its {words.which} eigenvalue is {value:.6g}" if value is not None else ""
    return (f"the Hessian is {words.definite} definite{evidence}" if signed else ""), None
