"""Random texts end in an answer or in a sentence. GRADCLI_FUZZ=200000 tries so many; GRADCLI_SEED repeats a run."""

from __future__ import annotations

import random

import pytest

from .fuzzing import COUNT, KINDS, SEED, fuzz, problem

#: What needs a process for each input is tried so many times less often here; `python -m tests.trust.fuzzing` has equal parts.
COSTLY = 40


@pytest.mark.parametrize("kind", KINDS)
def test_random_texts_end_well(kind: str) -> None:
    """No traceback, no hang, no status outside of the table, and what is printed reads back as the same tree."""
    count = COUNT // len(KINDS) // (COSTLY if kind in ("timeouts", "options") else 1)
    endings = fuzz(count, SEED, (kind,))
    assert sum(endings.values()) == count


def test_a_seed_repeats_a_run() -> None:
    """The same seed makes the same inputs."""
    assert problem(random.Random("1:1")) == problem(random.Random("1:1"))
