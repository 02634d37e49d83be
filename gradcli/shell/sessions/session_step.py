"""A session's state and a wish → its next state: what every command that moves a point does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import time
from typing import TYPE_CHECKING, Any

from gradcli.language.errors import GradcliError, SessionProblem
from gradcli.language.records import NamedTuple
from gradcli.output.results.step_document import Steps, StepsOverFiles
from gradcli.shell.problems.moving_problem import compiled_to_move, resting_columns
from gradcli.shell.problems.problem import Problem
from gradcli.shell.problems.value_checks import check_complete, connected_names
from gradcli.shell.sessions.posed_steps import posed_steps
from gradcli.shell.sessions.step_request import StepRequest

if TYPE_CHECKING:
    from gradcli.calculus.program.compiled_expression import Compiled
    from gradcli.calculus.program.point_answer import Note
    from gradcli.calculus.program.program import Program
    from gradcli.descent.rules.optimizer_choice import Choice
    from gradcli.descent.rules.optimizer_state import OptimizerState
    from gradcli.descent.steps.apply_gradient import Applied
    from gradcli.descent.steps.batch_steps import Batches
    from gradcli.descent.steps.optimizer_steps import Run
    from gradcli.descent.steps.step_problem import Project, Stage
    from gradcli.memory.database import Store
    from gradcli.memory.session_record import State
    from gradcli.shell.sessions.session_batches import SessionOrder


#: What a state's settings hold beside hyper-parameters: whose definition, how it was asked for, since when, the steps
#: counted for each variable, and of a descent its way and how it ended.
BOOKKEEPING = ("dialect", "wish", "since", "counts", "way", "verdict", "data", "batch", "constraints", "fit")


class SteppedSession(NamedTuple):
    """Where a session goes: its new state, what there is to say, and how to tell every step again."""

    state: State
    steps: Steps
    replay: Callable[[Any], Run]


class Continued(NamedTuple):
    """What steps go on with: an optimizer, its slots, the steps it has counted for each variable (None: not known).

    since: the step that it began after. notes: what there is to say of it.
    """

    choice: Choice
    slots: Mapping[str, Mapping[str, float]] | None
    since: int
    counts: Mapping[str, int] | None
    notes: list[Note]

    def state(self, base: State) -> OptimizerState:
        """What the optimizer remembers where the session stands."""
        from gradcli.descent.rules.optimizer_state import OptimizerState

        return OptimizerState(self.slots or {}, base.steps, self.since, self.counts)


#: A program and its problem, before the first step → who is told of each step, None for nobody.
Watch = Callable[["Compiled", Problem], Any]


def step_session(
    store: Store,
    session: str,
    head: State | None,
    problem: Problem,
    wish: StepRequest,
    watch: Watch | None = None,
) -> SteppedSession:
    """Step *problem*, or the session's own where it has no expression, from where it stands.

    watch: who is told of the steps while they are taken.

    Raises GradcliError where the problem is incomplete, or a step leads to no finite value.
    """
    from gradcli.calculus.evaluation.notes import completed_notes
    from gradcli.descent.steps.optimizer_steps import take_steps

    full, base, wish, order = posed_steps(store, session, head, problem, wish)
    compiled = compiled_to_move(store, full)
    variables = compiled.program.variables
    check_complete(full.at, variables, full.texts)
    wish, told = _in_box(compiled.program, full, base, wish)
    going = continued_optimizer(base, wish)
    project, read = projection_of(full, variables, wish)
    going = going._replace(notes=[*going.notes, *told, *read])
    batches = None if order is None else _batches(full, order)

    def replay(listener: Any, steps: int = wish.steps) -> Run:
        return take_steps(
            compiled.program, compiled.text, full.at, going.choice,
            wish.options(connected_names(full.wrt, variables), steps, project), going.state(base), listener, batches,
        )  # fmt: skip

    run = _shown(compiled, full, wish.corner, replay(None if watch is None else watch(compiled, full)))
    state = state_after(base, full, "step", run.after, run, going, wish)
    notes = [*sum_notes(full.texts), *going.notes]
    notes += completed_notes(compiled.program, compiled.text, run.notes, full.wrt or variables)
    steps = _said(full, run, state, going.choice, notes, wish)
    return SteppedSession(state, steps._replace(files=_files(full, order, state)), replay)


def _shown(compiled: Compiled, full: Problem, corner: str, run: Run) -> Run:
    """The run with its ends as they are shown: steps are taken in floats, and these are as right as any answer."""
    run = run._replace(before=_again(compiled, run.before, full.at, corner),
                       after=_again(compiled, run.after, _kept(full.at, run.after.at), corner))  # fmt: skip
    if rest := resting_columns(compiled, full.at):
        run = run._replace(before=_beside(rest, run.before), after=_beside(rest, run.after))
    return run


def _batches(problem: Problem, order: SessionOrder) -> Batches:
    from gradcli.shell.sessions.session_batches import losses_of

    assert problem.data is not None  # noqa: S101  (whose rows the order is of)
    return losses_of(problem.data, order)


def _files(problem: Problem, order: SessionOrder | None, state: State) -> StepsOverFiles | None:
    """What is said of the files, and of the batches of their rows."""
    if problem.data is None:
        return None
    if order is None:
        return StepsOverFiles(problem.data.record, "")
    return StepsOverFiles({**problem.data.record, **order.record(state.steps)}, order.told(state.steps))


def projection_of(
    problem: Problem, variables: Sequence[str], wish: StepRequest
) -> tuple[Project | None, list[Note]]:
    """What keeps steps on the constraints, and how these are read; None where there are none."""
    if not problem.constraints:
        return None, []
    from gradcli.calculus.program.point_answer import Note
    from gradcli.descent.constrained.methods.step_projection import StepProjection
    from gradcli.descent.constrained.problems.simple_bounds import interval_constraints
    from gradcli.language.problem_text import joined
    from gradcli.shell.constraints.constraint_source import links_of, notes_of
    from gradcli.shell.problems.interval_lists import intervals

    links = links_of(problem)
    sides = intervals(wish.bounds, "--bounds") if wish.bounds else wish.sides
    links += interval_constraints(sides) if sides else []
    at = {name: float(x) for name, x in problem.at.items()}
    moving = connected_names(problem.wrt, variables)
    found = StepProjection(joined(problem.texts), links, at, variables, moving)
    return found, [Note("constraints", text) for text in notes_of(links)]


def sum_notes(texts: Sequence[str]) -> list[Note]:
    """What is said where several expressions are one problem."""
    if len(texts) < 2:
        return []
    from gradcli.calculus.program.point_answer import Note
    from gradcli.shell.problems.expression_arguments import summed

    return [Note("sum", summed(len(texts)))]


def _in_box(
    program: Program, problem: Problem, base: State, wish: StepRequest
) -> tuple[StepRequest, list[Note]]:
    """The wish with the session's box and the box's rate; what L says of a rate that was typed.

    Raises UsageProblem, ValueProblem and DomainProblem where steps cannot be taken in the box.
    """
    kept = base.settings.get("wish", {}).get("box")
    if wish.box is None and kept and wish.optimizer is None and "lr" not in wish.settings:
        wish = wish._replace(box={name: (low, high) for name, (low, high) in kept.items()})
    if wish.box is None:
        return wish, []
    from gradcli.calculus.program.point_answer import Note
    from gradcli.shell.sessions.bounded_steps import check_inside, check_plain, rate_in_box

    choice = continued_optimizer(base, wish).choice
    check_plain(choice.optimizer, choice.settings, bool(wish.clip_norm or wish.clip_value))
    check_inside(problem.at, wish.box)
    if not (wish.safe or (wish.judge and "lr" in wish.settings)):
        return wish, []
    moving = connected_names(problem.wrt, program.variables)
    found = rate_in_box(program, problem.at, wish.box, moving, ascend=wish.ascend)
    if not wish.safe:
        return wish, [Note("rate", found.judged(float(wish.settings["lr"])))]
    told = Note("rate", found.told(ascend=wish.ascend))
    return wish._replace(settings={**wish.settings, "lr": found.rate}), [told]


def _beside(rest: Mapping[str, Any], stage: Stage) -> Stage:
    """The stage with what rests beside what may move."""
    return stage._replace(at={**rest, **stage.at})


def _again(compiled: Compiled, stage: Stage, point: Mapping[str, Any], corner: str) -> Stage:
    """The stage with the value and the slopes that `grad` answers at *point*, where it has them."""
    from gradcli.descent.steps.step_evaluator import answer_at

    try:
        answer = answer_at(compiled.program, compiled.text, point, corner)
    except GradcliError:
        return stage
    slopes = {
        name: slope
        if slope is None or answer.partials.get(name) is None
        else float(answer.partials[name] or 0.0)
        for name, slope in stage.gradient.items()
    }
    return stage._replace(value=float(answer.value), gradient=slopes)


def state_after(
    base: State,
    problem: Problem,
    kind: str,
    after: Stage,
    kept: Run | Applied,
    going: Continued,
    wish: StepRequest,
    gradient: Mapping[str, float] | None = None,
) -> State:
    """The state that steps lead to from *base*, with all that is needed to take them again.

    kept: what has the slots and counts then, and how many steps there were. gradient: what was applied.
    """
    again = {"from": dict(problem.at), "ascend": wish.ascend, "corner": wish.corner,
             "clip_norm": wish.clip_norm, "clip_value": wish.clip_value}  # fmt: skip
    again |= {name: text for name, text in (("schedule", wish.schedule), ("bounds", wish.bounds)) if text}
    again |= {"box": {name: list(ends) for name, ends in wish.sides.items()}} if wish.sides else {}
    again |= {"gradient": dict(gradient)} if gradient is not None else {}
    choice = going.choice
    settings = {"dialect": choice.dialect, **choice.settings, "wish": again, "since": going.since}
    settings |= {"counts": dict(kept.counts)} if kept.counts else {}
    kept_constraints: dict[str, Any] = (
        {"constraints": list(problem.constraints)} if problem.constraints else {}
    )
    settings |= kept_constraints
    settings |= {name: base.settings[name] for name in ("data", "batch") if name in base.settings}
    return base._replace(
        kind=kind, expressions=problem.texts, at=_kept(problem.at, after.at), value=after.value, wrt=problem.wrt,
        steps=base.steps + kept.taken, taken=kept.taken, optimizer=choice.optimizer, settings=settings, slots=kept.slots,
        when=time(),
    )  # fmt: skip


def _kept(before: Mapping[str, Any], after: Mapping[str, float]) -> dict[str, Any]:
    """The point after steps; what did not move is what it was typed as."""
    moved = {name: x for name, x in after.items() if name not in before or float(before[name]) != x}
    return {**before, **moved}


def _said(
    problem: Problem, run: Run, state: State, choice: Choice, notes: list[Note], wish: StepRequest
) -> Steps:
    return Steps(
        problem.expression, run.before, run.after, state.steps, run.taken, choice.optimizer, choice.dialect,
        choice.settings, run.slots, notes, wish.ascend, problem.wrt, problem.constraints,
    )  # fmt: skip


def continued_optimizer(base: State, wish: StepRequest) -> Continued:
    """What steps go on with: the session's own optimizer and slots where nothing else is asked for.

    Another optimizer keeps the learning rate and starts with empty slots and at its own step 1; a note says so.
    """
    from gradcli.calculus.program.point_answer import Note
    from gradcli.descent.rules.optimizer_choice import choose

    before = {name: x for name, x in base.settings.items() if name not in BOOKKEEPING and not wish.reset}
    dialect = base.settings.get("dialect")
    if wish.optimizer in (None, base.optimizer) and wish.dialect in (None, dialect):
        choice = choose(base.optimizer, wish.dialect or dialect, {**before, **wish.settings})
        since, counts = int(base.settings.get("since", 0)), base.settings.get("counts")
        return Continued(choice, _numeric(base.slots) or None, since, counts, [])
    rate = {"lr": before["lr"]} if "lr" in before else {}
    choice = choose(wish.optimizer or base.optimizer, wish.dialect, {**rate, **wish.settings})
    new, old = choice.optimizer, base.optimizer
    if new == old:
        new, old = f"{new} ({choice.dialect})", f"{old} ({dialect})"
    lost = [Note("slots", f"{new} starts with fresh slots: those of {old} are dropped")]
    return Continued(choice, None, base.steps, {}, lost if any(base.slots.values()) else [])


def _numeric(slots: Mapping[str, Any]) -> Mapping[str, Any]:
    """The slots, each a number for each variable. Raises SessionProblem where an edited session says otherwise."""
    for kept in slots.values():
        if not isinstance(kept, dict) or not all(isinstance(number, float | int) for number in kept.values()):
            raise SessionProblem("the optimizer's state in the session makes no sense",
                                 hint="begin again with the expression and its values")  # fmt: skip
    return slots
