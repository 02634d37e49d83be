"""JSON lines → rows of numbers: one object per line, its keys the names of the columns."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO

from gradcli.data.columns.cell_numbers import exact_float, shown
from gradcli.language.errors import InputProblem, NameProblem
from gradcli.language.limits import limit, limit_problem

#: Lines at the beginning whose keys are the columns of the file.
HEADED = 1000


def json_objects(stream: BinaryIO, file: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects in the lines of a stream with the numbers of these; blank lines are left out.

    Raises InputProblem for a line that is no JSON object, LimitProblem for one that is too long.
    """
    most, number = int(limit("input")), 0
    while line := stream.readline(most + 1):
        number += 1
        if len(line) > most:
            raise limit_problem("input", f"{file} has a line of more than {most:,} bytes")
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip():
            yield number, _object(line, file, number)


def _object(line: bytes, file: str, number: int) -> dict[str, Any]:
    try:
        found = _DECODER.decode(line.decode("utf-8"))
    except _TwiceError as error:
        raise NameProblem(f"{file}, line {number}: the key {error} occurs twice") from None
    except UnicodeDecodeError:
        raise InputProblem(f"{file}, line {number} is not UTF-8 text") from None
    except (ValueError, RecursionError):
        raise InputProblem(f"{file}, line {number} is no JSON") from None
    if not isinstance(found, dict):
        raise InputProblem(f"{file}, line {number} is no JSON object", hint='one per line: {"x": 1, "y": 2}')
    return found


class _TwiceError(Exception):
    """A key that occurs twice in one object."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _TwiceError(shown(next(key for key in keys if keys.count(key) > 1)))
    return found


def _whole(digits: str) -> int | float:
    """A whole number; one of more digits than any float has is infinite, whether Python would read it or not."""
    return int(digits) if len(digits) <= _DIGITS else float(digits)


#: Digits of whole numbers that are read one by one: no float is as large.
_DIGITS = 400

_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_int=_whole)


def headed(
    objects: Iterator[tuple[int, dict[str, Any]]], file: str
) -> tuple[tuple[str, ...], list[tuple[int, dict[str, Any]]]]:
    """The keys of the first lines, in their order, and these lines. Raises InputProblem where there is none."""
    first = list(islice(objects, HEADED))
    if not first:
        raise InputProblem(f"{file} is empty")
    return tuple(dict.fromkeys(key for _, found in first for key in found)), first


def json_number(value: Any, missing: Sequence[str] | frozenset[str]) -> float:
    """A value of JSON as a float: true is 1, null, nan, a missing key and a spelling of *missing* are nan.

    Raises ValueError with the end of a sentence for what is no number.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return math.nan
    if isinstance(value, str):
        if not value.strip() or value.strip() in missing:
            return math.nan
        raise ValueError(f"{shown(value)} is text and no number")
    if isinstance(value, int):
        return exact_float(value)
    if not isinstance(value, float):
        raise ValueError(f"{'a list' if isinstance(value, list) else 'an object'} is no number")
    if math.isinf(value):
        raise ValueError("it is not finite, or too large for a float")
    return value
