"""`minimize` and `maximize` under constraints: what goes together, the descent, its restarts, who watches it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from gradcli.language.constraints.constraint_text import as_typed
from gradcli.language.errors import DomainProblem, UsageProblem
from gradcli.language.records import NamedTuple
from gradcli.memory.compiled_cache import cached
from gradcli.memory.program_library import kept_together
from gradcli.shell.constraints.constraint_source import links_of, notes_of
from gradcli.shell.constraints.known_outcomes import known_or_descended
from gradcli.shell.constraints.rows_under_constraints import rows_written_out, without_rows
from gradcli.shell.descents.step_listeners import StepListeners
from gradcli.shell.problems.interval_lists import intervals
from gradcli.shell.problems.value_checks import check_complete, check_names, check_wrt, connected_names

if TYPE_CHECKING:
    from gradcli.descent.verdicts.outcome import Outcome
    from gradcli.language.constraints.constraint_text import Constraint
    from gradcli.memory.database import Store
    from gradcli.shell.plots.plot_request import PlotRequest
    from gradcli.shell.problems.problem import Problem

#: Options that have no place beside constraints, as they are typed.
_OTHER = {
    "rate": "--lr", "schedule": "--schedule", "clip_norm": "--clip-norm",
    "clip_value": "--clip-value", "dialect": "--dialect", "corner": "--corner",
}  # fmt: skip

#: Why not, of those of which users ask.
_WHY = {
    "rate": "steps of a learning rate along constraints: gradcli step --st … --lr 0.1",
    "corner": "corners are taken apart into pieces that are smooth",
}

#: Methods that keep constraints.
METHODS = ("sqp", "slsqp", "trust-constr")


def check_beside(how: Mapping[str, Any]) -> None:
    """Raises UsageProblem for an option that has no place beside constraints."""
    source = click.get_current_context().get_parameter_source
    for name, spelling in _OTHER.items():
        if source(name) not in (None, ParameterSource.DEFAULT) and how.get(name) not in (None, (), False):
            raise UsageProblem(f"{spelling} and --subject-to do not go together", hint=_WHY.get(name))
    settings = [
        param.opts[0] for param in click.get_current_context().command.params
        if getattr(getattr(param, "group", None), "name", "") == "SETTINGS"
        and source(str(param.name)) is not ParameterSource.DEFAULT
    ]  # fmt: skip
    if settings:
        raise UsageProblem(
            f"{settings[0]} belongs to an update rule, and constraints are kept by quadratic programs"
        )
    if source("optimizer") is not ParameterSource.DEFAULT and how["optimizer"] not in METHODS:
        raise UsageProblem(
            f"--optimizer {how['optimizer']} does not keep constraints",
            hint="leave it out: constraints are kept by quadratic programs; slsqp and trust-constr are SciPy's",
        )


def run_constrained(
    store: Store, problem: Problem, how: Mapping[str, Any], *, ascend: bool, color: str,
    picture: Callable[[StepListeners], PlotRequest],
) -> tuple[Outcome, StepListeners]:  # fmt: skip
    """Descend from *problem*'s point and keep its constraints; the outcome, and who watched the best descent."""
    from gradcli.shell.options.descent_options import box_of

    check_beside(how)
    if problem.data is not None:
        problem = rows_written_out(store, problem)
    try:
        with kept_together(store):
            return _run_whole(store, problem, how, box_of(how), ascend=ascend, color=color, picture=picture)
    except DomainProblem as error:
        raise as_typed(error, links_of(problem)) from None


def _run_whole(
    store: Store, problem: Problem, how: Mapping[str, Any], box: Any, *, ascend: bool, color: str,
    picture: Callable[[StepListeners], PlotRequest],
) -> tuple[Outcome, StepListeners]:  # fmt: skip
    """The same for a problem whose rows are written out, and the box of restarts."""
    from gradcli.shell.options.descent_options import outside_notes

    names, notes = _told(store, problem, how, box or {})
    moving = connected_names(problem.wrt, names)
    start = {name: float(x) for name, x in problem.at.items()}
    watcher = StepListeners(how, len(names), color)
    run = _Gone(store, problem, how, moving, ascend).run

    def follow(begin: Mapping[str, float]) -> Any:
        """Who listens to the descent from *begin*."""
        return watcher.follow({name: begin[name] for name in names}, lambda: picture(watcher))

    try:
        outcome = _run(run, names, start, box, how, ascend, follow)
    except BaseException:
        if watcher.trace:
            watcher.trace.discard()
        raise
    finally:
        watcher.end()
    store.notices += [*notes, *outside_notes(outcome, box or {}, how)]
    if problem.data is not None:
        outcome = outcome._replace(x=without_rows(outcome.x))
    return outcome, watcher


class _Gone(NamedTuple):
    """What each descent of a command is of."""

    store: Store
    problem: Problem
    how: Mapping[str, Any]
    moving: Sequence[str] | None
    ascend: bool

    def run(self, begin: Mapping[str, float], listener: Any) -> Outcome:
        """The descent from *begin*, known or gone now."""
        how, problem = self.how, self.problem
        method = how["optimizer"] if how["optimizer"] in METHODS else "sqp"

        def descend(told: Any) -> Outcome:
            """Go it now."""
            from gradcli.descent.constrained.constrained_minimizer import minimize_constrained
            from gradcli.descent.constrained.constrained_outcome import Wish

            wish = Wish(
                how["max_steps"], self.moving, self.ascend, told, method, how["digits"] or 0, how["tol"]
            )
            return minimize_constrained(problem.texts, _links(problem, how), begin, wish)

        details = [how["bounds"], how["max_steps"], self.ascend, method, how["digits"], how["tol"]]
        return known_or_descended(self.store, problem._replace(at=begin), details, listener, descend)


def _run(
    run: Any,
    names: Sequence[str],
    start: Mapping[str, float],
    box: Any,
    how: Mapping[str, Any],
    ascend: bool,
    follow: Any,
) -> Outcome:
    """One descent, or several from a box."""
    if box is None:
        found: Outcome = run(start, follow(start))
        return found
    from gradcli.descent.minimization.random_restarts import Restarts, minimize_often

    return minimize_often(
        run, names, start, Restarts(how["restarts"] or 20, box, how["seed"]), ascend=ascend, follow=follow
    )


def _links(problem: Problem, how: Mapping[str, Any]) -> list[Constraint]:
    """The constraints, and those of --bounds."""
    links = links_of(problem)
    if how["bounds"]:
        from gradcli.descent.constrained.problems.simple_bounds import interval_constraints

        links += interval_constraints(intervals(how["bounds"], "--bounds"))
    return links


def _told(
    store: Store, problem: Problem, how: Mapping[str, Any], box: Mapping[str, Any]
) -> tuple[list[str], list[str]]:
    """All variables, checked against the values, and how constraints are read. Raises ValueProblem."""

    def make() -> Any:
        from gradcli.language.parser.outputs import total
        from gradcli.language.tree import natural

        links = _links(problem, how)
        texts = [*problem.texts, *(one.difference for one in links)]
        whole = total(texts, problem.at.keys())
        return [sorted(set(whole.variables), key=natural), [*whole.remarks, *notes_of(links)]]

    details = [list(problem.constraints), how["bounds"]]
    names, notes = cached(
        store, "names and remarks under constraints", problem.texts, sorted(problem.at), details, make
    )
    check_names(problem.at, [*names, *(problem.wrt or ())], problem.texts)
    check_wrt(problem.wrt, names, problem.at)
    check_complete({**problem.at, **box}, names, problem.texts)
    return names, notes
