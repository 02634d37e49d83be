"""Least values in boxes under constraints: known by hand, and beside points that are drawn by chance."""

from __future__ import annotations

import json
import math
import random

import pytest

from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.descent.proofs.box_question import BoxQuestion
from gradcli.descent.proofs.branch_and_bound import Wish
from gradcli.descent.proofs.constraints.constrained_extreme import constrained_extreme
from gradcli.language.constraints.constraint_names import over
from gradcli.language.constraints.constraint_text import constraints_of
from gradcli.language.errors import DomainProblem
from tests.prepared import ALL


def proved(text, constraints, box, *, ascend=False, most=5_000, gap=None):
    """The answer for a box of ends by name."""
    program = compile_text([over(text, list(box))], tuple(box), None, formulas=False).program
    question = BoxQuestion(program, box, {}, frozenset(), ascend)
    return constrained_extreme(question, text, constraints_of(constraints), Wish(gap, most))


FIVE = {"x": (-5, 5), "y": (-5, 5)}


@pytest.mark.parametrize(
    ("text", "constraints", "least", "places", "kind"),
    [
        ("x**2 + y**2", "x + y = 1", 0.5, [(0.5, 0.5)], "minimum-on-constraint"),
        ("x*y", "x**2 + y**2 <= 8", -4, [(-2, 2), (2, -2)], "minimum-on-constraint"),
        ("x*y", "x**2 + y**2 = 8", -4, [(-2, 2), (2, -2)], "minimum-on-constraint"),
        ("x", "x**3 = y**2", 0, [(0, 0)], "minimum-on-constraint"),
        ("x + y", "x**2 + y**2 = 0", 0, [(0, 0)], "minimum-on-constraint"),
        ("x + y", "x >= 0; y >= 0; x >= y; x + y <= 1", 0, [(0, 0)], "minimum-on-constraint"),
        ("(x - 1)**2 + y**2", "x + y <= 4", 0, [(1, 0)], "minimum"),
        ("x - y", "x + y <= 9", -10, [(-5, 5)], "minimum-on-bound"),
        ("abs(x) + abs(y)", "x + 2*y = 4", 2, [(0, 2)], "minimum-on-constraint"),
        ("sqrt(x) + y", "x + y = 1; y >= 0", 1, [(0, 1), (1, 0)], "minimum-on-constraint"),
        ("x + (u - 1)**2 + (y - 1)**2", "x >= u**2", 0.5, [(0.25, 1)], "minimum-on-constraint"),
    ],
)  # fmt: skip
def test_least_values_that_are_known(text, constraints, least, places, kind):
    """The interval holds the value and is narrow, and every place is told."""
    box = {**FIVE, "u": (-5, 5)} if "u" in constraints else FIVE
    found = proved(text, constraints, box)
    assert found.proved and found.status == kind
    assert found.lower <= least <= found.upper and found.upper - found.lower <= 1.1e-8 * max(1, abs(least))
    for place in places:
        assert any(
            math.dist(place, (one.at["x"], one.at["y"])) <= 2 * one.radius + 1e-12 for one in found.minimizers
        )
    assert all(one.radius < 1e-5 for one in found.minimizers) and len(found.minimizers) == len(places)


def test_multipliers_are_told_in_the_one_convention():
    """f changes by about that much for one more on the right side, uphill as well."""
    found = proved("x**2 + y**2", "1 = x + y", FIVE)
    assert found.minimizers[0].pressed == pytest.approx({"1 = x + y": -1})
    found = proved("3*x + 5*y", "2*y <= 12; 3*x + 2*y <= 18; x <= 4", {"x": (0, 9), "y": (0, 9)}, ascend=True)
    assert found.lower <= 36 <= found.upper
    assert found.minimizers[0].pressed == pytest.approx({"2*y <= 12": 1.5, "3*x + 2*y <= 18": 1})


@pytest.mark.parametrize(
    ("text", "constraints"),
    [
        ("x", "x**2 + y**2 <= 1; x + y >= 3"),
        ("x", "x*y = 1; x**2 + y**2 <= 1.9"),
        ("exp(x)", "sin(x) >= 1.001"),
        ("x", "x**2 + y**2 = 9; (x - 8)**2 + y**2 <= 1"),
    ],
)
def test_constraints_that_hold_nowhere(text, constraints):
    """That is proved, without a word about the least value."""
    found = proved(text, constraints, FIVE)
    assert (found.status, found.proved, found.at, found.minimizers) == ("infeasible", True, {}, ())
    assert found.lower is None and found.upper is None


def test_without_a_value_nothing_is_said_of_the_constraints():
    """log(x) has none where x <= -1."""
    with pytest.raises(DomainProblem, match="no value"):
        proved("log(x)", "x <= -1", {"x": (-5, 5)})


def test_a_search_that_is_cut_short_claims_nothing():
    """The interval still holds the least value, -4."""
    found = proved("x*y", "x**2 + y**2 = 8", FIVE, most=5)
    assert not found.proved and found.status == "enclosed"
    assert found.lower <= -4 <= found.upper


@pytest.mark.parametrize("seed", range(24 if ALL else 8))
def test_no_point_by_chance_is_lower(seed):
    """Cubic f on cubic inequalities: 4,000 points, none below the interval, and none that keeps what is infeasible."""
    source = random.Random(seed)

    def cubic():
        """A polynomial of three terms."""
        terms = (
            f"({source.choice([-3, -2, -1, 1, 2, 3])})*"
            + "*".join(source.choice("xy") for _ in range(source.randint(1, 3)))
            for _ in range(3)
        )
        return " + ".join(terms)

    text, sides = cubic(), [(cubic(), source.randint(-2, 2)) for _ in range(2)]
    found = proved(
        text,
        "; ".join(f"{side} <= {right}" for side, right in sides),
        {"x": (-2, 2), "y": (-2, 2)},
        most=2_000,
    )
    value = compile(text, "f", "eval")
    bars = [(compile(side, "c", "eval"), right) for side, right in sides]
    for _ in range(4_000):
        at = {"x": source.uniform(-2, 2), "y": source.uniform(-2, 2)}
        if all(eval(bar, {}, at) <= right for bar, right in bars):
            assert found.status != "infeasible"
            assert eval(value, {}, at) >= found.lower - 1e-9
    if found.proved and found.at:
        assert all(eval(bar, {}, dict(found.at)) <= right + 1e-12 for bar, right in bars)
        assert math.isclose(eval(value, {}, dict(found.at)), found.value, rel_tol=1e-9, abs_tol=1e-9)


def test_the_command_reads_constraints_of_every_kind(run):
    """Typed, in the text of the problem, and of the session; the status is 1 where nothing keeps them."""
    words = ("--box", "x=-5:5,y=-5:5", "--prove", "--format", "json")
    for first in (("x**2+y**2", "--st", "x+y = 1"), ("x**2+y**2 subject to x+y = 1",)):
        record = json.loads(run("minimize", *first, *words).out)
        assert record["proved"] and record["constraints"] == [{"text": "x+y = 1"}]
        assert record["least"]["lower"] <= 0.5 <= record["least"]["upper"]
    assert json.loads(run("minimize", *words).out)["constraints"] == [{"text": "x+y = 1"}]
    ended = run("minimize", "x", "--st", "x**2+y**2 <= -1", *words)
    record = json.loads(ended.out)
    assert (ended.status, record["status"], record["success"], record["proved"]) == (
        1,
        "infeasible",
        False,
        True,
    )
    assert record["value"] is None
