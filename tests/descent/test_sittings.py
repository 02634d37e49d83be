"""Sittings in which variables rest, join and leave, and settings change: the libraries came to the same points."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.descent.sittings import SITTINGS, START, TEXT, Command, Sitting

RECORDED: dict[str, list[list[float]]] = json.loads(
    (Path(__file__).parent / "references" / "sittings.json").read_text()
)
POINT = ",".join(f"{name}={value}" for name, value in START.items())


def flags(settings: dict[str, Any]) -> list[str]:
    spelled = {"beta": "ftrl-beta"}
    words = []
    for name, value in settings.items():
        option = spelled.get(name, name).replace("_", "-")
        words += (
            [f"--{option}" if value else f"--no-{option}"]
            if isinstance(value, bool)
            else [f"--{option}={value!r}"]
        )
    return words


def line(sitting: Sitting, command: Command, steps: int, first: bool) -> list[str]:
    settings = {**(sitting.settings if first else {}), **command.settings}
    words = ["step", "--steps", str(steps), "--wrt", ",".join(command.wrt), *flags(settings)]
    words += ["--optimizer", sitting.optimizer, "--dialect", sitting.dialect] if first else []
    return words + (["--clip-norm", repr(command.clip)] if command.clip else [])


@pytest.mark.parametrize("name", SITTINGS)
def test_a_sitting_comes_to_where_the_library_came(run, name: str) -> None:
    """Each command's point is the library's to 1e-12, also after a detour that was taken back."""
    sitting, first = SITTINGS[name], True
    run("grad", TEXT, "--at", POINT)
    for number, (command, point) in enumerate(zip(sitting.commands, RECORDED[name], strict=True)):
        if number % 3 == 1:  # one step too many, and another way: undo takes both back
            run(*line(sitting, command, command.steps + 1, first))
            run("session", "undo")
            run("step", "--lr", 0.3, "--wrt", "y", "--steps", 2)
            run("session", "undo", 2)
        else:
            assert run(*line(sitting, command, command.steps, first)).status == 0
        at = json.loads(run("session", "--format", "json").out)["at"]
        assert list(at.values()) == pytest.approx(point, rel=1e-12, abs=0), number
        first = False


#: One of each kind of state: a buffer, counts of each variable, counts of all, settings that end a buffer.
APPLIED = ("torch sgd momentum=0.9 dampening=0.5", "torch adam", "torch nadam", "tf1 adam", "tf1 ftrl l1=0.1 l2=0.1",
           "optax adam nesterov=True", "optax momentum comes and goes", "torch momentum begins late")  # fmt: skip


@pytest.mark.parametrize("name", APPLIED)
def test_apply_comes_there_as_well(run, name: str) -> None:
    """The gradient of the moving variables applied from outside, one at a time: the same points."""
    sitting, first = SITTINGS[name], True
    run("grad", TEXT, "--at", POINT)
    for command, point in zip(sitting.commands[:4], RECORDED[name], strict=False):
        for _ in range(command.steps):
            words = ["apply", "-", *flags({**(sitting.settings if first else {}), **command.settings})]
            words += ["--optimizer", sitting.optimizer, "--dialect", sitting.dialect] if first else []
            gradient = run("grad", "--wrt", ",".join(command.wrt), "--no-save", "--format", "json").out
            assert run(*words, text=gradient).status == 0
            first = False
        at = json.loads(run("session", "--format", "json").out)["at"]
        assert list(at.values()) == pytest.approx(point, rel=1e-12, abs=0)


def test_no_recorded_sitting_is_left_out() -> None:
    """Every trajectory of the file is played."""
    assert set(RECORDED) == set(SITTINGS)
