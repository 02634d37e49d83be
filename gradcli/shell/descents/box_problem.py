"""A problem and the options that name a box → what is asked about the box."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gradcli.language.errors import ValueProblem
from gradcli.memory.compiled_cache import compiled_or_cached
from gradcli.shell.options.proof_options import domain_box, whole_names
from gradcli.shell.problems.value_checks import check_complete, check_names, check_wrt

if TYPE_CHECKING:
    from gradcli.descent.proofs.box_question import BoxQuestion
    from gradcli.memory.database import Store
    from gradcli.shell.problems.problem import Problem


def question_of(
    store: Store, problem: Problem, how: Mapping[str, Any], *, ascend: bool = False
) -> BoxQuestion:
    """The box that the options ask about. Raises UsageProblem and ValueProblem for what does not fit together."""
    from gradcli.descent.proofs.box_question import BoxQuestion

    texts = _over_all(problem) if problem.constraints else problem.texts
    program = compiled_or_cached(store, texts, problem.at.keys(), formulas=False).program
    check_names(problem.at, [*program.variables, *(problem.wrt or ())], problem.texts)
    box = domain_box(how)
    check_wrt(problem.wrt, program.variables, problem.at)
    moving = problem.wrt or tuple(box)
    for name in box:
        if name not in program.variables:
            raise ValueProblem(f"{name} is in the box but not a variable of the expression")
        if name not in moving:
            raise ValueProblem(f"{name} is in the box, and --wrt leaves it out")
    held = {name: x for name, x in problem.at.items() if name not in box}
    for name in program.variables:
        if name in moving and name not in box:
            raise ValueProblem(f"the box has no side for {name}", hint=f"for example --box {name}=-5:5")
    check_complete({**held, **box}, program.variables)
    return BoxQuestion(program, box, held, whole_names(how["whole"], box), ascend)


def _over_all(problem: Problem) -> list[str]:
    """The texts as one function of the variables that occur in constraints alone, too."""
    from gradcli.language.constraints.constraint_names import names_beside, text_over
    from gradcli.language.parser.outputs import total

    known = total(problem.texts, problem.at.keys()).variables
    beside = names_beside(problem.texts, problem.constraints, problem.at.keys(), known)
    return [text_over(problem.texts, beside)]
