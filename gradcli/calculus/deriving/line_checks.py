"""Every line of a derivation against sympy's derivative: symbolically where it can be, and at 40 digits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flint import arb

from gradcli.calculus.balls.programs.ball_backend import run_to_digits
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.checking.test_points import points
from gradcli.calculus.corners.framework_answers import FRAMEWORKS
from gradcli.calculus.effort.time_budget import GIVING_UP, OutOfTime, seconds
from gradcli.calculus.formulas.terms import PENDING, Term, expression_of, term_of, written
from gradcli.calculus.graph.reverse_sweep import compile_value, program_of, swept
from gradcli.language.errors import GradcliError
from gradcli.language.parser import parse
from gradcli.language.tree import Expression

#: Working digits, digits that must agree, and points of the domain to compare at.
DIGITS, AGREED, POINTS = 80, 40, 3

#: Operations of a difference that sympy is asked to expand, and to simplify; seconds after which it is stopped, which is
#: ten times what those of that size took.
EXPANDED, SIMPLIFIED, PATIENCE = 300, 40, 30.0


class Unconfirmed(GradcliError):
    """A line of the derivation could not be confirmed: it is not shown, and neither is what follows."""

    kind = "unconfirmed"
    status = 4


def _late() -> Unconfirmed:
    return Unconfirmed(f"a line of the derivation was not confirmed within {PATIENCE:g} s")


class Checker:
    """Holds what all lines are compared with: sympy's derivative, and the formula's numbers."""

    def __init__(self, expression: Expression, formula: str, variable: str) -> None:
        self.expression, self.variable = expression, variable
        self.names = expression.variables
        self.right = compile_value(formula, self.names)
        self.own = self._program(term_of(expression))
        self.vanishes: dict[Any, bool] = {}
        self.derivative = self._symbolic(Term("number", (), "0"), first=True)

    def check(self, line: Term) -> str:
        """`sympy` or `40 digits`: how the line was confirmed. Raises Unconfirmed."""
        proved = self._is_proved(line)
        agreed, differs = self._agreed(line)
        if differs or not (proved or agreed):
            raise Unconfirmed(f"a line of the derivation could not be confirmed: {written(line, 'd/d' + self.variable)}",
                              hint="please report this expression; gradcli grad is not affected")  # fmt: skip
        return "sympy" if proved else f"{AGREED} digits"

    def _symbolic(self, line: Term, first: bool = False) -> Any:
        """The line in sympy, or the derivative itself; None where sympy gives up."""
        try:
            with seconds(PATIENCE):
                from gradcli.calculus.symbolic.to_sympy import symbol, to_sympy

                along = symbol(self.variable)
                if first:
                    return to_sympy(self.expression).diff(along)
                plain, inner = _without_pending(line)
                names = {name: symbol(name) for name in self.names}
                names |= {name: to_sympy(expression_of(part)).diff(along) for name, part in inner.items()}
                return to_sympy(expression_of(plain), names)
        except OutOfTime:
            raise _late() from None
        except GIVING_UP:
            return None

    def _is_proved(self, line: Term) -> bool:
        if self.derivative is None:
            return False
        made = self._symbolic(line)
        if made is None:
            return False
        try:
            with seconds(PATIENCE):
                gap = made - self.derivative
                if gap not in self.vanishes:  # which most rules leave as it was
                    self.vanishes[gap] = False  # and so it stays where sympy gives up
                    self.vanishes[gap] = _is_zero(gap)
                return self.vanishes[gap]
        except OutOfTime:
            raise _late() from None
        except GIVING_UP:
            return False

    def _agreed(self, line: Term) -> tuple[int, bool]:
        """At how many points of the domain the line is the formula, and whether it is not at one."""
        plain, inner = _without_pending(line)
        program = compile_value(written(plain), (*self.names, *inner))
        parts = {name: self._program(part) for name, part in inner.items()}
        agreed = 0
        for point in points(self.names, 60):
            at = dict(zip(self.names, point, strict=True))
            right = run_to_digits(self.right, [at[name] for name in self.right.variables], DIGITS)[
                self.right.value
            ]
            found = _line_value(program, parts, at)
            if isinstance(right, Failure) or found is None:
                continue
            if abs(found - right) > arb(10) ** -AGREED * max(abs(found), abs(right), arb(1)):
                if _line_value(None, {"": self.own}, at) is None:
                    continue  # a corner, where any slope in between is as good
                return agreed, True
            agreed += 1
            if agreed == POINTS or not self.names:
                break
        return agreed, False

    def _program(self, part: Term) -> Any:
        expression = parse(written(part), self.names)
        return program_of(swept(expression, (self.variable,)), expression.variables), self.variable


def _is_zero(gap: Any) -> bool:
    """Whether sympy finds that a difference is 0 everywhere."""
    import sympy

    size = gap.count_ops()
    if gap == 0 or (size <= EXPANDED and sympy.expand(gap) == 0):
        return True
    return bool(size <= SIMPLIFIED and sympy.simplify(gap) == 0)


def _line_value(program: Any, parts: Mapping[str, Any], at: Mapping[str, Any]) -> Any:
    """The line's value with its pending derivatives taken by the reverse sweep; None where there is none."""
    values = dict(at)
    for name, (inner, variable) in parts.items():
        # At a tie half of each side, as sympy has it: max(x, x) is a tie everywhere.
        ties = None if program is None else FRAMEWORKS["torch"]
        slots = run_to_digits(inner, [at[n] for n in inner.variables], DIGITS, ties)
        place = inner.gradient[inner.variables.index(variable)] if variable in inner.variables else None
        values[name] = arb(0) if place is None else slots[place]
        if isinstance(values[name], Failure) or isinstance(slots[inner.value], Failure):
            return None
    if program is None:
        return values
    result = run_to_digits(program, [values[name] for name in program.variables], DIGITS)[program.value]
    return None if isinstance(result, Failure) else result


def _without_pending(line: Term) -> tuple[Term, dict[str, Term]]:
    """The line with a name in place of every pending derivative, and what they are derivatives of."""
    inner: dict[str, Term] = {}

    def plain(term: Term) -> Term:
        if term.op == PENDING:
            name = f"pending_derivative_{len(inner)}"
            inner[name] = term.args[0]
            return Term("name", (), name)
        return term._replace(args=tuple(plain(argument) for argument in term.args))

    return plain(line), inner
