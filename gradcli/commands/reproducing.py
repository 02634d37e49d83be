"""States → the command lines that lead to them."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradcli.memory.records import State


def posing(
    command: str, texts: Sequence[str], at: Mapping[str, float | str], wrt: Sequence[str] | None = None
) -> str:
    """The command line that poses a problem at a point, along the variables of *wrt*."""
    words = [
        "gradcli",
        command,
        *(["--at", _values(at)] if at else []),
        *(["--wrt", ",".join(wrt)] if wrt else []),
    ]
    plain = all(text[:1] not in ("-", "@", "") for text in texts)
    return shlex.join([*words[:2], *texts, *words[2:]] if plain else [*words, "--", *texts])


def _values(at: Mapping[str, float | str]) -> str:
    return ",".join(
        f"{name}={value!r}" if isinstance(value, float) else f"{name}={value}" for name, value in at.items()
    )


def steps_of(legs: Sequence[tuple[State | None, State]]) -> list[str]:
    """The command lines that take the steps of a session again, the problem being posed."""
    return [_line(base, state) for base, state in legs]


def _line(base: State | None, state: State) -> str:
    if state.kind != "step":
        return f"{shlex.join(['gradcli', state.kind])}   # with the options that it was given"
    asked = state.settings.get("wish", {})
    words = ["gradcli", "step", "--steps", str(state.taken), "--optimizer", state.optimizer]
    if state.settings.get("dialect"):
        words += ["--dialect", str(state.settings["dialect"])]
    for name, value in state.settings.items():
        if name not in ("dialect", "wish", "since"):
            words += _flag(name.replace("_", "-"), value)
    words += ["--ascend"] * bool(asked.get("ascend"))
    words += ["--corner", str(asked["corner"])] if asked.get("corner", "least") != "least" else []
    for name in ("clip_norm", "clip_value"):
        words += [f"--{name.replace('_', '-')}", repr(asked[name])] if asked.get(name) is not None else []
    start = asked.get("from") or {}
    moved = {
        n: x
        for n, x in start.items()
        if base is not None and base.at.get(n) != x and state.steps != state.taken
    }
    words += ["--at", _values(moved)] if moved else []
    return shlex.join(words)


def _flag(name: str, value: object) -> list[str]:
    if isinstance(value, bool):
        return [f"--{name}" if value else f"--no-{name}"]
    return [f"--{name}", repr(value)]
