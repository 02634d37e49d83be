"""Texts with definitions in LaTeX: each part by itself, so that it stays as long as it was typed."""

from __future__ import annotations

from collections.abc import Collection

from gradcli.calculus.formulas.term_latex import latex_of
from gradcli.calculus.formulas.terms import term_of
from gradcli.language.parser import parse
from gradcli.language.parser.defined_view import parts_of
from gradcli.language.tree import Expression

#: Operations, numbers and names of a part that is written.
LARGEST = 20_000


def part_latex(expression: Expression) -> dict[str, str]:
    """The expression (under the empty name) and its definitions, each in terms of the others."""
    return {
        name: latex_of(term_of(part), "", "") if part.size <= LARGEST else r"\ldots"
        for name, part in parts_of(expression).items()
    }


def text_latex(formula: str, names: Collection[str]) -> str:
    """A formula of ours, in which *names* are variables."""
    return latex_of(term_of(parse(formula, names)), "", "")
