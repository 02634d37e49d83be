"""The constraints of a problem: typed with --subject-to, in the text, in JSON or in the session → links to keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradcli.shell.problems.problem import Problem

if TYPE_CHECKING:
    from gradcli.language.constraints.constraint_text import Constraint


def links_of(problem: Problem) -> list[Constraint]:
    """The links of all constraints. Raises what is wrong with one of them, in its own text."""
    if not problem.constraints:
        return []
    from gradcli.language.constraints.constraint_text import constraints_of, definitions_of

    definitions = definitions_of(problem.texts)
    return [
        link for text in problem.constraints for link in constraints_of(text, problem.at.keys(), definitions)
    ]


def notes_of(links: Sequence[Constraint]) -> list[str]:
    """What is said about how constraints are read."""
    strict = list(dict.fromkeys(one.of for one in links if one.strict))
    if not strict:
        return []
    return [f"{', '.join(strict[:4])}{', …' if len(strict) > 4 else ''}: < and > are read as <= and >="]
