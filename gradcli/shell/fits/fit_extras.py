"""What is asked for beside a fit, by the key that JSON has for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradcli.fitting.inference.influence import RowMeasure, outliers, row_measures
from gradcli.fitting.inference.profile_likelihood import Minimum, profiled
from gradcli.fitting.inference.relative_curvature import Curvature, curvature
from gradcli.fitting.inference.student_t import normal_quantile, student_quantile
from gradcli.language.errors import UsageProblem
from gradcli.language.records import NamedTuple
from gradcli.shell.fits.fitted_model import box_of, problem_of, row_problem
from gradcli.shell.fits.questions.row_counts import LOOKED_AT

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.fits.fitted_model import Fit


class Extras(NamedTuple):
    """Keys of the record, sentences, and the rows one by one where they were looked at."""

    record: dict[str, Any]
    notes: list[str]
    measures: list[RowMeasure] | None


def extras(store: Store, fit: Fit) -> Extras:
    """What is asked for beside the parameters."""
    record: dict[str, Any] = {}
    notes = list[str]()
    if fit.asked.likelihood:
        if fit.asked.derive:
            from gradcli.shell.fits.fit_predictions import derived

            record["derived"] = derived(store, fit)
        return Extras({"nll": fit.solution.value, **record}, notes, None)
    if fit.asked.loss != "linear":
        record["loss"] = _loss(fit)
    bent = _curvature(fit)
    record["curvature"] = None if bent is None else {"intrinsic": bent.intrinsic, "effects": bent.effects}
    if fit.asked.profile:
        record["profile"] = _profiles(fit, notes)
    if bent is not None and bent.misleads and not fit.asked.profile:
        notes.append(
            f"the model is curved ({max(bent):.2g} of the interval's width): Student's t misleads, --profile holds"
        )
    measures = _measures(fit)
    record["outliers"] = _outliers(fit, measures)
    if fit.asked.derive:
        from gradcli.shell.fits.fit_predictions import derived

        record["derived"] = derived(store, fit)
    if fit.asked.predict is not None:
        from gradcli.shell.fits.fit_predictions import predictions

        record["predictions"] = predictions(fit)
    if fit.asked.compare is not None:
        from gradcli.shell.fits.model_comparison import comparison

        record["comparison"] = comparison(store, fit)
    return Extras(record, notes, measures)


def _loss(fit: Fit) -> dict[str, Any]:
    """What the loss was, and what it made of the rows."""
    found = fit.robust
    if found is None:
        return {"kind": fit.asked.loss, "value": None, "scale": fit.asked.scale, "spread": None}
    return {"kind": fit.asked.loss, "value": found.loss, "scale": found.scale, "spread": found.spread}


def _curvature(fit: Fit) -> Curvature | None:
    known = fit.estimates
    if not fit.solution.success or fit.asked.loss != "linear" or fit.asked.sigma_x:
        return None
    sigma = known.sigma if known.scaled else 1.0
    return curvature(fit.names.model, fit.rows.data, fit.solution, sigma, known.dof, known.level)


def _profiles(fit: Fit, notes: list[str]) -> dict[str, list[float | None] | None]:
    """The likelihood interval of each parameter, null where there is none."""
    known, solution = fit.estimates, fit.solution
    found: dict[str, list[float | None] | None] = dict.fromkeys(solution.names)
    scale = 1.0 if not known.scaled else None if known.sigma is None else known.sigma**2
    if not solution.success or not scale:
        return found
    if fit.asked.loss != "linear":
        raise UsageProblem("--profile is about least squares, and --loss is another loss")
    quantile = student_quantile(known.level, known.dof) if known.scaled else normal_quantile(known.level)
    minimum = Minimum(solution.names, solution.x, known.errors, scale, solution.value)
    make = problem_of(fit.names.model)
    for name, one in profiled(
        make, fit.rows.data, minimum, box_of(fit.asked, solution.names), quantile
    ).items():
        found[name] = [one.low, one.high]
        if one.lower is not None:
            notes.append(
                f"along {name} a lower sum of squares was seen, {one.lower:.6g}: this minimum is not the lowest"
            )
    return found


def _measures(fit: Fit) -> list[RowMeasure] | None:
    if fit.asked.sigma_x or (
        not fit.asked.by_row and (fit.rows.data.rows > LOOKED_AT or not fit.solution.success)
    ):
        return None
    problem = row_problem(fit.names.model, fit.rows.data)
    return row_measures(problem, fit.rows.data, fit.solution, fit.estimates.dof)


def _outliers(fit: Fit, measures: list[RowMeasure] | None) -> list[dict[str, Any]]:
    if measures is None or fit.estimates.dof < 2 or not fit.solution.value or fit.robust is not None:
        return []
    return [
        {
            "row": fit.rows.files.places.short(place), "residual": measures[place].residual,
            "studentized": measures[place].studentized, "leverage": measures[place].leverage,
        }
        for place in outliers(measures, fit.estimates.dof)
    ]  # fmt: skip


def residual_rows(fit: Fit, measures: list[RowMeasure]) -> list[dict[str, object]]:
    """A row for each row of the data: its columns, the target, and its measures."""
    data, files = fit.rows.data, fit.rows.files
    rows = list[dict[str, object]]()
    for place, one in enumerate(measures):
        columns = {name: float(numbers[place]) for name, numbers in data.columns.items()}
        rows.append({
            "row": files.places.short(place), **columns, "target": float(data.target[place]), "fitted": one.fitted,
            "residual": one.residual, "studentized": one.studentized, "leverage": one.leverage,
            **({"weight": fit.robust.weights[place]} if fit.robust is not None else {}),
        })  # fmt: skip
    return rows
