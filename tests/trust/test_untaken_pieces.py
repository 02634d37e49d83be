"""What fails in a piece is the answer where the piece is taken, and nothing elsewhere: floats beside balls, at ties."""

from __future__ import annotations

import math
import os
import random

import pytest

from gradcli.calculus.evaluation.gradient_at_point import evaluate, evaluate_digits
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.language.errors import GradcliError

SEED, COUNT = int(os.environ.get("GRADCLI_SEED", "1")), int(os.environ.get("GRADCLI_PIECES", "150"))

NUMBERS = ("-2", "-1", "0", "0.5", "1", "1.5", "2", "3")


def number(rng: random.Random, depth: int) -> str:
    """An expression of x and y whose places of failure and ties are at small numbers."""
    kind = rng.randrange(10) if depth > 0 else 0
    if kind == 0:
        return rng.choice("xyxy0123")
    if kind == 1:
        return f"({number(rng, depth - 1)} {rng.choice('+-*/')} {number(rng, depth - 1)})"
    if kind == 2:
        name = rng.choice(
            ["abs", "sign", "floor", "ceil", "trunc", "frac", "round", "relu", "heaviside", "sqrt", "log"]
        )
        return f"{name}({number(rng, depth - 1)})"
    if kind == 3:
        return f"{rng.choice(['min', 'max', 'mod'])}({number(rng, depth - 1)}, {number(rng, depth - 1)})"
    if kind == 4:
        return f"({number(rng, depth - 1)})**{rng.choice(['2', '2', 'x'])}"
    pieces = number(rng, depth - 1), number(rng, depth - 1)
    return f"where({condition(rng, depth - 1)}, {pieces[0]}, {pieces[1]})"


def condition(rng: random.Random, depth: int) -> str:
    """A comparison, or two."""
    sides = number(rng, depth), number(rng, depth)
    one = f"{sides[0]} {rng.choice(['<', '<=', '>', '>=', '==', '!='])} {sides[1]}"
    if rng.randrange(5):
        return one
    return f"({one}) {rng.choice(['and', 'or'])} ({number(rng, depth)} < {number(rng, depth)})"


def in_floats(text: str, point: dict[str, str]) -> list[float | None] | str:
    """The value and the partials; the sentence where there is none."""
    try:
        found = evaluate(compile_text([text], ()).program, text, point)
    except GradcliError as error:
        return str(error)
    return [found.value, *found.partials.values()]


def in_balls(text: str, point: dict[str, str]) -> list[float | None] | str:
    """The same by balls alone."""
    try:
        found = evaluate_digits(compile_text([text], ()).program, text, point, 20)
    except GradcliError as error:
        return str(error)
    return [None if x is None else float(x) for x in (found.value, *found.partials.values())]


def same(a: list[float | None] | str, b: list[float | None] | str) -> bool:
    """Whether both are the same sentence, or the same numbers to 13 digits."""
    if isinstance(a, str) or isinstance(b, str):
        return a == b
    return all(
        x is y if x is None or y is None else math.isclose(x, y, rel_tol=1e-13, abs_tol=1e-300)
        for x, y in zip(a, b, strict=True)
    )


@pytest.mark.parametrize(
    ("text", "point", "wanted"),
    [
        ("where(2 < where(2 < x, x, 2), where(x < y, x, x), 2)", {"x": "1", "y": "0"}, [2, 0, 0]),
        ("where(2 < where(3 < x, x, 2), where(x < y, x, 2*y), 2)", {"x": "1", "y": "0"}, [2, 0, 0]),
        ("where((2 < max(x, 2)) and (x < 3), where(x < y, x, 2*y), 2)", {"x": "1", "y": "0"}, [2, 0, 0]),
    ],
)  # fmt: skip
def test_a_tie_within_a_piece_decides_nothing(text, point, wanted):
    """Beside it the condition stays what it is."""
    assert in_floats(text, point) == wanted == in_balls(text, point)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("heaviside(where(x != 1, x/x, 4))", "0"),
        ("sign(where(x < 1, x/x, 1))", "0"),
        ("where(x < 1, max(0, x/x), 2)", "0"),
        ("where(2 <= where(x <= 0, x**2/(0/x), exp(x)), 3, 0)", "0"),
        ("where(where(x >= 1, x, 0/0) == 1, x, 3)**2", "0"),
    ],
)
def test_a_piece_that_is_taken_and_fails_leaves_no_value(text, at):
    """Whatever comparisons and steps are made of it."""
    found = in_floats(text, {"x": at})
    assert isinstance(found, str)
    assert "not defined" in found
    assert found == in_balls(text, {"x": at})


def test_random_pieces_are_in_floats_what_they_are_in_balls():
    """Values, partials, corners and sentences, at points where much of it ties and fails."""
    rng, seen = random.Random(SEED), 0
    while seen < COUNT:
        text = number(rng, 3)
        point = {name: rng.choice(NUMBERS) for name in "xy"}
        found = in_floats(text, point)
        if isinstance(found, str) and "not decided" in found:
            continue
        seen += 1
        assert same(found, in_balls(text, point)), (text, point)
