"""Sizes decide answers, clocks only stop: transcripts are the same with clocks that never ring, and with hurried ones."""

from __future__ import annotations

import pytest

from gradcli.calculus.effort import time_budget
from tests.golden.test_golden import HERE
from tests.golden.transcripts import entries, played

FILES = sorted(
    path for folder in ("calculus", "corners", "formulas", "numbers") for path in HERE.glob(f"{folder}/*.txt")
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
@pytest.mark.parametrize("pace", [1e-9, 10.0], ids=["stopped", "ten times as fast"])
def test_no_clock_chooses_an_answer(path, pace, environment, tmp_path, monkeypatch):
    """Another answer is never given; at the most it is said that something was not decided in time."""
    monkeypatch.setattr(time_budget, "pace", pace)
    for entry in entries(path.read_text(encoding="utf-8")):
        now = played(entry.command, environment, tmp_path)
        late = pace > 1 and (" within " in now and " s" in now)
        assert now == entry.printed or late, entry.command
