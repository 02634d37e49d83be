"""The formulas of a text with columns, from the library or made now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gradcli.language.column_names import as_rows, column_of
from gradcli.memory.compiled_cache import cached

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.problems.problem import Problem


def formulas_by_row(
    store: Store, problem: Problem, columns: Iterable[str], numbers: Iterable[str]
) -> dict[str, str | None]:
    """The formulas of a text with columns, whose number of rows they do not depend on; none where they would."""
    few = [one for name in columns for one in as_rows(name, range(2))]
    names = [*few, *numbers]

    def make() -> Any:
        from gradcli.calculus.formulas.texts.row_formulas import row_formulas

        return row_formulas(problem.texts, names, names)

    found = cached(store, "formulas by row", problem.texts, names, None, make)
    return {column_of(name): text for name, text in (found or {}).items()}
