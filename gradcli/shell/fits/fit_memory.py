"""A fit that the session keeps: its sum of squares over the files, at the parameters that were found, and what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gradcli.fitting.models.loss_functions import row_cost
from gradcli.language.problem_text import divided
from gradcli.shell.derivatives.gradient_answer import keep_value
from gradcli.shell.fits.kept_question import signed
from gradcli.shell.fits.orthogonal_cost import orthogonal_cost
from gradcli.shell.problems.problem import Problem

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.fits.fitted_model import Fit


def keep_fit(store: Store, session: str, fit: Fit, record: Mapping[str, Any]) -> list[str]:
    """Make the fit the session's problem; sentences for what is not kept. record: what was asked, for a report of it."""
    asked = fit.asked
    if asked.loss != "linear" and fit.robust is None:
        return ["not remembered: the loss was not begun"]
    at = {**dict(zip(fit.solution.names, fit.solution.x, strict=True)), **asked.fixed}
    text = orthogonal_cost(store, fit) if asked.sigma_x else cost_text(fit)
    if text is None:
        return ["not remembered: the shifts of the columns cannot be written out as one expression"]
    problem = Problem((text,), at, fit.solution.names, fit.rows.files)
    value = fit.solution.value if fit.robust is None else fit.robust.loss
    keep_value(store, session, problem, value, signed(store, record))
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
    if fit.robust is None:
        return "; ".join((*parts.definitions, f"sum({residual})"))
    taken = {one.partition("=")[0].partition("(")[0].strip() for one in parts.definitions}
    taken |= {*fit.names.columns.headers, *fit.names.model.parameters}
    whole, cost = row_cost(asked.loss, fit.robust.scale, parts.definitions, residual, taken)
    return "; ".join((*whole, f"sum({cost})"))
