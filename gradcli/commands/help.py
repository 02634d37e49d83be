"""`gradcli help`: the reference, page by page, and the help of each command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

import gradcli
from gradcli.language.errors import NameProblem, UsageProblem
from gradcli.output.text.document import Document, Line, line
from gradcli.shell.help.documented_command import Documented
from gradcli.shell.options.common_options import output_options
from gradcli.shell.process.guide_topics import TOPICS
from gradcli.shell.writers.answer_writer import OutputOptions, Report, write_answer

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


_CALLED = {
    "language": "syntax grammar formula formulas expression expressions operators definitions notation",
    "fitting": "fits regression least-squares curve-fit nls curve_fit",
    "values": "point points variables uncertainty uncertainties",
    "formats": "format json csv output latex keys",
    "statuses": "exit errors error hints codes",
    "memory": "sessions history storage database undo",
    "descents": "descent learning rate schedules schedule bounds training",
    "rules": "rule updates",
    "corners": "kinks subgradient subgradients",
    "digits": "precision accuracy rounding",
    "verdicts": "verdict outcomes minimum saddle",
    "proofs": "proof certificate certificates boxes",
    "limits": "timeout size sizes memory-limit",
    "pictures": "picture plots drawing graphs",
    "scripting": "scripts shell pipes pipe streams stdin bash",
    "neighbours": "sympy maxima giac qalc neighbors",
    "changes": "changelog news release",
}

#: What people call a topic -> the topic.
TOPICS_ELSEWHERE = {word: topic for topic, words in _CALLED.items() for word in words.split()}


def _completed(context: click.Context, param: click.Parameter, start: str) -> list[CompletionItem]:
    """The topics, and the commands, that begin like what was typed."""
    from click.shell_completion import CompletionItem

    known = {**TOPICS, **dict.fromkeys(_commands(context).list_commands(context), "")}
    return [CompletionItem(name, help=text) for name, text in known.items() if name.startswith(start)]


@click.command("help", cls=Documented, examples=(("gradcli help corners", "the page on corners"),))
@click.argument("topic", metavar="[TOPIC|COMMAND]", nargs=-1, shell_complete=_completed)
@output_options(("text", "json", "jsonl", "csv", "tsv"))
@click.pass_context
def help(
    context: click.Context,
    topic: tuple[str, ...],
    format_: str,
    get: str | None,
    digits: int | None,
    color: str,
) -> None:
    """The reference: the list of its pages, one of them, or the help of a command.

    On a terminal a page is laid out; elsewhere it is Markdown.
    """
    manner = OutputOptions(format_, get, digits or 10, color)
    if not topic and format_ == "jsonl" and get is None:
        for row in _rows():
            write_answer(Report(row.copy, list, list), manner)
        return
    if not topic:
        write_answer(Report(lambda: {"topics": _rows()}, _rows, _listed), manner)
        return
    name, *more = topic
    if name in _commands(context).list_commands(context):
        _help_of_a_command(context, topic, manner)
    if name not in TOPICS or more:
        raise _unknown(context, " ".join(topic))
    text = page(name)
    record = {"name": name, "is": TOPICS[name], "page": text}
    bare = None if sys.stdout.isatty() or color == "always" else lambda: text
    write_answer(Report(lambda: record, lambda: [record], lambda: _laid_out(text), text=bare), manner)


def page(topic: str) -> str:
    """The Markdown of a page of TOPICS."""
    return (Path(gradcli.__file__).parent / "guide" / f"{topic}.md").read_text(encoding="utf-8")


def _laid_out(text: str) -> Document:
    from gradcli.output.results.manual_document import manual

    return manual(text)


def _rows() -> list[dict[str, Any]]:
    return [{"name": name, "is": summary} for name, summary in TOPICS.items()]


def _listed() -> Document:
    """A line for each topic, and how a page is asked for."""
    width = max(map(len, TOPICS)) + 2
    rows = [
        Line((("name", name), ("text", " " * (width - len(name)) + summary)), hanging=width)
        for name, summary in TOPICS.items()
    ]
    return [
        *rows,
        line(""),
        line("gradcli help TOPIC shows a page, gradcli help COMMAND the help of a command."),
    ]


def _commands(context: click.Context) -> click.Group:
    """The group that this command belongs to, with all the others."""
    return cast("click.Group", context.find_root().command)


def _help_of_a_command(context: click.Context, words: tuple[str, ...], manner: OutputOptions) -> None:
    """What `gradcli WORDS --help` does. Raises Exit; UsageProblem where another form of it is asked for."""
    if manner != OutputOptions():
        spelled = " ".join(words)
        raise UsageProblem(
            f"the help of {words[0]} is text alone", hint=f"gradcli {spelled} --help, without other options"
        )
    name, *rest = words
    command: Any = _commands(context).get_command(context, name)
    with command.make_context(name, [*rest, "--help"], parent=context.find_root()) as inner:
        command.invoke(inner)
    raise click.exceptions.Exit(0)


def _unknown(context: click.Context, word: str) -> NameProblem:
    """The error for what is neither a topic nor a command: it names the nearest, or the pages that speak of it."""
    from gradcli.language.names import nearest

    if word.casefold() in TOPICS_ELSEWHERE:
        return NameProblem(
            f"{word} is not a topic", hint=f"did you mean gradcli help {TOPICS_ELSEWHERE[word.casefold()]}?"
        )
    if (shown := _shown_elsewhere(word)) is not None:
        return NameProblem(f"{word} is not a topic", hint=shown)
    found, pages = nearest(word, TOPICS) or nearest(word.partition(" ")[0], TOPICS), _speaking_of(word)
    if found is None and not pages:
        found = nearest(word, _commands(context).list_commands(context))
    hint = f"topics are {', '.join(TOPICS)}"
    if found:
        hint = f"did you mean gradcli help {found}?"
    elif pages:
        hint = f"it is spoken of in gradcli help {', '.join(pages)}"
    return NameProblem(f"{word} is not a topic", hint=hint)


def _shown_elsewhere(word: str) -> str | None:
    """The command that shows an optimizer, a function or a constant of that name; None for another word."""
    from gradcli.descent.minimization.plan import ALSO_CALLED, METHODS
    from gradcli.descent.rules.optimizer_table import HYPERPARAMETERS, OPTIMIZERS
    from gradcli.language.function_table import CONSTANTS, SPELLINGS
    from gradcli.shell.options.optimizer_options import flag

    plain = word.casefold()
    if any(name in table for table in (OPTIMIZERS, METHODS, ALSO_CALLED) for name in (word, plain)):
        return f"gradcli optimizers {plain}"
    if any(name in table for table in (SPELLINGS, CONSTANTS) for name in (word, plain)):
        return f"gradcli functions {word if word in SPELLINGS else plain}"
    setting = plain.lstrip("-").replace("-", "_")
    if setting in HYPERPARAMETERS:
        owner = next(
            name
            for name, row in OPTIMIZERS.items()
            if any(setting in rule.defaults for rule in row.rules.values())
        )
        return f"{flag(setting)} is a setting of optimizers: gradcli optimizers {owner}"
    return None


def _speaking_of(word: str) -> list[str]:
    """The three pages in which a word or option stands most often."""
    import re

    whole = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])", re.IGNORECASE)
    counts = {topic: len(whole.findall(page(topic))) for topic in TOPICS}
    return sorted((topic for topic in TOPICS if counts[topic]), key=counts.__getitem__, reverse=True)[:3]
