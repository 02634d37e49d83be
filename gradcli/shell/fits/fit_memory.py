"""A fit that the session keeps: its sum of squares over the files, at the parameters that were found, and what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gradcli.language.problem_text import divided
from gradcli.shell.derivatives.gradient_answer import keep_value
from gradcli.shell.fits.kept_question import signed
from gradcli.shell.problems.problem import Problem

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.fits.fitted_model import Fit


def keep_fit(store: Store, session: str, fit: Fit, record: Mapping[str, Any]) -> list[str]:
    """Make the fit the session's problem; sentences for what is not kept. record: what was asked, for a report of it."""
    asked = fit.asked
    if asked.loss != "linear" or asked.sigma_x:
        return ["not remembered: sessions keep sums over rows, and this fit's cost is another"]
    at = {**dict(zip(fit.solution.names, fit.solution.x, strict=True)), **asked.fixed}
    problem = Problem((cost_text(fit),), at, fit.solution.names, fit.rows.files)
    keep_value(store, session, problem, fit.solution.value, signed(store, record))
    return []


def cost_text(fit: Fit) -> str:
    """What a fit made least, as one expression over the columns."""
    asked = fit.asked
    parts = divided(asked.model)
    if asked.likelihood:
        return "; ".join((*parts.definitions, f"sum({parts.expression})"))
    residual = f"({asked.target} - ({parts.expression}))**2"
    if asked.sigma is not None:
        residual = f"{residual}/({asked.sigma})**2"
    elif asked.weights is not None:
        residual = f"({asked.weights})*{residual}"
    return "; ".join((*parts.definitions, f"sum({residual})"))
