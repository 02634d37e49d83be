"""Rows under titles, examples and paragraphs, as help writes them within a width."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

import click

from gradcli.shell.help.option_groups import Option, OptionGroup

Row = tuple[str, str]


def group_of(param: click.Parameter) -> OptionGroup | None:
    """Where an option stands; None for what has no line of its own: arguments, and variables."""
    if isinstance(param, Option):
        return param.group
    return OptionGroup.COMPUTED if isinstance(param, click.Option) and not param.hidden else None


def row(ctx: click.Context, options: Sequence[click.Option]) -> Row:
    """Options on one line: how they are typed, and what they do, with their defaults."""
    texts = [_text(one, first=number == 0) for number, one in enumerate(options)]
    return ", ".join(typed(ctx, one) for one in options), "; ".join(texts) + "."


def typed(ctx: click.Context, one: click.Option) -> str:
    """An option as it is typed, without its opposite."""
    record = None if one.secondary_opts else one.get_help_record(ctx)
    return record[0] if record else one.opts[0]


def _text(one: click.Option, *, first: bool) -> str:
    text = (one.help or "").rstrip(".")
    shown = one.show_default and one.default is not None
    default = ",".join(one.default) if isinstance(one.default, list) else one.default
    return (text if first else text[:1].lower() + text[1:]) + (f" [{default}]" if shown else "")


def write_text(page: click.HelpFormatter, text: str) -> None:
    """A paragraph, with a blank line before it."""
    page.write_paragraph()
    page.write_text(" ".join(text.split()))


def write_examples(page: click.HelpFormatter, examples: Sequence[Row]) -> None:
    """Command lines with what they are for beside them, or below them where a terminal is narrow."""
    widest = max(len(line) for line, _ in examples)
    beside = widest + 4 + max(len(meaning) for _, meaning in examples) <= page.width
    for line, meaning in examples:
        page.write(f"  {line:<{widest}}  {meaning}\n" if beside else f"  {line}\n    {meaning}\n")


def write_groups(page: click.HelpFormatter, groups: Sequence[tuple[str, Sequence[Row]]]) -> None:
    """Rows under titles, all with their texts in one column."""
    widest = max(page.width // 3, 8)
    lengths = [len(term) for _, rows in groups for term, _ in rows]
    column = max((length for length in lengths if length <= widest), default=widest)
    for title, rows in groups:
        page.write_heading(title)
        for term, text in rows:
            _write_row(page, term, text, column)


def _write_row(page: click.HelpFormatter, term: str, text: str, column: int) -> None:
    """A term and its text beside it, or below it where the term is too long; no option is broken at its hyphens."""
    margin = " " * (column + 4)
    lines = wrap(text, max(page.width - len(margin), 10), break_on_hyphens=False, break_long_words=False)
    beside = len(term) <= column
    page.write(f"  {term:<{column}}  {lines[0]}\n" if beside else f"  {term}\n")
    for line in lines[beside:]:
        page.write(f"{margin}{line}\n")
