"""Constraints beside the rows of files: the loss written out, each row a term, and what is shown of it without the rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from gradcli.language.column_names import is_element

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.problems.problem import Problem

T = TypeVar("T")


def rows_written_out(store: Store, problem: Problem) -> Problem:
    """A loss over files with its rows written out, and its numbers to move. Raises LimitProblem for many rows."""
    from gradcli.shell.problems.data_problem import few_rows

    assert problem.data is not None  # noqa: S101  (the caller has looked)
    told = list(store.notices)
    bare = problem._replace(at=dict(problem.own_at), data=None)
    written = few_rows(store, bare, problem.data.request)
    store.notices[:] = told  # what was said of the files is not said again
    return written


def without_rows(at: Mapping[str, T]) -> dict[str, T]:
    """The point without the numbers of rows."""
    return {name: x for name, x in at.items() if not is_element(name)}
