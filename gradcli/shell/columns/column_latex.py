"""`grad --format latex` of a text with columns: formulas by row, sums over rows as sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from gradcli.language.column_names import SAMPLE_ROWS, column_of, columns_among, is_element
from gradcli.language.errors import NameProblem
from gradcli.memory.compiled_cache import cached
from gradcli.output.gradients.gradient_document import Gradient
from gradcli.output.gradients.gradient_latex import latex_of_rows

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.problems.problem import Problem


def column_latex(store: Store, problem: Problem, gradient: Gradient, named: Sequence[str]) -> str | None:
    """The LaTeX of the answer; None where there are no columns, or a formula is not written by rows.

    named: the columns that have no numbers. Raises NameProblem where one of their formulas is not written by rows.
    """
    columns = columns_among(problem.at) or dict.fromkeys(named, SAMPLE_ROWS)
    if not columns:
        return None
    formulas = {column_of(name): text for name, text in gradient.formulas.items()}
    found = _pairs(store, problem, columns, formulas)
    if found is not None:
        return latex_of_rows(gradient, {name: (one[0], one[1]) for name, one in found.items()})
    if named:
        raise NameProblem("the formulas of this text are not written in LaTeX without numbers",
                          hint=f'give the columns theirs: --{named[0]} "[1, 2, 3]"')  # fmt: skip
    return None


def latex_by_names(store: Store, problem: Problem, formulas: Mapping[str, str | None]) -> Mapping[str, str]:
    """The LaTeX of a text with columns under the empty name, and of its *formulas*; none where they are not written by rows."""
    known = {name: text for name, text in formulas.items() if text}
    found = _pairs(store, problem, columns_among(problem.at), known)
    return {name: one[1] for name, one in (found or {}).items()}


def _pairs(
    store: Store, problem: Problem, columns: Mapping[str, int], formulas: Mapping[str, str | None]
) -> Mapping[str, Sequence[str]] | None:
    """What each formula is of and the formula, by name; None where there is none by rows."""
    numbers = [name for name in problem.at if not is_element(name)]

    def make() -> dict[str, tuple[str, str]] | None:
        from gradcli.calculus.formulas.texts.row_terms import latex_by_rows

        return latex_by_rows(problem.texts, columns, numbers, formulas)

    details = [columns, formulas]
    found: Mapping[str, Sequence[str]] | None = cached(
        store, "latex by rows", problem.texts, [*numbers, *columns], details, make
    )
    return found
