"""SciPy's methods: their claims are told, and judged again."""

from __future__ import annotations

import math

import pytest

from gradcli.descent.constrained.constrained_minimizer import minimize_constrained
from gradcli.descent.constrained.constrained_outcome import Wish
from tests.descent.constrained.problems import BOOK, links_of, start_of

pytest.importorskip("scipy")


@pytest.mark.parametrize("method", ["slsqp", "trust-constr"])
@pytest.mark.parametrize("name", ["hs012", "hs033", "hs035"])
def test_where_scipy_ends_is_judged(method, name):
    """A note says what SciPy called it; a success is a minimum whoever made the way."""
    problem = BOOK[name]
    links = links_of(problem["constraints"])
    outcome = minimize_constrained([problem["expr"]], links, start_of(problem), Wish(200, method=method))
    (note,) = outcome.notes
    assert outcome.success and outcome.optimizer == method and "of SciPy ended at" in note.message
    own = minimize_constrained([problem["expr"]], links, start_of(problem))
    assert math.isclose(outcome.fun, own.fun, rel_tol=1e-9, abs_tol=1e-9)
