"""Functions with many minima: descents from many starts, and the distinct minima they found."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping

from gradcli.calculus.program import Program
from gradcli.descent.linear import moved, norm
from gradcli.descent.minimize import Plan, minimize
from gradcli.descent.outcome import Outcome
from gradcli.language.errors import DomainProblem, UsageProblem, ValueProblem

Interval = tuple[float | None, float | None]

#: Minima closer than this share of their size are one.
SAME = 1e-4


def minimize_often(
    program: Program,
    text: str,
    at: Mapping[str, float],
    plan: Plan,
    *,
    restarts: int,
    box: Mapping[str, tuple[float, float]],
    seed: int = 0,
    wrt: Collection[str] | None = None,
    ascend: bool = False,
    bounds: Mapping[str, Interval] | None = None,
) -> Outcome:
    """The lowest outcome of *restarts* descents from random points in *box*, and of one from *at* if it is complete.

    The same seed gives the same starts. `found` holds the distinct minima, the lowest first. Raises DomainProblem
    where no start has a value.
    """
    _check(program, box, restarts)
    source = random.Random(seed)  # noqa: S311  (nothing secret: the same seed must give the same starts)
    starts = [dict(at)] if all(name in at for name in program.variables) else []
    for _ in range(restarts):
        drawn = {name: source.uniform(low, high) for name, (low, high) in box.items()}
        starts.append({**at, **drawn})
    outcomes, problem = [], DomainProblem("no start has a value")
    for start in starts:
        try:
            outcomes.append(minimize(program, text, start, plan, wrt=wrt, ascend=ascend, bounds=bounds))
        except DomainProblem as error:
            problem = error
    if not outcomes:
        raise problem
    return _summed(outcomes, len(starts), -1.0 if ascend else 1.0)


def _check(program: Program, box: Mapping[str, tuple[float, float]], restarts: int) -> None:
    if restarts < 1 or not box:
        raise UsageProblem(
            "restarts need a number and a box to draw starts from", hint="--restarts 20 --box x=-5:5"
        )
    for name, (low, high) in box.items():
        if name not in program.variables:
            raise ValueProblem(f"{name} is in the box but not a variable of the expression")
        if not low <= high:
            raise UsageProblem(f"the box is empty along {name}: {low:g} to {high:g}")


def _summed(outcomes: list[Outcome], starts: int, sign: float) -> Outcome:
    ranked = sorted(outcomes, key=lambda outcome: (not outcome.success, sign * outcome.fun))
    found: list[Outcome] = []
    for outcome in ranked:
        if outcome.success and not any(_same(outcome, other) for other in found):
            found.append(outcome)
    best = ranked[0]
    message = f"{best.message}; the best of {starts} starts, which ended at {len(found)} distinct places"
    lost = sum(outcome.status == "unbounded" for outcome in outcomes)
    message += f", and {lost} without end" if lost else ""
    return best._replace(
        message=message, starts=starts, found=tuple(found),
        nit=sum(o.nit for o in outcomes), nfev=sum(o.nfev for o in outcomes),
        njev=sum(o.njev for o in outcomes), nhev=sum(o.nhev for o in outcomes),
    )  # fmt: skip


def _same(a: Outcome, b: Outcome) -> bool:
    here, there = list(a.x.values()), list(b.x.values())
    return norm(moved(here, -1.0, there)) <= SAME * (1 + norm(here))
