"""The limits that protect the machine: what is refused before it starts, and the option that allows more.

One table, read where each limit is checked, by `--limit NAME=N` and by the documentation.
"""

from __future__ import annotations

from typing import NamedTuple

from gradcli.language.errors import LimitProblem, UsageProblem


class Limit(NamedTuple):
    """A limit's value unless `--limit` says otherwise, and what it bounds."""

    default: float
    meaning: str


LIMITS = {
    "length": Limit(2_000_000, "characters of an expression"),
    "nodes": Limit(1_000_000, "operations, numbers and names of an expression"),
    "number": Limit(1_000, "characters of one literal"),
    "exponent": Limit(9_999, "the power of ten in one literal"),
    "digits": Limit(10_000, "digits that are calculated"),
    "order": Limit(60, "the order of a derivative or of a Taylor polynomial"),
    "derivatives": Limit(2_000, "derivatives of a Taylor polynomial"),
    "operations": Limit(200_000, "operations of a derivative of higher order"),
    "entries": Limit(250_000, "entries of a matrix"),
    "eigenvalues": Limit(100, "variables of a matrix of which eigenvalues are calculated"),
    "unknowns": Limit(12, "variables in which critical points are looked for"),
    "explained": Limit(300, "operations, numbers and names of an expression that is explained line by line"),
    "levels": Limit(60, "levels of brackets of such an expression"),
    "derivation": Limit(300_000, "characters of a derivation"),
    "rows": Limit(2_000, "rows of a table of backpropagation"),
    "effort": Limit(5, "seconds after which a costly call of a special function is given up"),
    "formulas": Limit(30, "seconds after which sympy is stopped that writes formulas: then there are none"),
    "memory": Limit(4_000, "megabytes of address space, 0 for no limit"),
}

#: What `--limit` has changed in this process.
_raised: dict[str, float] = {}


def limit(name: str) -> float:
    """The limit of that name in this process."""
    return _raised.get(name, LIMITS[name].default)


def raise_limits(changes: dict[str, float]) -> None:
    """Use other limits in this process: the given ones, and the table's for all others."""
    _raised.clear()
    _raised.update(changes)


def limit_problem(
    name: str,
    message: str,
    *,
    text: str | None = None,
    span: tuple[int, int] | None = None,
    instead: str = "",
) -> LimitProblem:
    """The error for a limit that was hit; its hint is the option that raises it, and what to do *instead*."""
    hint = f"--limit {name}=N sets this limit, now {limit(name):g}"
    return LimitProblem(message, text=text, span=span, hint=f"{hint}; {instead}" if instead else hint)


def limits_of(texts: tuple[str, ...]) -> dict[str, float]:
    """`NAME=N` texts as limits. Raises UsageProblem for another name, or what is no number from 0."""
    changes = {}
    for text in texts:
        name, _, number = text.partition("=")
        if name not in LIMITS:
            raise UsageProblem(
                f"--limit {text}: there is no such limit", hint=f"limits are {', '.join(LIMITS)}"
            )
        if not (number.isascii() and number.replace(".", "", 1).isdigit() and len(number) < 16):
            raise UsageProblem(
                f"--limit {text}: a limit is a number", hint=f"for example --limit {name}=100000"
            )
        changes[name] = float(number)
    return changes
