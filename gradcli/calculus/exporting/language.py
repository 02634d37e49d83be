"""What an exported language is: a row of templates, and the frame around the statements."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple


class Test(NamedTuple):
    """A point, in the order of the function's arguments, and what must come out there."""

    point: tuple[float, ...]
    value: float
    gradient: tuple[float, ...]


class Parts(NamedTuple):
    """A function without its language: statements (target, text), the texts of its results, and its comment.

    along: the arguments that the gradient is taken along, one for each of its texts.
    """

    name: str
    arguments: tuple[str, ...]
    along: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]
    value: str
    gradient: tuple[str, ...]
    doc: tuple[str, ...]
    operations: frozenset[str]
    test: Test | None = None

    @property
    def text(self) -> str:
        """All the statements as one text, to look in."""
        return "\n".join([*(text for _, text in self.lines), self.value, *self.gradient])


class Language(NamedTuple):
    """One row: name, templates of the operations, reserved words, how numbers are written, the frame.

    quiet: a template around what may fail in a piece that is not taken, where the language raises errors.
    call_literal: a template around a number that stands as an argument of a function.
    """

    name: str
    operations: Mapping[str, str]
    reserved: frozenset[str]
    literal: Callable[[float], str]
    frame: Callable[[Parts], str]
    quiet: str = ""
    call_literal: str = "{}"
    folds_case: bool = False


#: Operators that look the same nearly everywhere.
OPERATORS = {
    "neg": "-{0}", "add": "{0} + {1}", "sub": "{0} - {1}", "mul": "{0}*{1}", "div": "{0}/{1}", "square": "{0}*{0}",
    "lt": "{0} < {1}", "le": "{0} <= {1}", "eq": "{0} == {1}", "ne": "{0} != {1}",
}  # fmt: skip


def named(pattern: str, names: str | Mapping[str, str]) -> dict[str, str]:
    """Templates of functions of one or two arguments: `named("math.{}", "sin cos")`; a mapping renames."""
    pairs = names.items() if isinstance(names, Mapping) else [(name, name) for name in names.split()]
    two = ("hypot", "atan2", "min", "max", "mod", "pow", "beta", "binomial")
    return {
        ours: pattern.format(theirs) + ("({0}, {1})" if ours in two else "({0})") for ours, theirs in pairs
    }


def written(nan: str, pattern: str = "{}") -> Callable[[float], str]:
    """How a language writes floats: the shortest digits, negative ones in brackets."""

    def literal(number: float) -> str:
        if math.isnan(number):
            return nan
        text = pattern.format(repr(number))
        return f"({text})" if text.startswith("-") else text

    return literal


def commented(doc: Sequence[str], mark: str) -> list[str]:
    """The comment's lines, each behind its mark."""
    return [f"{mark}{row}".rstrip() for row in doc]


def listed(items: Sequence[str]) -> str:
    """Texts with commas between them."""
    return ", ".join(items)
