"""`minimize`, `maximize` and `compare` over files of data: the loss that they descend, and what does not go with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gradcli.language.errors import UsageProblem
from gradcli.shell.problems.interval_lists import intervals
from gradcli.shell.problems.problem import Problem, held
from gradcli.shell.problems.problem_source import resolve_problem

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.problems.file_columns import DataRequest

#: Options that are not there for losses over files: the parameters that say so -> as they are typed.
_OTHER = {"prove": "--prove", "live": "--live", "plot": "--plot", "plot_out": "--out with a picture"}


def check_options(how: Mapping[str, Any], data: DataRequest | None) -> None:
    """Raises UsageProblem for what descents over files do not do."""
    if data is None:
        return
    found = next((option for name, option in _OTHER.items() if how.get(name)), None)
    found = found or ("--lr safe" if how.get("rate") == "safe" else None)
    if found is not None:
        raise UsageProblem(f"{found} and --data do not go together")


def problem_to_move(store: Store, data: DataRequest | None, how: Mapping[str, Any]) -> Problem:
    """The problem of a descent; with *data* the loss over these files, whose numbers move.

    how: the options that say which problem it is. Raises what there is to raise of the problem and the files, UsageProblem
    where nothing moves.
    """
    problem = resolve_problem(store, how["expressions"], how["values"], how["at"], how["wrt"], how["session"])
    if data is None:
        return held(store, problem)
    from gradcli.shell.problems.data_problem import loss_over_files, without_session_columns

    if not how["expressions"]:
        problem = without_session_columns(problem, how["values"], how["at"])
    begun = intervals(how["box"], "--box") if how.get("box") else {}
    loss = loss_over_files(store, problem, data, begun)
    if not (problem.at or begun):
        message = "nothing moves: the expression has columns, and no number beside them"
        raise UsageProblem(message, hint="for example a in a*x, from --a 0")
    return loss
