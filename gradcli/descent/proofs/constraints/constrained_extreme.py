"""The least (or greatest) value in a box under constraints, as plain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.descent.proofs.box_groups import grouped
from gradcli.descent.proofs.box_question import BoxQuestion, domain_of
from gradcli.descent.proofs.boxes import Box, Domain
from gradcli.descent.proofs.branch_and_bound import Wish
from gradcli.descent.proofs.constraints.constrained_fields import ConstrainedFields
from gradcli.descent.proofs.constraints.constrained_search import ConstrainedSearch, LeastUnderConstraints
from gradcli.descent.proofs.constraints.feasible_points import FeasiblePoint, multipliers_at
from gradcli.descent.proofs.convex_regions import FINE
from gradcli.descent.proofs.proved_extreme import Extreme, Minimizer, float_above, float_below
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.errors import DomainProblem

#: Multipliers balance f's slopes where they leave less than this share of them.
BALANCED = 1e-9

#: Groups of undecided boxes that are told one by one.
TOLD = 100


def constrained_extreme(question: BoxQuestion, text: str, links: Sequence[Constraint], wish: Wish) -> Extreme:
    """Search the box. question: its program has all variables of *text* and of the constraints *links*.

    Raises DomainProblem where nothing has a value.
    """
    domain = domain_of(question)
    fields = ConstrainedFields(question, text, links)
    found = ConstrainedSearch(fields, domain, wish).run()
    if found.infeasible and "outside" in found.counts:
        raise DomainProblem("f or a constraint has no value in all of the box that the constraints leave")
    with working_bits(FINE):
        return _extreme(question, fields, domain, found)


def _extreme(
    question: BoxQuestion, fields: ConstrainedFields, domain: Domain, found: LeastUnderConstraints
) -> Extreme:
    low, high = float_below(found.lower), float_above(found.upper)
    if question.ascend:
        low, high = -high, -low
    best = found.best
    at = (
        {}
        if best is None
        else {n: float(a.mid()) + 0.0 for n, a in zip(question.names, best.place, strict=True)}
    )
    minimizers = [
        _of_group(question, fields, domain, group, best) for group in grouped(found.left, domain)[:TOLD]
    ]
    minimizers = sorted(minimizers, key=lambda one: tuple(one.at.values())) if found.proved and best else []
    kind = "minimum" if best is None else _kind(domain, best)
    status = "infeasible" if found.infeasible else kind if found.proved else "enclosed"
    value = 0.0 if best is None else (-1 if question.ascend else 1) * float(best.value.mid()) + 0.0
    return Extreme(
        status, found.proved or found.infeasible, None if abs(low) == inf else low, None if abs(high) == inf else high,
        float(found.gap), tuple(minimizers), at, value, len(found.left), found.boxes, found.counts, found.undefined,
        question.ascend, found.proved, tuple(one.text for one in fields.links),
    )  # fmt: skip


def _kind(domain: Domain, best: FeasiblePoint) -> str:
    if best.active:
        return "minimum-on-constraint"
    ends = any(
        not one.fixed and (a is one.low or a is one.high)
        for a, one in zip(best.place, domain.box, strict=True)
    )
    return "minimum-on-bound" if ends else "minimum"


def _of_group(
    question: BoxQuestion, fields: ConstrainedFields, domain: Domain, group: Box, best: FeasiblePoint | None
) -> Minimizer:
    """Boxes that touch: the point that is known in them, or their middle, and how far it is to their ends."""
    holds = best is not None and all(one.ball.overlaps(a) for one, a in zip(group, best.place, strict=True))
    place = best.place if best is not None and holds else [one.ball.mid() for one in group]
    at = {name: float(a.mid()) + 0.0 for name, a in zip(question.names, place, strict=True)}
    radius = max(
        float_above((one.ball - at[name]).abs_upper())
        for name, one in zip(question.names, group, strict=True)
    )
    pressed = _multipliers(fields, domain, best) if best is not None and holds else {}
    kind = _kind(domain, best) if best is not None and holds else "minimum"
    return Minimizer(at, radius, False, pressed, kind)


def _multipliers(fields: ConstrainedFields, domain: Domain, best: FeasiblePoint) -> dict[str, float]:
    """What one more on the right side of each active constraint changes the best value by; none where nothing balances."""
    numbers, rest = multipliers_at(fields, domain, best)
    if rest > BALANCED:
        return {}
    return {
        fields.links[i].text: -numbers[i] * fields.signs[i] * fields.sign + 0.0
        for i in range(len(numbers)) if i in best.active
    }  # fmt: skip
