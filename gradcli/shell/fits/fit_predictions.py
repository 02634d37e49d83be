"""`--predict` and `--derive`: what is made of a fit's parameters, with its errors."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.fitting.inference.propagation import Parameters, Quantity, propagated
from gradcli.language.column_names import is_element
from gradcli.language.errors import DomainProblem, NameProblem, UsageProblem, ValueProblem
from gradcli.language.names import checked_name, is_name, nearest, normal
from gradcli.memory.compiled_cache import cached

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.fits.fitted_model import Fit
    from gradcli.shell.fits.questions.fit_question import FitQuestion


def known_parameters(fit: Fit) -> Parameters:
    """What is known of the parameters of a fit."""
    from gradcli.calculus.program.typed_numbers import text_of

    fixed = {name: text_of(x) or repr(x) for name, x in fit.asked.fixed.items()}
    return Parameters(fit.solution, fit.estimates, fixed)


def derived(store: Store, fit: Fit) -> dict[str, dict[str, Any]]:
    """The quantities of --derive by name: expression, value, error, interval."""
    found: dict[str, dict[str, Any]] = {}
    before: list[str] = []
    for text in fit.asked.derive:
        name, expression = _defined(text)
        if name in found or name in fit.names.model.parameters:
            raise UsageProblem(
                f"--derive {name}: it is there already", hint="each quantity has a name of its own"
            )
        quantity = _derived(store, fit, [*before, expression], expression)
        low, high = _around(quantity, fit.estimates.quantile)
        found[name] = {
            "expression": expression, "value": quantity.value, "error": quantity.error,
            "interval": None if low is None else [low, high],
        }  # fmt: skip
        before.append(f"{name} = {expression}")
    return found


def _defined(text: str) -> tuple[str, str]:
    name, equals, expression = text.partition("=")
    if not equals or not expression.strip():
        raise ValueProblem(
            f"--derive {text}: NAME = EXPR is expected", hint='for example --derive "t = log(2)/k"'
        )
    return checked_name(normal(name.strip()), "--derive"), expression.strip()


def _derived(store: Store, fit: Fit, texts: Sequence[str], expression: str) -> Quantity:
    """The value of the last of *texts*, the others being definitions before it."""
    from gradcli.calculus.formulas.texts.compiler import compile_text
    from gradcli.calculus.program.program import from_data, to_data

    names = fit.names.model.parameters
    whole = "; ".join(texts)

    def make() -> Any:
        """The program, compiled anew."""
        return to_data(compile_text([whole], names, None, formulas=False).program)

    program = from_data(cached(store, "derive", [whole], names, None, make))
    strange = next((name for name in program.variables if name not in names), None)
    if strange is not None:
        close = nearest(strange, names)
        hint = f"did you mean {close}?" if close else f"the parameters are {', '.join(names[:8])}"
        raise NameProblem(f"--derive: {strange} is no parameter of the model", hint=hint)
    try:
        return propagated(known_parameters(fit), program, {}, 1)[0]
    except (ArithmeticError, ValueError):
        from gradcli.calculus.evaluation.gradient_at_point import evaluate

        at = {**dict(zip(fit.solution.names, fit.solution.x, strict=True)), **fit.asked.fixed}
        evaluate(program, whole, {name: at[name] for name in program.variables})  # which says why
        raise DomainProblem(
            f"--derive {expression}: it has no value, or no slope, at these parameters"
        ) from None


def _around(quantity: Quantity, quantile: float | None) -> tuple[float | None, float | None]:
    if quantity.error is None or quantile is None:
        return None, None
    return quantity.value - quantile * quantity.error, quantity.value + quantile * quantity.error


def predictions(fit: Fit) -> list[dict[str, Any]]:
    """The rows of --predict: the columns, the value with its error, and the bands of the curve and of a new row."""
    columns, count = _columns(fit)
    model, known = fit.names.model, fit.estimates
    try:
        found = propagated(known_parameters(fit), model.program, columns, count)
    except (ArithmeticError, ValueError):
        raise DomainProblem("--predict: the model has no value in some row") from None
    weighted = len(fit.names.programs) > 1
    rows = []
    for number, one in enumerate(found):
        low, high = _around(one, known.quantile)
        apart: float | None = None
        if not weighted and one.error is not None and known.sigma is not None and known.quantile is not None:
            apart = known.quantile * math.hypot(one.error, known.sigma)
        rows.append({
            **{name: float(numbers[number]) for name, numbers in columns.items()}, "value": one.value, "error": one.error,
            "low": low, "high": high, "prediction_low": None if apart is None else one.value - apart,
            "prediction_high": None if apart is None else one.value + apart,
        })  # fmt: skip
    return rows


def _columns(fit: Fit) -> tuple[Mapping[str, Sequence[float]], int]:
    """The columns of the model where it is to be predicted, and how many rows they have."""
    text, names = str(fit.asked.predict), fit.names.model.columns
    left, equals, _ = text.partition("=")
    if not equals and normal(text.strip()) in names:
        raise ValueProblem(
            f"--predict {text}: it has no numbers", hint=f'--predict "{text.strip()}=[1,2]", or a file'
        )
    if not (equals and is_name(normal(left.strip()))):
        return _from_file(fit.asked, fit, text)
    typed = _typed(text)
    for name in typed:
        if name not in names:
            raise ValueProblem(
                f"--predict {name}: it is no column of the model", hint=f"its columns are {', '.join(names)}"
            )
    missing = next((name for name in names if name not in typed), None)
    if missing is not None:
        raise ValueProblem(
            f"--predict has no numbers for {missing}", hint=f'--predict "{text},{missing}=[1,2]"'
        )
    count = max((len(numbers) for numbers in typed.values()), default=1)
    for name, numbers in typed.items():
        if len(numbers) not in (1, count):
            raise ValueProblem(f"--predict: {name} has {len(numbers)} numbers, and another column {count}")
    return {name: list(typed[name]) * (count if len(typed[name]) == 1 else 1) for name in names}, count


def _typed(text: str) -> dict[str, list[float]]:
    from gradcli.shell.problems.values import assignments, gathered

    found: dict[str, list[float]] = {}
    for name, x in gathered(assignments(text, "--predict")).items():
        found.setdefault(name.partition("[")[0] if is_element(name) else name, []).append(float(x))
    return found


def _from_file(asked: FitQuestion, fit: Fit, file: str) -> tuple[Mapping[str, Sequence[float]], int]:
    from gradcli.shell.files.file_columns import named_columns
    from gradcli.shell.files.file_rows import held_rows

    names = fit.names.model.columns
    request = asked.request._replace(files=(file,), bound={})
    columns = named_columns(request, [asked.model], asked.given)
    missing = next((name for name in names if name not in columns.headers), None)
    if missing is not None:
        raise NameProblem(f"--predict: {missing} is no column of {file}")
    rows = held_rows(None, columns.only(names), request)
    return {name: rows.columns[name].tolist() for name in names}, rows.places.rows
