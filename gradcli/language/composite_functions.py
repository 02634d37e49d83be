"""Functions that are an expression of others: what they mean, and what their last parameters are by default."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from gradcli.language.function_table import FUNCTIONS
from gradcli.language.parser import parse
from gradcli.language.tree import Expression

#: Functions of any number of arguments that fold a function of two.
FOLDED = {"logsumexp": "logaddexp"}


class Meaning(NamedTuple):
    """What a call means: the names of its arguments, and the expression in these."""

    names: tuple[str, ...]
    text: str
    expression: Expression


@cache
def meaning(function: str, count: int) -> Meaning:
    """The meaning of a function that the table defines by others, called with *count* arguments, defaults included."""
    row = FUNCTIONS[function]
    if row.most is not None:
        return Meaning(row.names, row.meaning, parse(row.meaning, row.names))
    names = ("x", "y", "z", *(f"x{i}" for i in range(4, count + 1)))[:count]
    text = _folded(FOLDED[function], names) if function in FOLDED else _of_many(row.meaning, names)
    return Meaning(names, text, parse(text, names))


def _folded(function: str, names: tuple[str, ...]) -> str:
    text = names[0]
    for name in names[1:]:
        text = f"{function}({text},{name})"
    return text


def _of_many(text: str, names: tuple[str, ...]) -> str:
    """A meaning in x and dots: the other arguments stand where the dots are, with the sign of the x before them."""
    sign = "-" if "(-x,..." in text else ""
    return text.replace(",...", "".join(f",{sign}{name}" for name in names[1:]))


def is_composite(op: str) -> bool:
    """Whether an operation is a function that is replaced by its meaning before a program is carried out."""
    return op in FUNCTIONS and bool(FUNCTIONS[op].meaning)


def keeps_its_name(op: str) -> bool:
    """Whether a function is differentiated by its own slopes before it is replaced by its meaning."""
    return is_composite(op) and bool(FUNCTIONS[op].slopes)


@cache
def defaults(function: str, count: int) -> tuple[Expression, ...]:
    """What the parameters are that a call with *count* arguments leaves out."""
    row = FUNCTIONS[function]
    return tuple(parse(text, ()) for text in row.defaults[count - row.fewest :]) if row.defaults else ()
