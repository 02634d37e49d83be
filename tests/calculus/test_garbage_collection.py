"""How often Python looks for garbage while long texts are compiled."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from gradcli.calculus.effort.garbage_collection import OBJECTS, expect_objects
from gradcli.calculus.formulas.texts.compiler import compile_text


@pytest.fixture(autouse=True)
def thresholds() -> Iterator[None]:
    """What the process had is set again."""
    before = gc.get_threshold()
    gc.set_threshold(1_000, 10, 10)
    yield
    gc.set_threshold(*before)


def test_a_long_text_makes_searches_rarer() -> None:
    """Of a text of many characters its objects fit between two searches; older generations are left as they are."""
    text = " + ".join(f"({k}*x - y)**2" for k in range(100))
    compile_text([text], (), formulas=False)
    assert gc.get_threshold() == (OBJECTS * len(text), 10, 10)


def test_a_short_text_changes_nothing() -> None:
    """Neither a short text, nor one after a longer one, makes searches more or less frequent."""
    compile_text(["x**2 + y"], (), formulas=False)
    assert gc.get_threshold() == (1_000, 10, 10)


def test_a_collector_that_is_off_stays_off() -> None:
    """A threshold of 0 says that nothing is looked for."""
    gc.set_threshold(0, 10, 10)
    expect_objects(10**6)
    assert gc.get_threshold() == (0, 10, 10)
