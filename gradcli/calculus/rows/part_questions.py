"""What is asked of a part of the rows: a level's program and the numbers it is made of, as data; and the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from gradcli.calculus.program.program import Program, from_data, to_data
from gradcli.calculus.program.typed_numbers import TypedFloat, text_of
from gradcli.calculus.rows.array_blocks import array_blocks
from gradcli.calculus.rows.careful_rows import CarefulRows, Corners
from gradcli.calculus.rows.extreme_rows import nearest_rows
from gradcli.calculus.rows.float_blocks import float_blocks
from gradcli.calculus.rows.level_parts import (
    LevelPart,
    RowsInDoubt,
    WholeLevel,
    doubt_of,
    merged,
    merged_totals,
    near_rows,
    part_from_data,
)  # fmt: skip
from gradcli.calculus.rows.level_result import (
    Blocks,
    LevelResult,
    SidedSums,
    Total,
    gathered,
    plain_sums,
    sums_and_sizes,
)
from gradcli.calculus.rows.numbers_in_blocks import Decimals
from gradcli.calculus.rows.row_data import Binding, Held, Manner, Numbers, Varying
from gradcli.calculus.rows.row_program import LevelProgram
from gradcli.calculus.summation.partial_sum import PartialSum
from gradcli.language.rows.row_levels import KINDS, ROWS

#: Asked for in the place of a level: the sums of all outputs of a program and of their sizes, or without these.
SIZES, SUMS = "sizes", "sums"

_NO_DOUBT = RowsInDoubt(0, 0, 0, (), {})


class Question(NamedTuple):
    """A level that is asked for over the rows of a part. manner.rows: of all parts together.

    held: the numbers that all rows share, by the names that the program has for them. kind: of the level, or SIZES or SUMS.
    """

    program: Program
    name: str
    kind: str
    held: Mapping[str, Held]
    manner: Manner
    corner: str = "none"
    bounds: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns in the program."""
        return tuple(name for name in self.program.variables if name != ROWS and name not in self.held)


def asked(
    program: Program, name: str, kind: str, held: Mapping[str, Held], manner: Manner, corner: str = "none", *,
    bounds: bool = False,
) -> Question:  # fmt: skip
    """The question, with those of the held numbers that the program has."""
    own = {one: held[one] for one in program.variables if one in held}
    return Question(program, name, kind, own, manner, corner, bounds)


def answered(question: Question, columns: Mapping[str, Numbers], where: Callable[[int], str]) -> LevelPart:
    """The part of the level that the rows of *columns* add to it. where: what messages call a row.

    Raises ValueError for a column that is not there.
    """
    program, manner = question.program, question.manner
    bindings = [_binding(name, question, columns) for name in program.variables]
    count = min((len(one.numbers) for one in bindings if isinstance(one, Varying)), default=0)
    if not question.columns:
        count = len(next(iter(columns.values()), ()))
    if question.kind == SIZES:
        found = sums_and_sizes(program, bindings, count, arrays=manner.arrays)
        if found is None:
            return LevelPart((), {}, None, _NO_DOUBT._replace(lost=1))
        return LevelPart(tuple(total.gathered() for total in found), {}, None, _NO_DOUBT)
    if question.kind == SUMS:
        plain = plain_sums(program, bindings, count, arrays=manner.arrays)
        if plain is None:
            return LevelPart((), {}, None, _NO_DOUBT._replace(lost=1))
        return LevelPart(tuple((one, PartialSum()) for one in plain), {}, None, _NO_DOUBT)
    careful = CarefulRows(program, bindings, manner.text, question.name, question.corner, where)
    blocks: Blocks = array_blocks if manner.arrays else float_blocks
    if question.kind == "sum":
        whole = gathered(
            program, bindings, count, careful, blocks, arrays=manner.arrays, bounds=question.bounds
        )
        totals = tuple(total.gathered() for total in whole.totals)
        corners = {i: SidedSums.of(sided.values()) for i, sided in whole.sided.items() if sided}
        return LevelPart(totals, corners, None, doubt_of(careful))
    least = question.kind == "min"
    nearest = nearest_rows(program, bindings, count, careful, blocks, bounds=question.bounds, least=least)
    return LevelPart((), {}, near_rows(nearest, where), doubt_of(careful))


def _binding(name: str, question: Question, columns: Mapping[str, Numbers]) -> Binding:
    if name == ROWS:
        return Held(float(question.manner.rows))
    if name in question.held:
        return question.held[name]
    if name not in columns:
        raise ValueError(f"no column {name}")
    numbers = columns[name]
    return Varying(numbers, Decimals(numbers) if question.manner.decimals else None, name)


# --- as data ---------------------------------------------------------------------------------------------------


def question_to_data(question: Question) -> list[Any]:
    """A question as plain data for JSON."""
    held = {name: [one.value, one.error, text_of(one.given)] for name, one in question.held.items()}
    program, wanted = question.program, list[Any]()
    if question.kind in (SIZES, SUMS):  # whose outputs are more than slopes along its variables
        wanted = [slot for slot in program.gradient if slot is not None]
        program = program._replace(gradient=(None,) * len(program.variables))
    return [
        to_data(program), wanted, question.name, question.kind, held, list(question.manner), question.corner,
        question.bounds,
    ]  # fmt: skip


def question_from_data(data: Any) -> Question:
    """The question that `question_to_data` wrote. Raises ValueError for anything else: nothing in it is trusted."""
    try:
        program, wanted, name, kind, held, (text, rows, arrays, decimals), corner, bounds = data
        if kind not in (*KINDS, SIZES, SUMS):
            raise ValueError(kind)
        numbers = {str(one): _held(*found) for one, found in held.items()}
        manner = Manner(str(text), int(rows), bool(arrays), bool(decimals))
        return Question(
            _program(program, wanted, kind), str(name), kind, numbers, manner, str(corner), bool(bounds)
        )
    except (TypeError, AttributeError, LookupError) as error:
        raise ValueError("no question about rows") from error


def _program(data: Any, wanted: Any, kind: str) -> Program:
    program = from_data(data)
    if kind not in (SIZES, SUMS):
        return program
    slots = range(program.first + len(program.code))
    if not all(type(slot) is int and slot in slots for slot in wanted):
        raise ValueError("no question about rows")
    return program._replace(gradient=tuple(wanted))


def _held(value: Any, error: Any, text: Any) -> Held:
    given = None if text is None else TypedFloat(float(value), str(text))
    return Held(float(value), float(error), given=given)


class PartPasses:
    """Passes over rows whose parts are elsewhere. ask: gives the data of each part's answer, in the order of the rows."""

    def __init__(self, ask: Callable[[list[Any]], Iterable[Any]]) -> None:
        self._ask = ask

    def level(
        self, level: LevelProgram, held: Mapping[str, Held], manner: Manner, corner: str, *, bounds: bool
    ) -> tuple[LevelResult, Corners]:
        """The level of all rows, and its first corner. Raises DomainProblem, OverflowError and what asking raises."""
        question = asked(level.program, level.name, level.kind, held, manner, corner, bounds=bounds)
        bindings: list[Binding] = [
            Held(float(manner.rows))
            if name == ROWS
            else held[name]
            if name in held
            else Varying((), Decimals(()) if manner.decimals else None, name)
            for name in level.program.variables
        ]
        whole = WholeLevel(level.program, bindings, manner.text, level.name, level.kind, corner, bounds)
        return merged(whole, self._parts(question))

    def sums(
        self, program: Program, level: LevelProgram, held: Mapping[str, Held], manner: Manner
    ) -> list[Total] | None:
        """The sums of all outputs of *program* over the rows, with those of their sizes; None where a row has no value."""
        return merged_totals(self._parts(asked(program, level.name, SIZES, held, manner)))

    def plain(self, program: Program, held: Mapping[str, Held], manner: Manner) -> list[PartialSum] | None:
        """The sums of all outputs of *program* over the rows; None where a row has no value."""
        totals = merged_totals(self._parts(asked(program, "", SUMS, held, manner)))
        return None if totals is None else [total.gathered()[0] for total in totals]

    def _parts(self, question: Question) -> Iterator[LevelPart]:
        return map(part_from_data, self._ask(question_to_data(question)))
