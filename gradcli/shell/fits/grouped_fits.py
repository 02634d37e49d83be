"""`--by COLUMN`: a fit for each group of rows, or one for all with parameters that the groups share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gradcli.language.errors import LimitProblem, NameProblem, UsageProblem
from gradcli.language.limits import limit, limit_problem
from gradcli.language.name_meanings import is_plain
from gradcli.language.names import nearest
from gradcli.language.records import NamedTuple
from gradcli.shell.fits.questions.fit_rows import FitRows

if TYPE_CHECKING:
    from gradcli.data.readers.read_options import ReadOptions
    from gradcli.shell.files.file_rows import FileRows
    from gradcli.shell.fits.questions.fit_names import FitNames
    from gradcli.shell.fits.questions.fit_question import FitQuestion

#: Groups of one fit with shared parameters, at most: each has parameters of its own.
SHARING = 60


class GroupPlaces:
    """Where the rows of a group come from: `file_rows.RowPlaces` for some of the rows.

    places: of all rows, the file and the number in it. cells: as they are typed, by file and header, once they are read.
    """

    def __init__(
        self, whole: Any, chosen: Sequence[int], places: Sequence[tuple[str, int]], cells: dict[str, Any]
    ) -> None:
        self.whole, self.chosen, self.rows = whole, chosen, len(chosen)
        self.places, self.cells = places, cells

    def short(self, row: int) -> str:
        """The number of a row, counted from 0 in the group, as the file has it."""
        found: str = self.whole.short(self.chosen[row])
        return found

    def __call__(self, row: int) -> str:
        """The same in a sentence."""
        return f"row {self.short(row)}"

    def by_file(self) -> dict[str, list[int]]:
        """The files, each with the numbers of the group's rows."""
        found: dict[str, list[int]] = {}
        for row in self.chosen:
            file, number = self.places[row]
            found.setdefault(file, []).append(number)
        return found

    def typed_cells(
        self, file: str, wanted: Sequence[str], options: ReadOptions, numbers: Sequence[int]
    ) -> list[tuple[str, ...]] | None:
        """`readers.typed_cells` of rows of the group: the file is read for the first group, and not again."""
        from gradcli.data.readers.typed_cells import typed_cells

        if file not in self.cells:
            every = [number for own, number in self.places if own == file]
            found = typed_cells(file, wanted, options, every)
            self.cells[file] = None if found is None else dict(zip(every, found, strict=True))
        known = self.cells[file]
        return None if known is None else [known[number] for number in numbers]


class Group(NamedTuple):
    """Rows that have one number in the column of groups."""

    key: float
    rows: FitRows


def groups_of(rows: FitRows, column: str) -> list[Group]:
    """The groups in the order of their numbers. Raises LimitProblem for too many."""
    numbers = [float(x) for x in rows.every[column]]
    places: dict[float, list[int]] = {}
    for place, number in enumerate(numbers):
        places.setdefault(number, []).append(place)
    if len(places) > limit("groups"):
        raise limit_problem("groups", f"--by {column}: more than {limit('groups'):,.0f} groups")
    by_file = rows.files.places.by_file() if places else {}
    every = [(file, number) for file, own in by_file.items() for number in own]
    cells: dict[str, Any] = {}
    return [
        Group(key, _only(rows, chosen, GroupPlaces(rows.files.places, chosen, every, cells)))
        for key, chosen in sorted(places.items())
    ]


def _only(rows: FitRows, chosen: Sequence[int], places: GroupPlaces) -> FitRows:
    """Some of the rows, as lists."""

    def picked(column: Any) -> Any:
        """Those of one column."""
        return None if column is None else [float(column[place]) for place in chosen]

    columns = {name: picked(column) for name, column in rows.data.columns.items()}
    every = {name: picked(column) for name, column in rows.every.items()}
    data = rows.data._replace(columns=columns, target=picked(rows.data.target), roots=picked(rows.data.roots))
    return FitRows(_files(rows.files, chosen, places), data, picked(rows.weights), every)


def _files(files: FileRows, chosen: Sequence[int], group: GroupPlaces) -> FileRows:
    from array import array

    columns = {
        name: array("d", [float(values[place]) for place in chosen]) for name, values in files.columns.items()
    }
    places: Any = group
    return files._replace(columns=columns, places=places)


def shared_question(asked: FitQuestion, names: FitNames, keys: Sequence[float]) -> FitQuestion:
    """The question of one fit of all groups: what they do not share is a parameter k_1, k_2, … for each.

    Raises NameProblem for a shared name that is no parameter, UsageProblem where nothing or everything is shared, or the
    model has definitions.
    """
    own = [name for name in names.model.parameters if name not in asked.share and name not in asked.fixed]
    for name in asked.share:
        if name not in names.model.parameters:
            close = nearest(name, names.model.parameters)
            hint = (
                f"did you mean {close}?"
                if close
                else f"its parameters are {', '.join(names.model.parameters)}"
            )
            raise NameProblem(f"--share {name}: it is no parameter of the model", hint=hint)
    if not own:
        raise UsageProblem("--share: nothing is left that groups have for themselves", hint="leave out --by")
    if not is_plain(asked.model):
        raise UsageProblem(
            "--share and definitions do not go together", hint="write the model as one expression"
        )
    if len(keys) > SHARING:
        raise LimitProblem(f"--share: {len(keys)} groups, and at most {SHARING} are fitted together")
    numbered = {name: [f"{name}_{k}" for k in range(1, len(keys) + 1)] for name in own}
    _check_new(numbered, names)
    calls = [f"model_of_group({', '.join(numbered[name][k] for name in own)})" for k in range(len(keys))]
    text = calls[-1]
    for key, call in zip(reversed(keys[:-1]), reversed(calls[:-1]), strict=True):
        text = f"where({asked.by} == {key!r}, {call}, {text})"
    return asked._replace(
        model=f"model_of_group({', '.join(own)}) = {asked.model}; {text}", by=None, share=(),
        starts=_spread(asked.starts, numbered), bounds=_spread(asked.bounds, numbered),
    )  # fmt: skip


def _check_new(numbered: dict[str, list[str]], names: FitNames) -> None:
    taken = {*names.model.parameters, *names.columns.known}
    twice = next((one for many in numbered.values() for one in many if one in taken), None)
    if twice is not None:
        raise UsageProblem(f"--share: {twice} would be a parameter of a group, and is a name already")


def _spread(values: Any, numbered: dict[str, list[str]]) -> dict[str, Any]:
    """Values of parameters for those of each group."""
    found = {}
    for name, value in values.items():
        for one in numbered.get(name, [name]):
            found[one] = value
    return found
