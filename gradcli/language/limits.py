"""The limits that protect the machine: what is refused before it starts, and the option that allows more.

One table, read where each limit is checked, by `--limit NAME=N` and by the documentation.
"""

from __future__ import annotations

from gradcli.language.errors import LimitProblem, UsageProblem
from gradcli.language.records import NamedTuple


class Limit(NamedTuple):
    """A limit's value unless `--limit` says otherwise, what it bounds, and its value for requests from strangers."""

    default: float
    meaning: str
    service: float


LIMITS = {
    "length": Limit(2_000_000, "characters of an expression", 10_000),
    "input": Limit(
        16_000_000, "bytes of one line of a stream, or of one problem on standard input", 1_000_000
    ),
    "nodes": Limit(1_000_000, "operations, numbers and names of an expression", 5_000),
    "terms": Limit(20_000, "terms of the sums and products over an index in an expression", 1_000),
    "data-rows": Limit(1_000_000_000, "rows of columns, typed or from files of data", 100_000),
    "number": Limit(1_000, "characters of one literal", 200),
    "exponent": Limit(9_999, "the power of ten in one literal", 999),
    "digits": Limit(10_000, "digits that are calculated", 100),
    "order": Limit(60, "the order of a derivative or of a Taylor polynomial", 10),
    "derivatives": Limit(2_000, "derivatives of a Taylor polynomial", 200),
    "operations": Limit(200_000, "operations of a derivative of higher order", 20_000),
    "entries": Limit(250_000, "entries of a matrix", 2_500),
    "eigenvalues": Limit(100, "variables of a matrix of which eigenvalues are calculated", 50),
    "unknowns": Limit(12, "variables in which critical points are looked for", 4),
    "boxes": Limit(
        20_000,
        "boxes that a search for all critical points looks at; where it is not set, a proof in a box looks at 100,000",
        4_000,
    ),
    "explained": Limit(
        300, "operations, numbers and names of an expression that is explained line by line", 100
    ),
    "levels": Limit(60, "levels of brackets of such an expression", 30),
    "derivation": Limit(300_000, "characters of a derivation", 100_000),
    "rows": Limit(2_000, "rows of a table of backpropagation", 300),
    "cells": Limit(200_000_000, "numbers of files that are held at the same time", 1_000_000),
    "expansion": Limit(200, "times its size that a compressed file of text may hold", 20),
    "files": Limit(10_000, "files of data that are read together", 10),
    "groups": Limit(100_000, "groups of rows of a Parquet or Arrow file", 1_000),
    "effort": Limit(5, "seconds after which a costly call of a special function is given up", 2),
    "formulas": Limit(30, "seconds after which the writing of formulas is stopped: then there are none", 5),
    "samples": Limit(4_000, "samples along each axis of a picture", 200),
    "pixels": Limit(100_000_000, "pixels of a picture, or characters on a terminal", 2_000_000),
    "time": Limit(
        0, "seconds by the clock for one problem where --timeout does not say, 0 for no other than usual", 10
    ),
    "memory": Limit(4_000, "megabytes of address space, 0 for no limit", 1_500),
}

#: The word in the place of NAME=N that sets every limit to what a small server affords.
SERVICE = "service"

#: What `--limit` has changed in this process.
_raised: dict[str, float] = {}


def limit(name: str) -> float:
    """The limit of that name in this process."""
    return _raised.get(name, LIMITS[name].default)


def limit_or(name: str, usual: float) -> float:
    """The limit of that name where it was set in this process, else *usual*."""
    return _raised.get(name, usual)


def limits_set() -> dict[str, float]:
    """The limits that were set in this process, for one that works for it."""
    return dict(_raised)


def raise_limits(changes: dict[str, float]) -> None:
    """Use other limits in this process: the given ones, and the table's for all others."""
    _raised.clear()
    _raised.update(changes)


def for_strangers() -> bool:
    """Whether all limits are set, as `--limit service` sets them."""
    return len(_raised) == len(LIMITS)


def limit_problem(
    name: str,
    message: str,
    *,
    text: str | None = None,
    span: tuple[int, int] | None = None,
    instead: str = "",
) -> LimitProblem:
    """The error for a limit that was hit; its hint is the option that raises it, and what to do *instead*."""
    hint = f"--limit {name}=N sets this limit, now {limit(name):g}; {instead or 'see gradcli help limits'}"
    return LimitProblem(message, text=text, span=span, hint=hint)


def limits_of(texts: tuple[str, ...]) -> dict[str, float]:
    """`NAME=N` texts as limits, `service` as all of its own; what is set by name wins over it.

    Raises UsageProblem for another name, or what is no number from 0.
    """
    changes = {name: row.service for name, row in LIMITS.items()} if SERVICE in texts else {}
    for text in texts:
        if text == SERVICE:
            continue
        name, _, number = text.partition("=")
        if name not in LIMITS:
            raise UsageProblem(
                f"--limit {text}: there is no such limit", hint=f"limits are {', '.join([SERVICE, *LIMITS])}"
            )
        if not (number.isascii() and number.replace(".", "", 1).isdigit() and len(number) < 16):
            raise UsageProblem(
                f"--limit {text}: a limit is a number", hint=f"for example --limit {name}=100000"
            )
        changes[name] = float(number)
    return changes
