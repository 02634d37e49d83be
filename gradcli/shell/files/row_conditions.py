"""`--where "x > 0"`: which rows count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.data.columns.column_block import Block
from gradcli.language.errors import DomainProblem, GradcliError, NameProblem, SyntaxProblem, ValueProblem
from gradcli.language.names import nearest

if TYPE_CHECKING:
    from gradcli.calculus.program.program import Program
    from gradcli.calculus.rows.row_data import Varying

#: What makes an expression of a condition.
_BEFORE, _AFTER = "where(", ", 1, 0)"


class RowCondition:
    """A comparison over columns; where floats do not decide it the decimals in the cells do.

    headers: of the columns that it names, by their names in it. asked: how many rows it was asked about.
    """

    def __init__(self, text: str, known: Mapping[str, str], place: str) -> None:
        """known: the headers of all columns, by name. place: what messages call the files.

        Raises SyntaxProblem for what is no comparison, NameProblem for a name that is no column.
        """
        self.text, self._program, self.asked = text, _program(text, known), 0
        for name in self._program.variables:
            if name not in known:
                close = nearest(name, known)
                hint = f"did you mean {close}?" if close else None
                raise NameProblem(f"--where {text}: {name} is no column of {place}", hint=hint)
        self.headers = {name: known[name] for name in self._program.variables}

    def chosen(self, block: Block, values: Sequence[Any]) -> list[int]:
        """The places of the rows that count. values: of the columns in `headers`.

        Raises DomainProblem for a row in which it is neither true nor false.
        """
        from gradcli.calculus.rows.array_blocks import array_blocks
        from gradcli.calculus.rows.float_blocks import float_blocks
        from gradcli.calculus.rows.numbers_in_blocks import Decimals
        from gradcli.calculus.rows.row_data import Varying
        from gradcli.language.rows.loadable_libraries import has_arrays

        many = len(block.numbers) * len(self._program.code) >= _MANY and has_arrays()
        blocks, places = array_blocks if many else float_blocks, list[int]()
        columns = [Varying(column, Decimals(column)) for column in values]
        self.asked += len(block.numbers)
        for part in blocks(self._program, columns, len(block.numbers), bounds=True):
            true = list(part.outputs[0])
            for place in part.failed:
                true[place] = self._decided(block, columns, part.start + place)
            places += [part.start + place for place, one in enumerate(true) if one]
        return places

    def _decided(self, block: Block, columns: Sequence[Varying], row: int) -> bool:
        from gradcli.calculus.balls.programs.ball_operations import Failure
        from gradcli.calculus.rows.row_in_balls import slots_in_balls

        found = slots_in_balls(self._program, columns, row)[self._program.value]
        if isinstance(found, Failure):
            raise DomainProblem(
                f"--where {self.text}: it is neither true nor false in row {block.numbers[row]} of {block.file}"
            )
        return bool(found != 0)


#: What is said of words in a condition, and in the columns that it compares.
_NUMBERS = "--where compares numbers; groups by the words of a column: gradcli fit … --by COLUMN"

#: Operations of all rows from which arrays are used.
_MANY = 50_000


def _program(text: str, known: Mapping[str, str]) -> Program:
    """The program of 1 where the condition holds, and 0 elsewhere."""
    from gradcli.calculus.graph.reverse_sweep import compile_value

    if not any(sign in text for sign in "<>=≤≥≠!"):
        raise SyntaxProblem(f"--where {text}: it is no comparison", hint='for example --where "x > 0"')
    try:
        return compile_value(f"{_BEFORE}{text}{_AFTER}", tuple(known))
    except GradcliError as error:
        error.text = text
        if error.span is not None:
            error.span = tuple(min(max(place - len(_BEFORE), 0), len(text)) for place in error.span)  # type: ignore[assignment]
        if '"' in text or "'" in text:
            error.hint = _NUMBERS
        raise


def about_numbers(problem: ValueProblem, condition: RowCondition) -> ValueProblem:
    """The problem of a cell; of one that the condition looks at, and that is a word, the hint says what conditions are."""
    columns = [f", column {header}: " for header in condition.headers.values()]
    if problem.message.endswith("is no number") and any(column in problem.message for column in columns):
        problem.hint = _NUMBERS
    return problem


def selected(block: Block, condition: RowCondition, wanted: int) -> Block:
    """The rows of a block that count: of its columns the first *wanted* are asked for, those of the condition stand behind."""
    places = condition.chosen(block, block.values[wanted:])
    own = block.values[:wanted]
    if len(places) == len(block.numbers):
        return block._replace(values=own)
    return block._replace(
        numbers=[block.numbers[place] for place in places],
        values=tuple(_taken(column, places) for column in own),
        carried=block.carried and block.carried.take(places),
    )


def _taken(column: Any, places: Sequence[int]) -> Any:
    from array import array

    if isinstance(column, array):
        return array("d", map(column.__getitem__, places))
    import numpy as np

    return column[np.asarray(places, dtype=np.int64)]
