"""`--by` a column of words: its cells are read as text, and each word stands for a number."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from gradcli.data.columns.column_block import Block
from gradcli.language.errors import ValueProblem
from gradcli.language.tree import natural
from gradcli.shell.files.file_columns import DataRequest, NamedColumns
from gradcli.shell.files.file_rows import FileRows, held_rows

#: Characters of a word, at most.
LONGEST = 100


class _Labelled(NamedColumns):
    """Columns of numbers, and the cells of one more that are noted while they are read."""

    group: str
    labels: list[str]

    def blocks(self, *, carries: bool = False) -> Iterator[Block]:
        """The rows that count. Raises ValueProblem for a cell that is no word."""
        for block in super().blocks(carries=True):
            if block.carried is not None:
                place = block.carried.names.index(self.group)
                cells = zip(block.numbers, block.carried.cells(), strict=True)
                self.labels += [self._word(block.file, number, row[place]) for number, row in cells]
            yield block if carries else block._replace(carried=None)

    def _word(self, file: str, number: int, cell: str) -> str:
        word = cell.strip()
        if word and word.isprintable() and len(word) <= LONGEST:
            return word
        message = f"a group is called by 1 to {LONGEST} printable characters"
        raise ValueProblem(f"{file}, row {number}, column {self.group}: {message}")


def labelled_rows(columns: NamedColumns, by: str, request: DataRequest) -> tuple[FileRows, tuple[str, ...]]:
    """The columns, that of the groups as numbers from 1 on, and the word that each of these stands for, in their order.

    Raises what the readers raise, and ValueProblem for a cell that is no word.
    """
    rest = columns.only(set(columns.headers) - {by})
    own = _Labelled(*rest)
    own.group, own.labels = columns.headers[by], []
    files = held_rows(None, own, request)
    words = sorted(set(own.labels), key=natural)
    numbers = {word: float(number) for number, word in enumerate(words, 1)}
    codes = array("d", [numbers[label] for label in own.labels])
    whole = {name: codes if name == by else files.columns[name] for name in columns.headers}
    return files._replace(columns=whole), tuple(words)
