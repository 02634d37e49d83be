"""`gradcli grad`: value, formulas and gradient at a point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from gradcli.commands.beyond import (
    Beyond,
    beyond_options,
    completed,
    free_of,
    measured,
    summed,
    wanted,
)
from gradcli.commands.options import (
    corner_option,
    digits_checked,
    output_options,
    problem_options,
    session_options,
)
from gradcli.commands.problems import Problem, asked, remembered
from gradcli.commands.speaking import Manner, Report, most_rows, remark, say
from gradcli.commands.surroundings import latex_formulas, open_memory, prepared
from gradcli.commands.values import check_complete, check_names, check_wrt
from gradcli.commands.variables import VariableCommand
from gradcli.language.errors import UsageProblem
from gradcli.output.gradients import Gradient, gradient_document, gradient_record, gradient_rows

if TYPE_CHECKING:
    from gradcli.calculus.answer import Note
    from gradcli.calculus.known import Compiled
    from gradcli.memory.store import Store


@click.command(cls=VariableCommand, each=True, epilog='Example: gradcli grad "x**2+x*y+3" --x 5 --y 3')
@click.argument("expressions", metavar="[EXPR]...", nargs=-1)
@problem_options
@beyond_options
@corner_option("none")
@session_options
@click.option("--no-save", is_flag=True, help="Leave the session as it is.")
@output_options()
def grad(
    expressions: tuple[str, ...],
    values: Sequence[tuple[str, str]],
    at: tuple[str, ...],
    wrt: str | None,
    corner: str,
    session: str,
    no_save: bool,
    digits: int | None,
    format_: str,
    get: str | None,
    color: str,
    **more: Any,
) -> None:
    """Value, formulas and gradient of EXPR at the point that --NAME VALUE gives.

    Any --NAME is a variable: --x 5, --x=-3, --x pi/4. Without values the formulas are printed; without EXPR the
    session's problem is differentiated where it stands. Several EXPR are summed. EXPR may be -: then
    expressions, or JSON problems, are read from standard input, one per line. --x 5±0.1 gives a variable
    an uncertainty, which is propagated. --wrt x,x,y or --order ask for one derivative of higher order.
    """
    precision = digits_checked(digits)
    pairs, sigmas = measured(values, at)
    problem = asked(expressions, pairs, (), wrt, precision)
    beyond, manner = Beyond(**more, sigmas=sigmas), Manner(format_, get, precision, color)
    if beyond.normalize and beyond.along is None:
        raise UsageProblem(
            "--normalize scales the direction of --along", hint="for example --along x=3,y=4 --normalize"
        )
    with open_memory() as store:
        if expressions == ("-",):
            from gradcli.commands.streams import each_gradient

            if beyond.used:
                raise UsageProblem(f"{beyond.used} is for one problem on the command line, not for -")
            each_gradient(store, problem, manner, corner, None if no_save else session)
            return
        if not expressions:
            from gradcli.memory.sessions import current

            problem = remembered(problem, current(store, session), session)
        problem = summed(problem, beyond)
        if wanted(wrt, beyond.order):
            from gradcli.commands.higher import higher

            higher(store, problem, wrt, beyond, manner)
            return
        gradient, free = _whole(store, problem, beyond, precision, corner)
        report(store, gradient, problem, manner)
        if not no_save and gradient.answer is not None:
            save(store, session, free, gradient)
        remark([*(note.message for note in gradient.notes), *store.notices], color)
        stop_where_nothing(gradient)


def _whole(
    store: Store, problem: Problem, beyond: Beyond, digits: int, corner: str
) -> tuple[Gradient, Problem]:
    """The gradient and what was asked for beside it; the problem without what --stop holds constant."""

    def variables() -> Sequence[str]:
        return prepared(store, problem.texts, problem.at.keys()).program.variables

    free, chosen = free_of(problem, beyond, variables)
    compiled = prepared(store, free.texts, free.at.keys(), free.wrt)
    gradient = answered(compiled, free, digits, corner)
    if not beyond.used and len(problem.texts) == 1:
        return gradient, free
    whole = completed(store, gradient, problem, chosen or tuple(gradient.formulas), beyond, digits, corner)
    return whole, free


def answered(compiled: Compiled, problem: Problem, digits: int, corner: str) -> Gradient:
    """The gradient of *problem*: formulas alone where no variable has a value, else numbers too.

    Raises GradcliError where there is no answer.
    """
    variables = compiled.program.variables
    check_names(problem.at, [*variables, *(problem.wrt or ())])
    check_wrt(problem.wrt, variables, problem.at)
    if variables and not problem.at:
        if compiled.unfinished is not None:
            from gradcli.language.limits import limit_problem

            raise limit_problem("formulas", compiled.unfinished, instead="numbers need no formulas: --x 1")
        return Gradient(problem.expression, {}, None, compiled.formulas, wrt=problem.wrt)
    check_complete(problem.at, variables)
    return evaluated(compiled, problem, digits, corner)


def evaluated(compiled: Compiled, problem: Problem, digits: int, corner: str) -> Gradient:
    """The numbers of a compiled problem at its point."""
    from gradcli.calculus.evaluate import evaluate, evaluate_digits, noted

    if digits > 15:
        answer = evaluate_digits(compiled.program, compiled.text, problem.at, digits, corner)
    else:
        answer = evaluate(compiled.program, compiled.text, problem.at, corner)
    chosen = problem.wrt or compiled.program.variables
    notes = (*noted(compiled.program, compiled.text, answer.notes, chosen), *_unfinished(compiled))
    partials = {name: answer.partials.get(name) for name in chosen}
    return Gradient(
        problem.expression, problem.at, answer._replace(partials=partials), compiled.formulas,
        _norm(list(partials.values()), digits, answer), notes, wrt=problem.wrt,
    )  # fmt: skip


def _unfinished(compiled: Compiled) -> tuple[Note, ...]:
    """A note where a clock stopped the writing of formulas."""
    from gradcli.calculus.answer import Note

    return () if compiled.unfinished is None else (Note("limit", compiled.unfinished),)


def _norm(partials: list[Any], digits: int, answer: Any) -> float | str | None:
    if (
        any(note.kind not in ("unconnected", "undecided") for note in answer.notes if note.variable)
        and None in partials
    ):
        return None
    numbers = [p for p in partials if p is not None]
    if digits > 15:
        from gradcli.calculus.propagation import norm

        return norm(numbers, digits)
    import math

    return math.hypot(*numbers)


def report(store: Store, gradient: Gradient, problem: Problem, manner: Manner) -> None:
    """Write the gradient to stdout."""
    from gradcli.output.gradients import gradient_latex

    most = most_rows()
    forms = Report(
        record=lambda: gradient_record(gradient),
        rows=lambda: gradient_rows(gradient),
        document=lambda: gradient_document(gradient, manner.digits, most),
        latex=lambda: gradient_latex(
            gradient, latex_formulas(store, problem.texts, problem.at.keys(), problem.wrt)
        ),
    )
    say(forms, manner)


def save(store: Store, session: str, problem: Problem, gradient: Gradient) -> None:
    """Make *problem* the session's; where it cannot be written the answer stands, with a note."""
    from gradcli.commands.sessions import keep_problem
    from gradcli.language.errors import GradcliError

    try:
        keep_problem(store, session, problem, gradient.answer and gradient.answer.value)
    except GradcliError as error:
        remark([f"not remembered: {error.message}"])


def stop_where_nothing(gradient: Gradient) -> None:
    """Exit with status 3 where a partial, or a derivative along a direction, that was asked for has no number."""
    answer = gradient.answer
    missing = {note.variable for note in gradient.notes if note.kind != "unconnected"}
    along = gradient.along is not None and gradient.along.derivative is None
    if answer is not None and (along or any(p is None and n in missing for n, p in answer.partials.items())):
        raise click.exceptions.Exit(3)
