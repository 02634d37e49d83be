"""`gradcli session`: what is remembered, and how to go back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from gradcli.language.errors import SessionProblem
from gradcli.language.names import normal
from gradcli.output.results.session_document import (
    history_document,
    listing_document,
    state_document,
    state_record,
    state_row,
)
from gradcli.shell.help.documented_command import DocumentedGroup
from gradcli.shell.help.option_groups import OptionGroup, option
from gradcli.shell.options.common_options import F, digits_checked, output_options, session_options
from gradcli.shell.options.number_types import Whole
from gradcli.shell.process.environment import open_memory
from gradcli.shell.writers.answer_writer import OutputOptions, Report, check_path, write_answer, write_notes

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.memory.session_record import State

_FORMATS = ("text", "json", "jsonl", "csv", "tsv")


EXAMPLES = (
    ("gradcli session", "where the descent stands"),
    ("gradcli session history", "how it came there"),
    ("gradcli session undo 2", "back by two steps"),
)


@click.group(cls=DocumentedGroup, invoke_without_command=True, examples=EXAMPLES)
@session_options
@output_options(_FORMATS)
@click.pass_context
def session(ctx: click.Context, /, session: str, **manner: Any) -> None:
    """Show the current session: expression, point, value, steps so far."""
    ctx.obj = session
    if ctx.invoked_subcommand not in (None, "rm"):
        ctx.default_map = {ctx.invoked_subcommand: _given(ctx, manner)}
    if ctx.invoked_subcommand is None:
        with open_memory() as store:
            _say_state(session, head_of(store, session), _manner(manner))
            write_notes(store.notices)


def _given(ctx: click.Context, manner: dict[str, Any]) -> dict[str, Any]:
    """What was said about the answer before the name of the command under `session`: its own options win."""
    return {name: value for name, value in manner.items()
            if ctx.get_parameter_source(name) is not ParameterSource.DEFAULT}  # fmt: skip


def _manner(options: dict[str, Any]) -> OutputOptions:
    return OutputOptions(
        options["format_"], options["get"], digits_checked(options["digits"]), options["color"]
    )


def head_of(store: Store, name: str) -> State:
    """The newest state of a session. Raises SessionProblem where there is none."""
    from gradcli.memory.session_history import current

    head = current(store, name)
    if head is None:
        raise _missing(name, store)
    return head


def _missing(name: str, store: Store | None = None) -> SessionProblem:
    hint = "`gradcli session list` shows those that do"
    if store is not None and store.place and not store.home.exists():
        from gradcli.memory.private_files import check_place

        check_place(store.home, store.file)
    return SessionProblem(f"session {name} does not exist", hint=hint)


def _record(name: str, state: State) -> dict[str, Any]:
    return {"session": name, **state_record(state)}


def _say_state(name: str, state: State, manner: OutputOptions) -> None:
    record = _record(name, state)
    write_answer(
        Report(
            lambda: record,
            lambda: [{"session": name, **state_row(state)}],
            lambda: state_document(name, state, manner.digits),
        ),
        manner,
    )


def _own_session(function: F) -> F:
    """`--session` behind the name of a command under `session` as well, where it wins."""

    def set_name(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
        if value is not None:
            ctx.obj = normal(value)

    return option("--session", group=OptionGroup.MEMORY, metavar="NAME", expose_value=False, callback=set_name,
                  help="Which session.")(function)  # fmt: skip


def _unwritten(function: F) -> F:
    """`--dry-run`: look at where it would lead."""
    return option(
        "--dry-run", group=OptionGroup.MEMORY, is_flag=True, help="Show it, leave the session as it is."
    )(function)


@session.command()
@_own_session
@output_options(_FORMATS)
@click.pass_obj
def show(name: str, /, **options: Any) -> None:
    """The session as it stands, as `gradcli session` shows it."""
    with open_memory() as store:
        _say_state(name, head_of(store, name), _manner(options))
        write_notes(store.notices)


@session.command()
@option("--limit", "most", group=OptionGroup.ANSWER, type=Whole(1), metavar="N", help="Only the newest N.")
@_own_session
@output_options(_FORMATS)
@click.pass_obj
def history(name: str, /, most: int | None, **options: Any) -> None:
    """Every state of the session, oldest first: what was done, steps so far, value, point."""
    from gradcli.memory.session_history import history as states_of

    manner = _manner(options)
    with open_memory() as store:
        head_of(store, name)
        states = states_of(store, name)
    begin = 0 if most is None else max(len(states) - most, 0)
    states = states[begin:]
    records = [state_record(state) for state in states]
    rows = [state_row(state) for state in states]
    _say_all("states", records, rows, lambda: history_document(states, manner.digits, begin), manner)


@session.command("list")
@_own_session
@output_options(_FORMATS)
@click.pass_obj
def list_(name: str, /, **options: Any) -> None:
    """All sessions, by name."""
    from gradcli.memory.session_history import listing

    manner = _manner(options)
    with open_memory() as store:
        found = listing(store)
        write_notes(store.notices)
    records = [{"session": other, **state_record(state)} for other, state in found]
    rows = [{"session": other, **state_row(state)} for other, state in found]
    _say_all("sessions", records, rows, lambda: listing_document(found, name, manner.digits), manner)


def _say_all(
    key: str,
    records: list[dict[str, Any]],
    rows: list[dict[str, object]],
    document: Callable[[], Any],
    manner: OutputOptions,
) -> None:
    """A list of records: one object in JSON, a line each in JSON lines, a row each in CSV."""
    if manner.format == "jsonl" and manner.get is None:
        for record in records:
            write_answer(Report(partial(dict, record), list, list), manner)
        return
    write_answer(Report(lambda: {key: records}, lambda: _even(rows), document), manner)


def _even(rows: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    """Rows of different problems under one header: all columns, empty where a problem has no such variable."""
    columns = dict.fromkeys(key for row in rows for key in row)
    return [{key: row.get(key) for key in columns} for row in rows]


class Count(Whole):
    """How many steps: a number from 1 on, or all of them, which is None."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As `Whole` does; None for `all`."""
        return None if value == "all" else super().convert(value, param, ctx)


@session.command()
@click.argument("count", metavar="[N|all]", type=Count(1), default=1)
@_unwritten
@_own_session
@output_options(_FORMATS)
@click.pass_obj
def undo(name: str, /, count: int | None, dry_run: bool, **options: Any) -> None:
    """Take back the last N steps, or all of the problem; what began it counts as one when no steps are left."""
    from gradcli.shell.sessions.undo import undo_problem, undo_steps

    def work(store: Store, name: str, check: Callable[[State], None]) -> State:
        if count is None:
            return undo_problem(store, name, check)
        return undo_steps(store, name, count, check)

    _moved(name, work, dry_run, options)


@session.command()
@click.argument("count", metavar="[N|all]", type=Count(1), default=1)
@_unwritten
@_own_session
@output_options(_FORMATS)
@click.pass_obj
def redo(name: str, /, count: int | None, dry_run: bool, **options: Any) -> None:
    """Take the last N steps that were taken back again, or all of them."""
    from gradcli.shell.sessions.undo import redo_steps

    _moved(name, lambda store, name, check: redo_steps(store, name, count, check), dry_run, options)


class _Looked(Exception):
    """The state that a dry run has come to, before anything is written."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self.state = state


def _moved(name: str, work: Callable[..., State], dry_run: bool, options: dict[str, Any]) -> None:
    """Let *work* move the session along its history, and say where it stands; without writing for a dry run."""
    manner = _manner(options)

    def check(state: State) -> None:
        check_path(lambda: _record(name, state), manner)
        if dry_run:
            raise _Looked(state)

    with open_memory() as store:
        try:
            state = work(store, name, check)
        except _Looked as looked:
            state = looked.state
        _say_state(name, state, manner)


def _check_there(store: Store, name: str) -> None:
    """Raises SessionProblem for a session that does not exist; one that cannot be read does."""
    from gradcli.memory.session_history import current

    try:
        there = current(store, name) is not None
    except SessionProblem:
        return
    if not there:
        raise _missing(name)


@session.command()
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
def rm(names: Sequence[str]) -> None:
    """Forget sessions and their history."""
    from gradcli.memory.session_history import remove

    with open_memory() as store:
        for name in names:
            _check_there(store, name)  # before any of them is gone
        for name in names:
            remove(store, name)
