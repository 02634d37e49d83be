"""Results → stdout, notes → stderr: the one place where commands speak."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from gradcli.language.records import NamedTuple
from gradcli.output.painters.plain_text import plain
from gradcli.output.text.document import Document, line
from gradcli.output.text.grouped_rows import grouped_document, grouped_record
from gradcli.shell.process.standard_streams import deliver

if TYPE_CHECKING:
    from typing import Protocol

    from gradcli.output.painters.csv_text import Cells
    from gradcli.shell.writers.answer_files import AnswerFiles

    class Headers(Protocol):
        """Who knows which header of a table was written last."""

        def is_new(self, header: str) -> bool:
            """Whether the header is another than that of the rows before."""


Record = Mapping[str, Any]
Row = Mapping[str, object]


#: Where a command finds whether --spreadsheet was given.
SPREADSHEET = "gradcli.spreadsheet"

#: What --get stands for without a value: all paths of the answer.
ALL = "*"

#: Where a command finds the files of --out.
FILES = "gradcli.files"

#: Rows of a table on a terminal; scripts always get all of them.
MOST_ROWS = 40


class Told:
    """What a stream of answers has told so far: the header of its table, which stands there once."""

    def __init__(self) -> None:
        self.header: str | None = None

    def is_new(self, header: str) -> bool:
        """Whether the header is another than that of the rows before."""
        before, self.header = self.header, header
        return header != before


class OutputOptions(NamedTuple):
    """How a command was asked to speak: format, path to get, significant digits, colour; told: for one of a stream."""

    format: str = "text"
    get: str | None = None
    digits: int = 10
    color: str = "auto"
    told: Headers | None = None


class Report(NamedTuple):
    """One answer in all of its forms, each made when it is asked for.

    record: for JSON and --get. rows: for CSV and TSV. document: for text. latex, markdown: for those that have them.
    text: in the place of a document, for what is text already.
    """

    record: Callable[[], Record]
    rows: Callable[[], Iterable[Row]]
    document: Callable[[], Document]
    latex: Callable[[], str] | None = None
    markdown: Callable[[], str] | None = None
    text: Callable[[], str] | None = None


def most_rows() -> int | None:
    """How many rows a table may have where it goes; None for any number."""
    return MOST_ROWS if sys.stdout.isatty() else None


def check_path(record: Callable[[], Record], manner: OutputOptions) -> None:
    """Raises UsageProblem where the --get of *manner* leads nowhere: before anything is remembered."""
    if manner.get not in (None, ALL):
        from gradcli.output.painters.get_path import picked_value

        picked_value(grouped_record(record()), manner.get)


def shows_formulas(manner: OutputOptions) -> bool:
    """Whether formulas are part of what will be written: of everything but one value that is another."""
    return manner.get in (None, ALL) or "formula" in str(manner.get)


def write_answer(report: Report, manner: OutputOptions) -> None:
    """Write *report* in the manner asked for, and to where it was asked for.

    Where nobody reads it any more the command goes on to its exit status; a stream ends.
    """
    for here, write in destinations(manner):
        write_to(report, here, write)


#: What takes a piece of text; None for stdout.
Write = Callable[[str], object] | None


def files_of_command() -> AnswerFiles | None:
    """The files of the command that is running; None where it names none."""
    context = click.get_current_context(silent=True)
    found: AnswerFiles | None = context.meta.get(FILES) if context else None
    return found


def destinations(manner: OutputOptions) -> Iterator[tuple[OutputOptions, Write]]:
    """Where an answer goes, each in its manner: the files of --out, and stdout unless they take its place."""
    files = files_of_command()
    for file in files.texts if files else ():
        yield manner._replace(format=file.format, told=file), file.write
    if files is None or files.stdout_format is None:
        if files is None or files.stdout:
            yield manner, None
    else:
        yield manner._replace(format=files.stdout_format), None


def write_to(report: Report, manner: OutputOptions, write: Write) -> None:
    """Write *report* to one of its destinations."""
    try:
        for text in rendered(report, manner, alone=write is not None):
            (write or sys.stdout.write)(text)
    except BrokenPipeError:
        if write is not None or manner.told is not None:
            raise
        deliver()


def rendered(report: Report, manner: OutputOptions, *, alone: bool = False) -> Iterable[str]:
    """The pieces of text that `write_answer` writes. alone: for a file, whatever stdout is."""
    if manner.get == ALL:
        from gradcli.output.painters.get_path import leaves

        yield from (f"{path}\n" for path in leaves(grouped_record(report.record())))
    elif manner.get is not None:
        from gradcli.output.painters.get_path import picked_text, picked_value

        yield picked_text(picked_value(grouped_record(report.record()), manner.get), manner.get) + "\n"
    elif manner.format in ("json", "jsonl"):
        from gradcli.output.painters.json_text import json_text

        pretty = manner.format == "json" and sys.stdout.isatty() and not alone
        yield json_text(grouped_record(report.record()), indent=2 if pretty else None) + "\n"
    elif manner.format in ("csv", "tsv"):
        from gradcli.output.painters.csv_text import separated

        lines = iter(separated(report.rows(), "," if manner.format == "csv" else "\t", cells_of_tables()))
        for header in lines:
            if manner.told is None or manner.told.is_new(header):
                yield header
            break
        yield from lines
    elif manner.format == "latex":
        yield (report.latex() if report.latex else "") + "\n"
    elif manner.format == "markdown":
        yield report.markdown() if report.markdown else ""
    elif report.text is not None:
        yield report.text()
    elif alone:
        yield plain([part for part in grouped_document(report.document()) if not _is_heading(part)])
    else:
        yield render(grouped_document(report.document()), manner.color)


def cells_of_tables() -> Cells:
    """How the cells of CSV and TSV are written: for whom the command that is running writes them, and where to."""
    from gradcli.output.painters.csv_text import Cells

    context = click.get_current_context(silent=True)
    return Cells(bool(context and context.meta.get(SPREADSHEET)), sys.stdout.isatty())


def render(document: Document, color: str = "auto", stream: Any = None) -> str:
    """*document* for a stream: a table on a terminal, plain lines elsewhere, where headings are left out."""
    stream = stream or sys.stdout
    if stream.isatty() or color == "always":
        from gradcli.output.painters.rich_text import terminal
        from gradcli.shell.process.terminal_size import screen_width

        return terminal(document, screen_width(), colored(color, stream))
    return plain([part for part in document if not _is_heading(part)])


def colored(color: str, stream: Any) -> bool:
    """Whether to colour: --color, else NO_COLOR, else whether the stream is a terminal that can."""
    if color != "auto":
        return color == "always"
    dumb = os.environ.get("TERM") == "dumb"
    return bool(stream.isatty()) and not os.environ.get("NO_COLOR") and not dumb


def _is_heading(part: Any) -> bool:
    words: Sequence[Any] = getattr(part, "words", ())
    return bool(words) and words[0][0] == "heading"


def write_notes(messages: Sequence[str], color: str = "auto") -> None:
    """Write notes to stderr, one line each."""
    for message in messages:
        deliver()
        sys.stderr.write(render([line(("note", "note:"), f" {message}")], color, sys.stderr))
