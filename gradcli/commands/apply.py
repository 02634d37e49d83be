"""`gradcli apply`: gradients made or changed elsewhere, applied to a point."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from gradcli.language.column_names import as_rows, columns_among
from gradcli.language.errors import UsageProblem, ValueProblem
from gradcli.output.results.step_document import (
    Steps,
    StepsOverFiles,
    steps_document,
    steps_record,
    steps_rows,
)
from gradcli.shell.help.option_groups import OptionGroup, option
from gradcli.shell.options.common_options import (
    constraint_option,
    digits_checked,
    output_options,
    session_options,
)
from gradcli.shell.options.data_options import columns_option
from gradcli.shell.options.engine_options import engine_options
from gradcli.shell.options.limit_options import limit_options
from gradcli.shell.options.optimizer_options import optimizer_options, settings_of
from gradcli.shell.options.variable_options import TimedCommand
from gradcli.shell.problems.json_documents import record_of
from gradcli.shell.problems.moving_problem import compiled_to_move
from gradcli.shell.problems.problem import Problem, check_beside, with_constraints
from gradcli.shell.problems.value_checks import check_complete
from gradcli.shell.problems.values import number
from gradcli.shell.process.environment import open_memory
from gradcli.shell.process.standard_streams import whole_input
from gradcli.shell.sessions.posed_steps import posed_elsewhere
from gradcli.shell.sessions.session_step import continued_optimizer, projection_of, state_after
from gradcli.shell.sessions.session_update import append_state, files_of, fresh_state, with_files
from gradcli.shell.sessions.step_request import StepRequest
from gradcli.shell.writers.answer_writer import (
    OutputOptions,
    Report,
    check_path,
    most_rows,
    write_answer,
    write_notes,
)

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.memory.session_record import State
    from gradcli.shell.files.file_columns import DataRequest


EXAMPLES = (("gradcli grad --format json | gradcli apply - --lr 0.1", "one step"),)


@click.command(cls=TimedCommand, examples=EXAMPLES)
@click.argument("source", metavar="-", type=click.Choice(["-"]))
@option("--ascend", group=OptionGroup.DESCENT, is_flag=True, help="Go uphill.")
@option(
    "--dry-run", group=OptionGroup.MEMORY, is_flag=True, help="Print the step, leave the session as it is."
)
@optimizer_options
@option("--show-slots", group=OptionGroup.ANSWER, is_flag=True, help="Print the optimizer's state as well.")
@columns_option
@engine_options
@constraint_option()
@limit_options
@session_options
@output_options(("text", "json", "jsonl", "csv", "tsv"))
def apply(
    source: str, session: str, dry_run: bool, show_slots: bool, digits: int | None, format_: str,
    get: str | None, color: str, data: DataRequest | None, **how: Any,
) -> None:  # fmt: skip
    """Apply the gradient on standard input: one JSON object with `gradient`, as `grad --format json` prints it.

    The point is the object's `at` where it has one, else the session's; its `expression`, else the
    session's, gives the values before and after. A variable without a number in `gradient` stays.
    """
    manner = OutputOptions(format_, get, digits_checked(digits), color)
    record = record_of(_input())
    if how["set_lr"] == "safe":
        raise UsageProblem("--lr safe is a rate in a box: step and minimize have it")
    wish = StepRequest(1, how["ascend"], "least", how["optimizer"], how["dialect"], settings_of(how),
                how["clip_norm"], how["clip_value"], how["reset"], data=data, constraints=how["subject_to"])  # fmt: skip
    with open_memory() as store:

        def work(head: State | None) -> tuple[State, Steps]:
            state, steps = _applied(store, session, head, record, wish)
            check_path(lambda: steps_record(steps), manner)
            return state, steps

        if dry_run:
            from gradcli.memory.session_history import current

            _, steps = work(current(store, session))
        else:
            steps = append_state(store, session, work)
        write_answer(
            Report(
                record=lambda: steps_record(steps),
                rows=lambda: steps_rows(steps),
                document=lambda: steps_document(steps, manner.digits, slots=show_slots, most=most_rows()),
            ),
            manner,
        )
        write_notes([*(note.message for note in steps.notes), *store.notices], color)


def _input() -> str:
    """Standard input. Raises UsageProblem where it has nothing."""
    text = whole_input()
    if not text.strip():
        raise UsageProblem(
            "standard input was empty: there was no gradient", hint='{"gradient": {"x": 13, "y": 5}}'
        )
    return text


def _gradient(data: Mapping[str, Any], at: Mapping[str, Any]) -> dict[str, float]:
    given = data.get("gradient")
    if not isinstance(given, Mapping) or not given:
        raise UsageProblem(
            'apply needs a JSON object with "gradient"', hint='{"gradient": {"x": 13, "y": 5}}'
        )
    found = {}
    for name, partial in _by_number(given, columns_among(at)).items():
        if name not in at:
            raise ValueProblem(f"the gradient has {name}, which is not a variable of the point")
        if partial is not None:
            found[name] = float(number(name, partial if isinstance(partial, str) else json.dumps(partial)))
    if not found:
        raise ValueProblem("the gradient has no number: there is nothing to apply")
    return found


def _by_number(gradient: Mapping[str, Any], rows: Mapping[str, int]) -> dict[str, Any]:
    """A gradient with the numbers of an array by the names of the column's elements. rows: of each column of the point."""
    found: dict[str, Any] = {}
    for name, partial in gradient.items():
        if name not in rows:
            found |= as_rows(name, partial) if isinstance(partial, list) else {name: partial}
            continue
        if partial is None:
            continue
        count = len(partial) if isinstance(partial, list) else 1
        if not isinstance(partial, list) or count != rows[name]:
            numbers = "1 number" if count == 1 else f"{count} numbers"
            raise ValueProblem(
                f"the gradient along {name} has {numbers} for {rows[name]} rows", hint="one for each row"
            )
        found |= as_rows(name, partial)
    return found


def _applied(
    store: Store, session: str, head: State | None, data: Mapping[str, Any], wish: StepRequest
) -> tuple[State, Steps]:
    from gradcli.descent.steps.apply_gradient import apply as apply_gradient
    from gradcli.descent.steps.step_problem import Stage

    asked = Problem.from_record(data)
    problem = with_constraints(
        store, posed_elsewhere(store, session, head, asked, wish.data), wish.constraints
    )
    same = head is not None and head.expressions == problem.texts
    base = head if same and head is not None else fresh_state("apply", problem, None)
    base = base._replace(settings=with_files(base.settings, files_of(store, problem)))
    if not problem.at and head is not None:
        problem = problem._replace(at=dict(base.at))
    check_beside(data, problem._replace(at=asked.at))
    at = {name: float(value) for name, value in problem.at.items()}
    gradient = _gradient(data, at)
    compiled = compiled_to_move(store, problem._replace(wrt=None), checked=False)
    check_complete(at, compiled.program.variables)
    going = continued_optimizer(base, wish)
    choice = going.choice
    moved = apply_gradient(
        at, gradient, choice, wish.options(problem.wrt, 1), going.state(base)
    )  # fmt: skip
    project, read = projection_of(problem, compiled.program.variables, wish)
    if project is not None:
        names = compiled.program.variables
        kept = project(tuple(at[n] for n in names), tuple(moved.at[n] for n in names))
        moved = moved._replace(at={**moved.at, **dict(zip(names, kept, strict=True))})
    before = Stage(at, _value(compiled, at), gradient)
    after = Stage(moved.at, _value(compiled, moved.at), {})
    state = state_after(base, problem, "apply", after, moved, going, wish, gradient)
    steps = Steps(
        problem.expression, before, after, state.steps, 1, choice.optimizer, choice.dialect, choice.settings,
        moved.slots, [*going.notes, *read, *moved.notes], wish.ascend, problem.wrt, problem.constraints,
    )  # fmt: skip
    files = None if problem.data is None else StepsOverFiles(problem.data.record, "")
    return state, steps._replace(files=files)


def _value(compiled: Any, at: Mapping[str, float]) -> float:
    from gradcli.calculus.evaluation.gradient_at_point import evaluate
    from gradcli.calculus.rows.bound_rows import BoundRows

    if isinstance(compiled.program, BoundRows):
        return float(compiled.program.answer(at, "none").value)
    value_only = compiled.program._replace(gradient=(None,) * len(compiled.program.variables))
    return float(evaluate(value_only, compiled.text, at).value)
