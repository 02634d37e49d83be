"""What workers find, as it comes; of problems that several parts have, the first part's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gradcli.language.errors import GradcliError
from gradcli.shell.engines.problem_data import problem_from_data

#: A function that a worker knows by its name, and what it gets.
Job = tuple[Callable[..., Any], tuple[Any, ...]]


def part_results(
    engine: Any, jobs: Iterator[Job], shown: Mapping[str, str], together: int | None = None
) -> Iterator[tuple[int, Any]]:
    """The number of each job and what it found, as bytes or as JSON. shown: the names of files, by their whole paths.

    Raises the problem of the first part that has one, when those begun before it are done, and what the engine raises.
    """
    problems: dict[int, GradcliError] = {}

    def until_problem() -> Iterator[Job]:
        for job in jobs:
            if problems:
                return
            yield job

    for place, text in engine.each(until_problem(), together):
        found = json.loads(text) if isinstance(text, str) else {"found": text}
        if "problem" in found:
            problems[place] = _named(problem_from_data(found["problem"]), shown)
        else:
            yield place, found["found"]
    if problems:
        raise problems[min(problems)]


def _named(problem: GradcliError, shown: Mapping[str, str]) -> GradcliError:
    """A problem of a worker, which has files by their whole paths, with their names as they were typed."""
    for path, file in shown.items():
        problem.message = problem.message.replace(path, file)
    return problem
