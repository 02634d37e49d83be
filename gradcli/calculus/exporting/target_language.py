"""What an exported language is: a row of templates, and the frame around the statements."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from gradcli.calculus.exporting.templates import Template


class Test(NamedTuple):
    """A point, in the order of the function's arguments, and what must come out there: value and gradient.

    allowed: how far each of these numbers may be from what is wanted.
    """

    point: tuple[float, ...]
    wanted: tuple[float, ...]
    allowed: tuple[float, ...]


class Parts(NamedTuple):
    """A function without its language: statements (target, text), the texts of its results, and its comment.

    along: the names of the variables that the gradient is taken along, one for each of its texts. doc: lines of which
    nothing was escaped yet.
    """

    name: str
    arguments: tuple[str, ...]
    along: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]
    value: str
    gradient: tuple[str, ...]
    doc: tuple[str, ...]
    operations: frozenset[str]
    tests: tuple[Test, ...] = ()

    @property
    def text(self) -> str:
        """All the statements as one text, to look in."""
        return "\n".join([*(text for _, text in self.lines), self.value, *self.gradient])


class Language(NamedTuple):
    """One row: name, templates of the operations, reserved words, how numbers are written, the frame.

    meanings: what an operation is where the language's own word is not quite it (it stands for itself in there).
    orders: what polygamma is by its order, where the language's own word is right for moderate positive numbers alone.
    refused: operations that are not composed either: too long for what carries the language out.
    careful: operations whose templates answer NaN for arguments that are not finite.
    call_literal: a template around a number that stands as an argument of a function.
    folds_case: names that differ in case alone are one. macros: capital letters may be another's macro.
    argument, variable: how the statements write an argument, and a result of theirs. missing: what NaN is called.
    """

    name: str
    operations: Mapping[str, Template]
    reserved: frozenset[str]
    literal: Callable[[float], str]
    frame: Callable[[Parts], str]
    meanings: Mapping[str, str] = {}
    orders: Mapping[int, str] = {}
    careful: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    call_literal: str = "{}"
    folds_case: bool = False
    macros: bool = False
    argument: str = "{}"
    variable: str = "{}"
    missing: str = "NaN"


def written(nan: str, pattern: str = "{}") -> Callable[[float], str]:
    """How a language writes floats: the shortest digits, negative ones in brackets."""

    def literal(number: float) -> str:
        if math.isnan(number):
            return nan
        text = pattern.format(repr(number))
        return f"({text})" if text.startswith("-") else text

    return literal


def listed(items: Sequence[str]) -> str:
    """Texts with commas between them."""
    return ", ".join(items)


def tabled(
    parts: Parts, literal: Callable[[float], str], brackets: str = "{{{}}}"
) -> tuple[list[str], list[str], list[str]]:
    """The points of all tests, the numbers wanted there, and how far off they may be: a row of text each."""
    rows = (
        [test.point for test in parts.tests],
        [test.wanted for test in parts.tests],
        [test.allowed for test in parts.tests],
    )
    points, wanted, allowed = (
        [brackets.format(listed([literal(n) for n in row])) for row in table] for table in rows
    )
    return points, wanted, allowed
