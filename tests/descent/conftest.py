"""What tests of steps share."""

from __future__ import annotations

import pytest

from gradcli.descent.steps import native_loop


@pytest.fixture
def made(monkeypatch):
    """Counts the steps that machine code took."""
    counted = {"native": 0}
    plain = native_loop.NativeLoop.advanced

    def counting(loop, state, last):
        after = plain(loop, state, last)
        counted["native"] += after.taken - state.taken
        return after

    monkeypatch.setattr(native_loop.NativeLoop, "advanced", counting)
    return counted
