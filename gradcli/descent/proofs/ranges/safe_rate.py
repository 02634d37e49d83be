"""A learning rate at which every step lowers f: 1/L, with L a proved bound of how fast the gradient turns in the box.

The descent lemma: f(x + d) <= f(x) + g*d + L*|d|**2/2 on a convex set where the gradient is L-Lipschitz, so that a step of
rate below 2/L, kept in the box by projection, does not raise f (Nesterov, Introductory lectures on convex optimization,
2004, 1.2.3).
"""

from __future__ import annotations

from typing import NamedTuple

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.enclosures.box_program import BITS
from gradcli.descent.proofs.box_question import BoxQuestion, domain_of, field_of
from gradcli.descent.proofs.proved_extreme import float_above
from gradcli.descent.proofs.ranges.spectral_bounds import curvature_of
from gradcli.language.errors import DomainProblem

#: The share to which L is worked out, and boxes for that.
_SHARE, _BOXES = 0.01, 2_000


class SafeRate(NamedTuple):
    """L, rounded up, and the rate 1/L, not rounded up; where L is 0 a rate that leads to the end of the box."""

    smoothness: float
    rate: float

    def told(self, *, ascend: bool) -> str:
        """What the rate is, and what follows."""
        if not self.smoothness:
            return f"f is linear in the box: lr {self.rate:.6g} leads to its end"
        way = "raises" if ascend else "lowers"
        of = f"lr {self.rate:.6g} is 1/L, L = {self.smoothness:.6g} in the box"
        return f"{of}: every step {way} f, or leaves it as it is"

    def judged(self, rate: float) -> str:
        """What L says of another rate."""
        if not self.smoothness:
            return "f is linear in the box: every rate descends"
        limit = 2 / self.smoothness
        if 0 <= rate <= limit:
            return f"{rate:g} is below 2/L = {limit:.4g}: every step in the box descends"
        return f"{rate:g} is not below 2/L = {limit:.4g}: a step in the box may raise f"


def safe_rate(question: BoxQuestion) -> SafeRate:
    """The rate for a box. Raises DomainProblem where L has no bound."""
    field, domain = field_of(question), domain_of(question)
    found = curvature_of(field, domain, _SHARE, _BOXES) if field.curved else None
    if found is None or found.upper is None:
        raise DomainProblem(
            "no bound of how fast the gradient turns was found in the box: there is no safe rate",
            hint="f may have a corner, a pole or an edge there: a smaller box, or a rate of your own",
        )
    smoothness = float_above(found.upper)
    if smoothness > 0:
        return SafeRate(smoothness, 1 / smoothness * (1 - 2.0**-50))
    with working_bits(BITS):
        slopes = field.look([one.ball for one in domain.box]).slopes or []
        ways = [
            domain.width(i) / abs(slope).lower() for i, slope in enumerate(slopes) if abs(slope).lower() > 0
        ]
        return SafeRate(0.0, float_above(max(ways, key=float).upper()) * 2 if ways else 1.0)
