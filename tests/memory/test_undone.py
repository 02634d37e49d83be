"""What an undo took back can be done again: once, in its order, and without what the undo itself has made."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from gradcli.memory.database import Store, open_store
from gradcli.memory.program_library import READ_PATIENCE, WRITE_PATIENCE
from gradcli.memory.session_history import forget_last, history, remember, restore, undone_states
from gradcli.memory.sqlite_errors import fault

from .states import a_state


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "home")


def steps(states: list) -> list[int]:
    """What tells the states of these tests apart."""
    return [state.steps for state in states]


def test_undo_after_undo_is_done_again_in_order(store: Store) -> None:
    """Five states, of which two and then one are undone: all three come back as they were."""
    for n in range(5):
        remember(store, "a", a_state(steps=n), after=None)
    forget_last(store, "a", 2)
    head = forget_last(store, "a", 1)
    assert steps(undone_states(store, "a")[1]) == [2, 3, 4]
    restore(store, "a", after=head.id)
    assert steps(history(store, "a")) == [0, 1, 2, 3, 4]


def test_what_an_undo_has_made_is_not_done_again(store: Store) -> None:
    """An undo in the midst of many steps leaves a state that nobody has asked for: the next undo forgets it for good."""
    remember(store, "a", a_state(steps=0), after=None)
    remember(store, "a", a_state(steps=10), after=None)
    made = forget_last(store, "a", 1, then=a_state(steps=5))
    assert steps(history(store, "a")) == [0, 5]
    assert undone_states(store, "a")[0] == made
    head = forget_last(store, "a", 1)
    assert steps(undone_states(store, "a")[1]) == [10]
    restore(store, "a", after=head.id)
    assert steps(history(store, "a")) == [0, 10]


def test_a_restore_takes_the_place_of_what_an_undo_has_made(store: Store) -> None:
    """Straight after such an undo the state that it made goes, and the one that it took comes back."""
    remember(store, "a", a_state(steps=0), after=None)
    remember(store, "a", a_state(steps=10), after=None)
    made = forget_last(store, "a", 1, then=a_state(steps=5))
    restore(store, "a", after=made.id)
    assert steps(history(store, "a")) == [0, 10]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(5, "Input/output error"), "Input/output error"),
        (sqlite3.Error("something new"), "something new"),
    ],
)
def test_a_fault_that_nobody_foresaw_is_told_in_its_own_words(error: Exception, reason: str) -> None:
    """The system's sentence without its number, or SQLite's own."""
    assert fault(error, Path("gradcli.db")).message == f"gradcli.db cannot be used: {reason}"


def test_locks_are_waited_for_through_many_commits_and_unnoticed() -> None:
    """A commit takes 2 to 3 ms (`database`): a lookup waits for twenty of them at least, and neither for what one feels."""
    assert 20 * 0.003 <= READ_PATIENCE <= 0.5
    assert 5 * 0.003 <= WRITE_PATIENCE <= 0.1
