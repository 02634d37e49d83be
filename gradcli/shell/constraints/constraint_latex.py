"""Problems under constraints in LaTeX: what is extreme, and what it is subject to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gradcli.language.latex_escapes import latex_text
from gradcli.memory.compiled_cache import latex_formulas
from gradcli.shell.constraints.constraint_source import links_of

if TYPE_CHECKING:
    from gradcli.language.constraints.constraint_text import Constraint
    from gradcli.memory.database import Store
    from gradcli.shell.problems.problem import Problem

#: Relations, and letters of multipliers, which LaTeX's fonts of text do not have.
RELATIONS = {"=": "=", "<=": r"\le", ">=": r"\ge"}
LETTERS = {"λ": r"{\lambda}", "μ": r"{\mu}", "ν": r"{\nu}"}


def subject_to_latex(store: Store, problem: Problem) -> list[str]:
    """Each constraint in LaTeX, in their order."""
    return [_link(store, one) for one in links_of(problem)]


def _link(store: Store, one: Constraint) -> str:
    sides = [latex_formulas(store, (side,), one.names, ()).get("") for side in (one.left, one.right)]
    if None in sides:
        return rf"\texttt{{{latex_text(one.text)}}}"
    relation = {"<=": "<", ">=": ">"}[one.relation] if one.strict else RELATIONS[one.relation]
    return f"{sides[0]} {relation} {sides[1]}"


def problem_latex(store: Store, problem: Problem, lagrangian: str) -> str:
    """The problem and its Lagrangian, aligned. lagrangian: its text."""
    names = {name for link in links_of(problem) for name in link.names} | set(problem.at)
    f = (
        latex_formulas(store, problem.texts, names, ()).get("")
        or rf"\texttt{{{latex_text(problem.texts[0])}}}"
    )
    rows = [rf"\text{{extremize}} \quad & {f}"]
    words = r"\text{subject to}"
    for text in subject_to_latex(store, problem):
        rows.append(rf"{words} \quad & {text}")
        words = ""
    signed = lagrangian.replace(" + -", " - ")
    rows.append(rf"L = \quad & {signed}")
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"


def with_letters(latex: str) -> str:
    """LaTeX with the letters of multipliers as commands."""
    for letter, command in LETTERS.items():
        written = command.replace("\\", r"\\")
        numbered = re.sub(rf"\\mathrm\{{{letter}(\d+)\}}", rf"{written}_{{\1}}", latex)
        latex = numbered.replace(letter, command)
    return latex
