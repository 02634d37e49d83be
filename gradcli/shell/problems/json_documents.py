"""Standard input as it arrives → the texts of problems: a line each, or the lines of one JSON object.

A JSON object is held only while the next line can still continue it. At the first that cannot, each line that was held
becomes an error of its own, and reading goes on there: an open bracket of one never costs another an answer.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from gradcli.language.errors import GradcliError, SyntaxProblem
from gradcli.language.limits import limit, limit_problem
from gradcli.shell.problems.json_numbers import json_value
from gradcli.shell.process import stream_resumption

#: Lines that one JSON problem may spread over.
MOST_LINES = 10_000

#: Bytes read at a time.
CHUNK = 2**16

EXAMPLE = '{"expression": "x**2", "at": {"x": 5}}'

_NO_PROBLEM = "this is not a JSON problem"

_TOKEN = re.compile(
    r"""[ \t\r\n]*+(?:
      (?P<text>"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+")
    | (?P<value>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?(?![\w.])|(?:true|false|null|NaN|-?Infinity)\b)
    | (?P<sign>[\[\]{},:])
    | (?P<end>\Z)
    )""",
    re.VERBOSE,
)


class Document(NamedTuple):
    """The text of one problem. data: the object that it spells, if it does. error: why it is none.

    line: the number of its last line on standard input, 0 where a process before this one has read some.
    """

    text: str
    data: Mapping[str, Any] | None = None
    error: GradcliError | None = None
    line: int = 0


def arriving(stream: Any) -> Iterator[str | GradcliError]:
    """The lines of *stream* as they come; answers so far are on their way before more is waited for.

    What is no UTF-8 arrives as lone surrogates, which are an error of their own line alone. Of a line that is too
    long no more is kept than shows that; the error stands in its place.
    """
    source = getattr(stream, "buffer", None)
    if source is None:
        yield from stream
        return
    most, size = limit("input"), 0
    pieces: list[bytes] = []  # of the line that has not ended
    while chunk := stream_resumption.chunk(source, CHUNK, pieces if size <= most else None):
        *lines, last = chunk.split(b"\n")
        if lines:
            if size > most:
                del lines[0]
            else:
                lines[0] = b"".join((*pieces, lines[0]))
            pieces, size = [], 0
        for line in lines:
            yield line.decode("utf-8", "surrogateescape") + "\n"
        size += len(last)
        if size <= most:
            pieces.append(last)
        elif pieces or size == len(last):
            pieces = []
            yield limit_problem("input", f"a line of standard input has more than {most:,.0f} bytes")
        sys.stdout.flush()
    if rest := b"".join(pieces):
        yield rest.decode("utf-8", "surrogateescape")


def documents(lines: Iterable[str | GradcliError]) -> Iterator[Document]:
    """Each expression or JSON object on *lines*; what can be neither is its error, one for each line."""
    held, number = _Held(), 0
    counted = stream_resumption.note() == stream_resumption.Note()
    for line in _watched(lines, held):
        number += counted
        if isinstance(line, GradcliError):
            yield from held.broken()
            yield Document("", error=line, line=number)
            continue
        bare = line.strip().removeprefix("\ufeff").lstrip()
        data = object_of(bare) if bare.startswith("{") and bare.endswith("}") else None
        if held.lines:
            begins = data is not None and "expression" in data
            if not begins and held.takes(line):
                yield from held.whole()
                continue
            yield from held.broken()
        if data is not None or not bare.startswith("{"):
            if bare and not bare.startswith("#"):  # nothing, or a comment
                yield Document(bare, data, line=number)
        elif not held.takes(bare + "\n") or not held.open:
            held.lines.clear()
            yield Document(bare, line=number)
    yield from held.broken()


def _watched(lines: Iterable[str | GradcliError], held: _Held) -> Iterator[str | GradcliError]:
    """The lines; before each it is told whether those before wait for more."""
    for line in lines:
        yield line
        stream_resumption.hold(bool(held.lines))


class _Held:
    """The lines of a JSON object that has not ended yet. open: its brackets. wanted: what must come next."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.size, self.wanted = 0, "value"
        self.open: list[str] = []

    def takes(self, line: str) -> bool:
        """Whether *line* can continue what is held; it is held then."""
        if not self.lines:
            self.size, self.open, self.wanted = 0, [], "value"
        self.size += len(line)
        if len(self.lines) >= MOST_LINES or self.size > limit("input") or not self._continued(line):
            return False
        self.lines.append(line)
        return True

    def whole(self) -> Iterator[Document]:
        """What is held, where it has ended."""
        if not self.open:
            text = "".join(self.lines)
            self.lines = []
            yield Document(text, object_of(text))

    def broken(self) -> Iterator[Document]:
        """An error for each line that is held; none is held any more."""
        lines, self.lines = self.lines, []
        for line in lines:
            if bare := line.strip():
                yield Document(bare, error=_breaks_off(bare, alone=len(lines) == 1))

    def _continued(self, line: str) -> bool:
        """Read on by the grammar of JSON: every line ends between two tokens, for no string may hold a line's end."""
        place = 0
        while match := _TOKEN.match(line, place):
            place = match.end()
            if match.lastgroup == "end":
                return True
            if not self._step(str(match.lastgroup), match.group().lstrip()):
                return False
        return False

    def _step(self, kind: str, piece: str) -> bool:
        wanted, inside = self.wanted, self.open[-1] if self.open else ""
        if piece == {"{": "}", "[": "]"}.get(inside) and wanted in ("comma", "first key", "first value"):
            self.open.pop()
            self.wanted = "comma" if self.open else "nothing"
            return True
        if piece in (":", ","):
            self.wanted = "value" if piece == ":" or inside == "[" else "key"
            return wanted == ("colon" if piece == ":" else "comma")
        if wanted in ("first key", "key"):
            self.wanted = "colon"
            return kind == "text"
        if wanted not in ("value", "first value") or piece in ("}", "]"):
            return False
        self.wanted = "comma"
        if kind == "sign":
            self.open.append(piece)
            self.wanted = "first key" if piece == "{" else "first value"
        return True


def _breaks_off(line: str, *, alone: bool) -> SyntaxProblem:
    if alone:
        return SyntaxProblem(_NO_PROBLEM, text=line, span=(len(line), len(line) + 1), hint=EXAMPLE)
    message = "this belongs to a JSON problem that breaks off"
    return SyntaxProblem(message, text=line, span=(0, len(line)), hint=EXAMPLE)


def object_of(text: str) -> Mapping[str, Any] | None:
    """The JSON object that *text* spells; None for anything else."""
    try:
        data = json_value(text)
    except (ValueError, RecursionError, MemoryError):
        return None
    return data if isinstance(data, dict) else None


def record_of(text: str) -> Mapping[str, Any]:
    """The JSON object that *text* spells. Raises SyntaxProblem for anything else."""
    try:
        data = json_value(text)
    except (ValueError, RecursionError) as error:
        place = min(getattr(error, "pos", 0), len(text.rstrip()))  # not in the empty line after it
        raise SyntaxProblem(_NO_PROBLEM, text=text, span=(place, place + 1), hint=EXAMPLE) from error
    if not isinstance(data, Mapping):
        raise SyntaxProblem("this is JSON, but not an object", text=text, span=(0, 1), hint=EXAMPLE)
    return data
