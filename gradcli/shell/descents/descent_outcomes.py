"""What a session keeps of how a descent ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradcli.descent.verdicts.outcome import Outcome
    from gradcli.memory.database import Store
    from gradcli.shell.problems.problem import Problem


#: Endings far away, where f was followed to see that it goes on: no point from which to go on.
LOST = ("unbounded", "diverging")


def remember_outcome(
    store: Store, session: str, problem: Problem, outcome: Outcome, way: Mapping[str, Any], *, ascend: bool,
    words: Sequence[str] | None = None,
) -> None:  # fmt: skip
    """Make the best point the session's, and remember the *way* there, how it was asked for, and how it ended.

    Of an outcome that is one of LOST the session gets the start, and the verdict.
    The session's optimizer and its slots rest meanwhile: the steps of the descent are none of theirs.
    """
    from gradcli.shell.problems.moving_problem import value_at_point
    from gradcli.shell.sessions.session_update import append_state, files_of, fresh_state, with_files

    wish: dict[str, Any] = {"from": dict(problem.at)}
    wish |= {"words": list(words)} if words is not None else {}
    verdict = {"status": outcome.status, "message": outcome.message}
    lost = outcome.status in LOST
    moved, value, taken = (
        (outcome.x, outcome.fun, outcome.nit) if not lost else ({}, value_at_point(store, problem), 0)
    )

    files = files_of(store, problem)

    def work(head: Any) -> tuple[Any, None]:
        whole = all(name in problem.at for name in outcome.x)
        same = head is not None and head.expressions == problem.texts and whole
        base = head if same else fresh_state("grad", problem, None)
        base = base._replace(settings=_beyond(with_files(base.settings, files), taken))
        kind = "maximize" if ascend else "minimize"
        since = int(base.settings.get("since", 0)) + taken
        went = {} if lost else way
        kept = {"constraints": list(problem.constraints)} if problem.constraints else {}
        beside = {name: item for name, item in base.settings.items() if name != "constraints"}
        settings = {**beside, **kept, "since": since, "wish": wish, "verdict": verdict, "way": {}, **went}
        state = base._replace(
            kind=kind, at={**problem.at, **moved}, value=value, wrt=problem.wrt,
            steps=base.steps + taken, taken=taken, settings=settings, when=time(),
        )  # fmt: skip
        return state, None

    append_state(store, session, work)


def _beyond(settings: Mapping[str, Any], taken: int) -> dict[str, Any]:
    """The settings after so many steps that no order of batches counts."""
    if "batch" not in settings:
        return dict(settings)
    *order, begun = settings["batch"]
    return {**settings, "batch": [*order, begun + taken]}
