"""Several expressions of one problem that share their definitions → one text and one tree."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple, TypeVar

from gradcli.language.column_names import columns_among
from gradcli.language.errors import GradcliError, SyntaxProblem
from gradcli.language.parser.defined_text import defined_expression
from gradcli.language.parser.reading import check_length, parse, reading
from gradcli.language.parser.row_columns import NONE, Columns
from gradcli.language.text_pieces import is_divided, pieces
from gradcli.language.tokens import Token, tokens
from gradcli.language.tree import Expression

T = TypeVar("T")


class _Part(NamedTuple):
    """Characters of the joined text: where they begin in it, how many, and where they stand in which of the texts."""

    start: int
    length: int
    text: str
    place: int


def shared_expression(texts: Sequence[str], given: Collection[str]) -> Expression:
    """The sum of *texts*, which all use the definitions of any. Raises what is wrong with one of them, in its own text."""
    columns = columns_among(given)
    held = Columns.of(columns) if columns else NONE

    def build(text: str, ends: Sequence[Sequence[Token]]) -> Expression:
        return defined_expression(text, ends, {*given, *columns}, reading(columns), parse, held)

    return shared(texts, columns, build)


def shared(
    texts: Sequence[str], columns: Collection[str], build: Callable[[str, Sequence[Sequence[Token]]], T]
) -> T:
    """What *build* makes of one text that holds the definitions of all *texts*, and of the tokens of each in it."""
    for text in texts:
        check_length(text)
    found = [_divided(text, rows=bool(columns)) for text in texts]
    layout = _Layout()
    moved: list[list[Token]] = [[] for _ in texts]
    for (text, runs), own in zip(found, moved, strict=True):
        for run in runs[:-1]:
            own += [*layout.put(text, run), Token("sign", ";", layout.length, layout.length + 1)]
            layout.write("; ")
    for number, ((text, runs), own) in enumerate(zip(found, moved, strict=True)):
        layout.write(" + (" if number else "(")
        own.extend(layout.put(text, runs[-1]))
        layout.write(")")
    ends = [[*own, Token("end", "", own[-1].end, own[-1].end)] for own in moved]
    try:
        return build(layout.text, ends)
    except GradcliError as error:
        raise layout.told(error) from None


def _divided(text: str, *, rows: bool) -> tuple[str, list[list[Token]]]:
    """The tokens of each piece of a text, the expression last. Raises SyntaxProblem for another order."""
    found = list(tokens(text, rows=rows))
    if len(found) == 1:
        raise SyntaxProblem("the expression is empty")
    if not is_divided(text, found):
        return text, [found[:-1]]
    parts = pieces(text, found)
    spans = [part.span for part in parts]
    named = [part.name is not None for part in parts]
    if False in named[:-1] or named[-1]:
        parse(text)  # which says what is wrong
    return text, [[token for token in found if start <= token.start < stop] for start, stop in spans]


class _Layout:
    """The joined text while it is written."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.parts: list[_Part] = []

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def write(self, text: str) -> None:
        """Add characters that stand in none of the texts."""
        self.pieces.append(text)
        self.length += len(text)

    def put(self, text: str, run: Sequence[Token]) -> Iterator[Token]:
        """Add the characters of *run*; its tokens where they stand now."""
        first, last = run[0].start, run[-1].end
        shift = self.length - first
        self.parts.append(_Part(self.length, last - first, text, first))
        self.write(text[first:last])
        return (Token(t.kind, t.text, t.start + shift, t.end + shift) for t in run)

    def told(self, error: GradcliError) -> GradcliError:
        """The error about the one of the texts in which it stands."""
        if error.span is not None and error.text == self.text:
            for part in self.parts:
                if part.start <= error.span[0] <= part.start + part.length:
                    shift = part.place - part.start
                    error.text, error.span = part.text, (error.span[0] + shift, error.span[1] + shift)
                    break
        return error
