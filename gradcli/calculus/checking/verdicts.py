"""A claimed partial → a verdict: proved, equal, close, wrong with a counterexample, or undecided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flint import arb

from gradcli.calculus.backends.balls import Failure, to_digits
from gradcli.calculus.backends.decimals import decimal_text
from gradcli.calculus.budget import GIVING_UP, seconds
from gradcli.calculus.checking.records import Subject, Tolerance, Verdict
from gradcli.calculus.checking.sampling import CLOSER, DIGITS, Point, moved, points, value_at
from gradcli.calculus.compile import compile_value
from gradcli.calculus.program import Program
from gradcli.language.errors import ValueProblem
from gradcli.language.parser import parse
from gradcli.language.suggest import nearest
from gradcli.language.tree import Expression

#: Digits that must agree, and seconds that sympy may take for a proof.
AGREED, BUDGET = 50, 2.5


def judged(subject: Subject, variable: str, claim: str, count: int, tolerance: Tolerance) -> Verdict:
    """The verdict about ∂f/∂*variable* = *claim*. Raises what the parser raises, and ValueProblem for names."""
    program = subject.program
    place = _slot(subject, variable)
    claimed = _claimed(claim, program)
    formula = subject.compiled.formulas.get(variable) or ("0" if place is None else None)
    start = Verdict(variable, claim, "undecided", formula)
    found = _compared(start, program, place, claimed, count)
    if found.verdict == "wrong" and not claimed.variables and subject.at:
        return _number(start, subject, place, claimed, tolerance)
    if found.verdict == "equal" and _is_proved(subject.expression, variable, claim):
        found = found._replace(verdict="proved")
    if found.verdict == "wrong" and found.at is not None:
        from gradcli.calculus.checking.recognising import recognised

        slip = recognised(subject, variable, claimed)
        found = found._replace(slip=slip and slip.message, span=slip and slip.span)
    return _at_the_point(found, subject, place, claimed) if subject.at else found


def _slot(subject: Subject, variable: str) -> int | None:
    program = subject.program
    if variable not in program.variables:
        near = nearest(variable, program.variables)
        raise ValueProblem(f"--claim {variable}: it is not a variable of the expression",
                           hint=f"did you mean {near}?" if near else None)  # fmt: skip
    if variable in program.unknown:
        raise ValueProblem(f"--claim {variable}: the derivative along {variable} is not known in closed form")
    return program.gradient[program.variables.index(variable)]


def _claimed(claim: str, program: Program) -> Program:
    made = compile_value(claim, program.variables)
    for name in made.variables:
        if name not in program.variables:
            near = nearest(name, program.variables)
            start = claim.find(name)
            raise ValueProblem(f"the claim has {name}, which the expression has not", text=claim,
                               span=(start, start + len(name)), hint=f"did you mean {near}?" if near else None)  # fmt: skip
    return made


def _pair(
    program: Program, place: int | None, claimed: Program, point: Point, digits: int
) -> tuple[Any, Any] | None:
    """The partial and the claim at a point; None where f has no gradient there."""
    slots = to_digits(program, point, digits)
    actual = arb(0) if place is None else slots[place]
    if isinstance(actual, Failure) or isinstance(slots[program.value], Failure):
        return None
    return actual, value_at(claimed, claimed.value, moved(claimed, program.variables, point), digits)


def _compared(start: Verdict, program: Program, place: int | None, claimed: Program, count: int) -> Verdict:
    """Equal at *count* points of the domain, or wrong at one of them."""
    agreed, missing = 0, None
    for point in points(program.variables):
        pair = _pair(program, place, claimed, point, DIGITS)
        if pair is None:
            continue
        if pair[1] is None:
            missing = missing or _at(start, program, point, pair)
        elif not _same(pair) and not _same(_pair(program, place, claimed, point, CLOSER)):
            return _at(start, program, point, pair)._replace(verdict="wrong", points=agreed)
        else:
            agreed += 1
        if agreed == count or not program.variables:
            break
    if missing and not agreed:
        return missing._replace(verdict="wrong", note="the claim has no value where the partial has one")
    note = (
        missing and f"the claim has no value at {_shown(missing.at)}, where the partial is {missing.actual}"
    )
    return start._replace(verdict="equal" if agreed else "undecided", points=agreed, note=note or None)


def _same(pair: tuple[Any, Any] | None) -> bool:
    if pair is None or pair[1] is None:
        return False
    gap, size = abs(pair[0] - pair[1]), max(abs(pair[0]), abs(pair[1]))
    return bool(gap <= size * arb(10) ** -AGREED or gap < arb(10) ** -120)


def _at(verdict: Verdict, program: Program, point: Point, pair: tuple[Any, Any]) -> Verdict:
    at = dict(zip(program.variables, point, strict=True))
    return verdict._replace(at=at, actual=_text(pair[0]), claimed=_text(pair[1]))


def _text(number: Any) -> str | None:
    return None if number is None else decimal_text(number, 12)


def _shown(at: Mapping[str, str] | None) -> str:
    return ", ".join(f"{name} = {value}" for name, value in (at or {}).items()) or "the constant"


def _number(
    start: Verdict, subject: Subject, place: int | None, claimed: Program, tolerance: Tolerance
) -> Verdict:
    """A claim that is a number is about the point asked about."""
    point = tuple(subject.at[name] for name in subject.program.variables)
    pair = _pair(subject.program, place, claimed, point, DIGITS)
    if pair is None or pair[1] is None:
        return start._replace(at=subject.at, note="there is no gradient at this point")
    near = abs(pair[0] - pair[1]) <= tolerance.atol + tolerance.rtol * abs(pair[0])
    return _at(start, subject.program, point, pair)._replace(verdict="close" if near else "wrong", points=1)


def _at_the_point(found: Verdict, subject: Subject, place: int | None, claimed: Program) -> Verdict:
    """The numbers at the point asked about; a counterexample stays where the claim happens to hold there."""
    point = tuple(subject.at[name] for name in subject.program.variables)
    pair = _pair(subject.program, place, claimed, point, DIGITS)
    if pair is None:
        return found._replace(note=found.note or "there is no gradient at the point asked about")
    if found.verdict == "wrong" and _same(pair):
        return found._replace(note="at the point asked about the claim happens to hold")
    return _at(found, subject.program, point, pair)


def _is_proved(expression: Expression, variable: str, claim: str) -> bool:
    """Whether sympy finds the difference of claim and partial to be 0, in the time it has."""
    try:
        with seconds(BUDGET):
            import sympy

            from gradcli.calculus.symbolic import symbol, to_sympy

            gap = to_sympy(expression).diff(symbol(variable)) - to_sympy(parse(claim, expression.variables))
            return bool(gap == 0 or sympy.expand(gap) == 0 or sympy.simplify(gap) == 0)
    except GIVING_UP:
        return False
