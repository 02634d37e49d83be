"""A proof as lines of JSON: the problem, what became of every box, what was shown, and the sum of it all.

The first line is the problem, the last the sum (SHA-256 of what stands before it); between them the rows of
`proof_record`, and before the sum one line with the interval, the best point and the regions.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from flint import arb

from gradcli.calculus.program.typed_numbers import text_of
from gradcli.descent.proofs.box_question import BoxQuestion
from gradcli.descent.proofs.boxes import Domain
from gradcli.descent.proofs.branch_and_bound import LeastValue
from gradcli.descent.proofs.proof_record import Record, text_of_exact
from gradcli.language.errors import InputProblem

#: The version of the format.
VERSION = 1


class Certificate(NamedTuple):
    """A certificate that was read: its problem, the rows by the number of their box, and what it says was shown."""

    expression: str
    box: dict[str, tuple[str, str]]
    held: dict[str, str]
    whole: tuple[str, ...]
    ascend: bool
    rows: dict[int, list[Any]]
    shown: dict[str, Any]


def certificate_text(question: BoxQuestion, expression: str, record: Record, found: LeastValue) -> str:
    """The certificate of a search."""
    head = {
        "gradcli certificate": VERSION, "expression": expression,
        "box": {name: [_typed(low), _typed(high)] for name, (low, high) in question.ends.items()},
        "held": {name: _typed(x) for name, x in question.held.items()}, "integer": sorted(question.whole),
        "value": "greatest" if question.ascend else "least",
    }  # fmt: skip
    lines = [
        json.dumps(head, ensure_ascii=False),
        *(json.dumps(row) for row in record.rows),
        json.dumps(_shown(record, found)),
    ]
    body = "".join(f"{line}\n" for line in lines)
    return f'{body}{{"sum": "{_sum(body)}"}}\n'


def _typed(x: Any) -> str:
    return text_of(x) or repr(float(x))


def _sum(body: str) -> str:
    return sha256(body.encode("utf-8")).hexdigest()


def _shown(record: Record, found: LeastValue) -> dict[str, Any]:
    """What was shown of f, uphill of -f: exact ends."""

    def point(at: Sequence[Any]) -> list[str]:
        """Its ends as texts."""
        return [_end(record.domain, i, x) for i, x in enumerate(at)]

    return {
        "lower": text_of_exact((found.lower - _room(found.lower, found.gap)).lower()) if found.lower.is_finite() else None,
        "upper": text_of_exact((found.upper + _room(found.upper, found.gap)).upper()) if found.upper.is_finite() else None,
        "best": None if found.best is None else point(found.best),
        "regions": [
            {"box": record.changes(record.domain.box, region.box), "at": point(region.at)} for region in found.regions
        ],
    }  # fmt: skip


def _room(end: Any, gap: Any) -> Any:
    """What another way of computing may find an end to be off: far below the gap, and below the last place of a float."""
    return abs(end) * arb(2) ** -70 + gap * arb(2) ** -40


def _end(domain: Domain, i: int, x: Any) -> str:
    one = domain.box[i]
    return "<" if x is one.low else ">" if x is one.high else text_of_exact(x.mid())


def read_certificate(text: str, name: str) -> Certificate:
    """The certificate in a text. Raises InputProblem for what is none, and where the sum is another."""
    lines = text.splitlines()
    try:
        head, last, ending = json.loads(lines[0]), json.loads(lines[-2]), json.loads(lines[-1])
        if head["gradcli certificate"] != VERSION:
            raise InputProblem(f"{name} is a certificate of another version: {head['gradcli certificate']}")
        rows = [json.loads(line) for line in lines[1:-2]]
        found = Certificate(
            str(head["expression"]), {str(n): (str(low), str(high)) for n, (low, high) in head["box"].items()},
            {str(n): str(x) for n, x in head["held"].items()}, tuple(map(str, head["integer"])),
            head["value"] == "greatest", {int(row[0]): row for row in rows}, dict(last),
        )  # fmt: skip
        told = ending["sum"]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise InputProblem(f"{name} is no certificate of gradcli") from error
    body = "".join(f"{line}\n" for line in lines[:-1])
    if told != _sum(body):
        raise InputProblem(
            f"{name} was changed: its sum is not that of its lines", hint="prove it again, or get it again"
        )
    return found
