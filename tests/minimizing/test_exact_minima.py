"""Minima that floats are enough for are told as balls tell them."""

from __future__ import annotations

import json
import random
import subprocess
import sys

import pytest

from gradcli.cli import run
from gradcli.descent.certificates import exact_minimum as module
from gradcli.descent.minimization import descent_loop
from gradcli.descent.minimization.line_search import line_search
from gradcli.descent.objective import long_program
from gradcli.descent.objective.vectors import dot

#: Functions, what decides at their minimum (floats or balls), and where descents of them begin.
CASES = [
    ("(x-1)**2+y**2+3.5", "floats"),
    ("x**2+x*y+y**2", "floats"),
    ("100*(y-x**2)**2+(1-x)**2", "floats"),
    ("(1.5-x*(1-y))**2+(2.25-x*(1-y**2))**2+(2.625-x*(1-y**3))**2", "floats"),
    ("x**2+y**2+x*y-3*x", "floats"),
    ("(x+2*y-7)**2+(2*x+y-5)**2", "floats"),
    ("x**2+y**2-cosh(0*x)", "floats"),
    ("x**2+y**2/1024", "balls"),
    ("(x-0.1)**2+y**2", "balls"),
    ("(x-pi)**2+y**2", "balls"),
    ("x**4+y**2-x", "balls"),
    ("x**4+y**2", "balls"),
    ("x**2-y**2+y**4", "balls"),
    ("abs(x)+y**2", "balls"),
    ("x**2+1e-17*y**2", "balls"),
    ("(x*y-1)**2", "balls"),
]


def told(capsys, monkeypatch, arguments, *, floats):
    """The record of a descent, and its status; floats: whether they may decide."""
    with monkeypatch.context() as patched:
        if not floats:
            patched.setattr(module, "exact_minimum", lambda *_: None)
        status = run([*arguments, "--no-save" if arguments[0] == "grad" else "--dry-run", "--format", "json"])
    return status, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(("text", "decided"), CASES)
@pytest.mark.parametrize("command", ["minimize", "maximize"])
def test_floats_say_what_balls_say(text, decided, command, capsys, monkeypatch):
    """Point, value, verdict, eigenvalues and counts are the same to the last digit."""
    del decided
    whole = text if command == "minimize" else f"-({text})"
    for x, y in ((5, 3), (-0.75, 1.5)):
        arguments = [command, whole, "--x", str(x), "--y", str(y)]
        one = told(capsys, monkeypatch, arguments, floats=True)
        assert one == told(capsys, monkeypatch, arguments, floats=False)


@pytest.mark.parametrize(
    "text", [*(text for text, _ in CASES), "x**3", "exp(-x**2-y**2)*log(2+x*y)+0.1*x**2", "tanh(x)/(1+y**2)"]
)
@pytest.mark.parametrize("command", ["minimize", "maximize"])
def test_long_programs_have_the_verdicts_of_short_ones(text, command, capsys, monkeypatch):
    """Second derivatives without a program of their own lead to the same point, verdict and eigenvalues."""
    arguments = [
        command,
        text,
        *(one for name, x in (("x", "5"), ("y", "3")) if name in text for one in (f"--{name}", x)),
    ]
    short = told(capsys, monkeypatch, arguments, floats=False)
    monkeypatch.setattr(long_program, "LONG", 0)
    assert told(capsys, monkeypatch, arguments, floats=False) == short


@pytest.mark.parametrize(("text", "decided"), CASES)
def test_what_decides(text, decided, tmp_path):
    """Where floats decide python-flint is not loaded."""
    script = tmp_path / "loaded.py"
    script.write_text(
        "import os, sys\n"
        "leave = os._exit\n"
        "def told(status):\n    os.write(2, str('flint' in sys.modules).encode())\n    leave(status)\n"
        "os._exit = told\n"
        f"sys.argv = ['gradcli', 'minimize', {text!r}, '--x', '5', '--y', '3', '--dry-run']\n"
        "from gradcli.__main__ import main\nmain()\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.stderr.endswith("False" if decided == "floats" else "True"), done.stderr


def test_positive_definite_is_decided_exactly():
    """By whole numbers, also where floats would round: against Fractions."""
    from fractions import Fraction

    chance = random.Random(3)
    for _ in range(300):
        size = chance.randint(1, 4)
        half = [
            [chance.choice((0.0, 1.0, -0.5, 3.25, 1e-9, 2.0**60)) for _ in range(size)] for _ in range(size)
        ]
        matrix = [[half[i][j] + half[j][i] for j in range(size)] for i in range(size)]
        for i in range(size):
            matrix[i][i] = abs(matrix[i][i]) + chance.choice((0.0, 1.0, 1e-30))
        assert module.is_positive_definite(matrix) == all(
            determinant([[Fraction(x) for x in row[:k]] for row in matrix[:k]]) > 0
            for k in range(1, size + 1)
        )
    assert not module.is_positive_definite([[1.0, 1.0], [1.0, 1.0]])


def determinant(matrix):
    """By the first row."""
    if not matrix:
        return 1
    return sum(
        (-1) ** j * number * determinant([row[:j] + row[j + 1 :] for row in matrix[1:]])
        for j, number in enumerate(matrix[0])
    )


def test_a_long_descent_ends_where_its_directions_promise_less_than_rounding(monkeypatch, capsys):
    """No search is begun for a fall that f's last places hide; Newton's steps lead to the point that searches lead to."""
    text = "+".join(f"(x - {k}.3*y - 0.{k}*x*y + {k})**2" for k in range(1, 30))
    arguments, promised = ["minimize", text, "--x", "5", "--y", "3"], []
    _, by_searches = told(capsys, monkeypatch, arguments, floats=False)

    def search(objective, start, direction, *rest, **named):
        """The line search, after what its direction promises as a share of f was written down."""
        promised.append(-dot(direction, start.g) / abs(start.f))
        return line_search(objective, start, direction, *rest, **named)

    monkeypatch.setattr(long_program, "LONG", 0)
    monkeypatch.setattr(descent_loop, "line_search", search)
    status, found = told(capsys, monkeypatch, arguments, floats=False)
    assert status == 0
    assert all(found[key] == by_searches[key] for key in ("at", "value", "message", "eigenvalues"))
    assert len(promised) > 3
    assert min(promised) > 2.0**-53
