"""The problem of least violation: the smallest t by which every constraint may be missed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcli.descent.constrained.problems.constrained_problem import ConstrainedProblem
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.problem_text import divided


class LeastViolation:
    """The problem, and which of its constraints belong to which of the one it was made from."""

    def __init__(self, problem: ConstrainedProblem, at: Mapping[str, float]) -> None:
        definitions = divided(problem.text).definitions
        self.name = name = _fresh({*at, *problem.given, *problem.table.program.variables})
        links: list[Constraint] = []
        self.sources: list[int] = []
        for i, one in enumerate(problem.constraints):
            if one.relation in ("=", "<="):
                links.append(_link(one, one.difference, name))
                self.sources.append(i)
            if one.relation in ("=", ">="):
                links.append(_link(one, f"-({one.difference})", name))
                self.sources.append(i)
        links.append(Constraint(f"{name} >= 0", f"{name} >= 0", name, ">=", "0", False, (name,)))
        self.sources.append(-1)
        held = {**problem.base, **at, name: 0.0}
        moving = [*problem.names, name]
        self.problem = ConstrainedProblem(["; ".join([*definitions, name])], links, held, moving)
        self.original = problem

    def start(self, x: Sequence[float], violation: float) -> list[float]:
        """A point of this problem over a point of the other."""
        known = {**dict(zip(self.original.names, x, strict=True)), self.name: violation}
        return [known[name] for name in self.problem.names]

    def point(self, y: Sequence[float]) -> tuple[list[float], float]:
        """The other problem's point below one of this, and t there."""
        known = {**self.original.base, **dict(zip(self.problem.names, y, strict=True))}
        return [known[name] for name in self.original.names], known[self.name]


def _link(one: Constraint, difference: str, name: str) -> Constraint:
    return one._replace(left=difference, relation="<=", right=name, limit=None)


def _fresh(taken: set[str]) -> str:
    name = "violation"
    while name in taken:
        name += "_"
    return name


def violation_of(h: Sequence[float], equal: Sequence[bool]) -> float:
    """The most that a constraint is missed by."""
    return max((abs(a) if e else max(a, 0.0) for a, e in zip(h, equal, strict=True)), default=0.0)
