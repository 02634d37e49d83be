"""What the array libraries of Python have in common: a function of arrays whose results have the shape of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from gradcli.calculus.exporting import reserved_words
from gradcli.calculus.exporting.languages.python import documented, tested
from gradcli.calculus.exporting.target_language import Language, Parts, listed, written
from gradcli.calculus.exporting.templates import ATOM, LOOSE, OPERATORS, Template, template


class Library(NamedTuple):
    """A library: what is imported, how arguments become arrays, how results get one shape.

    helpers: code before the function. decorator: a line above it. setup: statements before its test. special: an
    import for the sake of special functions. where: how it chooses; finite: how it asks whether a number is.
    """

    name: str
    imports: tuple[str, ...]
    argument: str
    result: str
    nan: str
    where: str
    finite: str
    helpers: str = ""
    decorator: str = ""
    setup: str = ""
    special: str = ""
    call_literal: str = "{}"


def library(
    row: Library,
    operations: dict[str, Template],
    meanings: Mapping[str, str] | None = None,
    orders: Mapping[int, str] | None = None,
) -> Language:
    """The language of an array library."""
    words = reserved_words.PYTHON | {
        row.name,
        "np",
        "jnp",
        "jax",
        "torch",
        "tf",
        "special",
        "reduce",
        "same_shape",
    }
    nan = row.call_literal.format(row.nan)
    where = f"{row.where}({{0}}, {{1}}, {{2}})"
    choice = {
        "and": Template("(({0}) & ({1}))", (LOOSE + 1, LOOSE + 1), ATOM),
        "or": Template("(({0}) | ({1}))", (LOOSE + 1, LOOSE + 1), ATOM),
        "select": template(where), "finite": template(f"{row.finite}({{0}})"),
        "settle": template(where.format(f"{row.finite}({{0}})", "{0}", nan)),
    }  # fmt: skip
    return Language(
        row.name, OPERATORS | choice | operations, words, written(row.nan), lambda parts: _frame(parts, row),
        meanings or {}, orders or {}, call_literal=row.call_literal,
    )  # fmt: skip


def _frame(parts: Parts, row: Library) -> str:
    rows = list(row.imports)
    if row.special and row.special.split()[-1] + "." in parts.text:
        rows.append(row.special)
    rows += ["", ""]
    if row.helpers:
        rows += [row.helpers, ""]
    if row.decorator:
        rows.append(row.decorator)
    rows += [f"def {parts.name}({listed(parts.arguments)}):", *documented(parts)]
    rows += [f"    {name} = {row.argument.format(name)}" for name in parts.arguments]
    rows += [f"    {target} = {text}" for target, text in parts.lines]
    both = listed([parts.value, *parts.gradient])
    shown = listed([parts.value, *parts.gradient, *parts.arguments])
    rows += [f"    value, *gradient = {row.result.format(both, shown, 1 + len(parts.gradient))}",
             "    return value, gradient"]  # fmt: skip
    return "\n".join(rows) + "\n" + tested(parts, row.setup)
