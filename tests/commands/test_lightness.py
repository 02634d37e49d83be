"""Start-up: what a command loads, in real processes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import gradcli

PACKAGE = Path(gradcli.__file__).parent

HEAVY = {"sympy", "rich", "mpmath", "flint", "numpy"}

#: Runs command lines one after the other and tells, on a line of stderr after each, which modules are loaded by then.
PROGRAM = """
import json, sys
from gradcli import cli
for arguments in json.loads(sys.argv[1]):
    status = cli.run(arguments)
    loaded = sorted({name.partition(".")[0] for name in sys.modules})
    parts = sorted(name for name in sys.modules if name.startswith("gradcli."))
    sys.stderr.write("\\nLOADED" + json.dumps([status, loaded, parts]) + "\\n")
"""


@pytest.fixture
def load_each(environment, tmp_path):
    """`load_each([["grad", "x"], ["step"]])`: status and modules loaded so far after each command line of one process."""

    def load_each(lines):
        ended = subprocess.run([sys.executable, "-c", PROGRAM, json.dumps(lines)], capture_output=True, text=True,
                               env=environment, cwd=tmp_path, check=True, stdin=subprocess.DEVNULL)  # fmt: skip
        told = [
            line.removeprefix("LOADED") for line in ended.stderr.splitlines() if line.startswith("LOADED")
        ]
        assert len(told) == len(lines)
        return [(status, set(loaded), set(parts)) for status, loaded, parts in map(json.loads, told)]

    return load_each


@pytest.fixture
def loads(load_each):
    """`loads("grad", "x")`: status and loaded modules of a command line in a process of its own."""

    def loads(*arguments):
        (found,) = load_each([arguments])
        return found

    return loads


#: Command lines that need no mathematics, and their statuses.
NOT_UNDERSTOOD = [
    (0, ["--help"]), (0, ["grad", "--help"]), (0, ["step", "--help"]), (0, ["session", "--help"]), (2, []),
    (0, ["minimize", "-h"]), (0, ["step", "--optimizer", "adam", "--help"]),
    (0, ["--version"]), (0, ["functions"]), (0, ["completion", "bash"]),
    (0, ["help"]), (0, ["help", "rules"]), (0, ["help", "step"]), (2, ["help", "corner"]),
    (2, ["gard"]), (2, ["grad", "x", "--format", "yaml"]), (2, ["grad", "x", "--x"]), (2, ["step", "--steps", "-1"]),
    (2, ["grad", "x +* y"]), (2, ["grad", "sinn(x)"]), (2, ["grad", "sin(x, y)"]), (2, ["grad", "(x", "--x", "1"]),
    (2, ["grad", "x", "--x", "five"]), (2, ["grad", "x", "--x", "1", "--x", "2"]), (4, ["session"]), (4, ["step"]),
]  # fmt: skip


def test_what_is_not_understood_loads_no_library(load_each):
    """Help, usage, names and syntax: neither sympy nor rich nor flint, by whichever of them; one process runs them all."""
    found = load_each([arguments for _, arguments in NOT_UNDERSTOOD])
    for (status, arguments), (ended, loaded, _) in zip(NOT_UNDERSTOOD, found, strict=True):
        assert ended == status, arguments
        assert not loaded & HEAVY, arguments


#: Command lines about an expression that was answered before.
KNOWN = [
    ["grad", "x**2+sin(y)", "--x", "5", "--y", "3"], ["grad", "x**2+sin(y)", "--x", "1", "--y=-1", "--format", "json"],
    ["grad", "x**2+sin(y)"], ["step", "--lr", "0.1"], ["step", "x**2+sin(y)", "--x", "1", "--y", "1"], ["session"],
    ["step", "--steps", "100", "--format", "csv"], ["grad", "--get", "gradient.x"], ["session", "history"],
]  # fmt: skip


def test_a_known_expression_loads_no_library(loads, load_each):
    """Neither sympy nor rich nor flint, and not even the parser's wing of calculus, by whichever of them."""
    first, _, _ = loads("grad", "x**2+sin(y)", "--x", "5", "--y", "3")
    assert first == 0
    for arguments, (again, loaded, parts) in zip(KNOWN, load_each(KNOWN), strict=True):
        assert again == 0, arguments
        assert not loaded & HEAVY, arguments
        for room in ("calculus.formulas", "calculus.graph", "calculus.symbolic", "calculus.balls"):
            assert (PACKAGE / room.replace(".", "/")).is_dir(), room
            assert not {part for part in parts if part.startswith(f"gradcli.{room}.")}, arguments


@pytest.mark.parametrize("command", ["grad", "step", "minimize", "compare", "session"])
def test_pictures_are_loaded_where_one_is_asked_for(command, loads):
    """Without --plot nothing of the pictures, and nothing that only they need."""
    problem = [] if command == "session" else ["x**2+y**2", "--x", "5", "--y", "3"]
    loads("grad", "x**2+y**2", "--x", "5", "--y", "3")
    status, _, parts = loads(command, *problem)
    assert status == 0
    for room in ("output.pictures", "output.pages", "shell.plots", "shell.reports", "calculus.sampling"):
        assert (PACKAGE / room.replace(".", "/")).is_dir(), room
        assert not {part for part in parts if part.startswith(f"gradcli.{room}.")}
    for name in ("shell.sessions.replayed_path", "shell.descents.trace_file", "commands.plot"):
        assert (PACKAGE / f"{name.replace('.', '/')}.py").is_file(), name
        assert f"gradcli.{name}" not in parts


@pytest.mark.parametrize("page", ["help_page", "settings_page"])
def test_pages_of_help_are_loaded_where_they_are_asked_for(page, loads):
    """They exist, and `grad` does without them."""
    name = f"gradcli.shell.help.{page}"
    _, _, parts = loads("step", "--optimizer", "adam", "--help")
    assert name in parts
    _, _, parts = loads("grad", "x", "--x", "1")
    assert name not in parts


def test_what_is_typed_elsewhere_is_loaded_only_where_a_text_was_refused(loads):
    """An expression never seen, with names in which functions could stand, does without the tables of hints."""
    for arguments in (["grad", "x**3+beta*exp(y)", "--x", "1", "--y", "2", "--beta", "3"], ["grad", "x**5"]):
        status, _, parts = loads(*arguments)
        assert status == 0
        assert not {part for part in parts if part.startswith("gradcli.language.hints")}
    status, loaded, parts = loads("grad", "np.exp(x)")
    assert status == 2 and not loaded & HEAVY
    assert "gradcli.language.hints.dotted_names" in parts
    status, loaded, parts = loads("grad", "x^^2 + y")
    assert status == 2 and "difflib" not in loaded
    assert (
        not {f"gradcli.language.hints.{one}" for one in ("dotted_names", "function_advice", "tex_text")}
        & parts
    )
    assert not {f"gradcli.shell.writers.{one}" for one in ("option_hints", "option_reading")} & parts


def test_a_pipe_never_loads_rich(loads):
    """An expression never seen loads sympy, and nothing of the terminal."""
    _, loaded, _ = loads("grad", "x**7", "--x", "2")
    assert "rich" not in loaded


#: Command lines about expressions never seen, whose numbers floats decide.
NEW = [
    ["grad", "x**2+sin(y)*x", "--x", "5", "--y", "3", "--get", "gradient.x"], ["grad", "x**2*tanh(y)", "--x", "1", "--y", "2"],
    ["grad", "u = x*y; u**2", "--x", "1", "--y", "2"], ["step", "x**2+y**2", "--x", "5", "--y", "3", "--lr", "0.1"],
    ["jacobian", "x*y", "x+y", "--x", "1", "--y", "2", "--vjp", "1,2"], ["compare", "x**2+y**2", "--x", "5", "--y", "3"],
    ["hessian", "x**2+x*y", "--x", "5", "--y", "3", "--hvp", "x=1,y=2"], ["grad", "mish(x)*erf(y)"],
]  # fmt: skip


def test_a_new_expression_loads_no_algebra_where_floats_decide(load_each):
    """Numbers alone, and formulas too: neither sympy nor mpmath nor flint, by whichever of them."""
    for arguments, (ended, loaded, _) in zip(NEW, load_each(NEW), strict=True):
        assert ended == 0, arguments
        assert not loaded & {"sympy", "mpmath", "flint", "numpy"}, arguments


def test_a_new_expression_loads_no_sympy_where_balls_decide(loads):
    """Enough digits, signs of eigenvalues and the certificate of a minimum are flint's."""
    for arguments in (
        ["grad", "sin(x)", "--x", "1", "--digits", "30"],
        ["minimize", "(x-1)**2+y**2", "--x", "5", "--y", "3"],
        ["hessian", "x**2+x*y+y**2", "--x", "5", "--y", "3", "--get", "definiteness"],
    ):
        ended, loaded, _ = loads(*arguments)
        assert ended == 0
        assert not loaded & {"sympy", "mpmath", "numpy"}


def test_what_click_rarely_needs_of_python_is_left_alone(environment, tmp_path):
    """`inspect` with all that it imports is an eighth of a known answer: not for one, nor for a step."""
    for arguments in (["grad", "x**2", "--x", "5"], ["grad", "x**2", "--x", "5"], ["step", "--lr", "0.1"]):
        command = [sys.executable, "-X", "importtime", "-m", "gradcli", *arguments]
        ended = subprocess.run(
            command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=True
        )
        loaded = {
            line.rpartition("|")[2].strip() for line in ended.stderr.splitlines() if "import time:" in line
        }
    assert "click.core" in loaded
    assert not loaded & {"inspect", "dis", "tokenize"}


def test_a_deferred_module_is_the_module_as_soon_as_it_is_asked(environment, tmp_path):
    """For who has imported it before, and for who imports it then."""
    program = """
import sys
from gradcli.__main__ import _Deferred
sys.modules["inspect"] = _Deferred("inspect")
import inspect as before
assert "dis" not in sys.modules
assert before.isfunction(lambda: 0)
import inspect
from inspect import cleandoc
assert inspect.__spec__.name == "inspect" and cleandoc is before.cleandoc is inspect.cleandoc
assert not hasattr(before, "nothing_of_that_name")
"""
    subprocess.run([sys.executable, "-c", program], env=environment, cwd=tmp_path, check=True)
