"""Each function of the table by itself, and points that try it: its parameters without a derivative are numbers."""

from __future__ import annotations

import random
from functools import cache

from gradcli.language.function_table import FUNCTIONS
from tests.exporting.batches import Case, Numbers, compiled
from tests.exporting.random_expressions import CORNERS, EXTREME, ORDINARY, WHOLE_FIRST
from tests.independent.further_functions import SMOOTH

#: Between the numbers of random expressions: halves, ends of domains, what is small, what is no float next to another.
BETWEEN = (1.5, -1.5, 2.5, 0.25, -0.25, 7.3, -7.3, 25.2, -25.2, 9.0, 1e-3, -1e-3, -0.36, 1e-20, 0.999, 6.0, -6.0,
           1000000.25, -0.9999)  # fmt: skip

#: Functions whose first argument is a parameter without a derivative -> numbers for it.
PARAMETERS = {
    "lowergamma": ("0.5", "3", "20.5"),
    "uppergamma": ("0.5", "3", "20.5"),
    "polylog": ("2", "-1", "0.5"),
}

_LETTERS = ["x", "y", "z", "w"]


def texts(name: str) -> list[str]:
    """Calls of a function, with each number of arguments that it takes."""
    row, spans = FUNCTIONS[name], SMOOTH.get(name, [])
    most = row.most or 3
    if name in ("where", "piecewise"):
        return []
    if name == "root":
        return ["root(x, 3)", "root(x, 4)", "root(x, -5)"]
    if name in WHOLE_FIRST:
        return [f"{name}({', '.join([order, *_fixed(name, _LETTERS)[: most - 1]])})" for order in "013"]
    if name in PARAMETERS:
        return [f"{name}({number}, x)" for number in PARAMETERS[name]]
    if any(low == high for low, high in spans):
        numbers = [
            f"{low:g}" if low == high else letter
            for (low, high), letter in zip(spans, _LETTERS, strict=False)
        ]
        return [f"{name}({', '.join(numbers)})"]
    return [f"{name}({', '.join(_LETTERS[:count])})" for count in range(max(row.fewest, 1), most + 1)]


def _fixed(name: str, letters: list[str]) -> list[str]:
    """The arguments after an order: parameters in the middle are numbers."""
    spans = SMOOTH.get(name, [])[1:]
    return [
        f"{low:g}" if low == high else letter for (low, high), letter in zip(spans, letters, strict=False)
    ] or letters


@cache
def function_cases(count: int) -> tuple[Case, ...]:
    """Every call at *count* points at most: of one variable the numbers in turn, of several random ones."""
    found = []
    for name in FUNCTIONS:
        for text in texts(name):
            made = compiled(text)
            size = len(made.program.variables)
            source = random.Random(text)
            if size and not made.program.unknown:
                found.append(Case(text, made, _points(source, name, size, count)))
    return tuple(found)


def _points(source: random.Random, name: str, size: int, count: int) -> tuple[Numbers, ...]:
    every = (*ORDINARY, *BETWEEN, *CORNERS, *EXTREME)
    if size == 1:
        points = [(number,) for number in every]
        return tuple(points if count >= len(points) else source.sample(points, count))
    mild = (*ORDINARY, *BETWEEN, *CORNERS)
    inside = [span for span in SMOOTH.get(name, []) if span[0] != span[1]][:size]
    drawn: list[Numbers] = []
    for k in range(count):
        if k % 3 == 0 and len(inside) == size:
            drawn.append(tuple(source.uniform(low, high) for low, high in inside))
        else:
            drawn.append(tuple(source.choice(mild if k % 5 else every) for _ in range(size)))
    return tuple(dict.fromkeys(drawn))
