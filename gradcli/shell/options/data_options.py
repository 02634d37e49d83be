"""`--data` and the options beside it: files whose columns are names of the expression, and batches of their rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from gradcli.language.errors import UsageProblem, ValueProblem
from gradcli.language.records import NamedTuple
from gradcli.shell.help.option_groups import Option, OptionGroup, listing, option
from gradcli.shell.options.number_types import Whole

if TYPE_CHECKING:
    from gradcli.shell.files.file_columns import DataRequest

F = TypeVar("F", bound=Callable[..., Any])


#: Options beside --data: their parameters -> as they are typed.
_BESIDE = {
    "column": "--column", "missing": "--missing", "na": "--na", "decimal": "--decimal", "delimiter": "--delimiter",
    "where": "--where", "bad_rows": "--bad-rows", "prefix": "--prefix", "replace": "--replace", "out_format": "--out-format",
}  # fmt: skip


class _Sign(Option):
    """An option whose value may be a blank."""

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        """As click does."""
        return click.Option.type_cast_value(self, ctx, value)


def data_options(function: F, *, by_row: bool = False) -> F:
    """`--data`, `--column`, `--missing`, `--na`, `--decimal`, `--delimiter`: *function* gets them as `data`.

    It is a DataRequest, or None without files. A command that has no `--columns` of its own uses `columns_option` below.
    by_row: whether those about answers for each row are among them.
    """

    @wraps(function)
    def wanted(*args: Any, data: tuple[str, ...], **options: Any) -> Any:
        typed = {one: options.pop(name) for name, one in _BESIDE.items() if name in options}
        if by_row:
            options["out_format"] = typed["--out-format"]
        if not data:
            lone = next((name for name, value in typed.items() if value not in (None, (), False)), None)
            if lone is not None:
                raise UsageProblem(f"{lone} is about files of data", hint="for example --data points.csv")
            return function(*args, data=None, **options)
        return function(*args, data=_request(data, options.get("columns"), typed), **options)

    found: Any = wanted
    for one in reversed([*_file_options(), *(_row_options() if by_row else ())]):
        found = one(found)
    return cast("F", found)


def _file_options() -> list[Callable[[Any], Any]]:
    """How files are read."""
    return [
        option("--data", group=OptionGroup.POINT, metavar="FILE", multiple=True,
               help="Columns of a file: gradcli help data."),
        option("--column", group=OptionGroup.DATA, metavar="NAME=HEADER", multiple=True,
               help="NAME is the column that is called HEADER."),
        option("--where", group=OptionGroup.DATA, metavar="CONDITION", multiple=True, help="Only rows like x > 0."),
        option("--missing", group=OptionGroup.DATA, type=click.Choice(["error", "skip"]),
               help="Rows with missing cells: an error, or left out."),
        option("--na", group=OptionGroup.DATA, metavar="TEXT,…", help="What stands in a missing cell."),
        option("--decimal", group=OptionGroup.DATA, metavar="SIGN", help="The sign before decimals, . or a comma."),
        option("--delimiter", cls=_Sign, group=OptionGroup.DATA, metavar="SIGN", help="The character between cells."),
    ]  # fmt: skip


def _row_options() -> list[Callable[[Any], Any]]:
    """What is about answers for each row."""
    return [
        option("--bad-rows", group=OptionGroup.DATA, type=click.Choice(["null", "stop"]),
               help="Rows without a value: null, or the first one ends it."),
        option("--prefix", group=OptionGroup.DATA, metavar="TEXT", help="Before the names of added columns."),
        option("--replace", group=OptionGroup.DATA, is_flag=True, help="Added columns take the place of others."),
        option("--out-format", group=OptionGroup.DATA, type=click.Choice(["csv", "tsv", "jsonl", "parquet", "arrow"]),
               help="What --out writes, whatever its ending."),
    ]  # fmt: skip


def rows_option(function: F) -> F:
    """`columns_option` for a command that has answers for each row."""
    return columns_option(function, by_row=True)


def columns_option(function: F, *, by_row: bool = False) -> F:
    """`--columns` for a command where it is about files alone. by_row: as `data_options` has it."""

    @wraps(function)
    def wanted(*args: Any, columns: str | None, data: DataRequest | None, **options: Any) -> Any:
        if columns is not None and data is None:
            raise UsageProblem("--columns is about files of data", hint="for example --data points.csv")
        return function(*args, data=data, **options)

    names = listing(
        "--columns", group=OptionGroup.DATA, metavar="X,Y", help="The columns of a file without header."
    )
    return cast("F", data_options(names(wanted), by_row=by_row))


def _of_standard_input(files: tuple[str, ...], typed: Mapping[str, Any]) -> str:
    """The format of the columns that standard input has. Raises UsageProblem where something else reads it, or none may."""
    from gradcli.data.remote.kept_input import keep_input
    from gradcli.shell.engines.typed_engine import typed_engine
    from gradcli.shell.files.file_columns import check_allowed
    from gradcli.shell.process.standard_streams import standard_input
    from gradcli.shell.process.timeout import clock_stopped

    check_allowed()
    if "--bad-rows" not in typed:
        message = "--data -: a session remembers its files, and standard input is read once"
        raise UsageProblem(message, hint="name a file")
    if len(files) > 1:
        raise UsageProblem("--data -: standard input is read alone", hint="cat joins files of text")
    if "-" in (click.get_current_context().params.get("expressions") or ()):
        raise UsageProblem(
            "standard input has the expression or the columns, and not both", hint="name a file"
        )
    if typed_engine() is not None:
        raise UsageProblem("--data -: workers do not see standard input", hint="name a file")
    stream: Any = standard_input()
    with clock_stopped():
        return keep_input(getattr(stream, "buffer", stream))


def _request(files: tuple[str, ...], columns: str | None, typed: dict[str, Any]) -> DataRequest:
    """The options as one value. Raises UsageProblem and ValueProblem for what they cannot be."""
    from gradcli.data.columns.missing_cells import spellings_of
    from gradcli.data.readers.read_options import ReadOptions, check_options
    from gradcli.data.remote.kept_input import STANDARD_INPUT
    from gradcli.shell.files.file_columns import DataRequest

    form = _of_standard_input(files, typed) if "-" in files else None
    files = files if form is None else (STANDARD_INPUT,)
    options = ReadOptions(
        format=form,
        delimiter={"\\t": "\t", "tab": "\t"}.get(typed["--delimiter"], typed["--delimiter"]),
        decimal=typed["--decimal"] or ".",
        columns=None if columns is None else _headers(columns),
        missing="skip" if typed["--missing"] == "skip" else "error",
    )
    if typed["--na"] is not None:
        options = options._replace(spellings=spellings_of(typed["--na"]))
    check_options(options)
    return DataRequest(
        files, _bound(typed["--column"]), options, typed.get("--bad-rows"), typed.get("--prefix") or "",
        bool(typed.get("--replace")), typed["--where"],
    )  # fmt: skip


def _headers(text: str) -> tuple[str, ...]:
    """The names of --columns, in order. Raises UsageProblem for one that comes twice."""
    found = tuple(part.strip() for part in text.split(","))
    twice = next((name for name in found if name and found.count(name) > 1), None)
    if twice is not None:
        raise UsageProblem(f"--columns: {twice} is there twice", hint="each column has a name of its own")
    return found


def _bound(column: Sequence[str]) -> dict[str, str]:
    """`x=my column` → the header by the name. Raises ValueProblem for what has no such form, UsageProblem for a name twice."""
    from gradcli.language.names import checked_name, normal

    found: dict[str, str] = {}
    for text in column:
        name, equals, header = text.partition("=")
        if not equals or not header.strip():
            raise ValueProblem(
                f"--column {text}: NAME=HEADER is expected", hint='for example --column x="my column"'
            )
        own = checked_name(normal(name.strip()), "--column")
        if own in found:
            raise UsageProblem(f"--column: {own} is there twice", hint="each name is one column")
        found[own] = normal(header.strip())
    return found


class BatchRequest(NamedTuple):
    """What a command line says about batches; None: as the session has it.

    size: rows of a batch, 0 for all rows at each step. epochs: passes over the rows, in the place of a number of steps.
    seed, shuffle: the order. changed: whether files may be others than the session's last step read.
    """

    size: int | None = None
    epochs: int | None = None
    seed: int | None = None
    shuffle: bool | None = None
    changed: bool = False


class _Size(Whole):
    """Rows of a batch: a number from 1 on, or all of them, which is 0."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As `Whole` does; 0 for `all`."""
        return 0 if value == "all" else super().convert(value, param, ctx)


def batch_options(function: F, *, goes_on: bool = True) -> F:
    """`--batch`, `--epochs`, `--seed`, `--shuffle`; of a command that goes on in a session `--changed-data` as well."""
    own = [
        option("--batch", group=OptionGroup.DESCENT, type=_Size(1), metavar="N", help="Rows of a step's gradient."),
        option("--epochs", group=OptionGroup.DESCENT, beside="--batch", type=Whole(1), metavar="K",
               help="Passes over the rows."),
        option("--seed", group=OptionGroup.DATA, type=Whole(), metavar="N", help="The seed of the order of batches."),
        option("--shuffle/--no-shuffle", group=OptionGroup.DATA, default=None, help="Whether the rows are shuffled."),
    ]  # fmt: skip
    if goes_on:
        own.append(option("--changed-data", group=OptionGroup.DATA, is_flag=True,
                          help="Go on with files that have changed."))  # fmt: skip
    for one in reversed(own):
        function = one(function)
    return function


def batch_of(how: Mapping[str, Any]) -> BatchRequest | None:
    """What the options ask for; None where none of them is given. Raises UsageProblem for both --steps and --epochs."""
    if how["epochs"] is not None:
        source = click.get_current_context().get_parameter_source("steps")
        if source is click.core.ParameterSource.COMMANDLINE:
            raise UsageProblem("--steps and --epochs both say how far", hint="one of them is enough")
    asked = (how["batch"], how["epochs"], how["seed"], how["shuffle"], how.get("changed_data", False))
    if asked == (None, None, None, None, False):
        return None
    return BatchRequest(*asked)
