"""The one problem a command is about: typed, piped as `-`, or the session's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from gradcli.commands.problems import EXAMPLE, Problem, asked, piped, remembered
from gradcli.language.errors import UsageProblem

if TYPE_CHECKING:
    from gradcli.memory.store import Store


def posed(
    store: Store,
    expressions: Sequence[str],
    values: Iterable[tuple[str, str]],
    at: Sequence[str],
    wrt: str | None,
    session: str,
    digits: int = 15,
) -> Problem:
    """The problem of a command line; `-` reads one from standard input, and without EXPR it is the session's.

    Raises GradcliError where there is none.
    """
    problem = asked(expressions, values, at, wrt, digits)
    if tuple(expressions) == ("-",):
        return only_problem(problem, digits)
    if expressions:
        return problem
    from gradcli.memory.sessions import current

    return remembered(problem, current(store, session), session)


def only_problem(base: Problem, digits: int = 15) -> Problem:
    """The one problem on standard input. Raises UsageProblem for none or several."""
    from io import StringIO

    from gradcli.commands.surroundings import whole_input

    found = list(piped(StringIO(whole_input()), base, digits))
    if not found:
        raise UsageProblem("standard input is empty: a problem is expected", hint=EXAMPLE)
    if len(found) != 1:
        raise UsageProblem(f"one problem is read from standard input here, not {len(found)}")
    if isinstance(found[0], Exception):
        raise found[0]
    return found[0]
