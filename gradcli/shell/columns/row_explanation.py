"""`gradcli explain` of a text with columns: one row's rule, then the sum's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.language.column_names import grouped, is_element, whole_names
from gradcli.language.errors import UsageProblem
from gradcli.memory.compiled_cache import cached
from gradcli.shell.problems.value_checks import check_names, check_wrt

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.problems.problem import Problem

Found = list[Mapping[str, Any]]


def explained_by_rows(store: Store, problem: Problem, depth: int | None) -> Found | None:
    """The derivation along each name, a column once; None where the text must be written out row by row.

    Raises what reading the text raises, and ValueProblem for names that do not fit.
    """
    whole = grouped(problem.at)
    columns = sorted(name for name, given in whole.items() if isinstance(given, list))
    numbers = [name for name in whole if name not in columns]
    wrt = None if problem.wrt is None else whole_names(problem.wrt)
    if any(map(is_element, set(problem.wrt or ()).difference(problem.at))):
        return None  # which says what is wrong with it

    def make() -> Sequence[Any] | None:
        from gradcli.calculus.deriving.row_derivation import row_derivations, row_names

        variables = row_names(problem.texts, columns, numbers)
        if variables is None:
            return None
        found = row_derivations(problem.texts, columns, numbers, wrt or variables, depth)
        shown = {
            name: {**one._asdict(), "steps": [step._asdict() for step in one.steps]}
            for name, one in found.items()
        }
        return [variables, shown]

    made = cached(store, "explain by rows", problem.texts, [*numbers, *columns], [columns, wrt, depth], make)
    if made is None:
        return None
    variables, found = made
    check_names(whole, [*variables, *(wrt or ())], problem.texts)
    check_wrt(wrt, variables, whole)
    chosen = wrt or variables
    return [found[name] for name in chosen] if all(name in found for name in chosen) else None


def next_by_rows(store: Store, problem: Problem, depth: int | None) -> Mapping[str, Any] | None:
    """The derivation of a formula along the one name of `wrt`; None where it must be written out.

    Raises UsageProblem for a column, along which each row has a formula of its own.
    """
    (name,) = problem.wrt or ("",)
    if isinstance(grouped(problem.at).get(name), list) or is_element(name):
        raise UsageProblem(f"--order goes along numbers, and {whole_names([name])[0]} has a number in each row",
                           hint="--wrt chooses the numbers")  # fmt: skip
    used = {
        one: x for one, x in problem.at.items() if is_element(one) or one == name or one in problem.texts[0]
    }
    found = explained_by_rows(store, problem._replace(at=used), depth)
    return None if found is None else found[0]
