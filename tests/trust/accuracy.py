"""The corpus of formulas that lose digits, and how far answers are from the truth. Run as a module: prints the table."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, NamedTuple

from gradcli.calculus.backends import float_backend
from gradcli.calculus.evaluation.gradient_at_point import evaluate
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.program.typed_numbers import TypedFloat
from tests.independent import programs as wide


class Measured(NamedTuple):
    """The worst error of plain floats and of the answer, in units in the last place."""

    plain: float
    answer: float


def corpus() -> list[tuple[str, dict[str, float]]]:
    """Expressions, each with a point."""
    lines = Path(__file__).with_name("accuracy.tsv").read_text().splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [
        (text, {k: TypedFloat(float(v), v) for k, v in (p.split("=") for p in at.split(","))})
        for text, at in rows
    ]


def measured(text: str, point: dict[str, float]) -> Measured:
    """Plain floats and the answer, both against 200 digits."""
    program = compile_text([text], list(point)).program
    names = program.variables
    slots = [program.value, *(g for g in program.gradient if g is not None)]
    truth = wide.run(program, [str(point[name]) for name in names], 200)
    answer = evaluate(program, text, point)
    given = [
        answer.value,
        *(answer.partials[n] for n, g in zip(names, program.gradient, strict=True) if g is not None),
    ]
    try:
        plain = [float_backend.run(program, [point[name] for name in names])[slot] for slot in slots]
    except (ValueError, ArithmeticError):
        plain = [math.inf] * len(slots)
    return Measured(
        *(max(ulps(n, truth[s]) for n, s in zip(ns, slots, strict=True)) for ns in (plain, given))
    )


def ulps(number: Any, truth: Any) -> float:
    """The distance in units in the last place of the float nearest to the truth."""
    nearest = float(truth)
    if not math.isfinite(number):
        return math.inf
    return float(abs(wide.context(220).mpf(number) - truth) / math.ulp(nearest))


def main() -> None:
    """Print the table, worst first."""
    rows = sorted(
        ((*measured(text, point), text, point) for text, point in corpus()), key=lambda row: -row[0]
    )
    print(f"{'plain floats':>14} {'answer':>8}  expression")
    for plain, answer, text, point in rows:
        print(
            f"{plain:14.3g} {answer:8.2f}  {text}  at {', '.join(f'{k} = {v!r}' for k, v in point.items())}"
        )
    print(
        f"worst: {max(row[0] for row in rows):.3g} and {max(row[1] for row in rows):.2f} ulp, {len(rows)} expressions"
    )


if __name__ == "__main__":
    main()
