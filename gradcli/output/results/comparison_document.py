"""Optimizers side by side → record, rows and document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.language.errors import GradcliError
from gradcli.output.text.document import Document, Line, Table, line
from gradcli.output.text.number_text import shown

if TYPE_CHECKING:
    from gradcli.descent.rules.optimizer_choice import Choice
    from gradcli.descent.verdicts.outcome import Outcome


class Contest(NamedTuple):
    """What each choice came to from one point: an outcome, or the error that was in its way.

    constraints: what all of them were to keep.
    """

    expression: str | list[str]
    at: Mapping[str, float]
    steps: int
    results: tuple[tuple[Choice, Outcome | GradcliError], ...]
    constraints: tuple[str, ...] = ()


def contest_record(contest: Contest) -> dict[str, Any]:
    """The JSON record: the problem, one result per optimizer, the differences between dialects."""
    return {
        "expression": contest.expression,
        "at": dict(contest.at),
        "steps": contest.steps,
        "results": contest_results(contest),
        "differences": differing(contest),
        **({"constraints": list(contest.constraints)} if contest.constraints else {}),
    }


def contest_results(contest: Contest) -> list[dict[str, object]]:
    """One record per optimizer: its row, and the point it came to as an object as well."""
    ends = (result for _, result in contest.results)
    places = [None if isinstance(end, GradcliError) else dict(end.x) for end in ends]
    return [{**row, "at": at} for row, at in zip(contest_rows(contest), places, strict=True)]


def contest_rows(contest: Contest) -> list[dict[str, object]]:
    """One row per optimizer: what it was, how far it got, evaluations, how it ended."""
    return [_row(choice, result) for choice, result in contest.results]


def _row(choice: Choice, result: Outcome | GradcliError) -> dict[str, object]:
    who = {"optimizer": choice.optimizer, "dialect": choice.dialect, "lr": choice.settings.get("lr")}
    if isinstance(result, GradcliError):
        nothing = dict.fromkeys(("value", "norm", "steps", "evaluations"))
        return {**who, **nothing, "outcome": result.kind, "message": result.message}
    kept = {} if result.constrained is None else {"violation": result.constrained.violation}
    return {
        **who, "value": result.fun, "norm": result.norm, "steps": result.nit, "evaluations": result.nfev,
        "outcome": result.status, "message": result.message, **kept, **{f"at.{name}": x for name, x in result.x.items()},
    }  # fmt: skip


def differing(contest: Contest) -> dict[str, list[str]]:
    """For each optimizer compared in several dialects, the terms that make the difference."""
    from gradcli.descent.rules.optimizer_table import differences

    dialects: dict[str, list[str]] = {}
    for choice, _ in contest.results:
        known = dialects.setdefault(choice.optimizer, [])
        known += [choice.dialect] if choice.dialect not in known else []
    return {
        name: list(differences(name, tuple(several)))
        for name, several in dialects.items()
        if len(several) > 1
    }


def contest_document(contest: Contest, digits: int) -> Document:
    """The text: one row per optimizer, then the differences."""
    rows = tuple(_cells(choice, result, digits) for choice, result in contest.results)
    parts: list[Line | Table] = [
        Table(("", "lr", "value", _slopes(contest), "steps", "evaluations", "outcome"), rows, tight=True)
    ]
    for name, sentences in differing(contest).items():
        parts += [line(("note", f"{name} differs"), f" {sentence}") for sentence in sentences]
    return parts


def _slopes(contest: Contest) -> str:
    """What the norm is of: under constraints, what they leave of the gradient."""
    return "projected" if contest.constraints else "gradient"


def _cells(choice: Choice, result: Outcome | GradcliError, digits: int) -> tuple[tuple[str, str], ...]:
    head = (
        ("name", f"{choice.optimizer} ({choice.dialect})" if choice.dialect else choice.optimizer),
        ("text", shown(choice.settings["lr"], digits) if "lr" in choice.settings else "auto"),
    )
    if isinstance(result, GradcliError):
        return (
            *head,
            ("value", "none"),
            ("gradient", ""),
            ("text", ""),
            ("text", ""),
            ("error", result.message),
        )
    return (
        *head, ("value", shown(result.fun, digits)), ("gradient", shown(result.norm, 3)), ("text", str(result.nit)),
        ("text", str(result.nfev)), ("text", result.status),
    )  # fmt: skip
