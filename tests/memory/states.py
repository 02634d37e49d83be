"""States to remember, and what a stored file holds, read without the code under test."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from gradcli.memory.session_record import State

if TYPE_CHECKING:
    from pathlib import Path


def a_state(**fields: Any) -> State:
    """A state of the tutorial's problem, with some fields set."""
    usual = State(
        id=0,
        kind="grad",
        expressions=("x**2+x*y+3",),
        at={"x": 5.0, "y": 3.0},
        value=43.0,
        wrt=None,
        steps=0,
        taken=0,
        optimizer="sgd",
        settings={"lr": 0.1},
        slots={},
        when=1_700_000_000.25,
    )
    return usual._replace(**fields)


def sql(home: Path, statement: str, *values: Any) -> list[Any]:
    """Run one statement on the file of *home*, past the code under test."""
    with closing(sqlite3.connect(home / "gradcli.db")) as connection, connection:
        return connection.execute(statement, values).fetchall()
