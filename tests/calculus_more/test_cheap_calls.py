"""Special functions in balls that are called in this process, and not in a child of it."""

from __future__ import annotations

import contextlib

import pytest
from flint import arb, fmpq

from gradcli.calculus.balls import child_process
from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.balls.special.special_functions import SPECIAL


@pytest.mark.parametrize("order", [0, 1, 5])
@pytest.mark.parametrize("x", [arb(-1e15, 1e5), fmpq(-(10**15), 3), arb(1e300), arb(0, 1e20)])
def test_a_polygamma_of_a_far_argument_needs_no_child(order, x, monkeypatch):
    """A picture whose way leads far away asks for thousands of them."""

    def child(*_):
        raise AssertionError("a child was made")

    monkeypatch.setattr(child_process, "in_child", child)
    # The ball may hold a pole.
    with working_bits(64), contextlib.suppress(ValueError, ArithmeticError):
        SPECIAL["polygamma"](fmpq(order), x)
