"""`fit --sigma-x`: errors in the columns of the model too, by orthogonal distance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradcli.fitting.models.orthogonal_problem import OrthogonalProblem
from gradcli.language.errors import DomainProblem
from gradcli.memory.compiled_cache import compiled_or_cached
from gradcli.shell.fits.questions.computed_columns import computed_column
from gradcli.shell.fits.questions.fit_question import spread_texts

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.fits.questions.fit_names import FitNames
    from gradcli.shell.fits.questions.fit_question import FitQuestion
    from gradcli.shell.fits.questions.fit_rows import FitRows


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
