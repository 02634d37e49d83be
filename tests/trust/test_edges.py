"""At and next to the edge of every function's domain, from both sides: the right number, or the right reason."""

from __future__ import annotations

import json
import math
from functools import cache

import pytest

from gradcli.calculus.evaluation.gradient_at_point import evaluate
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.program.point_answer import Answer
from gradcli.calculus.program.program import Program
from gradcli.language.errors import DomainProblem
from gradcli.language.function_table import FUNCTIONS
from gradcli.language.parser import parse
from tests.independent import typed
from tests.prepared import ALL

from .edges import EDGES as FIRST_EDGES
from .edges import OVERFLOWS, Row, mp
from .further_edges import FURTHER_EDGES, SMOOTH_EVERYWHERE

#: How far from the edge: far, near, and the next float.
DISTANCES = (0.1, 1e-3, 1e-9, 0.0)

#: mpmath takes slopes with twice as many digits as are asked for: as many as the values have.
SLOPE = 100

#: Functions for whose slopes far from their edges mpmath takes seconds: GRADCLI_TRUST=all looks there as well.
SLOW_FAR = ("besselk", "bessely")

#: Units in the last place by which value and derivative may be off: fourteen digits are promised.
ALLOWED = 45.0

#: Functions without edges: nothing is special about any point.
WITHOUT = SMOOTH_EVERYWHERE | {"sin", "cos", "stop_gradient"}

EDGES = [*FIRST_EDGES, *FURTHER_EDGES]


@cache
def program_of(text: str) -> Program:
    return compile_text([text], ["x"], formulas=False).program


def answer(text: str, x: float) -> Answer:
    return evaluate(program_of(text), text, {"x": typed(x)})


def beside(edge: float, direction: int, distance: float) -> float:
    if edge == 0 and not distance:
        return direction * 1e-30
    return edge + direction * distance if distance else math.nextafter(edge, direction * math.inf)


def assert_near(found: object, wanted: object, what: str) -> None:
    truth = mp.mpf(wanted)
    nearest = float(truth)
    if math.isinf(nearest):
        return
    assert isinstance(found, float), what
    assert abs(mp.mpf(found) - truth) <= ALLOWED * math.ulp(nearest), f"{what}: {found!r}, not {nearest!r}"


@pytest.mark.parametrize("row", EDGES, ids=[f"{row[0]} at {row[1]}" for row in EDGES])
@pytest.mark.parametrize("direction", [-1, 1])
def test_beside_the_edge(row: Row, direction: int) -> None:
    """Inside the domain value and derivative are mpmath's own, to the last digits; outside there is a reason."""
    text, edge, function, marks = row
    inside = marks[0 if direction < 0 else 2] == "."
    if marks[0 if direction < 0 else 2] == "?":
        return
    for distance in DISTANCES if ALL or not text.startswith(SLOW_FAR) else DISTANCES[1:]:
        x = beside(float(edge), direction, distance)
        try:
            found = answer(text, x)
        except DomainProblem as problem:
            too_large = inside and "too large for a float" in problem.message
            assert too_large or not inside, f"{text} at {x!r}: {problem.message}"
            if too_large:
                at = mp.mpf(repr(x))
                assert max(abs(function(at)), abs(mp.diff(function, at, h=at / 10**50))) > 1e308
            continue
        assert inside, f"{text} at {x!r}: {found}"
        at = mp.mpf(repr(x))
        assert_near(found.value, function(at), f"{text} at {x!r}")
        if program_of(text).unknown:
            continue  # zeta's second derivative: nobody knows it in closed form, and a note says so
        step = abs(at - mp.mpf(edge)) / 4 if at != mp.mpf(edge) else 1
        with mp.workdps(SLOPE):
            slope = mp.diff(function, at, h=min(step, mp.mpf("1e-3")) * mp.mpf("1e-50"))
        assert_near(found.partials["x"], slope, f"derivative of {text} at {x!r}")


@pytest.mark.parametrize("row", EDGES, ids=[f"{row[0]} at {row[1]}" for row in EDGES])
def test_at_the_edge(row: Row) -> None:
    """A number and its derivative, a note about a corner, a jump or an infinite slope, or a reason that names the place."""
    text, edge, _, marks = row
    if marks[1] == "?":
        return
    if marks[1] == "-":
        with pytest.raises(DomainProblem, match=" at x = ") as caught:
            answer(text, float(edge))
        assert caught.value.span is not None
        return
    found = answer(text, float(edge))
    if marks[1] == ".":
        assert found.notes == ()
        assert isinstance(found.partials["x"], float)
        return
    assert found.partials["x"] is None
    kinds = {note.kind for note in found.notes}
    assert kinds <= ({"corner", "jump"} if marks[1] == "c" else {"infinite"}), found.notes


@pytest.mark.parametrize(("text", "last", "first"), OVERFLOWS)
def test_overflow_is_said(text: str, last: str, first: str) -> None:
    """Where a float ends the answer says so, and only there."""
    assert math.isfinite(float(answer(text, float(last)).value))
    with pytest.raises(DomainProblem, match="too large for a float"):
        answer(text, float(first))


def test_every_function_has_its_edges_tested() -> None:
    """A new row in the table of functions needs a row here."""
    tested = {node.op for text, *_ in EDGES for node in parse(text, ["x"]).nodes}
    assert set(FUNCTIONS) - tested - WITHOUT == set()


@pytest.mark.parametrize(
    "text", ["where(2 < 2, where(x < y, x, x), 2)", "where(1 <= 1, 2, where(x < y, x, y))"]
)
def test_a_condition_of_constants_is_no_seam(text):
    """Its ties are not places where anything changes: f is the constant 2 everywhere, and so are both slopes 0."""
    answer = evaluate(compile_text([text], ()).program, text, {"x": 1.0, "y": 0.0})
    assert (answer.value, dict(answer.partials), answer.notes) == (2.0, {"x": 0.0, "y": 0.0}, ())


@pytest.mark.parametrize(
    ("text", "point", "told"),
    [("exp(-1000*x)", "1", "the value is about 5e-435"), ("exp(-1000*x)", "1", "the partial along x is about -5e-432"),
     ("x*1e-200", "1e-200", "the value is about 1e-400"), ("x", "1e-320", "the value is about 1e-320"),
     ("sigmoid(x)", "-800", "the value is about 4e-348")],
)  # fmt: skip
def test_numbers_too_small_for_floats_are_told(text, point, told, run):
    """By hand: e**-1000 is 5.0759…e-435, e**-800 is 3.7…e-348."""
    ended = run("grad", text, f"--x={point}", "--format", "json")
    assert ended.status == 0
    messages = [one["message"] for one in json.loads(ended.out)["notes"] if one["kind"] == "underflow"]
    assert f"{told}, too small for the digits of a float" in messages


@pytest.mark.parametrize(
    ("text", "point"),
    [("x - 0.1", "0.1"), ("exp(-710*x)", "1"), ("x - x", "1"), ("x**2", "1e-150"), ("sin(pi*x)", "1")],
)
def test_zeros_and_digits_that_are_there_need_no_note(text, point, run):
    """What is exactly 0, and subnormal numbers with all digits that are shown."""
    assert json.loads(run("grad", text, f"--x={point}", "--format", "json").out)["notes"] == []
