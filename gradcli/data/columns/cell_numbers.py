"""A cell's text → the double nearest to it; whole numbers exactly. What is no number is refused, never guessed."""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

#: Whole numbers up to here are floats exactly.
EXACT = 2**53

#: Characters of a cell that a message shows.
_SHOWN = 40

#: Of these characters `float` reads the same as the grammar below: no words, no `_`, no digits of other scripts.
_PLAIN = re.compile(r"[0-9eE+\-.]*", re.ASCII)


class Spelling(NamedTuple):
    """How numbers are spelled in a file: the sign between whole and fraction, and what stands for a missing one."""

    decimal: str
    missing: frozenset[str]


class CellProblem(Exception):
    """A cell that is no number: the numbers in the cells before it, and the sentence's end."""

    def __init__(self, before: array[float], message: str) -> None:
        super().__init__(message)
        self.before, self.message = before, message


def numbers_of(cells: Sequence[str], spelling: Spelling) -> array[float]:
    """The numbers in the cells of a column, nan for those that are missing. Raises CellProblem for the first other one."""
    quick = _quick_numbers(cells, spelling.decimal)
    if quick is not None:
        return quick
    numbers = array("d")
    try:
        for cell in cells:
            numbers.append(number_of(cell, spelling))
    except ValueError as error:
        raise CellProblem(numbers, str(error)) from None
    return numbers


def _quick_numbers(cells: Sequence[str], decimal: str) -> array[float] | None:
    """The numbers where all cells are plain ones of moderate size, else None: then each has to be looked at."""
    joined = "".join(cells)
    if decimal != ".":
        if "." in joined:
            return None
        cells = [cell.replace(decimal, ".") for cell in cells]
        joined = joined.replace(decimal, ".")
    if not _PLAIN.fullmatch(joined):
        return None
    try:
        numbers = array("d", map(float, cells))
    except ValueError:
        return None
    return numbers if max(map(abs, numbers), default=0.0) < EXACT else None


def number_of(cell: str, spelling: Spelling) -> float:
    """The number in one cell, nan where it is missing; blanks around it do not count.

    Raises ValueError with the end of a sentence: the cell, and why it is no number here.
    """
    text = cell.strip()
    if not text or text in spelling.missing:
        return math.nan
    if not _grammar(spelling.decimal).fullmatch(text):
        raise ValueError(_refusal(text, spelling))
    number = float(text.replace(spelling.decimal, "."))
    if math.isinf(number):
        raise ValueError(f"{shown(text)} is too large for a float")
    digits = text.lstrip("+-0")
    if abs(number) >= EXACT and digits.isdigit():  # so they are at most 309
        exact_float(int(digits))
    return number


def exact_float(whole: int) -> float:
    """A whole number as a float. Raises ValueError where none is equal to it."""
    try:
        number = float(whole)
    except OverflowError:
        raise ValueError(f"{shown(str(whole))} is too large for a float") from None
    if number != whole:
        raise ValueError(f"no float is equal to the whole number {shown(str(whole))}")
    return number


@cache
def _grammar(decimal: str) -> re.Pattern[str]:
    point = re.escape(decimal)
    return re.compile(rf"[+-]?(?:[0-9]+(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)


def _refusal(text: str, spelling: Spelling) -> str:
    if text.strip("+-").lower() in ("inf", "infinity", "∞"):
        return f"{shown(text)} is not finite"
    if spelling.decimal == "." and _grammar(",").fullmatch(text):
        return f"{shown(text)} has a comma where a point is expected"
    if spelling.decimal == "," and "." in text and re.fullmatch(r"[0-9.,+\-eE]+", text, re.ASCII):
        return f"{shown(text)} has a point where only a comma is expected"
    return f"{shown(text)} is no number"


def shown(text: str) -> str:
    """A cell as a message shows it: quoted, the beginning of a long one."""
    return f'"{text}"' if len(text) <= _SHOWN else f'"{text[: _SHOWN - 1]}…"'
