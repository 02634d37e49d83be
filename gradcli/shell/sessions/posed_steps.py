"""What steps are taken of: the problem with the files that it is over, the state before them, the order of batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcli.language.errors import UsageProblem
from gradcli.language.records import NamedTuple
from gradcli.shell.problems.problem import Problem, SessionOverFiles, from_session, held, with_constraints
from gradcli.shell.sessions.session_update import files_of, fresh_state, with_files

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.memory.session_record import State
    from gradcli.shell.files.file_columns import DataRequest
    from gradcli.shell.options.data_options import BatchRequest
    from gradcli.shell.sessions.session_batches import SessionOrder
    from gradcli.shell.sessions.step_request import StepRequest

#: What a command line may say about batches -> its option.
_ABOUT_FILES = {"size": "--batch", "seed": "--seed", "shuffle": "--shuffle", "changed": "--changed-data"}


class PosedSteps(NamedTuple):
    """The problem, the state that steps go on from, the wish with its number of steps, the order of batches if there is one."""

    problem: Problem
    base: State
    wish: StepRequest
    order: SessionOrder | None = None


def posed_steps(
    store: Store, session: str, head: State | None, problem: Problem, wish: StepRequest
) -> PosedSteps:
    """*problem*, or the session's own where it has no expression, ready for steps.

    Raises GradcliError where it is incomplete, its files cannot be read, or have changed in the middle of batches.
    """
    begins = bool(problem.texts)
    over = wish.again or (None if begins else head)
    try:
        full = problem if begins else from_session(problem, head, session, files=wish.data is not None)
    except SessionOverFiles:
        full = from_session(problem, head, session, files=True)
    full = with_constraints(store, full, wish.constraints)
    request = wish.data or _remembered(store, over, session, wish)
    if request is None:
        full, asked = held(store, full), wish.batch
        check_no_files(asked)
        base = fresh_state("step", full, None) if begins or head is None else head
        steps = wish.steps if asked is None or asked.epochs is None else asked.epochs
        return PosedSteps(full, base, wish._replace(steps=steps))
    if full.constraints:
        full = _written_out(store, full, None if begins else problem, request, wish)
        base = fresh_state("step", full, None) if begins or head is None else head
        return PosedSteps(full, base, wish)
    full = _over(store, full, None if begins else problem, request, wish)
    base = fresh_state("step", full, None) if begins or head is None else head
    base = base._replace(settings=with_files(base.settings, files_of(store, full)))
    return _in_batches(full, base, wish)


def posed_elsewhere(
    store: Store, session: str, head: State | None, asked: Problem, request: DataRequest | None
) -> Problem:
    """The problem of a gradient that was made elsewhere: *asked* has what came with it, the session what is not there.

    The expression of an answer over the session's files is over these. Raises GradcliError where there is none.
    """
    own = head if head is not None and asked.texts in ((), head.expressions) else None
    over = own is not None and "data" in own.settings and request is None
    if not asked.texts:
        problem = from_session(asked, head, session, files=over or request is not None)
    elif over and own is not None:
        problem = Problem(asked.texts, {**own.at, **asked.at}, asked.wrt or own.wrt)
    else:
        problem = asked
    if over and own is not None:
        from gradcli.shell.files.session_files import remembered_request

        request = remembered_request(store, own, session)
    if request is None:
        return problem
    from gradcli.shell.problems.data_problem import loss_over_files

    return loss_over_files(store, problem, request)


def _remembered(store: Store, state: State | None, session: str, wish: StepRequest) -> DataRequest | None:
    """The files of a state. In the middle of batches, and to take steps again, they must be those that they were."""
    if state is None or "data" not in state.settings:
        return None
    from gradcli.shell.files.session_files import remembered_request

    same = wish.again is not None or ("batch" in state.settings and not (wish.batch and wish.batch.changed))
    return remembered_request(store, state, session, must_be_same=same)


def check_no_files(asked: BatchRequest | None) -> None:
    """Raises UsageProblem for what is about the rows of files, where there are none."""
    for name, option in _ABOUT_FILES.items():
        if getattr(asked, name, None) not in (None, False):
            raise UsageProblem(f"{option} is about files of data", hint="for example --data points.csv")


def _over(
    store: Store, full: Problem, typed: Problem | None, request: DataRequest, wish: StepRequest
) -> Problem:
    """The loss over the files. typed: what was typed where the problem is the session's."""
    from gradcli.shell.problems.data_problem import loss_to_move, without_session_columns

    if wish.box is not None or wish.safe:
        raise UsageProblem(f"{'--lr safe' if wish.safe else '--box'} and --data do not go together")
    if typed is not None:
        full = without_session_columns(full, typed.at)
    return loss_to_move(store, full, request)


def _written_out(
    store: Store, full: Problem, typed: Problem | None, request: DataRequest, wish: StepRequest
) -> Problem:
    """The loss under constraints, its rows written out: those that the session keeps."""
    from gradcli.shell.problems.data_problem import few_rows, without_session_columns

    if wish.batch is not None:
        raise UsageProblem("--batch and --subject-to do not go together: constraints are kept over all rows")
    if typed is not None:
        full = without_session_columns(full, typed.at)
    return few_rows(store, full, request)._replace(data=None)


def _in_batches(full: Problem, base: State, wish: StepRequest) -> PosedSteps:
    from gradcli.shell.options.data_options import BatchRequest
    from gradcli.shell.sessions.session_batches import session_order

    assert full.data is not None  # noqa: S101  (which a loss over files has)
    asked = wish.batch or BatchRequest()
    settings = wish.again.settings if wish.again is not None else base.settings
    order = session_order(settings, base.steps, full.data.places.rows, asked)
    steps = wish.steps
    if asked.epochs is not None:
        steps = asked.epochs * (1 if order is None else order.order.batches)
    settings = {name: x for name, x in base.settings.items() if name != "batch"}
    settings |= {} if order is None else {"batch": order.kept}
    return PosedSteps(full, base._replace(settings=settings), wish._replace(steps=steps), order)
