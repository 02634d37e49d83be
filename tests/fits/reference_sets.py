"""The reference sets of nonlinear regression with their certified values, and how many digits of them an answer has."""

from __future__ import annotations

import json
import math
from pathlib import Path

FOLDER = Path(__file__).parent / "reference"

#: A set: name, model, response, two starts, certified values, standard errors, sum of squares.
SETS = [json.loads(line) for line in (FOLDER / "models.jsonl").read_text(encoding="utf-8").splitlines()]


def arguments(one, start=None, *more):
    """The command line that fits a set, from the start of that name or from none."""
    typed = ["fit", one["model"], "--to", one["response"], "--data", FOLDER / f"{one['name']}.csv"]
    if start is not None:
        typed += ["--at", ",".join(f"{name}={x!r}" for name, x in one[start].items())]
    return [*typed, *more]


def digits(found, certified):
    """The right digits of a number, as the reference's authors count them: minus the logarithm of the relative error."""
    if found == certified:
        return 16.0
    return -math.log10(abs(found - certified) / abs(certified))


def least_digits(found, certified):
    """The least of them over numbers by name."""
    return min(digits(found[name], x) for name, x in certified.items())
