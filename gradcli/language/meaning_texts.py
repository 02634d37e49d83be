"""Functions that are an expression of others, as texts: what they mean, and what their last parameters are by default."""

from __future__ import annotations

from gradcli.language.function_table import FUNCTIONS

#: Functions of any number of arguments that fold a function of two.
FOLDED = {"logsumexp": "logaddexp"}


def meaning_text(function: str, count: int) -> tuple[tuple[str, ...], str]:
    """The names of the arguments of a call with *count* of them, defaults included, and what it means in these."""
    row = FUNCTIONS[function]
    if row.most is not None:
        return row.names, row.meaning
    names = ("x", "y", "z", *(f"x{i}" for i in range(4, count + 1)))[:count]
    return names, _folded(FOLDED[function], names) if function in FOLDED else _of_many(row.meaning, names)


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


def default_texts(function: str, count: int) -> tuple[str, ...]:
    """What the parameters are that a call with *count* arguments leaves out."""
    row = FUNCTIONS[function]
    return row.defaults[count - row.fewest :]
