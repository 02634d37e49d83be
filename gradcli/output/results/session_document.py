"""Remembered states → records, rows and documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gradcli.language.problem_text import heading
from gradcli.output.results.step_document import by_line
from gradcli.output.text.document import Document, Line, Table, line
from gradcli.output.text.grouped_rows import shown_point
from gradcli.output.text.number_text import shown

if TYPE_CHECKING:
    from gradcli.memory.session_record import State

#: What a state's settings hold beside the dialect and the hyper-parameters.
APART = ("wish", "since", "counts", "way", "verdict", "data", "batch", "constraints", "fit")

#: Characters of an expression in a text for people.
LONGEST = 120


def state_record(state: State) -> dict[str, Any]:
    """The JSON record of a state; it can be piped into a command."""
    return {
        "expression": state.expressions[0] if len(state.expressions) == 1 else list(state.expressions),
        "at": dict(state.at),
        "value": state.value,
        "wrt": None if state.wrt is None else list(state.wrt),
        "steps": state.steps,
        "taken": state.taken,
        "kind": state.kind,
        "optimizer": state.optimizer,
        "settings": {name: value for name, value in state.settings.items() if name not in APART},
        "slots": dict(state.slots),
        **{
            name: state.settings[name]
            for name in ("counts", "verdict", "constraints")
            if state.settings.get(name)
        },
        "when": state.when,
        **_files_record(state),
    }


def _files_record(state: State) -> dict[str, Any]:
    """The files of data that the problem is over, by base name, and its batches."""
    kept, batch = state.settings.get("data"), state.settings.get("batch")
    if not kept:
        return {}
    files = [{"file": _base_name(path), "rows": rows} for path, _, _, _, rows in kept["files"]]
    found: dict[str, Any] = {"data": {"files": files, "left_out": kept["left_out"]}}
    if batch:
        found["batch"] = {"size": batch[0], "seed": batch[1], "shuffle": batch[2]}
    return found


def _base_name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def _files_lines(state: State) -> list[Line]:
    kept, batch = state.settings.get("data"), state.settings.get("batch")
    if not kept:
        return []
    names = [_base_name(path) for path, *_ in kept["files"]]
    rows = sum(rows for *_, rows in kept["files"])
    listed = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    lines = [line(("name", "data"), ": ", listed, f", {rows:,} rows" if rows != 1 else ", 1 row")]
    if batch:
        order = f"seed {batch[1]}" if batch[2] else "in order"
        lines.append(line(("name", "batches"), f": {batch[0]:,} rows each, {order}"))
    return lines


def state_row(state: State) -> dict[str, object]:
    """One row for CSV: what was done, steps so far, value, the variables."""
    return {"kind": state.kind, "steps": state.steps, "value": state.value, **state.at}


def state_document(name: str, state: State, digits: int) -> Document:
    """The text of `gradcli session`."""
    lines = [
        line(("name", "session"), ": ", name),
        line(("name", "expression"), ": ", ("formula", _expression(state))),
        line(("name", "steps"), f": {state.steps}"),
        line(("name", "value"), ": ", ("value", shown(state.value, digits))),
    ]
    lines += [
        line(("variable", variable), ": ", ("value", text))
        for variable, text in _shown(state, digits).items()
    ]
    if "lr" in state.settings:
        lines.append(by_line(state.optimizer, state.settings.get("dialect"), state.settings))
    lines += [line(("name", "subject to"), ": ", text) for text in state.settings.get("constraints", ())]
    lines += _files_lines(state)
    if verdict := state.settings.get("verdict"):
        lines.append(line(("name", verdict["status"]), ": ", verdict["message"]))
    return lines


def history_document(states: Sequence[State], digits: int, begin: int = 0) -> Document:
    """One row per state, numbered from *begin*: what made it, steps so far, value, point."""
    rows = tuple(
        (
            ("name", str(number)), ("text", state.kind), ("text", str(state.steps)),
            ("value", shown(state.value, digits)), ("variable", _point(state, digits)), ("formula", _expression(state)),
        )
        for number, state in enumerate(states, begin)
    )  # fmt: skip
    return [Table(("", "by", "steps", "value", "at", "expression"), rows)]


def listing_document(sessions: Sequence[tuple[str, State]], here: str, digits: int) -> Document:
    """One row per session; the current one is marked."""
    if not sessions:
        return [line("no sessions yet")]
    rows = tuple(
        (
            ("name", name), ("text", "yes" if name == here else "no"), ("text", str(state.steps)),
            ("value", shown(state.value, digits)), ("variable", _point(state, digits)), ("formula", _expression(state)),
        )
        for name, state in sessions
    )  # fmt: skip
    return [Table(("", "current", "steps", "value", "at", "expression"), rows)]


def _expression(state: State) -> str:
    """The expression as one text, cut where it would fill the screen; records have all of it."""
    text = heading(state.expressions)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _point(state: State, digits: int) -> str:
    pairs = [f"{name}={text}" for name, text in _shown(state, digits).items()]
    return " ".join(pairs[:8]) + (" …" if len(pairs) > 8 else "")


def _shown(state: State, digits: int) -> dict[str, str]:
    return shown_point({name: shown(x, digits) for name, x in state.at.items()})
