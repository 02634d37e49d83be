"""Points where f may be extreme under constraints, before they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from gradcli.language.records import NamedTuple

if TYPE_CHECKING:
    from gradcli.descent.constrained.extrema.solution_families import Family


class Candidate(NamedTuple):
    """One point: the constraints that are held at 0, its coordinates and their multipliers to so many bits, exact texts.

    multipliers: None where there are none, the constraints' slopes being dependent.
    """

    held: tuple[int, ...]
    coordinates: Callable[[int], list[Any]]
    multipliers: Callable[[int], list[Any]] | None
    words: Mapping[str, str | None]


class Candidates(NamedTuple):
    """All points found, whether there are no others, and why that is not shown. box: in which it holds, if not everywhere.

    families: lines and planes of further ones, which the points are not among.
    """

    points: list[Candidate]
    complete: bool
    why: list[str]
    box: Mapping[str, tuple[float, float]] = {}
    families: tuple[Family, ...] = ()

    def with_more(self, other: Candidates) -> Candidates:
        """Both together."""
        why = list(dict.fromkeys([*self.why, *other.why]))
        return Candidates(
            [*self.points, *other.points], self.complete and other.complete, why, self.box or other.box,
            (*self.families, *other.families),
        )  # fmt: skip
