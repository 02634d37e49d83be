"""Variables that occur only in constraints: a problem as a function of them too."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gradcli.language.constraints.constraint_text import constraints_of, definitions_of
from gradcli.language.parser.outputs import total
from gradcli.language.problem_text import joined, wrapped


def names_beside(
    texts: Sequence[str], constraints: Sequence[str], given: Collection[str], known: Collection[str]
) -> list[str]:
    """The variables of *constraints* that are not among the *known* ones of f's texts."""
    definitions = definitions_of(texts)
    defined = {piece.defined for piece in definitions}
    found = [
        name for text in constraints for link in constraints_of(text, given, definitions) for name in link.names
    ]  # fmt: skip
    return [name for name in dict.fromkeys(found) if name not in known and name not in defined]


def remarks_beside(texts: Sequence[str], constraints: Sequence[str], given: Collection[str]) -> list[str]:
    """What is to be said of *texts*; a definition that only *constraints* use is used."""
    definitions = definitions_of(texts)
    links = [link for text in constraints for link in constraints_of(text, given, definitions)]
    whole = total([*texts, *(link.difference for link in links)], given)
    return [remark for remark in total(texts, given).remarks if remark in whole.remarks]


def over(text: str, names: Sequence[str]) -> str:
    """The same function of some more variables; its characters stay where they are."""
    return wrapped(text, "", "".join(f" + 0*{name}" for name in names)) if names else text


def text_over(texts: Sequence[str], names: Sequence[str]) -> str:
    """Several texts as one function of some more variables."""
    return over(joined(texts), names)
