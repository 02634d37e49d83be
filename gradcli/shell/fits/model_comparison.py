"""`--compare MODEL2`: another model fitted to the same rows, and the two held against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradcli.fitting.inference.student_t import fisher_tail
from gradcli.shell.fits.questions.fit_names import fit_names
from gradcli.shell.problems.expression_arguments import free_names

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.fits.fitted_model import Fit
    from gradcli.shell.fits.questions.fit_question import FitQuestion


def other_question(asked: FitQuestion) -> FitQuestion:
    """The question of the other model: what was said of parameters that it has, and nothing else."""
    own = free_names((str(asked.compare),))
    return asked._replace(
        model=str(asked.compare), compare=None, derive=(), predict=None, profile=False, by_row=False,
        starts={name: x for name, x in asked.starts.items() if name in own},
        fixed={name: x for name, x in asked.fixed.items() if name in own},
        bounds={name: x for name, x in asked.bounds.items() if name in own},
    )  # fmt: skip


def comparison(store: Store, fit: Fit) -> dict[str, Any]:
    """The other model's fit beside this one: F and its p where one has more parameters, and the criteria."""
    from gradcli.shell.fits.fit_run import fitted

    asked = other_question(fit.asked)
    names = fit_names(store, asked)
    columns = {
        name: fit.rows.data.columns[name] for name in names.model.columns if name in fit.rows.data.columns
    }
    fixed = {name: float(x) for name, x in asked.fixed.items()}
    every = fit.rows.every
    columns |= {name: every[name] for name in names.model.columns if name not in columns}
    rows = fit.rows._replace(data=fit.rows.data._replace(columns=columns, held=fixed))
    other = fitted(names._replace(columns=fit.names.columns), asked, rows)
    return compared(fit, other)


def compared(fit: Fit, other: Fit) -> dict[str, Any]:
    """The record of a comparison. f: of the rise of the sum of squares by leaving out the parameters that one has more;
    None where the sum does not rise by that, for then neither model holds the other, or a minimum is not the lowest.
    """
    found: dict[str, Any] = {
        "expression": other.asked.model, "at": dict(zip(other.solution.names, other.solution.x, strict=True)),
        "status": other.solution.status, "rss": other.solution.value, "dof": other.estimates.dof,
        "aic": other.estimates.aic, "bic": other.estimates.bic, "f": None, "p": None, "aic_difference": None,
    }  # fmt: skip
    mine, theirs = (fit.solution.value, fit.estimates.dof), (other.solution.value, other.estimates.dof)
    small, large = (mine, theirs) if mine[1] > theirs[1] else (theirs, mine)
    more = small[1] - large[1]
    both = fit.solution.success and other.solution.success
    if both and more > 0 and large[1] > 0 and 0 < large[0] <= small[0]:
        ratio = (small[0] - large[0]) / more / (large[0] / large[1])
        found |= {"f": ratio, "p": fisher_tail(ratio, more, large[1])}
    if both and fit.estimates.aic is not None and other.estimates.aic is not None:
        found["aic_difference"] = other.estimates.aic - fit.estimates.aic
    return found
