"""Published test functions from their published starts: the known value, or an honest word."""

from __future__ import annotations

import math

import pytest

from gradcli.descent.minimization.minimizer import minimize
from gradcli.descent.minimization.plan import Plan, choose_method
from gradcli.descent.objective.hessian_function import curvature_of, hessian
from gradcli.descent.objective.vectors import norm, spectrum
from gradcli.descent.verdicts.outcome import Outcome
from tests.descent.problems import compiled
from tests.descent.zoo import ZOO, Animal, close

#: Ends at another of the known minima, from the published start, as SciPy's BFGS does.
LOCAL = {"Freudenstein-Roth (2)"}


def tamed(animal: Animal, method: str) -> Outcome:
    return minimize(compiled(animal.text), animal.text, animal.start, Plan(choose_method(method)))


def test_the_zoo_is_large_enough() -> None:
    """There are at least 25 functions."""
    assert len(ZOO) >= 25


@pytest.mark.parametrize("name", ZOO)
def test_minimize_reaches_the_known_value(name: str) -> None:
    """With default options the value is a known minimum's within 1e-6 relative, and said to be a minimum."""
    animal = ZOO[name]
    outcome = tamed(animal, "bfgs")
    assert outcome.status == "minimum"
    assert outcome.success
    known = animal.others if name in LOCAL else (animal.minimum,)
    assert any(close(outcome.fun, value) for value in known)


#: Their Hessians are singular at their minima, and McCormick's minima are as many as periods: f falls by pi with each.
SINGULAR, PERIOD = {"Powell singular (13)", "quartic"}, {"McCormick": math.pi}
#: There derivatives exist, and second derivatives of the formula do not.
WITHOUT = {"Brown"}


@pytest.mark.parametrize("method", ["bfgs", "newton"])
@pytest.mark.parametrize("name", ZOO)
def test_no_outcome_is_a_lie(name: str, method: str) -> None:
    """What is called a minimum has no gradient but for rounding and a Hessian that is nowhere negative, looked at anew."""
    animal = ZOO[name]
    outcome = tamed(animal, method)
    assert outcome.success == (outcome.status == "minimum")
    if outcome.success:
        names = list(animal.start)
        said = "to the last digits of floating point" in outcome.message
        assert norm([float(outcome.jac[v] or 0.0) for v in names]) <= (1e-6 if said else 1e-8)
        table = curvature_of(animal.text, names, names)
        assert table is not None
        matrix = hessian(table, outcome.x)
        if name not in WITHOUT:
            assert matrix is not None
            smallest = spectrum(matrix).values[0]
            assert smallest >= 0 if name in SINGULAR else smallest > 0
        known = (animal.minimum, *animal.others)
        if name in PERIOD:
            known = (animal.minimum + PERIOD[name] * round((outcome.fun - animal.minimum) / PERIOD[name]),)
        assert any(close(outcome.fun, v) or abs(outcome.fun - v) < 1e-4 * abs(v) for v in known)
