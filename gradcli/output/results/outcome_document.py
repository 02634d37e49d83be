"""How a descent ended → record, rows and document."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.output.gradients.gradient_document import note_record
from gradcli.output.text.document import Document, Line, Table, line
from gradcli.output.text.number_text import shown

if TYPE_CHECKING:
    from gradcli.descent.verdicts.outcome import Outcome


def outcome_record(expression: str | list[str], outcome: Outcome) -> dict[str, Any]:
    """The JSON record, under SciPy's names; `at` and `value` are the best point and f there."""
    return {
        "expression": expression,
        "at": dict(outcome.x),
        "value": outcome.fun,
        "status": outcome.status,
        "success": outcome.success,
        "message": outcome.message,
        "x": dict(outcome.x),
        "fun": outcome.fun,
        "jac": dict(outcome.jac),
        "norm": outcome.norm,
        "nit": outcome.nit,
        "nfev": outcome.nfev,
        "njev": outcome.njev,
        "nhev": outcome.nhev,
        "optimizer": outcome.optimizer,
        "dialect": outcome.dialect or None,
        "eigenvalues": None if outcome.eigenvalues is None else list(outcome.eigenvalues),
        "direction": outcome.direction and dict(outcome.direction),
        "multipliers": outcome.multipliers and dict(outcome.multipliers),
        "suggested_lr": outcome.suggested_lr,
        "order": outcome.order,
        "within": outcome.within,
        "starts": outcome.starts,
        "found": [{"at": dict(one.x), "value": one.fun, "status": one.status} for one in outcome.found],
        "notes": [note_record(note) for note in outcome.notes],
        **_constrained(outcome),
    }


def _constrained(outcome: Outcome) -> dict[str, Any]:
    """The keys that constraints add."""
    if outcome.constrained is None:
        return {}
    from gradcli.output.results.constraint_lines import constrained_record

    return constrained_record(outcome.constrained)


def outcome_rows(outcome: Outcome) -> Iterable[dict[str, object]]:
    """The outcome for CSV; with restarts one row per distinct minimum."""
    for one in outcome.found or (outcome,):
        yield {"status": one.status, "value": one.fun, **one.x, "nit": one.nit, "nfev": one.nfev}


def outcome_document(outcome: Outcome, digits: int) -> Document:
    """The text: the sentence first, then the point, f, and the evidence."""
    rows = tuple(
        (
            ("variable", name),
            ("value", shown(_decimal(outcome, name) or x, _known(x, digits, outcome))),
            ("gradient", _slope(outcome, name, digits)),
        )
        for name, x in outcome.x.items()
    )
    parts: list[Line | Table] = [
        line(("name", outcome.status), f": {outcome.message}"),
        Table(("", "at", "grad"), rows),
        line(("name", "value"), ": ", ("value", shown(_decimal(outcome, "") or outcome.fun, digits))),
        line(("name", "steps"), f": {outcome.nit}, evaluations {outcome.nfev}"),
    ]
    parts += _evidence(outcome, digits)
    if outcome.constrained is not None:
        from gradcli.output.results.constraint_lines import constraint_lines

        parts += constraint_lines(outcome.constrained, digits)
    if len(outcome.found) > 1:
        parts += [
            line(f"{len(outcome.found)} distinct from {outcome.starts} starts:"),
            _table(outcome.found, digits),
        ]
    return parts


def _known(x: float, digits: int, outcome: Outcome) -> int:
    """The digits of a coordinate that are those of the minimum near by, where --tol stopped before it."""
    if not outcome.within or not x:
        return digits
    return (
        max(1, min(digits, math.floor(math.log10(abs(x) / outcome.within)))) if abs(x) > outcome.within else 1
    )


def _decimal(outcome: Outcome, name: str) -> str | None:
    """A number in more digits than floats have, where it is known."""
    found = outcome.constrained.decimals if outcome.constrained is not None else None
    return None if found is None else found.get(name)


def _slope(outcome: Outcome, name: str, digits: int) -> str:
    return shown(outcome.jac[name], min(digits, 17)) if name in outcome.jac else ""


def _evidence(outcome: Outcome, digits: int) -> list[Line | Table]:
    found: list[Line | Table] = []
    if outcome.eigenvalues:
        numbers = [shown(e, min(digits, 17)) for e in outcome.eigenvalues[:8]]
        more = " …" if len(outcome.eigenvalues) > 8 else ""
        found.append(line(("name", "eigenvalues"), ": ", ("value", " ".join(numbers) + more)))
    multipliers = outcome.multipliers if outcome.constrained is None else None
    for title, numbers_by_name in (("direction", outcome.direction), ("multipliers", multipliers)):
        if numbers_by_name:
            text = " ".join(
                f"{name}={shown(number, min(digits, 17))}"
                for name, number in list(numbers_by_name.items())[:8]
            )
            found.append(line(("name", title), ": ", ("value", text)))
    if outcome.suggested_lr is not None:
        found.append(line(("name", "suggested lr"), ": ", ("value", shown(outcome.suggested_lr, digits))))
    return found


def _table(found: Sequence[Outcome], digits: int) -> Table:
    rows = tuple(
        (
            ("name", str(number)), ("value", shown(one.fun, digits)), ("text", one.status),
            ("variable", " ".join(f"{name}={shown(x, digits)}" for name, x in list(one.x.items())[:8])),
        )
        for number, one in enumerate(found, 1)
    )  # fmt: skip
    return Table(("", "value", "status", "at"), rows)
