"""Functions with many minima: descents from many starts, and the distinct minima they found."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from gradcli.descent.objective.vectors import add_scaled, norm
from gradcli.descent.steps.step_problem import Listener
from gradcli.descent.verdicts.outcome import Outcome
from gradcli.language.errors import DomainProblem, UsageProblem, ValueProblem

#: Minima closer than this share of their size are one.
SAME = 1e-4


class Restarts(NamedTuple):
    """Where descents begin as well: so many random points of a box. The same seed gives the same points."""

    starts: int
    box: Mapping[str, tuple[float, float]]
    seed: int = 0


#: A start, and who listens to the steps from there → how the descent ended.
Descend = Callable[[Mapping[str, float], Listener | None], Outcome]


def minimize_often(
    descend: Descend,
    variables: Collection[str],
    at: Mapping[str, float],
    restarts: Restarts,
    *,
    ascend: bool = False,
    follow: Callable[[Mapping[str, float]], Listener | None] | None = None,
) -> Outcome:
    """The lowest outcome of descents from random points, and of one from *at* if it is complete.

    `found` holds the distinct minima, the lowest first. follow: is told where the best descent began, which is then
    taken again for the listener that it answers with. All evaluations are counted, those of starts without a value and
    of the descent taken again as well. Raises DomainProblem where no start has a value.
    """
    _check(variables, restarts)
    complete = all(name in at for name in variables)
    ended, failed, stopped = _descents(_starts(at, complete, restarts), lambda start: descend(start, None))
    sign = -1.0 if ascend else 1.0
    ended.sort(key=lambda one: (not one[0].success, sign * one[0].fun))
    whole = _summed([outcome for outcome, _ in ended], restarts.starts + complete)
    whole = whole._replace(nfev=whole.nfev + failed, njev=whole.njev + failed)
    if stopped:
        return _stopped(whole, len(ended))
    if follow is not None and (listener := follow(ended[0][1])) is not None:
        again = descend(ended[0][1], listener)
        return whole._replace(
            nfev=whole.nfev + again.nfev, njev=whole.njev + again.njev, nhev=whole.nhev + again.nhev
        )
    return whole


def _descents(
    starts: Iterable[Mapping[str, float]], descend: Callable[[Mapping[str, float]], Outcome]
) -> tuple[list[tuple[Outcome, Mapping[str, float]]], int, bool]:
    """The outcomes with their starts, how many starts had no value, and whether Ctrl-C came before the last.

    Raises DomainProblem where there are no outcomes.
    """
    ended: list[tuple[Outcome, Mapping[str, float]]] = []
    failed = 0
    problem = DomainProblem("no start has a value")
    for start in starts:
        try:
            ended.append((descend(start), start))
        except DomainProblem as error:
            problem, failed = error, failed + 1
            continue
        except KeyboardInterrupt:
            if not ended:
                raise
            return ended, failed, True
        if ended[-1][0].status == "interrupted":
            return ended, failed, True
    if not ended:
        raise problem
    return ended, failed, False


def _starts(at: Mapping[str, float], complete: bool, restarts: Restarts) -> Iterator[Mapping[str, float]]:
    """One after the other: *at* where it is *complete*, then the random points."""
    source = random.Random(restarts.seed)  # noqa: S311  (nothing secret: the same seed must give the same starts)
    if complete:
        yield dict(at)
    for _ in range(restarts.starts):
        yield {**at, **{name: source.uniform(low, high) for name, (low, high) in restarts.box.items()}}


def _check(variables: Collection[str], restarts: Restarts) -> None:
    if restarts.starts < 1 or not restarts.box:
        raise UsageProblem(
            "restarts need a number and a box to draw starts from", hint="--restarts 20 --box x=-5:5"
        )
    for name, (low, high) in restarts.box.items():
        if name not in variables:
            raise ValueProblem(f"{name} is in the box but not a variable of the expression")
        if not low <= high:
            raise UsageProblem(f"the box is empty along {name}: {low:g} to {high:g}")


def _summed(ranked: list[Outcome], starts: int) -> Outcome:
    """All outcomes, the best first, as one."""
    found: list[Outcome] = []
    for outcome in ranked:
        if outcome.success and not any(_same(outcome, other) for other in found):
            found.append(outcome)
    best = ranked[0]
    message = f"{best.message}; the best of {starts} starts, which ended at {len(found)} distinct places"
    lost = sum(outcome.status == "unbounded" for outcome in ranked)
    message += f", and {lost} without end" if lost else ""
    return best._replace(
        message=message, starts=starts, found=tuple(found),
        nit=sum(o.nit for o in ranked), nfev=sum(o.nfev for o in ranked),
        njev=sum(o.njev for o in ranked), nhev=sum(o.nhev for o in ranked),
    )  # fmt: skip


def _stopped(whole: Outcome, begun: int) -> Outcome:
    """What was found until Ctrl-C, which ends not just one descent but all."""
    message = f"stopped in descent {begun} of {whole.starts}, at the best point so far"
    return whole._replace(status="interrupted", success=False, message=message)


def _same(a: Outcome, b: Outcome) -> bool:
    here, there = list(a.x.values()), list(b.x.values())
    return norm(add_scaled(here, -1.0, there)) <= SAME * (1 + norm(here))
