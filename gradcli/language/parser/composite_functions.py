"""Functions that are an expression of others: what they mean."""

from __future__ import annotations

from functools import cache

from gradcli.language.function_table import FUNCTIONS
from gradcli.language.parser import parse
from gradcli.language.tree import Expression


@cache
def meaning(function: str) -> Expression:
    """The parsed meaning of a function that the table defines by others."""
    row = FUNCTIONS[function]
    return parse(row.meaning, row.names)
