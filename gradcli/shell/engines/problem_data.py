"""Errors between processes: as plain data, and the same error again."""

from __future__ import annotations

from typing import Any

from gradcli.language import errors
from gradcli.language.errors import GradcliError

#: The errors that travel, by their names. Everything else that a worker raises is a mistake, or the worker's end.
_KINDS = {
    one.__name__: one
    for one in (
        errors.SyntaxProblem, errors.NameProblem, errors.ValueProblem, errors.UsageProblem, errors.DomainProblem,
        errors.LimitProblem, errors.InputProblem, errors.EngineProblem, errors.ExtraProblem,
    )
}  # fmt: skip


def problem_to_data(problem: GradcliError) -> list[Any]:
    """An error as plain data for JSON."""
    kind = next((name for name, one in _KINDS.items() if isinstance(problem, one)), "EngineProblem")
    return [kind, problem.message, problem.text, problem.span, problem.hint]


def problem_from_data(data: Any) -> GradcliError:
    """The error that `problem_to_data` wrote."""
    kind, message, text, span, hint = data
    place = None if span is None else (int(span[0]), int(span[1]))
    found = _KINDS.get(kind, errors.EngineProblem)
    return found(
        str(message),
        text=None if text is None else str(text),
        span=place,
        hint=None if hint is None else str(hint),
    )
