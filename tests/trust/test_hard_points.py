"""Every digit that is shown is right at points that were chosen to be hard: against mpmath in four times the bits.

`GRADCLI_HARD=200000 pytest -s tests/trust/test_hard_points.py` tries 200,000 points and prints the counts.
"""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest
from mpmath.libmp import NoConvergence

from gradcli.calculus.backends.ball_numbers import exact
from gradcli.calculus.backends.balls import Failure, run
from gradcli.calculus.backends.texts import TypedFloat
from gradcli.calculus.budget import OutOfTime, seconds
from gradcli.calculus.evaluate import evaluate, evaluate_digits
from gradcli.language.errors import GradcliError
from tests.independent import programs as independent
from tests.trust.hard_points import problems

COUNT = int(os.environ.get("GRADCLI_HARD", "100"))
SEED = int(os.environ.get("GRADCLI_SEED", "1"))
DIGITS = 30


def needed(program, point, outputs):
    """The bits at which balls of *program* are narrow enough for DIGITS, None where they are not soon."""
    for bits in (192, 384, 768, 1536, 3072, 6144):
        slots = [run(program, point, bits)[slot] for slot in outputs]
        if all(
            isinstance(s, Failure) or exact(s) or s.is_exact() or s.rel_accuracy_bits() > 110 for s in slots
        ):
            return bits
    return None


def truths(program, point, outputs):
    """The slots in mpmath, in four times those bits, or more where twice as many say otherwise: balls keep rationals exact.

    None where that takes too long or is not to be had.
    """
    bits = needed(program, point, outputs)
    if bits is None:
        return None
    try:
        with seconds(10):
            digits = int(4 * bits * 0.30103)
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


@pytest.mark.parametrize("shard", range(4))
def test_no_digit_that_is_shown_is_wrong(shard):
    """Value and all partials, as floats and with 30 digits."""
    counts, wrong = Counter(), []
    for text, program, point in problems(random.Random(f"{SEED} {shard}"), COUNT // 4):
        names = program.variables
        outputs = [program.value, *(g for g in program.gradient if g is not None)]
        typed = {name: TypedFloat(float(value), value) for name, value in point.items()}
        try:
            answer = evaluate(program, text, typed)
        except GradcliError as error:
            counts[f"refused: {error.kind}"] += 1
            continue
        true = truths(program, [point[name] for name in names], outputs)
        if true is None:
            counts["no truth"] += 1
            continue
        many = evaluate_digits(program, text, point, DIGITS)
        shown = [
            answer.value,
            *(answer.partials[n] for n, g in zip(names, program.gradient, strict=True) if g is not None),
        ]
        texts = [
            many.value,
            *(many.partials[n] for n, g in zip(names, program.gradient, strict=True) if g is not None),
        ]
        for number, digits, truth in zip(shown, texts, true, strict=True):
            if number is None or isinstance(truth, independent.Failure):
                counts["without a number"] += 1
                continue
            counts["numbers"] += 1
            if not (answer.undecided or many.undecided) and (
                wrong_float(number, truth) or wrong_text(digits, truth)
            ):
                wrong.append((text, point, number, digits, str(truth)[:40]))
    print(dict(counts), "wrong:", len(wrong))
    assert not wrong, wrong[:5]
    assert counts["numbers"] > COUNT // 4
