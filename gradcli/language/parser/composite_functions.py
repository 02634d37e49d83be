"""Functions that are an expression of others: what they mean, and what their last parameters are by default."""

from __future__ import annotations

from functools import cache

from gradcli.language.meaning_texts import default_texts, is_composite, keeps_its_name, meaning_text
from gradcli.language.parser import parse
from gradcli.language.records import NamedTuple
from gradcli.language.tree import Expression

__all__ = ["Meaning", "defaults", "is_composite", "keeps_its_name", "meaning"]


class Meaning(NamedTuple):
    """What a call means: the names of its arguments, and the expression in these."""

    names: tuple[str, ...]
    text: str
    expression: Expression


@cache
def meaning(function: str, count: int) -> Meaning:
    """The meaning of a function that the table defines by others, called with *count* arguments, defaults included."""
    names, text = meaning_text(function, count)
    return Meaning(names, text, parse(text, names))


@cache
def defaults(function: str, count: int) -> tuple[Expression, ...]:
    """What the parameters are that a call with *count* arguments leaves out."""
    return tuple(parse(text, ()) for text in default_texts(function, count))
