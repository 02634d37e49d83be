"""A claimed partial → a verdict: proved, equal on every piece, close, wrong with a counterexample, or undecided."""

from __future__ import annotations

import math
from typing import Any

from flint import arb

from gradcli.calculus.balls.decimals import decimal_text
from gradcli.calculus.checking.claim_comparison import Comparison, Pair, Sides, at_of, compared, pair_at
from gradcli.calculus.checking.claims import Subject, Tolerance, Verdict
from gradcli.calculus.checking.test_points import Point, number_at
from gradcli.calculus.graph.reverse_sweep import compile_value
from gradcli.calculus.program.program import Program
from gradcli.language.errors import ValueProblem
from gradcli.language.names import nearest

#: Digits of the numbers of a counterexample, and those beyond the first one that differs.
SHOWN, BEYOND = 12, 3


def judged(subject: Subject, variable: str, claim: str, count: int, tolerance: Tolerance) -> Verdict:
    """The verdict about ∂f/∂*variable* = *claim*. Raises what the parser raises, and ValueProblem for names."""
    program = subject.program
    _known(program, variable)
    sides = Sides(subject, variable, _claimed(claim, program), claim)
    formula = subject.compiled.formulas.get(variable) or ("0" if sides.place is None else None)
    start = Verdict(variable, claim, "undecided", formula)
    comparison = compared(sides, count)
    if comparison.wrong is not None and not sides.claimed.variables and subject.at:
        return _number(start, sides, tolerance)
    found = _found(start, sides, comparison)
    if comparison.wrong is not None:
        from gradcli.calculus.checking.mistake_search import recognised

        slip = recognised(subject, variable, sides.claimed)
        found = found._replace(slip=slip and slip.message, span=slip and slip.span)
    elif found.verdict == "equal" and found.only is None:
        found = _proof(found, sides)
    return _at_the_point(found, sides) if subject.at else found


def _known(program: Program, variable: str) -> None:
    if variable not in program.variables:
        bare = (
            variable.removeprefix(start) for start in ("d", "f_", "df_d", "y_", "D")
        )  # dx, f_x: what it is along
        near = next((name for name in bare if name in program.variables), None)
        near = near or nearest(variable, program.variables)
        raise ValueProblem(f"--claim {variable}: it is not a variable of the expression",
                           hint=f"did you mean {near}?" if near else None)  # fmt: skip
    if variable in program.unknown:
        raise ValueProblem(f"--claim {variable}: the derivative along {variable} is not known in closed form")


def _claimed(claim: str, program: Program) -> Program:
    made = compile_value(claim, program.variables)
    for name in made.variables:
        if name not in program.variables:
            near = nearest(name, program.variables)
            start = claim.find(name)
            raise ValueProblem(f"the claim has {name}, which the expression has not", text=claim,
                               span=(start, start + len(name)), hint=f"did you mean {near}?" if near else None)  # fmt: skip
    return made


def _found(start: Verdict, sides: Sides, comparison: Comparison) -> Verdict:
    """The verdict of a comparison alone."""
    wrong, missing = comparison.wrong, comparison.missing
    start = start._replace(points=comparison.agreed, pieces=comparison.pieces, seams=comparison.seams)
    if wrong is not None:
        return _shown(start._replace(verdict="wrong"), sides, wrong)
    if missing is None:
        return start._replace(verdict="equal" if comparison.agreed else "undecided")
    if not comparison.agreed:
        note = "the claim has no value where the partial has one"
        return _shown(start._replace(verdict="wrong", note=note), sides, missing)
    place = ", ".join(f"{name} = {value}" for name, value in at_of(sides, missing.point).items())
    note = f"the claim has no value at {place}, where the partial is {decimal_text(missing.actual, SHOWN)}"
    only = comparison.only or (None if comparison.isolated else "the claim has a value")
    return start._replace(verdict="equal", note=note, only=only)


def _proof(found: Verdict, sides: Sides) -> Verdict:
    from gradcli.calculus.checking.symbolic_proof import PATIENCE, proved

    answer = proved(sides.subject.expression, sides.variable, sides.claim)
    if answer is None:
        note = f"whether sympy can prove it was not decided within {PATIENCE:.0f} s"
        return found._replace(note=f"{found.note}; {note}" if found.note else note)
    return found._replace(verdict="proved") if answer else found


def _shown(verdict: Verdict, sides: Sides, pair: Pair) -> Verdict:
    """Both numbers at a point, written to where they differ."""
    digits = _digits(pair)
    claimed = None if pair.claimed is None else decimal_text(pair.claimed, digits)
    return verdict._replace(
        at=at_of(sides, pair.point), actual=decimal_text(pair.actual, digits), claimed=claimed
    )


def _digits(pair: Pair) -> int:
    if pair.claimed is None or pair.same:
        return SHOWN
    share = abs(pair.actual - pair.claimed) / arb.max(abs(pair.actual), abs(pair.claimed))
    return max(SHOWN, math.ceil(-float(share.log() / arb(10).log())) + BEYOND)


def _number(start: Verdict, sides: Sides, tolerance: Tolerance) -> Verdict:
    """A claim that is a number is about the point asked about."""
    subject = sides.subject
    pair = pair_at(sides, _point(subject), on_seam=True)
    if pair is None or pair.claimed is None:
        return start._replace(at=subject.at, note="there is no gradient at this point")
    allowed = _allowed(subject, pair, tolerance)
    near = abs(pair.actual - pair.claimed) <= allowed
    found = start._replace(verdict="close" if near else "wrong", points=1, tolerance=float(allowed))
    return _shown(found, sides, pair)


def _allowed(subject: Subject, pair: Pair, tolerance: Tolerance) -> Any:
    """How far a number may be from the partial; the absolute part in units of the largest slope where that is said."""
    unit = arb(1)
    if tolerance.relative:
        program = subject.program
        slopes = [number_at(program, g, _point(subject)) for g in program.gradient if g is not None]
        unit = max((abs(slope).upper() for slope in slopes if slope is not None), default=arb(0))
    return arb(tolerance.atol) * unit + arb(tolerance.rtol) * abs(pair.actual)


def _point(subject: Subject) -> Point:
    return tuple(subject.at[name] for name in subject.program.variables)


def _at_the_point(found: Verdict, sides: Sides) -> Verdict:
    """The numbers at the point asked about; a counterexample stays where the claim happens to hold there."""
    pair = pair_at(sides, _point(sides.subject), on_seam=True)
    if pair is None:
        return found._replace(note=found.note or "there is no gradient at the point asked about")
    if found.verdict == "wrong" and pair.same:
        return found._replace(note="at the point asked about the claim happens to hold")
    return _shown(found, sides, pair)
