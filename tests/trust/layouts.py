"""Random expressions over the whole table, each in two layouts of its adjoints: as the reverse sweep writes them, and short."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flint import arb

from gradcli.calculus.backends import float_backend
from gradcli.calculus.backends.rounding_error import errors_of
from gradcli.calculus.evaluation.gradient_at_point import evaluate, evaluate_digits, outputs_of
from gradcli.calculus.graph.adjoint_scales import shortened
from gradcli.calculus.graph.reverse_sweep import program_of, swept
from gradcli.calculus.program.program import Program
from gradcli.language.errors import GradcliError
from gradcli.language.function_table import FUNCTIONS
from gradcli.language.parser import parse

LEAVES = ("x", "y", "z", "x", "y", "1", "2", "3", "7", "0.5", "0.1", "1.5", "4")
USUAL = ("sin", "cos", "exp", "log", "sqrt", "tanh", "atan", "abs", "max", "min")


def written(source: random.Random, depth: int) -> str:
    """The text of an expression so deep at the most."""
    if depth <= 0:
        return source.choice(LEAVES)
    kind = source.random()
    if kind < 0.55:
        return f"({written(source, depth - 1)}{source.choice('+-*/*')}{written(source, depth - 1)})"
    if kind < 0.62:
        power = source.choice(("2", "3", "4", "0.5", "(-1)", "(-2)", "y"))
        return f"({written(source, depth - 1)})**{power}"
    if kind < 0.66:
        return f"-({written(source, depth - 1)})"
    name = source.choice(tuple(FUNCTIONS) if kind > 0.83 else USUAL)
    row = FUNCTIONS[name]
    count = len(row.names) if row.most is not None else 3
    return f"{name}({','.join(written(source, depth - 2) for _ in range(count))})"


def programs(seed: int, count: int) -> Iterator[tuple[str, Program, Program]]:
    """So many texts, each with its program as the reverse sweep lays it out, and in short."""
    source = random.Random(seed)
    while count:
        text = written(source, source.randint(2, 5))
        try:
            tree = parse(text)
            sweep = swept(tree)
            plain = program_of(sweep, tree.variables)
        except GradcliError:
            continue
        count -= 1
        yield text, plain, program_of(shortened(sweep), tree.variables)


def points(text: str, names: Sequence[str]) -> list[dict[str, float]]:
    """Points of the expression: one anywhere, and one where corners and edges of domains are."""
    source = random.Random(text)
    anywhere = {name: source.uniform(-2, 3) for name in names}
    return [anywhere, {name: float(source.choice((-1, 0, 0.5, 1, 2))) for name in names}]


def floats(program: Program, point: Mapping[str, float]) -> Any:
    """The bits of value and gradient, zeros without signs; or the kind of the error."""
    try:
        slots = float_backend.run(program, [point[name] for name in program.variables])
    except (ValueError, ArithmeticError) as error:
        return type(error).__name__
    return ["nan" if math.isnan(slots[i]) else (slots[i] + 0.0).hex() for i in outputs_of(program)]


def said(program: Program, text: str, point: Mapping[str, float]) -> Any:
    """All that is answered at a point: numbers, notes with spans and slopes on both sides; or the error, with its place."""
    try:
        answer = evaluate(program, text, point)
    except GradcliError as error:
        return type(error).__name__, error.message, error.span
    numbers = [answer.value, *answer.partials.values()]
    return (
        [number if number is None else float(number) for number in numbers],
        answer.notes,
        dict(answer.undecided),
    )


def tells_more(short: Any, plain: Any) -> bool:
    """Whether the short layout says the same, and shows a number to be 0 that balls of the plain one only bound."""
    if isinstance(short[0], str) or isinstance(plain[0], str) or short[0] != plain[0]:
        return False
    return short[1] == tuple(note for note in plain[1] if note.kind != "undecided") and not short[2]


def beyond_its_bound(program: Program, text: str, point: Mapping[str, float]) -> list[int]:
    """The outputs whose float is farther from the ball's than the error bound that the run carries."""
    numbers = [point[name] for name in program.variables]
    try:
        slots = float_backend.run(program, numbers)
        exact = evaluate_digits(program, text, point, 30)
    except (ValueError, ArithmeticError, GradcliError):
        return []
    errors = errors_of(program, slots, [0.0] * len(numbers))
    truths = zip([program.value, *program.gradient], [exact.value, *exact.partials.values()], strict=True)
    return [
        slot
        for slot, right in truths
        if slot is not None and right is not None and not _within(slots[slot], str(right), errors[slot])
    ]


def _within(number: float, right: str, error: float) -> bool:
    """Whether a float is as near to a decimal of 30 digits as its error says, in units of 2**-53."""
    room = arb(error) * arb(2) ** -53 + abs(arb(right)) * arb(10) ** -28 if math.isfinite(error) else None
    return room is None or bool(abs(arb(right) - arb(number)) <= room)
