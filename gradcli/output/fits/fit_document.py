"""A fit → the text that people read, and the table in LaTeX."""

from __future__ import annotations

import math

from gradcli.language.records import NamedTuple
from gradcli.output.fits.fit_record import FitAnswer
from gradcli.output.text.document import Document, Line, Table, line
from gradcli.output.text.number_text import shown

#: Parameters whose correlations are printed, and the size from which one is.
CORRELATED, STRONG = 12, 0.9


def fit_document(fit: FitAnswer, digits: int) -> Document:
    """The parameters first, then the measures of the fit, and at last the verdict with its evidence."""
    parts = fit_parts(fit, digits)
    return [
        *parts.estimates, *parts.problem, *parts.measures, *_correlations(fit), *parts.outliers, *parts.predictions,
        *parts.comparison, *parts.ending,
    ]  # fmt: skip


class FitParts(NamedTuple):
    """What is said of a fit, by what it is about."""

    problem: Document
    estimates: Document
    measures: Document
    outliers: Document
    predictions: Document
    comparison: Document
    ending: Document


def fit_parts(fit: FitAnswer, digits: int) -> FitParts:
    """The parts of a fit's text, the correlations apart."""
    known = fit.estimates
    level = f"{100 * known.level:.10g} %"
    heads = ("", "", "±", "", level, *(("profile",) if "profile" in fit.extras else ()))
    counts = f"rows {fit.rows:,}, parameters {len(fit.solution.names)}, degrees of freedom {known.dof}"
    return FitParts(
        problem=[_names(fit), line(counts)],
        estimates=[Table(heads, _parameters(fit, digits)), *_derived(fit, digits)],
        measures=[_measures(fit, digits), *_errors(fit)],
        outliers=_outliers(fit),
        predictions=_predictions(fit, digits),
        comparison=_comparison(fit),
        ending=[*_starts(fit, digits), line(("name", fit.solution.status), f": {fit.solution.message}")],
    )


def _parameters(fit: FitAnswer, digits: int) -> tuple[tuple[tuple[str, str], ...], ...]:
    known, rows = fit.estimates, []
    for name, x in fit.at.items():
        error, interval = known.errors.get(name), known.intervals.get(name)
        held = "fixed" if name in fit.fixed else "at its bound" if name not in fit.solution.free else "none"
        low, high = (shown(one, 6) for one in interval) if interval else ("", "")
        rows.append((
            ("variable", name), ("value", shown(x, min(digits, fit.solution.digits.get(name, digits)))),
            ("value", shown(error, _of_floats(fit, digits)) if error is not None else held),
            ("text", f"({share_text(error / abs(x))})" if error is not None and x else ""),
            ("text", f"{low} to {high}" if interval else ""), *_profile(fit, name),
        ))  # fmt: skip
    return tuple(rows)


def _profile(fit: FitAnswer, name: str) -> list[tuple[str, str]]:
    """The likelihood interval of a parameter, where they were asked for; an end without one is open."""
    if "profile" not in fit.extras:
        return []
    found = fit.extras["profile"].get(name)
    if found is None:
        return [("text", "")]
    low, high = ("open" if end is None else shown(end, 6) for end in found)
    return [("text", f"{low} to {high}")]


def _derived(fit: FitAnswer, digits: int) -> list[Table]:
    """Quantities made of the parameters."""
    found = fit.extras.get("derived")
    if not found:
        return []
    level = f"{100 * fit.estimates.level:.10g} %"
    rows = []
    for name, one in found.items():
        error, interval, value = one["error"], one["interval"], one["value"]
        rows.append((
            ("name", name), ("value", shown(value, digits)), ("value", "none" if error is None else shown(error, digits)),
            ("text", f"({share_text(error / abs(value))})" if error is not None and value else ""),
            ("text", f"{shown(interval[0], 6)} to {shown(interval[1], 6)}" if interval else ""),
            ("formula", one["expression"]),
        ))  # fmt: skip
    return [Table(("", "", "±", "", level, "="), tuple(rows))]


def _outliers(fit: FitAnswer) -> list[Line]:
    """Rows whose residuals are too large."""
    found = fit.extras.get("outliers") or []
    if not found:
        return []
    texts = [f"row {one['row']} (studentized {one['studentized']:.3g})" for one in found[:5]]
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    return [line(("name", "outliers"), f": {', '.join(texts)}{more}")]


def _predictions(fit: FitAnswer, digits: int) -> list[Table]:
    """The values of the model where it was asked for, with the bands of the curve and of a new row."""
    found = fit.extras.get("predictions")
    if not found:
        return []
    names = [name for name in found[0] if name in fit.columns]
    rows = []
    for one in found:
        at = ", ".join(f"{name} {shown(one[name], 6)}" for name in names)
        bands = [
            "" if one[low] is None else f"{shown(one[low], 6)} to {shown(one[high], 6)}"
            for low, high in (("low", "high"), ("prediction_low", "prediction_high"))
        ]
        error = "none" if one["error"] is None else shown(one["error"], 6)
        rows.append((("variable", at or "any row"), ("value", shown(one["value"], digits)), ("value", error),
                     ("text", bands[0]), ("text", bands[1])))  # fmt: skip
    return [Table(("", "predicted", "±", "curve", "new row"), tuple(rows))]


def _of_floats(fit: FitAnswer, digits: int) -> int:
    """The digits of what floats alone have computed of the covariance."""
    return min(digits, 6) if fit.solution.digits else digits


def _comparison(fit: FitAnswer) -> list[Line]:
    """The other model, and which of the two the rows speak for."""
    one = fit.extras.get("comparison")
    if one is None:
        return []
    at = ", ".join(f"{name} = {shown(x, 6)}" for name, x in one["at"].items())
    found = [line(("name", "beside it"), f": {' '.join(one['expression'].split())}: {one['status']}, {at}")]
    words = f"rss {shown(_finite(one['rss']), 6)} with {one['dof']} degrees of freedom"
    if one["f"] is not None:
        words += f"; F {shown(one['f'], 6)}, p {shown(one['p'], 3)} if one model holds the other"
    if one["aic_difference"] is not None:
        better = "this model" if one["aic_difference"] > 0 else "the other one"
        words += f"; AIC {shown(abs(one['aic_difference']), 4)} in favour of {better}"
    return [*found, line(("name", "compared"), f": {words}")]


def share_text(share: float) -> str:
    """A share as a percentage of two digits."""
    return f"{100 * share:.2g} %" if 1e-4 <= share < 10 else f"{100 * share:.1e} %"


def _names(fit: FitAnswer) -> Line:
    data = ", ".join(fit.columns) or "no column"
    fixed = f"; fixed {', '.join(fit.fixed)}" if fit.fixed else ""
    moving = ", ".join(fit.solution.names)
    what = "negative log-likelihood" if "nll" in fit.extras else fit.target
    return line(("name", "fitted"), f": {what}; data {data} of {fit.place}; parameters {moving}{fixed}")


def _measures(fit: FitAnswer, digits: int) -> Line:
    known, solution = fit.estimates, fit.solution
    digits = min(digits, solution.digits.get("", digits))
    if "nll" in fit.extras:
        words: list[str | tuple[str, str]] = [("name", "negative log-likelihood"), ": "]
        words.append(("value", shown(_finite(solution.value), digits)))
        if known.aic is not None and known.bic is not None:
            words += [", AIC ", ("value", shown(known.aic, 8)), ", BIC ", ("value", shown(known.bic, 8))]
        return line(*words)
    name = "χ²" if fit.weighted else "rss"
    words = [
        ("name", name),
        ": ",
        ("value", shown(_finite(solution.value), digits)),
    ]
    if known.sigma is not None and "loss" not in fit.extras:
        if fit.weighted:
            words += [", reduced χ² ", ("value", shown(known.sigma**2, digits))]
        else:
            words += [", standard deviation of the residuals ", ("value", shown(known.sigma, digits))]
    if known.r_squared is not None and math.isfinite(known.r_squared):
        words += [", R² ", ("value", shown(known.r_squared, min(digits, 7)))]
    if known.aic is not None and known.bic is not None:
        words += [", AIC ", ("value", shown(known.aic, 6)), ", BIC ", ("value", shown(known.bic, 6))]
    return line(*words)


def _finite(x: float) -> float | None:
    return x if math.isfinite(x) else None


def _errors(fit: FitAnswer) -> list[Line]:
    """What the errors are: scaled by the residuals or not, and why there are none."""
    known = fit.estimates
    loss = fit.extras.get("loss")
    if "nll" in fit.extras and known.covariance is not None:
        what = "those of the observed information; intervals by the normal"
    elif loss and known.covariance is not None:
        by = "" if loss["spread"] is None else f", from a spread of {shown(loss['spread'], 6)}"
        what = f"those of the {loss['kind']} loss of scale {shown(loss['scale'], 6)}{by} (sandwich); intervals by Student's t"
    elif known.dof <= 0 and known.scaled:
        what = f"none: {'1 row leaves' if fit.rows == 1 else f'{fit.rows} rows leave'} no degree of freedom"
    elif known.covariance is None:
        what = "none: the rows do not determine the parameters"
    elif not known.scaled:
        what = (
            "those of the standard deviations given, not scaled (--absolute-sigma); intervals by the normal"
        )
    else:
        by = "reduced χ²" if fit.weighted else "the residuals' standard deviation"
        what = f"scaled by {by}; intervals by Student's t, {known.dof} degree{'s' if known.dof != 1 else ''} of freedom"
    return [line(("name", "errors"), f": {what}")]


def _correlations(fit: FitAnswer) -> list[Line]:
    known = fit.estimates
    if known.correlation is None or len(known.names) < 2:
        return []
    pairs = [
        (known.correlation[i][j], known.names[i], known.names[j])
        for i in range(len(known.names))
        for j in range(i)
    ]
    chosen = (
        pairs
        if len(pairs) <= 3
        else sorted((p for p in pairs if abs(p[0]) >= STRONG), key=lambda p: -abs(p[0]))
    )
    if not chosen:
        return [line(("name", "correlation"), f": all below {STRONG:g}")]
    texts = [f"{b} {a} {value:.4g}" for value, a, b in chosen[:CORRELATED]]
    more = f", and {len(chosen) - CORRELATED} more" if len(chosen) > CORRELATED else ""
    return [line(("name", "correlation"), f": {', '.join(texts)}{more}")]


def _starts(fit: FitAnswer, digits: int) -> list[Line]:
    """What came of the given start, where something better was found; what was tried where there was none."""
    solution = fit.solution
    given = solution.given
    if given is None:
        return (
            [
                line(
                    ("name", "start"),
                    f": none given; {solution.tried} point{'' if solution.tried == 1 else 's'} tried",
                )
            ]
            if solution.tried
            else []
        )
    better = not given.value <= solution.value * (1 + 1e-6) + 1e-300 or given.ended == "outside"
    if not (better and solution.success and solution.began):
        return []
    own = f"rss {shown(given.value, 6)}" if math.isfinite(given.value) else "no value"
    began = ", ".join(f"{name} = {shown(x, 4)}" for name, x in list(solution.began.items())[:8])
    return [line(("name", "start"), f": from yours {own} ({given.ended}); better found from {began}")]


def fit_latex(fit: FitAnswer, digits: int) -> str:
    """A table of the parameters."""
    from gradcli.language.latex_escapes import latex_name, latex_text

    known = fit.estimates
    level = f"{100 * known.level:.10g}"
    rows = []
    for name, x in fit.at.items():
        error, interval = known.errors.get(name), known.intervals.get(name)
        cells = [f"${latex_name(name)}$", _latex(x, digits), _latex(error, digits)]
        cells.append("--" if interval is None else f"{_latex(interval[0], 6)} to {_latex(interval[1], 6)}")
        rows.append(" & ".join(cells) + r" \\")
    head = rf"parameter & value & standard error & {level}\,\% interval \\"
    body = "\n".join(
        [r"\begin{tabular}{lrrl}", r"\hline", head, r"\hline", *rows, r"\hline", r"\end{tabular}"]
    )
    model = latex_text(" ".join(f"{fit.target} = {fit.expression}".split()))
    return f"% {model}\n{body}"


def _latex(x: float | None, digits: int) -> str:
    """A number as LaTeX sets it."""
    if x is None:
        return "--"
    mantissa, e, power = shown(x, digits).partition("e")
    return f"${mantissa} \\times 10^{{{int(power)}}}$" if e else f"${mantissa}$"
