"""What is asked about a box: a program, the variables that the box is of, their ends as given, and what is held."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from flint import arb

from gradcli.calculus.balls.ball_numbers import ball, working_bits
from gradcli.calculus.balls.programs.given_numbers import Given, number_of
from gradcli.calculus.enclosures.box_program import BoxProgram
from gradcli.calculus.graph.derivative_programs import derived
from gradcli.calculus.program.program import Program
from gradcli.descent.proofs.boxes import Domain, Side, side
from gradcli.language.errors import ValueProblem

#: Bits of the ends of a box: a decimal is a ball as narrow as that.
_BITS = 256


class BoxQuestion(NamedTuple):
    """The box of a program: the ends of each variable in it, the numbers of the others, which take whole numbers only.

    ascend: whether the greatest value is asked for.
    """

    program: Program
    ends: Mapping[str, tuple[Given, Given]]
    held: Mapping[str, Given]
    whole: frozenset[str] = frozenset()
    ascend: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The variables of the box, in the program's order."""
        return tuple(name for name in self.program.variables if name in self.ends)


def field_of(question: BoxQuestion) -> BoxProgram:
    """f with its slopes and second derivatives over boxes; uphill all with the other sign."""
    names = question.names
    found = derived(question.program, names, seconds=True)
    return BoxProgram(found, names, question.held, -1 if question.ascend else 1)


def domain_of(question: BoxQuestion) -> Domain:
    """The box itself. Raises ValueProblem where no whole number is in a side."""
    with working_bits(_BITS):
        sides = tuple(_side(question, name) for name in question.names)
    return Domain(sides, tuple(name in question.whole for name in question.names))


def _side(question: BoxQuestion, name: str) -> Side:
    first, last = question.ends[name]
    low, high = arb(ball(number_of(first, _BITS))), arb(ball(number_of(last, _BITS)))
    if name in question.whole:
        low, high = low.ceil().mid(), high.floor().mid()
        if low > high:
            raise ValueProblem(f"there is no whole number between {first:g} and {last:g} for {name}")
    return side(low, low if float(first) == float(last) or low == high else high)
