"""Every digit that is shown is right at points that were chosen to be hard: against mpmath in four times the bits.

`GRADCLI_HARD=200000 pytest -s tests/trust/test_hard_points.py` tries 200,000 points and prints the counts.
"""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest
from mpmath.libmp import NoConvergence

from gradcli.calculus.balls.ball_numbers import exact
from gradcli.calculus.balls.programs.ball_backend import run
from gradcli.calculus.balls.programs.ball_operations import Failure
from gradcli.calculus.effort.time_budget import OutOfTime, seconds
from gradcli.calculus.evaluation.gradient_at_point import evaluate, evaluate_digits
from gradcli.calculus.program.typed_numbers import TypedFloat
from gradcli.language.errors import GradcliError
from tests.independent import programs as independent
from tests.trust.hard_points import problems

COUNT = int(os.environ.get("GRADCLI_HARD", "100"))
SEED = int(os.environ.get("GRADCLI_SEED", "1"))
DIGITS = 30

#: Seconds of processor that mpmath may take for one point.
PATIENCE = 0.3

#: Digits with which mpmath is asked again before an answer is called wrong, and its seconds then.
AGAIN, PATIENCE_AGAIN = 8_000, 20


def needed(program, point, outputs):
    """The bits at which balls of *program* are narrow enough for DIGITS, None where they are not soon."""
    for bits in (192, 384, 768, 1536, 3072, 6144):
        slots = [run(program, point, bits)[slot] for slot in outputs]
        if all(
            isinstance(s, Failure) or exact(s) or s.is_exact() or s.rel_accuracy_bits() > 110 for s in slots
        ):
            return bits
    return None


def truths(program, point, outputs, least=0):
    """The slots in mpmath, in four times those bits, or more where twice as many say otherwise: balls keep rationals exact.

    None where that takes too long or is not to be had. *least* is how many digits it begins with: a zero beside
    which the digits end is seen by more of them alone.
    """
    bits = needed(program, point, outputs)
    if bits is None:
        return None
    try:
        with seconds(PATIENCE_AGAIN if least else PATIENCE):
            digits = max(int(4 * bits * 0.30103), least)
            found = independent.run(program, point, digits)
            while digits < 20_000:
                digits *= 2
                before, found = found, independent.run(program, point, digits)
                if all(agree(before[slot], found[slot], digits) for slot in outputs):
                    return [found[slot] for slot in outputs]
    except (OutOfTime, NoConvergence, OverflowError, MemoryError, ValueError):
        pass
    return None


def agree(before, after, digits):
    """Whether two precisions have the same 40 digits, or no value. A 0 may be what few digits have swallowed."""
    failed = [isinstance(slot, independent.Failure) for slot in (before, after)]
    if any(failed):
        return all(failed)
    if after == 0 and digits < 4_000:
        return False
    return abs(before - after) <= abs(after) * after.context.mpf(10) ** -40


def wrong_float(shown, truth):
    """Whether a float has fewer than fourteen right digits."""
    gap = abs(truth - shown)
    return gap > abs(truth) * 0.5e-14 and gap > 5e-324


def wrong_text(shown, truth):
    """Whether a decimal is not the truth rounded to DIGITS digits."""
    context = truth.context
    return abs(context.mpf(shown) - truth) > abs(truth) * context.mpf(10) ** -(DIGITS - 1) * 0.5001


def shown(program, text, point):
    """What is shown of the value and of each partial: (float, decimal), None where something is said to be undecided."""
    typed = {name: TypedFloat(float(value), value) for name, value in point.items()}
    few, many = evaluate(program, text, typed), evaluate_digits(program, text, point, DIGITS)
    if few.undecided or many.undecided:
        return None
    names = [n for n, g in zip(program.variables, program.gradient, strict=True) if g is not None]
    return [(few.value, many.value), *((few.partials[n], many.partials[n]) for n in names)]


def differences(numbers, true):
    """The pairs of *numbers* whose digits are not those of *true*."""
    return [
        (number, digits, str(truth)[:40])
        for (number, digits), truth in zip(numbers, true, strict=True)
        if number is not None
        and not isinstance(truth, independent.Failure)
        and (wrong_float(number, truth) or wrong_text(digits, truth))
    ]


def tried(text, program, point, counts):
    """What is wrong at one point; *counts* is told what became of it."""
    outputs = [program.value, *(g for g in program.gradient if g is not None)]
    try:
        numbers = shown(program, text, point)
    except GradcliError as error:
        counts[f"refused: {error.kind}"] += 1
        return []
    if numbers is None:
        counts["undecided"] += 1
        return []
    texts = [point[name] for name in program.variables]
    true = truths(program, texts, outputs)
    if true is None:
        counts["no truth"] += 1
        return []
    wrong = differences(numbers, true)
    if wrong:
        counts["asked again"] += 1
        more = truths(program, texts, outputs, AGAIN)
        if more is None:  # two of mpmath's own answers differ: a floor beside a whole number, 1e-600 from it
            counts["not settled by mpmath"] += 1
            print("not settled by mpmath:", text, point, wrong, flush=True)
        wrong = differences(numbers, more) if more is not None else []
    counts["numbers"] += sum(number is not None for number, _ in numbers)
    return wrong


@pytest.mark.parametrize("shard", range(4))
def test_no_digit_that_is_shown_is_wrong(shard):
    """Value and all partials, as floats and with 30 digits."""
    counts, wrong = Counter(), []
    for number, (text, program, point) in enumerate(
        problems(random.Random(f"{SEED} {shard}"), COUNT // 4), 1
    ):
        if number % 1_000 == 0:
            print(number, dict(counts), "wrong:", len(wrong), flush=True)
        for difference in tried(text, program, point, counts):
            print("wrong:", text, point, difference, flush=True)
            wrong.append((text, point, difference))
    print(dict(counts), "wrong:", len(wrong))
    assert not wrong, wrong[:5]
    assert counts["numbers"] > COUNT // 4
