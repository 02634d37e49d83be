"""Seeded random expressions in the functions that a language has, and points that try them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import cache

from gradcli.calculus.program.instructions import TooHard
from gradcli.calculus.program.program import Program
from gradcli.language.errors import GradcliError
from gradcli.language.function_table import FUNCTIONS
from tests.exporting.agreement import LIBRARIES
from tests.exporting.batches import Case, compiled, function

#: Ordinary numbers, ends and corners, and numbers at the ends of floats.
ORDINARY = (0.37, 1.21, -0.83, 2.6, -3.45, 0.09)
CORNERS = (0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 3.0, -3.0)
EXTREME = (1e-300, 1e300, -1e300, 1e-8, 1e17, -1e17, 710.5, -745.2, 1e155, -40.5)

#: What the points of an expression are drawn from, in turns.
KINDS = (ORDINARY, ORDINARY, CORNERS, CORNERS, CORNERS, EXTREME, (*CORNERS, *EXTREME), (*ORDINARY, *CORNERS))

WHOLE_FIRST = (
    "polygamma", "besselj", "bessely", "besseli", "besselk", "expint", "ive", "kve", "legendre", "chebyshev_t",
    "chebyshev_u", "hermite", "hermite_e", "laguerre", "genlaguerre", "gegenbauer", "jacobi", "spherical_jn", "spherical_yn",
    "spherical_in", "spherical_kn",
)  # fmt: skip

#: Functions that take mpmath seconds at large arguments: only near 0 is there a truth in time.
SLOW = ("zeta", "zetaprime", "polylog")


@cache
def functions_of(language: str) -> tuple[str, ...]:
    """The functions of the table whose value and gradient the language can be given."""
    found = []
    for name, row in FUNCTIONS.items():
        arguments = ["2"] if name in WHOLE_FIRST else []
        arguments += ["x > 0"] if name in ("where", "piecewise") else []
        arguments += ["x", "y", "x/2"][: row.fewest - len(arguments)]
        if name in SLOW or not has(language, f"{name}({', '.join(arguments)})"):
            continue
        found.append(name)
    return tuple(found)


def has(language: str, text: str) -> bool:
    """Whether the language has all that *text* needs."""
    try:
        function(language, Case(text, compiled(text), ()))
    except (GradcliError, TooHard):
        return False
    return True


def cases(language: str, functions: Sequence[str], count: int, seed: str, points: int = 8) -> list[Case]:
    """So many expressions in *functions* that the language has, each with points of every kind."""
    source = random.Random(seed)
    found: list[Case] = []
    while len(found) < count:
        text = expression(source, functions, source.choice((1, 2, 2, 3)))
        try:
            made = compiled(text)
        except GradcliError:
            continue
        size = len(made.program.variables)
        if size and has(language, text):
            found.append(Case(text, made, tuple(_point(source, made.program, k) for k in range(points))))
    return found


def _point(source: random.Random, program: Program, number: int) -> tuple[float, ...]:
    """Ordinary, corner and extreme numbers by turns; special functions take mpmath too long at extremes."""
    kind = KINDS[number % len(KINDS)]
    if any(op in LIBRARIES for op, *_ in program.code):
        kind = (*ORDINARY, *CORNERS)
    return tuple(source.choice(kind) for _ in program.variables)


def expression(source: random.Random, functions: Sequence[str], depth: int) -> str:
    """A random expression in x and y."""
    if depth == 0:
        return source.choice(("x", "y", "x", "y", "2", "3", "0.5", "1"))

    def inner() -> str:
        return expression(source, functions, depth - source.choice((1, 1, 1, 2)) if depth > 1 else 0)

    kind = source.random()
    if kind < 0.4:
        return f"({inner()}) {source.choice('+-*/')} ({inner()})"
    if kind < 0.5:
        return f"({inner()})**{source.choice(('2', '3', '4', '-1', '-2', '0.5', 'y', '(1/3)'))}"
    return call(source, source.choice(functions), inner)


def call(source: random.Random, name: str, inner: Callable[[], str]) -> str:
    """A call of a function with random arguments."""
    row = FUNCTIONS[name]
    if name in ("where", "piecewise"):
        sign = source.choice(("<", "<=", ">", ">=", "==", "!="))
        left, right, a, b = inner(), inner(), inner(), inner()
        right = "1" if right == left else right  # what is compared with itself is a tie everywhere
        return f"{name}({left} {sign} {right}, {a}, {b})"
    count = row.fewest + (source.randint(0, row.optional) if name != "log" else 0)
    arguments = [source.choice(("0", "1", "2"))] if name in WHOLE_FIRST else []
    arguments += [source.choice(("3", "2", "5"))] if name == "root" else []
    arguments += [inner() for _ in range(count - len(arguments))]
    if name == "root":
        arguments.reverse()
    return f"{name}({', '.join(arguments)})"
