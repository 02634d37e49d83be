"""What a session keeps of how a descent ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradcli.descent.verdicts.outcome import Outcome
    from gradcli.memory.database import Store
    from gradcli.shell.problems.problem import Problem


def remember_outcome(
    store: Store, session: str, problem: Problem, outcome: Outcome, way: Mapping[str, Any], *, ascend: bool,
    words: Sequence[str] | None = None,
) -> None:  # fmt: skip
    """Make the best point the session's, and remember the *way* there, how it was asked for, and how it ended.

    The session's optimizer and its slots rest meanwhile: the steps of the descent are none of theirs.
    """
    from gradcli.shell.sessions.session_update import append_state, fresh_state

    wish: dict[str, Any] = {"from": dict(problem.at)}
    wish |= {"words": list(words)} if words is not None else {}
    verdict = {"status": outcome.status, "message": outcome.message}

    def work(head: Any) -> tuple[Any, None]:
        whole = all(name in problem.at for name in outcome.x)
        same = head is not None and head.expressions == problem.texts and whole
        base = head if same else fresh_state("grad", problem, None)
        kind = "maximize" if ascend else "minimize"
        since = int(base.settings.get("since", 0)) + outcome.nit
        settings = {**base.settings, "since": since, "wish": wish, "verdict": verdict, "way": {}, **way}
        state = base._replace(
            kind=kind, at={**problem.at, **outcome.x}, value=outcome.fun, wrt=problem.wrt,
            steps=base.steps + outcome.nit, taken=outcome.nit, settings=settings, when=time(),
        )  # fmt: skip
        return state, None

    append_state(store, session, work)
