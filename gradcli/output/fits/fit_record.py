"""A fit → its record for JSON, and its rows for CSV."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gradcli.fitting.inference.estimates import Estimates
from gradcli.fitting.solver.solution import Solution
from gradcli.language.records import NamedTuple


class FitAnswer(NamedTuple):
    """A fit as it is written.

    target: what was fitted. files: the record of the files with their rows. columns, parameters: the names of the model.
    fixed: parameters with the values at which they were held. place: what the files are called.
    """

    expression: str
    target: str
    solution: Solution
    estimates: Estimates
    columns: Sequence[str]
    fixed: Mapping[str, float]
    files: Mapping[str, Any]
    place: str
    weighted: str | None
    notes: Sequence[str] = ()
    extras: Mapping[str, Any] = {}

    @property
    def at(self) -> dict[str, float]:
        """The parameters, fixed ones too."""
        return {**dict(zip(self.solution.names, self.solution.x, strict=True)), **self.fixed}

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self.files["rows"])


def fit_record(fit: FitAnswer) -> dict[str, Any]:
    """The JSON record."""
    solution, known = fit.solution, fit.estimates
    reduced = None if known.sigma is None else known.sigma**2
    return {
        "expression": fit.expression,
        "to": fit.target,
        "at": fit.at,
        "status": solution.status,
        "success": solution.success,
        "message": solution.message,
        **_of_parameters(fit),
        "rows": fit.rows,
        "dof": known.dof,
        "rss": None if "nll" in fit.extras else solution.value,
        "chi2": solution.value if fit.weighted else None,
        "reduced_chi2": reduced if fit.weighted else None,
        "sigma": known.sigma,
        "r_squared": known.r_squared,
        "adjusted_r_squared": known.adjusted,
        "aic": known.aic,
        "bic": known.bic,
        "condition": known.condition,
        "proved": solution.certain is not None and solution.success,
        "digits": {name: count for name, count in solution.digits.items() if name} or None,
        "undetermined": [dict(one) for one in solution.loose],
        "between": {
            name: [one if math.isfinite(one) else None for one in ends]
            for name, ends in solution.between.items()
        },
        "parameters": list(solution.names),
        "fixed": dict(fit.fixed),
        "columns": list(fit.columns),
        "start": _start(fit),
        "evaluations": solution.evaluations or None,
        "data": fit.files["data"],
        **fit.extras,
        "notes": list(fit.notes),
    }


def _of_parameters(fit: FitAnswer) -> dict[str, Any]:
    """What is known of each parameter, and of two of them."""
    known = fit.estimates
    return {
        "errors": {**known.errors, **dict.fromkeys(fit.fixed)},
        "intervals": {name: None if one is None else list(one) for name, one in known.intervals.items()},
        "level": known.level,
        "errors_scaled": known.scaled,
        "t": dict(known.t),
        "p": dict(known.p),
        "covariance": _by_name(known.names, known.covariance),
        "correlation": _by_name(known.names, known.correlation),
    }


def _by_name(
    names: Sequence[str], matrix: Sequence[Sequence[float]] | None
) -> dict[str, dict[str, float]] | None:
    if matrix is None:
        return None
    return {name: dict(zip(names, row, strict=True)) for name, row in zip(names, matrix, strict=True)}


def _start(fit: FitAnswer) -> dict[str, Any]:
    """Where the descent that ended here began, and what became of the one from the given start."""
    solution = fit.solution
    given = solution.given
    own = None
    if given is not None:
        rss = given.value if math.isfinite(given.value) else None
        own = {"at": dict(zip(solution.names, given.x, strict=True)), "rss": rss, "ended": given.ended}
    return {"began": solution.began and dict(solution.began), "from_start": own, "tried": solution.tried}


def fit_rows(fit: FitAnswer) -> Iterable[dict[str, object]]:
    """A row for each parameter."""
    known = fit.estimates
    for name, x in fit.at.items():
        low, high = known.intervals.get(name) or (None, None)
        yield {
            "parameter": name, "value": x, "error": known.errors.get(name), "low": low, "high": high,
            "t": known.t.get(name), "p": known.p.get(name), "fixed": int(name in fit.fixed),
        }  # fmt: skip
