"""Which variables critical points are looked for in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from gradcli.language.errors import UsageProblem, ValueProblem
from gradcli.language.limits import limit, limit_problem
from gradcli.shell.problems.value_checks import check_names, check_wrt

if TYPE_CHECKING:
    from gradcli.shell.problems.problem import Problem


def solved_for(problem: Problem, variables: Sequence[str], typed: Mapping[str, str]) -> list[str]:
    """Those of --wrt, else those that no value was typed for, else all.

    Raises ValueProblem for a name that is none or has no value, UsageProblem for none, LimitProblem for too many.
    """
    check_names(problem.at, [*variables, *(problem.wrt or ())])
    check_wrt(problem.wrt, variables, problem.at)
    asked = [name for name in problem.wrt or () if name in variables]
    names = asked or [name for name in variables if name not in typed] or list(variables)
    free = [name for name in variables if name not in names and name not in problem.at]
    if free:
        raise ValueProblem(
            f"{free[0]} has no value, and --wrt leaves it out", hint=f"give it one: --{free[0]} 1"
        )
    if not names:
        raise UsageProblem("an expression without variables has no critical points")
    if len(names) > limit("unknowns"):
        message = (
            f"critical points are looked for in at most {limit('unknowns'):g} variables, not {len(names)}"
        )
        raise limit_problem("unknowns", message, instead="gradcli minimize descends in any number of them")
    return names
