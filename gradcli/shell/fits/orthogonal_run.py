"""`fit --sigma-x`: errors in the columns of the model too, by orthogonal distance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradcli.fitting.models.orthogonal_problem import OrthogonalProblem
from gradcli.language.errors import DomainProblem, UsageProblem
from gradcli.language.names import is_name, normal
from gradcli.memory.compiled_cache import compiled_or_cached
from gradcli.shell.fits.computed_columns import computed_column

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.fits.fit_names import FitNames
    from gradcli.shell.fits.fit_question import FitQuestion
    from gradcli.shell.fits.fit_rows import FitRows


def spread_texts(asked: FitQuestion, columns: tuple[str, ...]) -> dict[str, str]:
    """The expressions of --sigma-x by column: EXPR for the model's only one, or NAME=EXPR. Raises UsageProblem."""
    found: dict[str, str] = {}
    for text in asked.sigma_x:
        name, equals, expression = text.partition("=")
        own = normal(name.strip())
        if not (equals and is_name(own)):
            if len(columns) != 1:
                hint = f"for example --sigma-x {columns[0]}=0.1" if columns else None
                raise UsageProblem(f"--sigma-x {text}: the model has {len(columns)} columns", hint=hint)
            own, expression = columns[0], text
        if own not in columns:
            listed = ", ".join(columns)
            raise UsageProblem(f"--sigma-x {own}: it is no column of the model", hint=f"they are {listed}")
        if own in found:
            raise UsageProblem(
                f"--sigma-x: {own} is there twice", hint="each column has one standard deviation"
            )
        found[own] = expression.strip()
    return found


def orthogonal_problem(store: Store, names: FitNames, asked: FitQuestion, rows: FitRows) -> OrthogonalProblem:
    """The problem of orthogonal distance. Raises DomainProblem for a standard deviation below 0."""
    model = names.model
    columns: dict[str, Any] = {name: list(map(float, column)) for name, column in rows.every.items()}
    spreads = {}
    for name in spread_texts(asked, model.columns):
        spreads[name] = computed_column(names, f"--sigma-x {name}", columns, rows.files)
        low = next((place for place, one in enumerate(spreads[name]) if one < 0), None)
        if low is not None:
            raise DomainProblem(f"--sigma-x {name}: {rows.files.places(low)}: it is below 0")
    known = [*model.columns, *model.parameters]
    program = compiled_or_cached(store, [model.text], known, None, formulas=False).program
    return OrthogonalProblem(program, model.columns, model.parameters, rows.data, spreads)
