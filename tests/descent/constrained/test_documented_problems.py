"""Problems with verified and with published answers, each from its documented start."""

from __future__ import annotations

import statistics

import pytest

from gradcli.descent.constrained.constrained_minimizer import minimize_constrained
from gradcli.descent.constrained.constrained_outcome import Wish
from gradcli.descent.verdicts.outcome import SUCCESSES, UPHILL
from gradcli.shell.problems.values import number
from tests.descent.constrained.problems import BOOK, EXAMPLES, links_of, solved, start_of

#: The classes of `expect` that are a status of 0, and the words of others.
GOOD = {*SUCCESSES, *UPHILL.values()}
WORDS = {"infeasible", "unbounded", "asymptote", "nonregular", "flat", "step-limit"}

#: Points at which a class other than a minimum is expected: the status is 1 there.
NO_MINIMUM = ("infeasible", "unbounded", "asymptote", "step-limit")


def close(a, b, tolerance):
    """Whether numbers agree absolutely or relatively."""
    return abs(a - b) <= tolerance * max(1.0, abs(b))


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_verified_example_ends_in_an_expected_class_at_its_point(name):
    """The class is one of `expect`, the value and the point are right, and so are the multipliers with their signs."""
    problem = EXAMPLES[name]
    outcome = solved(problem)
    expected = set(problem["expect"])
    if not outcome.success:
        assert outcome.status in expected & WORDS, outcome.message
    else:
        assert outcome.status in GOOD and expected & {"minimum", "minimum-at-corner"}, outcome.message
    if expected & set(NO_MINIMUM):
        return
    tolerance = problem["tolerance"]
    best = problem.get("f_min", problem.get("f_max"))
    assert close(outcome.fun, best, tolerance["f_abs_or_rel"])
    places = [problem.get("x_min", problem.get("x_max")), *problem.get("equal_minima", [])]
    assert any(
        all(close(outcome.x[n], x, tolerance["x_abs_or_rel"]) for n, x in place.items()) for place in places
    )
    assert outcome.constrained.violation <= tolerance["violation"]
    if problem.get("multipliers") and outcome.constrained.regular:
        found = [one.multiplier for one in outcome.constrained.constraints]
        assert all(close(a, b, 1e-6) for a, b in zip(found, problem["multipliers"], strict=True)), found


@pytest.mark.parametrize("name", ["inf-gap", "inf-circle"])
def test_contradictions_are_proved_with_the_least_violation(name):
    """The word infeasible comes with a proof, the least violation and what contradicts what."""
    problem = EXAMPLES[name]
    outcome = solved(problem)
    assert outcome.status == "infeasible" and outcome.constrained.proved
    assert close(outcome.constrained.violation, problem["least_violation_max_norm"], 1e-9)
    assert outcome.constrained.conflict


@pytest.mark.parametrize("name", BOOK)
def test_a_published_problem_is_solved(name):
    """A minimum, and f there is the published value to seven digits."""
    problem = BOOK[name]
    outcome = solved(problem)
    assert outcome.success, outcome.message
    assert close(outcome.fun, float(number("f", problem["f"])), 2e-8 if problem["x"] else 3e-7)
    if problem["x"]:
        gap = max(abs(a - b) for a, b in zip(outcome.x.values(), problem["x"], strict=True))
        assert gap <= 1e-8, gap


def test_published_problems_take_few_evaluations():
    """Half of them at most twelve, of f, constraints, their derivatives and restorations together."""
    counts = [solved(problem).nfev for problem in BOOK.values()]
    assert statistics.median(counts) <= 12, sorted(counts)


@pytest.mark.parametrize("name", [name for name, one in EXAMPLES.items() if one["kind"] == "regular"])
def test_more_digits_are_those_of_the_verified_texts(name):
    """The point, the value and the multipliers, in 18 digits of them."""
    from decimal import Decimal

    problem = EXAMPLES[name]
    wish = Wish(ascend=problem["sense"] == "max", digits=40)
    outcome = minimize_constrained(
        [problem["expr"]], links_of(problem["constraints"]), start_of(problem), wish
    )
    known = outcome.constrained.decimals
    place = problem.get("x_min_text", problem.get("x_max_text"))
    if "equal_minima" not in problem:
        for key, text in place.items():
            assert abs(Decimal(known[key]) - Decimal(text)) <= Decimal("2e-18") * max(1, abs(Decimal(text)))
    best = problem.get("f_min_text", problem.get("f_max_text"))
    assert abs(Decimal(known[""]) - Decimal(best)) <= Decimal("2e-17") * max(1, abs(Decimal(best)))
