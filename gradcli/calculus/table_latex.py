"""Texts → LaTeX of the entries of their Jacobian, their Hessian, and their higher derivatives."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gradcli.calculus.entries import Entry, entry_latex
from gradcli.calculus.tables import outputs_of
from gradcli.language.tree import Expression

Latex = list[list[str | None]]


def jacobian_latex(texts: Sequence[str], given: Collection[str], wrt: Sequence[str] | None) -> Latex:
    """One row per text, one column per variable; None where sympy has no answer."""
    whole, terms = outputs_of(texts, given)
    names = whole.variables if wrt is None else wrt
    return [chains_latex(term, [(name,) for name in names]) for term in terms]


def hessian_latex(texts: Sequence[str], given: Collection[str], wrt: Sequence[str] | None) -> Latex:
    """One row and one column per variable; None where sympy has no answer."""
    whole, _ = outputs_of(texts, given)
    names = whole.variables if wrt is None else wrt
    return [chains_latex(whole, [(row, column) for column in names]) for row in names]


def chains_latex(expression: Expression, chains: Sequence[tuple[str, ...]]) -> list[str | None]:
    """The derivative along each chain of variables."""
    return entry_latex([Entry(expression, chain, 0) for chain in chains])
