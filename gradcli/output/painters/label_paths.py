"""The labels of the text → the paths of the record: `f1.x`, `minimum`, `steps`, `x.grad` where --get has JSON's names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

#: A label at the beginning → the paths that it may stand for.
LABELS: Mapping[str, tuple[str, ...]] = {
    "grad": ("gradient", "before.gradient", "jac"),
    "gradients": ("gradient", "before.gradient", "jac"),
    "formula": ("formulas", "formula"),
    "steps": ("nit", "steps", "step"),
    "evaluations": ("nfev",),
    "f": ("value", "after.value"),
    "sigma": ("uncertainty.sigma",),
    "by": ("optimizer",),
    "suggested lr": ("suggested_lr",),
    "lr": ("lr", "settings.lr"),
    "taylor": ("polynomial",),
    "matrix": ("jacobian", "hessian"),
}

#: A column of a variable's row → the paths of its numbers.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "grad": LABELS["grad"],
    "value": ("at",),
    "at": ("at",),
    "formula": ("formulas",),
    "before": ("before.at",),
    "after": ("after.at",),
    "vjp": ("vjp",),
    "hvp": ("hvp",),
    "sigma": ("uncertainty.of",),
    "share": ("uncertainty.shares",),
}

#: Lists of records → the key under which a record has the label of its row.
ROWS = {
    "checks": "variable",
    "results": "optimizer",
    "nodes": "node",
    "points": "kind",
    "derivations": "variable",
}

#: What columns of such rows are called in the records.
CELLS = {"f": "value", "gradient": "norm", "reads": "verdict"}

_OUTPUT = re.compile(r"f([1-9][0-9]{0,5})")


def label_paths(record: Mapping[str, Any], path: str) -> Iterator[str]:
    """The paths that a path of labels may stand for, the likeliest first."""
    label, _, rest = path.partition(".")
    if output := _OUTPUT.fullmatch(label):
        yield from _of_output(record, int(output[1]) - 1, rest)
    if label == record.get("status"):
        yield "message"
    yield from (_joined(one, rest) for one in LABELS.get(label, ()))
    yield from _of_variable(label, rest)
    if not rest and not ("gradient" in record or "before" in record):  # where it could be more than the point
        yield f"at.{label}"
    yield from _of_row(record, label, rest)


def _joined(*parts: str) -> str:
    return ".".join(part for part in parts if part)


def _of_output(record: Mapping[str, Any], place: int, rest: str) -> Iterator[str]:
    """`f1`, `f1.value`, `f1.x`: the value of an output, and its derivatives."""
    if rest in ("", "value"):
        yield f"value.{place}"
        yield f"value.f{place + 1}"
    elif rest == "jvp":
        yield f"jvp.{place}"
        yield f"jvp.f{place + 1}"
    else:
        yield f"jacobian.{place}.{rest}"
        yield f"formulas.{place}.{rest}"


def _of_variable(name: str, column: str) -> Iterator[str]:
    """`x.grad`, `x.before`: a cell of the row of a variable; of `value`, `value.after`."""
    if name in ("value", "f"):
        yield f"{column}.value"
    yield from (f"{path}.{name}" for path in COLUMNS.get(column, ()))
    if column:
        yield from (f"{table}.{name}.{column}" for table in ("hessian", "formulas"))


def _of_row(record: Mapping[str, Any], label: str, rest: str) -> Iterator[str]:
    """`sgd.value`, `minimum.x`: a row among records, by its label."""
    for key, name in ROWS.items():
        rows = record.get(key)
        for place, row in enumerate(rows if isinstance(rows, Sequence) else ()):
            if isinstance(row, Mapping) and row.get(name) == label:
                cell = CELLS.get(rest, rest) or ("verdict" if key == "checks" else "value")
                yield f"{key}.{place}.{cell}"
                yield f"{key}.{place}.at.{cell}"
