"""Claims that are right on some pieces only: found wherever the other piece lies, and never called proved."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import mpmath
import pytest

from gradcli.calculus.checking.symbolic_proof import proved
from gradcli.cli import run
from gradcli.language.parser import parse
from tests.checking.test_verdicts import verdict

#: Expression, wrong claim for its partial along x: right on some pieces, or next to everywhere.
HIDDEN = [
    ("where(x<100, x**2, x**3)", "2*x"),
    ("where(x<1e200, x**2, x**3)", "2*x"),
    ("where(x**3<1e200, x, 2*x)", "1"),
    ("max(x, 1000)", "0"),
    ("exp(-x**2/1e-6)", "0"),
    ("clip(x, -500, 500)", "1"),
    ("x**2", "2*x+where(abs(x-5.3)<0.01,1,0)"),
    ("x**2", "2*x+where(abs(x+1e8)<1e-3,1,0)"),
    ("x**2", "2*x+where(x**2-6.02*x+9.0601<1e-10,1,0)"),
    ("x", "where(abs(x-12345.678)<1e-9,0,1)"),
    ("x+exp(-1e9*(x-0.3)**2)", "1"),
    ("x**4", "4*x**3+exp(-(x-17.25)**2*1e8)"),
    ("x**2+tanh(1e12*(x-1))", "2*x"),
    ("x + 1e-70*x**3", "1"),
    ("sinh(x)", "cosh(x)*(1+where(sinh(x)>1e4,1e-9,0))"),
    ("sin(x)", "where(cos(x)<-0.999999,1,cos(x))"),
    ("x**2/(x-50)", "(x**2-100*x)/(x-50)**2+where(x>50,1e-20,0)"),
    ("leaky_relu(x+77)", "1"),
    ("relu(x-1e-5)", "where(x>0,1,0)"),
    ("mod(x,1000)", "where(x>-1e4,1,0)"),
    ("sqrt(x**2)", "1"),
    ("x**2", "where(x==3,0,2*x)"),
    ("x**2", "where(3*x==1,0,2*x)"),
    ("x**3", "where(x**2==2,1,3*x**2)"),
    ("sin(x)", "where(sin(x)==0,5,cos(x))"),
    ("where(x<0,0,x**2)", "where(x<=0,where(x==0,1,0),2*x)"),
    ("x*y", "where(x==y,0,y)"),
    ("where(x>y**2+400,x,0)", "0"),
    ("abs(x*y-1000)", "-y*where(y<1e9,1,1)"),
    ("abs(x-3)+abs(y-7)", "sign(x-3)*where(y<7,1,2)"),
    ("x**2+y**2", "2*x+where((x-30)**2+(y-41.5)**2<0.0001,1,0)"),
    ("besselj(0,x)", "-besselj(1,x)+where(abs(x-9)<1e-3,1,0)"),
]

#: Expression, right claim along x, seams that must have been seen on both sides.
EVERYWHERE = [
    ("where(x<100, x**2, x**3)", "where(x>=100, 3*x**2, 2*x)", ("x = 100",)),
    ("clip(x,-500,500)", "where(abs(x)<500,1,0)", ("x = -500", "abs(x) = 500")),
    ("abs(x)+abs(x-1)", "where(x<0,-2,where(x<1,0,2))", ("x = 0", "x-1 = 0")),
    ("max(x,y)", "where(x>y,1,0)", ("x = y",)),
    ("x*abs(x)", "2*abs(x)", ("x = 0",)),
    ("relu(x-1e5)**2", "2*relu(x-1e5)", ("x-1e5 = 0",)),
    ("floor(x)*x", "floor(x)", ()),
    ("log(abs(x))", "1/x", ("x = 0",)),
    ("sqrt(x**2)", "x/abs(x)", ("x = 0",)),
]


@pytest.mark.parametrize(("text", "claim"), HIDDEN)
def test_a_claim_that_is_wrong_on_one_piece_is_wrong(text, claim):
    """However far away, narrow or small the piece is: with a point, and two numbers that differ as they are shown."""
    found = verdict(text, "x", claim)
    assert found.verdict == "wrong"
    assert found.claimed != found.actual


@pytest.mark.parametrize(("text", "claim", "seams"), EVERYWHERE)
def test_a_claim_that_is_right_on_every_piece_is_proved(text, claim, seams):
    """Each piece by itself, and the seams that were seen on both sides are named."""
    found = verdict(text, "x", claim)
    assert found.verdict == "proved"
    assert set(seams) <= set(found.seams)
    assert found.pieces >= 2


CONDITIONS = [
    "x<{c}",
    "x>={c}",
    "abs(x-{c})<1",
    "x**2<{c}**2+1",
    "x*y<{c}",
    "x<y+{c}",
    "exp(x)>{c}+2",
    "floor(x)=={c}",
]


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("c", ["0", "3", "250"])
def test_nothing_is_proved_that_is_right_on_one_piece_only(condition, c):
    """The other piece has another derivative, whichever the claim is right on."""
    holds = condition.format(c=c)
    expression = parse(f"where({holds}, x**2*y, sin(x)*y)")
    assert not proved(expression, "x", "2*x*y")
    assert not proved(expression, "x", "cos(x)*y")
    assert proved(expression, "x", f"where({holds}, 2*x*y, y*cos(x))")


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("x**2", "where(x==3,0,2*x)"),
        ("abs(x)", "1"),
        ("where(x<0,x**2,x**3)", "where(x<0,2*x,where(x>0,3*x**2,7))"),
        ("x**2*y", "where(x==y,0,2*x*y)"),
        ("max(x,y,1)", "where(x>y,1,0)"),
        ("sqrt(x**2)", "1"),
        ("log(x**2)", "2/abs(x)"),
        ("abs(x)+abs(x-1)", "sign(x)+1"),
        ("mod(x,3)*x", "2*x"),
        ("where(sqrt(x**2)==x,x**2,x**3)", "3*x**2"),
        ("where(atan(tan(x))==x,x**2,x**3)", "3*x**2"),
        ("where(sin(x)**2+cos(x)**2==1,x**2,x**3)", "3*x**2"),
        ("where(x*floor(x)==0,x**2,x**3)", "3*x**2"),
    ],
)
def test_a_claim_that_is_wrong_somewhere_is_not_proved(text, claim):
    """Also where that is one point, one side, or one of the pieces in between."""
    assert proved(parse(text), "x", claim) is False


def _windows(count: int) -> list[tuple[str, float, float]]:
    source = random.Random(23)
    made = []
    for _ in range(count):
        centre = source.choice((-1, 1)) * 10 ** source.uniform(-8, 8)
        made.append(
            (
                source.choice(("x**2", "sin(x)", "exp(-x)", "x*cos(x)")),
                centre,
                abs(centre) * 10 ** source.uniform(-9, -1),
            )
        )
    return made


@pytest.mark.parametrize(
    ("text", "centre", "width"), _windows(int(os.environ.get("GRADCLI_TEST_WINDOWS", "8")))
)
def test_a_window_anywhere_is_found(text, centre, width):
    """A claim with a condition of its own is wrong inside of it, and the counterexample lies there."""
    right = {"x**2": "2*x", "sin(x)": "cos(x)", "exp(-x)": "-exp(-x)", "x*cos(x)": "cos(x)-x*sin(x)"}[text]
    found = verdict(text, "x", f"{right}+where(abs(x-({centre!r}))<{width!r},{width!r},0)")
    assert found.verdict == "wrong"
    assert abs(mpmath.mpf(found.at["x"]) - mpmath.mpf(repr(centre))) < width


def test_a_counterexample_is_shown_to_where_the_numbers_differ():
    """Not `claimed 4, actual 4`, and not `1.0 times the partial`."""
    found = verdict("x**2", "x", "2*x*(1+1e-25)")
    assert (found.claimed, found.actual) == ("4.0000000000000000000000004", "4")
    assert "1.0000000000000000000000001 times" in found.slip


@pytest.mark.parametrize(
    ("text", "claim", "only"),
    [
        ("cbrt(x)", "x**(-2/3)/3", "x > 0"),
        ("x**2", "2*exp(log(x))", "x > 0"),
        ("x**2", "2*x*sqrt(5-x)/sqrt(5-x)", "5-x > 0"),
    ],
)
def test_a_claim_that_is_right_on_half_of_the_domain_says_on_which(text, claim, only):
    """And is not called proved."""
    found = verdict(text, "x", claim)
    assert (found.verdict, found.only) == ("equal", only)


@pytest.mark.parametrize("line", (Path(__file__).parent / "verdicts.jsonl").read_text().splitlines())
def test_verdicts_of_known_truth(line, tmp_path, monkeypatch, capsys):
    """The exit status is that of the truth."""
    monkeypatch.setenv("GRADCLI_HOME", str(tmp_path))
    case = json.loads(line)
    assert run(case["args"]) == case["rc"], capsys.readouterr().out


def test_numbers_are_compared_relative_to_the_slopes_there(tmp_path, monkeypatch):
    """A wrong sign of a small slope is wrong, unless PyTorch's absolute tolerance is asked for."""
    monkeypatch.setenv("GRADCLI_HOME", str(tmp_path))
    command = ["check", "x**2*1e-8", "--x", "1", "--claim"]
    assert run([*command, "x=-2e-8"]) == 1
    assert run([*command, "x=-2e-8", "--like", "torch"]) == 0
    assert run([*command, "x=2.0001e-8"]) == 0
    both = ["check", "x**2*1e-8+y", "--x", "1", "--y", "1", "--claim"]
    assert run([*both, "x=-2e-8"]) == 0  # far below what the largest slope there is told to
