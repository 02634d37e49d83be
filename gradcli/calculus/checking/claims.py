"""What checks are about, and what they find."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from gradcli.calculus.program.compiled_expression import Compiled
from gradcli.calculus.program.program import Program
from gradcli.language.tree import Expression


class Tolerance(NamedTuple):
    """How near two numbers must be: |a - b| <= atol + rtol*|b|, b the right one, as PyTorch's gradcheck has it.

    relative: atol is in units of the largest slope at the point.
    """

    atol: float = 1e-5
    rtol: float = 1e-3
    relative: bool = True


class Verdict(NamedTuple):
    """What was found about one claim.

    verdict: `proved` (by sympy, on every piece), `equal` (at so many points of so many pieces, to 50 digits), `close`
    (one number within the tolerance), `wrong`, or `undecided` (no point of the domain was found). seams: the equations
    that points were found on both sides of. only: the condition under which the claim has values at all. at, claimed,
    actual: the counterexample, or the point asked about, with digits to where they differ. slip: what went wrong, where
    that can be told. note: what else to know. tolerance: how far the number may be from the partial, for `close` and where
    a number is `wrong`.
    """

    variable: str
    claim: str
    verdict: str
    formula: str | None
    points: int = 0
    at: Mapping[str, str] | None = None
    claimed: str | None = None
    actual: str | None = None
    slip: str | None = None
    span: tuple[int, int] | None = None
    note: str | None = None
    pieces: int = 0
    seams: tuple[str, ...] = ()
    only: str | None = None
    tolerance: float | None = None

    @property
    def right(self) -> bool:
        """Whether the claim stands."""
        return self.verdict in ("proved", "equal", "close")


class Subject(NamedTuple):
    """What claims are about: the expression, its program and formulas, and the point asked about (complete or empty)."""

    expression: Expression
    compiled: Compiled
    at: Mapping[str, str]

    @property
    def program(self) -> Program:
        """The program of value and gradient."""
        return self.compiled.program
