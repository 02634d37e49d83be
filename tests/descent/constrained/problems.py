"""Problems under constraints with known answers.

examples.jsonl: verified examples. hock_schittkowski.jsonl: W. Hock and K. Schittkowski, Test Examples for Nonlinear
Programming Codes (Springer 1981), f, constraints, starts and best values as printed there. Problem 47's printed value is
that of a saddle; the one here is the best known.
"""

from __future__ import annotations

import json
from pathlib import Path

from gradcli.descent.constrained.constrained_minimizer import minimize_constrained
from gradcli.descent.constrained.constrained_outcome import Wish
from gradcli.language.constraints.constraint_text import constraints_of
from gradcli.shell.problems.values import number

HERE = Path(__file__).parent


def read(name):
    """The problems of a file."""
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


EXAMPLES = {one["id"]: one for one in read("examples.jsonl")}
BOOK = {one["id"]: one for one in read("hock_schittkowski.jsonl")}


def start_of(problem):
    """The documented start."""
    return {name: float(number(name, str(value))) for name, value in problem["start"].items()}


def links_of(texts):
    """The links of several texts."""
    return [link for text in texts for link in constraints_of(text)]


def solved(problem, *, texts=None, start=None, expression=None):
    """The outcome from the documented start, or with other texts of the same problem."""
    links = links_of(problem["constraints"] if texts is None else texts)
    ascend = problem.get("sense") == "max"
    wish = Wish(ascend=ascend)
    return minimize_constrained([expression or problem["expr"]], links, start or start_of(problem), wish)
