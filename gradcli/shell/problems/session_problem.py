"""The session's problem, and the files that it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcli.shell.problems.problem import Problem, SessionOverFiles, from_session

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.files.file_columns import DataRequest


def session_or_files(store: Store, problem: Problem, session: str) -> tuple[Problem, DataRequest | None]:
    """The session's problem, moved to the values of *problem*, and the files that it is over; None for none.

    Raises SessionProblem and InputProblem.
    """
    from gradcli.memory.session_history import current

    head = current(store, session)
    try:
        return from_session(problem, head, session), None
    except SessionOverFiles as over:
        from gradcli.shell.files.session_files import remembered_request

        request = remembered_request(store, over.state, session)
        return from_session(problem, over.state, session, files=True), request
