"""What a worker does with a part of the files: read it, say what it has, and answer questions about its rows.

These functions are named by the tasks of an engine, and get texts in JSON, which they check. A part that is read is a plain
dictionary; whoever keeps it for the next question gives it again.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from gradcli.calculus.rows.level_parts import part_to_data
from gradcli.calculus.rows.part_questions import answered, question_from_data
from gradcli.data.columns.column_block import Block
from gradcli.data.engines.worker_versions import difference, versions
from gradcli.data.readers.column_reading import blocks, joined
from gradcli.language.errors import EngineProblem, GradcliError
from gradcli.language.limits import limit_problem, raise_limits
from gradcli.shell.engines.file_parts import PartOrder, order_from_data
from gradcli.shell.engines.problem_data import problem_to_data
from gradcli.shell.files.row_conditions import RowCondition, selected
from gradcli.shell.files.row_places import RowPlaces

#: Rows of a part that nobody keeps that are answered at a time.
TOGETHER = 2**20


def order_text(order: Mapping[str, Any], limits: Mapping[str, float]) -> str:
    """An order as a worker gets it. limits: those that --limit has set."""
    return json.dumps({**order, "versions": versions(), "limits": dict(limits)})


def checked_order(text: str) -> PartOrder:
    """The order in *text*. Raises EngineProblem where it comes from other versions, InputProblem where the file has changed."""
    data = json.loads(text)
    if (other := difference(data.get("versions"))) is not None:
        raise EngineProblem(f"a worker has other versions: seen from there, {other}")
    raise_limits({str(name): float(x) for name, x in data["limits"].items()})
    order = order_from_data(data)
    order.part.check()
    return order


def said(work: Callable[[], Any]) -> str:
    """What *work* finds, or the problem that it meets, as JSON."""
    problem: GradcliError
    try:
        return json.dumps({"found": work()})
    except GradcliError as error:
        problem = error
    except MemoryError:
        problem = limit_problem("memory", "a worker needs more memory than it has")
    return json.dumps({"problem": problem_to_data(problem)})


def blocks_of(order: PartOrder) -> Iterator[Block]:
    """The rows of a part that count, block by block. Raises what the readers raise."""
    own = tuple(order.headers.values())
    if order.condition is None:
        yield from blocks((order.part.path,), own, order.options)
        return
    condition = RowCondition(*order.condition, order.part.path)
    for block in blocks((order.part.path,), (*own, *condition.headers.values()), order.options):
        yield selected(block, condition, len(own))


def read_part(text: str, most: int) -> dict[str, Any]:
    """Read a part. The columns are held where they take at most so many bytes, else the rows are only counted."""
    held: dict[str, Any] = {"columns": None, "numbers": []}

    def work() -> dict[str, Any]:
        order, pieces, keeps = checked_order(text), list[Sequence[Any]](), most > 0
        rows = left_out = 0
        for block in blocks_of(order):
            rows, left_out = rows + len(block.numbers), left_out + block.left_out
            keeps = keeps and 8 * rows * len(order.headers) <= most
            pieces = [*pieces, block.values] if keeps else []
            _extend(held["numbers"], block.numbers)
        if keeps and pieces:
            columns = zip(order.headers, map(joined, zip(*pieces, strict=True)), strict=True)
            held["columns"] = dict(columns)
        return {"rows": rows, "left_out": left_out, "kept": held["columns"] is not None}

    held["said"] = said(work)
    return held


def _extend(numbers: list[Any], more: Sequence[int]) -> None:
    """Add the numbers of a block's rows: ranges that meet are one."""
    if (
        isinstance(more, range)
        and numbers
        and isinstance(numbers[-1], range)
        and numbers[-1].stop == more.start
    ):
        numbers[-1] = range(numbers[-1].start, more.stop)
    else:
        numbers.append(more if isinstance(more, range) else array("q", more))


def survey(held: Mapping[str, Any]) -> str:
    """What is known of a part that was read: its rows, those left out, whether it is held."""
    return str(held["said"])


def survey_anew(text: str) -> str:
    """The same of a part that nobody keeps."""
    return survey(read_part(text, 0))


def _places(part: Any, numbers: Sequence[Sequence[int]]) -> RowPlaces:
    places = RowPlaces((part.path, "") if part.several else (part.path,))
    for some in numbers:
        places.add(Block(part.path, some, ()))
    return places


def answer(held: Mapping[str, Any], text: str, question: str) -> str:
    """The answer of a held part to a question, as a list of parts of a level."""

    def work() -> list[Any]:
        order = checked_order(text)
        found = answered(
            question_from_data(json.loads(question)),
            held["columns"],
            _places(order.part, held["numbers"]),
        )
        return [part_to_data(found)]

    return said(work)


def answer_anew(text: str, question: str) -> str:
    """The answer of a part that is read for it, some rows at a time."""

    def work() -> list[Any]:
        order, asked, found = checked_order(text), question_from_data(json.loads(question)), list[Any]()
        for some in _chunks(blocks_of(order)):
            columns = zip(
                order.headers, map(joined, zip(*(block.values for block in some), strict=True)), strict=True
            )
            numbers: list[Any] = []
            for block in some:
                _extend(numbers, block.numbers)
            found.append(part_to_data(answered(asked, dict(columns), _places(order.part, numbers))))
        return found

    return said(work)


def _chunks(found: Iterator[Block]) -> Iterator[list[Block]]:
    """Blocks that have so many rows together as are answered at a time."""
    some: list[Block] = []
    for block in found:
        some.append(block)
        if sum(len(one.numbers) for one in some) >= TOGETHER:
            yield some
            some = []
    if some:
        yield some


def cells(held: Mapping[str, Any], name: str, start: int, stop: int) -> bytes:
    """Numbers of a column of a held part, as bytes of doubles."""
    return bytes(memoryview(held["columns"][name][start:stop]).cast("B"))


def spread(held: Mapping[str, Any], first: int, step: int) -> str:
    """Numbers of every *step*-th row of a held part from the row *first* on: bytes of doubles in base 16, by column."""

    def work() -> list[str]:
        return [_bytes(column[first::step]).hex() for column in held["columns"].values()]

    return said(work)


def spread_anew(text: str, first: int, step: int) -> str:
    """The same of a part that is read for it."""

    def work() -> list[str]:
        order, before = checked_order(text), 0
        pieces: list[list[bytes]] = [[] for _ in order.headers]
        for block in blocks_of(order):
            for own, values in zip(pieces, block.values, strict=True):
                own.append(_bytes(values[(first - before) % step :: step]))
            before += len(block.numbers)
        return [b"".join(own).hex() for own in pieces]

    return said(work)


def _bytes(numbers: Any) -> bytes:
    """Floats as bytes of doubles."""
    return array("d", numbers.tolist() if hasattr(numbers, "tolist") else numbers).tobytes()


def cells_anew(text: str, name: str, start: int, stop: int) -> bytes | str:
    """The same of a part that is read for it; a problem as JSON."""
    pieces: list[bytes] = []

    def work() -> None:
        order, first = checked_order(text), 0
        place = list(order.headers).index(name)
        for block in blocks_of(order):
            low, high = max(start - first, 0), max(stop - first, 0)
            pieces.append(bytes(memoryview(block.values[place][low:high]).cast("B")))
            first += len(block.numbers)
            if first >= stop:
                return

    problem = said(work)
    return problem if "problem" in json.loads(problem) else b"".join(pieces)


def row_name(text: str, row: int) -> str:
    """What messages call a row of a part, counted from 0."""

    def work() -> str:
        order, numbers = checked_order(text), list[Any]()
        for block in blocks_of(order):
            _extend(numbers, block.numbers)
            if sum(map(len, numbers)) > row:
                break
        return _places(order.part, numbers).short(row)

    return said(work)
