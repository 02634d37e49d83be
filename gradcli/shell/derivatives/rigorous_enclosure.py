"""A problem whose values may have uncertainties → the intervals that its value and its gradient must lie in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from gradcli.calculus.program.typed_numbers import text_of
from gradcli.language.errors import UsageProblem
from gradcli.language.limits import limit, limit_or, limit_problem
from gradcli.output.gradients.enclosure_lines import Rigorous
from gradcli.shell.problems.values import Value, number

if TYPE_CHECKING:
    from gradcli.calculus.program.program import Program
    from gradcli.shell.problems.problem import Problem

#: Boxes for each end of an interval unless `--limit boxes=N` says otherwise.
BOXES = 20_000


def rigorous_enclosure(
    program: Program, problem: Problem, sigmas: Mapping[str, Value], names: Sequence[str], digits: int
) -> Rigorous:
    """Value and partials along *names* wherever each variable is within its uncertainty, proved.

    Raises UsageProblem for more digits than doubles have and for stop_gradient, LimitProblem for too many variables.
    """
    _check(program, problem, names, digits)
    from gradcli.calculus.graph.derivative_programs import derived
    from gradcli.descent.proofs.box_question import BoxQuestion, domain_of
    from gradcli.descent.proofs.ranges.value_enclosures import enclosures

    within = {name: _ends(name, problem.at[name], sigmas.get(name)) for name in (*names, *sigmas)}
    held = {name: x for name, x in problem.at.items() if name not in within}
    question = BoxQuestion(program, within, held)
    found = derived(program, question.names, seconds=True)
    whole = enclosures(question, found, domain_of(question), None, int(limit_or("boxes", BOXES)))
    shown = [whole.value, *(whole.partials[name] for name in names)]
    return Rigorous(
        {name: (float(low), float(high)) for name, (low, high) in within.items() if name in sigmas},
        (whole.value.lower, whole.value.upper),
        {name: None if (one := whole.partials[name]) is None else (one.lower, one.upper) for name in names},
        all(one is None or one.reached for one in shown),
        whole.undefined,
    )


def _check(program: Program, problem: Problem, names: Sequence[str], digits: int) -> None:
    if digits > 17:
        raise UsageProblem(
            f"--digits {digits}: the ends of --rigorous are doubles, which have 17 digits at the most"
        )
    if any("stop_gradient" in text for text in problem.texts):
        raise UsageProblem("--rigorous encloses the slopes of f as it is computed, and stop_gradient holds a part of it",
                           hint="leave out --rigorous, or stop_gradient")  # fmt: skip
    if len(names) > limit("unknowns"):
        message = f"--rigorous encloses at most {limit('unknowns'):g} partials, not {len(names)}"
        raise limit_problem("unknowns", message, instead=f"--wrt {program.variables[0]} is one of them")


def _ends(name: str, x: Value, sigma: Value | None) -> tuple[Value, Value]:
    """Both ends of a value's interval, as exact as they were typed."""
    if sigma is None:
        return x, x
    value, width = (text_of(one) or repr(float(one)) for one in (x, sigma))
    return number(name, f"({value})-({width})"), number(name, f"({value})+({width})")
