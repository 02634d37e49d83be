"""`minimize`, `maximize` and `compare` over files of data: the loss that they descend, and what does not go with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gradcli.language.errors import UsageProblem
from gradcli.shell.problems.interval_lists import intervals
from gradcli.shell.problems.problem import Problem, from_command_line, held
from gradcli.shell.problems.problem_source import resolve_problem
from gradcli.shell.problems.session_problem import session_or_files

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.files.file_columns import DataRequest

#: Options that are not there for losses over files: the parameters that say so -> as they are typed.
_OTHER = {"prove": "--prove"}


def check_options(how: Mapping[str, Any], data: DataRequest | None) -> None:
    """Raises UsageProblem for what descents over files do not do."""
    if data is None:
        return
    found = next((option for name, option in _OTHER.items() if how.get(name)), None)
    found = found or ("--lr safe" if how.get("rate") == "safe" else None)
    if found is not None:
        raise UsageProblem(f"{found} and --data do not go together")


def problem_to_move(store: Store, data: DataRequest | None, how: Mapping[str, Any]) -> Problem:
    """The problem of a descent; with *data*, or where the session's has files, the loss over them, whose numbers move.

    how: the options that say which problem it is. Raises what there is to raise of the problem and the files, UsageProblem
    where nothing moves.
    """
    typed = from_command_line(how["expressions"], how["values"], how["at"], how["wrt"])
    if data is None and not typed.texts:
        problem, data = session_or_files(store, typed, how["session"])
        check_options(how, data)
    else:
        files = data is not None
        problem = resolve_problem(
            store, how["expressions"], how["values"], how["at"], how["wrt"], how["session"], files=files
        )
    if data is None:
        return held(store, problem)
    from gradcli.shell.problems.data_problem import loss_to_move, without_session_columns

    if not typed.texts:
        problem = without_session_columns(problem, typed.at)
    return loss_to_move(store, problem, data, intervals(how["box"], "--box") if how.get("box") else {})
