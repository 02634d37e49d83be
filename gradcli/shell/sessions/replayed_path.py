"""The way that a session has gone → its points: those that were not stored are taken again, to the same last bit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gradcli.language.errors import GradcliError
from gradcli.shell.sessions.descent_path import Point

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.memory.session_record import State


def path_of_session(store: Store, session: str) -> list[Point]:
    """The way of the session's problem from its start to where it stands; empty where no step was taken."""
    points: list[Point] = []
    for base, state in session_legs(store, session):
        points += _points(store, session, base, state)
    return [point for number, point in enumerate(points) if not number or point != points[number - 1]]


def session_legs(store: Store, session: str) -> list[tuple[State | None, State]]:
    """The states that moved the session's point, oldest first, each with the state before it."""
    from gradcli.memory.session_history import history
    from gradcli.shell.sessions.command_lines import MOVING

    states = history(store, session)
    first = len(states)
    while (
        first and states[first - 1].kind in MOVING and states[first - 1].expressions == states[-1].expressions
    ):
        first -= 1
        if states[first].steps == states[first].taken:
            break
    return [(states[i - 1] if i else None, states[i]) for i in range(first, len(states))]


def _points(store: Store, session: str, base: State | None, state: State) -> list[Point]:
    """The points that one command went through, the one it began from included where it is new."""
    if kept := _kept(base, state):
        return kept
    begin = _numbers(state.settings.get("wish", {}).get("from") or (base.at if base else {}))
    found = [Point(state.steps - state.taken, begin)] if state.steps == state.taken and begin else []
    if state.taken > 1 and state.kind == "step":
        found += _between(store, session, base, state)
    return [*found, Point(state.steps, _numbers(state.at))]


def _kept(base: State | None, state: State) -> list[Point]:
    """The points that a descent remembered, its end with them; its start only where nothing came before it."""
    way, before = state.settings.get("way") or {}, state.steps - state.taken
    found = [
        Point(before + step, dict(zip(way["names"], map(float, numbers), strict=True)))
        for step, *numbers in way.get("points", ())
    ]
    if found and base is not None and before and found[0].at == _numbers(base.at):
        del found[0]
    return (
        [*(point for point in found if point.step < state.steps), Point(state.steps, _numbers(state.at))]
        if way
        else []
    )


def _between(store: Store, session: str, base: State | None, state: State) -> list[Point]:
    from gradcli.shell.sessions.undo import replay

    points: list[Point] = []
    try:
        moved = replay(store, session, base, state, state.taken)
        moved.replay(lambda number, stage: points.append(Point(number, dict(stage.at))))
    except GradcliError:
        return []  # what it began from is no longer there: the ends are what is known
    return points[:-1]


def _numbers(at: Mapping[str, float | str]) -> dict[str, float]:
    return {name: float(value) for name, value in at.items()}
