"""What a command line says about files of data → the columns that the texts of a problem name.

A header does not change what a text means: constants, functions that are called and definitions win over columns.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from gradcli.data.columns.column_block import Block
from gradcli.data.columns.header_names import places
from gradcli.data.readers.column_reading import blocks, expected_rows, header
from gradcli.data.readers.data_files import matching_files
from gradcli.data.readers.read_options import ReadOptions
from gradcli.language.column_names import column_of
from gradcli.language.errors import LimitProblem, NameProblem, SyntaxProblem, UsageProblem, ValueProblem
from gradcli.language.function_table import CONSTANTS, SPELLINGS
from gradcli.language.limits import for_strangers
from gradcli.language.names import is_name, nearest
from gradcli.language.parser.indexed_calls import INDEXED, REDUCING
from gradcli.language.text_pieces import is_divided, pieces
from gradcli.language.tokens import tokens
from gradcli.shell.files.row_conditions import RowCondition, about_numbers, selected
from gradcli.shell.process.progress import Progress
from gradcli.shell.writers.shell_words import shell_word

#: Columns that a message lists at most.
_LISTED = 8

_FUNCTIONS = frozenset((*SPELLINGS, *REDUCING, *INDEXED, "diff"))


class DataRequest(NamedTuple):
    """Files as they were typed, names and patterns; headers by the names that --column gives them; how to read; which rows.

    Of answers for each row: bad_rows: what becomes of one without a value, None where it is not said. prefix: before the names
    of the columns that are added; replaces: whether these take the place of those that are there.
    """

    files: tuple[str, ...]
    bound: Mapping[str, str]
    options: ReadOptions
    bad_rows: str | None = None
    prefix: str = ""
    replaces: bool = False
    where: tuple[str, ...] = ()

    @property
    def by_row(self) -> str | None:
        """The first option that is about answers for each row, None for none."""
        said = {"--bad-rows": self.bad_rows, "--prefix": self.prefix, "--replace": self.replaces}
        return next((option for option, value in said.items() if value), None)


class NamedColumns(NamedTuple):
    """Columns of files by the names that a problem's texts have for them.

    headers: the name in the text -> that in the file. known: all names of columns that a text may have. remarks:
    sentences about columns that give way to what the text means without them. condition: of the rows that count.
    """

    files: tuple[str, ...]
    options: ReadOptions
    headers: Mapping[str, str]
    known: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    condition: RowCondition | None = None

    @property
    def place(self) -> str:
        """What messages call the files."""
        return self.files[0] if len(self.files) == 1 else f"{self.files[0]} and {len(self.files) - 1} more"

    @property
    def header(self) -> Sequence[str]:
        """All names of columns as they stand in the first file. Raises what the readers raise."""
        return header(self.files[0], self.options)

    @property
    def rows(self) -> int:
        """About how many rows the files have; 0 where that is not known. Raises what the readers raise."""
        return expected_rows(self.files, self.options)

    def only(self, names: Collection[str]) -> NamedColumns:
        """Those among *names*. Raises UsageProblem for none."""
        headers = {name: found for name, found in self.headers.items() if name in names}
        if not headers:
            raise UsageProblem(f"the expression names no column of {self.place}", hint=_listing(self.known))
        return self._replace(headers=headers)

    def blocks(self, *, carries: bool = False) -> Iterator[Block]:
        """The columns in blocks of rows; *carries* says whether with all cells of these. Raises what the readers raise.

        A terminal sees how far it is.
        """
        own, options = tuple(self.headers.values()), self.options._replace(carries=carries)
        beside = () if self.condition is None else tuple(self.condition.headers.values())
        progress = Progress()
        try:
            for block in blocks(self.files, (*own, *beside), options, progress):
                yield block if self.condition is None else selected(block, self.condition, len(own))
        except ValueProblem as problem:
            raise problem if self.condition is None else about_numbers(problem, self.condition) from None
        finally:
            progress.end()


class _Words(NamedTuple):
    """The names in texts: all, those that are called, and those that are defined."""

    all: frozenset[str]
    called: frozenset[str]
    defined: frozenset[str]


def check_allowed() -> None:
    """Raises LimitProblem where files of data are turned off."""
    if for_strangers():
        raise LimitProblem(
            "--data: --limit service turns files of data off", hint="values stand in the request"
        )


def named_columns(request: DataRequest, texts: Sequence[str], given: Collection[str]) -> NamedColumns:
    """The columns that *texts* name. given: the names that have values.

    Raises LimitProblem where files are turned off, what the readers raise, NameProblem for a --column that is not there,
    SyntaxProblem for an empty text, UsageProblem where no column is named, ValueProblem for a value whose name is a column's.
    """
    check_allowed()
    if not any(text.strip() for text in texts):
        raise SyntaxProblem("the expression is empty")
    files = matching_files(request.files)
    own = header(files[0], request.options)
    places(own, tuple(request.bound.values()), files[0])
    renamed = set(request.bound.values())
    free = {name: name for name in own if name and is_name(name) and name not in renamed}
    known, words = {**free, **request.bound}, _words(texts)
    for name in request.bound:
        if name not in words.all:
            raise NameProblem(f"--column {name}: it is not in the expression", hint=_listing(own))
    _check_given(known, words, given, files[0])
    remarks = [_remark(name, words) for name in sorted(words.all & free.keys())]
    won = {name for name in words.all & free.keys() if _remark(name, words)}
    headers = {name: known[name] for name in known if name in words.all and name not in won}
    if not headers:
        raise UsageProblem(
            f"the expression names no column of {files[0]}",
            hint=_none_named(words, free, own, given, remarks),
        )
    for file in files[1:]:  # before anything of the first is written
        places(header(file, request.options), tuple(headers.values()), file)
    whole = {**{name: name for name in own if name and is_name(name)}, **request.bound}
    text = " and ".join(f"({one})" if len(request.where) > 1 else one for one in request.where)
    condition = RowCondition(text, whole, files[0]) if text else None
    said = tuple(one for one in remarks if one)
    return NamedColumns(files, request.options, headers, tuple(known), said, condition)


def _words(texts: Sequence[str]) -> _Words:
    every, called, defined = set[str](), set[str](), set[str]()
    for text in texts:
        found = list(tokens(text, rows=True))
        every |= {token.text for token in found if token.kind == "name"}
        called |= {one.text for one, two in pairwise(found) if one.kind == "name" and two.text == "("}
        if is_divided(text, found):
            defined |= {piece.defined for piece in pieces(text, found) if piece.name is not None}
    return _Words(frozenset(every), frozenset(called), frozenset(defined))


def _remark(name: str, words: _Words) -> str:
    """What is said of a column that gives way; nothing of any other."""
    if name in words.defined:
        return f"{name} is what the text defines, and not the column {name}"
    if name in words.called and name in _FUNCTIONS:
        return f"{name} is the function, and not the column {name}: --column c={name} calls the column c"
    if name in CONSTANTS:
        return f"{name} is the constant, and not the column {name}: --column {name}={name} means the column"
    return ""


def _check_given(known: Mapping[str, str], words: _Words, given: Collection[str], file: str) -> None:
    """Raises ValueProblem for a value that a column has already."""
    for name in dict.fromkeys(map(column_of, given)):
        if name in known and name in words.all:
            raise ValueProblem(
                f"{name} is a column of {file}, and is also given a value",
                hint=f"leave out the value (without EXPR it is the session's), or call the column otherwise: --column c={name}",
            ).about(name)


def _none_named(
    words: _Words, free: Mapping[str, str], own: Sequence[str], given: Collection[str], remarks: Sequence[str]
) -> str:
    for name in sorted(words.all - words.called):
        if (odd := odd_column(name, own)) is not None:
            return _calling(name, odd)
    for name in sorted(words.all - words.called - set(given)):
        close = nearest(name, free) if name not in free else None
        if close is not None:
            return f"did you mean {close}?"
    return next((one for one in remarks if one), _listing(own))


def odd_column(name: str, own: Iterable[str]) -> str | None:
    """The header that is *name* with something behind it that no name has: `Time (s)` for Time; None where none is."""
    word = re.compile(rf"{re.escape(name)}(?!\w)", re.IGNORECASE)
    return next((one for one in own if not is_name(one) and word.match(one)), None) if len(name) > 1 else None


def _calling(name: str, header: str) -> str:
    return f"--column {name}={shell_word(header)} calls a column {name}"


def _listing(own: Sequence[str]) -> str:
    """What columns there are, or what the header of a file seems to be instead."""
    if own and all(re.fullmatch(r"[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?", one) for one in own):
        return (
            "its first row holds numbers: a file without a header needs names for its columns, --columns x,y"
        )
    if len(own) == 1 and own[0].startswith("#"):
        return f"its first line is {own[0][:40]}: a file of data begins with the names of its columns"
    if len(own) == 1 and len(own[0].split()) > 1:
        return f'its one column is called "{own[0]}": --delimiter " " for cells with blanks between them'
    more = f" and {len(own) - _LISTED} more" if len(own) > _LISTED else ""
    return f"its columns are {', '.join(one or '(no name)' for one in own[:_LISTED])}{more}"


def check_known(variables: Sequence[str], columns: NamedColumns, given: Collection[str]) -> None:
    """Raises NameProblem for a name of the text that is neither a column nor has a value."""
    for name in variables:
        if name in columns.headers or name in given:
            continue
        close = nearest(
            name, [one for one in (*columns.known, *given) if one not in variables or one == name]
        )
        own = columns.header
        odd = next((one for one in own if one and not is_name(one)), None)
        hint = f"did you mean {close}?" if close else f"{_listing(columns.known)}; --{name} 1 is a value"
        if close is None and odd is not None:
            hint = f"{_calling(name, odd_column(name, own) or odd)}; --{name} 1 is a value"
        raise NameProblem(f"{name} is neither a column of {columns.place} nor has a value", hint=hint)
