"""Random losses over columns x and y with numbers a and b, and both ways to evaluate them."""

from __future__ import annotations

import random

from gradcli.calculus.graph.reverse_sweep import program_of, swept
from gradcli.calculus.rows.row_data import RowData
from gradcli.calculus.rows.row_evaluation import RowEvaluation
from gradcli.calculus.rows.row_program import compile_levels
from gradcli.language.column_names import element
from gradcli.language.parser import parse
from gradcli.language.rows.level_reading import levels_of

NUMBERS = {"a": 0.6875, "b": 1.3125}

_SMOOTH = (
    "sin({})",
    "cos({})",
    "exp(-({})**2)",
    "tanh({})",
    "sqrt(1+({})**2)",
    "log(2+({})**2)",
    "({})**2",
    "({})**3",
)
_BETWEEN = ("({0})+({1})", "({0})-({1})", "({0})*({1})", "({0})/(3+({1})**2)")
_ARITHMETIC = ("({0})+({1})", "({0})-({1})", "({0})*({1})", "({0})/({1})", "({0})**2", "sqrt(1+({0})**2)")
_REDUCED = ("sum({0})", "mean({0})", "var({0})", "std(x+({0})**2)", "norm(1+({0})**2)", "dot({0},{1})",
            "logsumexp({0})", "min({0})", "max({0})", "var({0},1)")  # fmt: skip


def row(source, depth, inner, templates=(*_SMOOTH, *_BETWEEN)):
    """An expression of one row; *inner* are texts that may stand in it: of numbers, or of what is made of all rows."""
    if depth == 0:
        return source.choice(("x", "y", "x", "y", "a", "b", "2", *inner))
    template = source.choice(templates)
    return template.format(*(row(source, depth - 1, inner, templates) for _ in range(2)))


def varying(source, depth, inner, templates=(*_SMOOTH, *_BETWEEN)):
    """One that certainly has x in it."""
    return f"x*({row(source, depth, inner, templates)})"


def loss(seed, reduced=_REDUCED, templates=(*_SMOOTH, *_BETWEEN)):
    """A random loss, nested up to three deep, now and then with definitions."""
    source = random.Random(seed)
    inner, lines = [], []
    for level in range(source.randint(0, 2)):
        found = source.choice(reduced).format(*(varying(source, 1, inner, templates) for _ in range(2)))
        if source.random() < 0.5:
            lines.append(f"m{level} = {found}")
            found = f"m{level}"
        inner.append(found)
    last = source.choice(reduced).format(*(varying(source, 2, inner, templates) for _ in range(2)))
    return "; ".join([*lines, f"({last})*a + {source.choice([*inner, 'b'])}"])


def columns(seed, rows):
    """Columns x and y of doubles with many digits."""
    source = random.Random(seed)
    return {name: [source.uniform(0.5, 2) for _ in range(rows)] for name in ("x", "y")}


def by_rows(text, held, wrt=None, arrays=None):
    """The evaluation of a text over columns."""
    lengths = {name: len(numbers) for name, numbers in held.items()}
    return RowEvaluation(compile_levels(levels_of([text], lengths, NUMBERS), wrt), RowData(held), arrays)


def written_out(text, held, wrt=None):
    """The program of the same text written out row by row, with slopes along *wrt* (None: all), and its point."""
    point = {
        **NUMBERS,
        **{element(name, i): x for name, numbers in held.items() for i, x in enumerate(numbers)},
    }
    expression = parse(text, point)
    return program_of(swept(expression, wrt), expression.variables), point
