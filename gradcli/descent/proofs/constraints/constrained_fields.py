"""f, each constraint and Lagrangians over boxes: programs of balls along the same variables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from gradcli.calculus.enclosures.box_program import BoxProgram
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.graph.derivative_programs import derived
from gradcli.descent.proofs.box_question import BoxQuestion
from gradcli.language.constraints.constraint_names import over
from gradcli.language.constraints.constraint_text import Constraint
from gradcli.language.problem_text import divided, joined, wrapped

#: What is taken off of how far an inequality may be below 0, for rounding.
SAFE = 1 - 1e-9


class Bounding(NamedTuple):
    """A Lagrangian f + sum of m*h + sum of r*h**2, which is at most f where the constraints hold and *reach* says so.

    reach: for each inequality that has a square, how far below 0 it may be: m*h + r*h**2 <= 0 for -m/r <= h <= 0.
    """

    field: BoxProgram
    reach: dict[int, float]


class ConstrainedFields:
    """The programs of a problem. h: of each constraint, at most 0 where it holds, 0 where it is one of the *equal* ones."""

    def __init__(self, question: BoxQuestion, text: str, links: Sequence[Constraint]) -> None:
        self.question, self.text, self.links = question, text, tuple(links)
        self.names = question.names
        self.equal = [one.relation == "=" for one in links]
        self.signs = [-1 if one.relation == ">=" else 1 for one in links]
        self.sign = -1 if question.ascend else 1
        definitions = divided(text).definitions
        self.f = self._field(text, self.sign)
        self.h = [
            self._field("; ".join([*definitions, one.difference]), sign)
            for one, sign in zip(links, self.signs, strict=True)
        ]

    def _field(self, text: str, sign: int, weights: dict[str, float] | None = None) -> BoxProgram:
        held = {**self.question.held, **(weights or {})}
        program = compile_text([over(text, self.names)], (*self.names, *held), None, formulas=False).program
        return BoxProgram(derived(program, self.names, seconds=True), self.names, held, sign)

    def bounding(self, multipliers: Sequence[float], squares: Sequence[float]) -> Bounding:
        """The Lagrangian of f as it is made small. multipliers: of h, 0 at least of inequalities; squares: what h**2 counts."""
        stem = "multiplier"
        while any(name.startswith(stem) for name in (*self.names, *self.question.held)):
            stem += "_"
        weights = {f"{stem}0": float(self.sign)}
        terms, reach = [wrapped(self.text, f"{stem}0*(", ")")], dict[int, float]()
        for i, (one, sign, m, r) in enumerate(zip(self.links, self.signs, multipliers, squares, strict=True)):
            m = m if self.equal[i] else max(m, 0.0)  # noqa: PLW2901  (below 0 it would bound nothing)
            if m:
                weights[name := f"{stem}{len(weights)}"] = sign * m
                terms.append(wrapped(one.difference, f"{name}*(", ")"))
            if r and (self.equal[i] or m > 0):
                weights[name := f"{stem}{len(weights)}"] = r
                terms.append(wrapped(one.difference, f"{name}*(", ")**2"))
                if not self.equal[i]:
                    reach[i] = SAFE * m / r
        return Bounding(self._field(joined(terms), 1, weights), reach)

    def looks(self, point: Sequence[Any], bits: int) -> list[Any] | None:
        """The values of all constraints at a point; None where one has none for certain."""
        found = [one.look(point, bits) for one in self.h]
        if any(not one.value.is_finite() or one.partial or one.jump for one in found):
            return None
        return found
