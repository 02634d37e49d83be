"""What frameworks answer at ties and bounds, function by function: recorded from PyTorch 2.13 and JAX 0.10.

TensorFlow 1.15 is read from its sources (`clip_ops.py`, `nn_grad.py`, `math_grad.py`).
"""

from __future__ import annotations

import pytest

from gradcli.calculus.evaluation.gradient_at_point import evaluate
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.cli import run

#: Expression, point, framework, gradient in the order of the point's names.
ANSWERS = [
    ("clip(x,a,b)", {"x": "1", "a": "1", "b": "2"}, "torch", (1, 0, 0)),
    ("clip(x,a,b)", {"x": "2", "a": "1", "b": "2"}, "torch", (1, 0, 0)),
    ("clip(x,a,b)", {"x": "1.5", "a": "2", "b": "1"}, "torch", (0, 0, 1)),
    ("clip(x,a,b)", {"x": "1", "a": "1", "b": "2"}, "jax", (0.5, 0.5, 0)),
    ("clip(x,a,b)", {"x": "2", "a": "1", "b": "2"}, "jax", (0.5, 0, 0.5)),
    ("clip(x,a,b)", {"x": "1.5", "a": "2", "b": "1"}, "jax", (0, 0, 1)),
    ("clip(x,a,b)", {"x": "1", "a": "1", "b": "2"}, "tf1", (1, 0, 0)),
    ("clamp(3*x, 3, 6)", {"x": "1"}, "torch", (3,)),
    ("clip(x,1,2)+max(x,y)", {"x": "1", "y": "1"}, "torch", (1.5, 0.5)),
    ("leaky_relu(x,0.25)", {"x": "0"}, "torch", (0.25,)),
    ("leaky_relu(x,0.25)", {"x": "0"}, "jax", (1,)),
    ("leaky_relu(x,0.25)", {"x": "0"}, "tf1", (0.25,)),
    ("leaky_relu(x)", {"x": "0"}, "jax", (1,)),
    ("elu(x,2)", {"x": "0"}, "torch", (2,)),
    ("elu(x,2)", {"x": "0"}, "jax", (2,)),
    ("relu(x)", {"x": "0"}, "torch", (0,)),
    ("relu(x)", {"x": "0"}, "jax", (0,)),
    ("abs(x)", {"x": "0"}, "torch", (0,)),
    ("abs(x)", {"x": "0"}, "jax", (1,)),
    ("max(x,y)", {"x": "1", "y": "1"}, "torch", (0.5, 0.5)),
    ("min(x,y)", {"x": "1", "y": "1"}, "jax", (0.5, 0.5)),
    ("max(x,y,z)", {"x": "1", "y": "1", "z": "1"}, "torch", (0.25, 0.25, 0.5)),
    ("max(x,y,z)", {"x": "1", "y": "1", "z": "1"}, "jax", (0.25, 0.25, 0.5)),
    ("where(x<1,x**2,2-x)", {"x": "1"}, "torch", (-1,)),
    ("where(x<1,x**2,2-x)", {"x": "1"}, "jax", (-1,)),
]


@pytest.mark.parametrize(("text", "at", "framework", "gradient"), ANSWERS)
def test_ties_are_answered_as_the_framework_answers(text, at, framework, gradient):
    """Also where its own function is no composition of the others."""
    program = compile_text([text], list(at)).program
    found = evaluate(program, text, at, framework)
    assert tuple(float(found.partials[name] or 0) for name in at) == gradient


@pytest.mark.parametrize(("text", "at", "framework", "gradient"), ANSWERS)
def test_exported_code_answers_the_same(text, at, framework, gradient, tmp_path, monkeypatch, capsys):
    """Python code for the same framework, at the same ties."""
    monkeypatch.setenv("GRADCLI_HOME", str(tmp_path))
    assert run(["code", text, "--lang", "python", "--corner", framework]) == 0
    names = {}
    exec(capsys.readouterr().out, names)
    order = compile_text([text], list(at)).program.variables
    _, found = names["value_and_gradient"](*(float(at[name]) for name in order))
    assert dict(zip(order, found, strict=True)) == dict(zip(at, gradient, strict=True))


def test_where_f_jumps_there_is_no_slope():
    """The angle along y on its cut, and on both sides of it there is one."""
    program = compile_text(["atan2(y,x)"], ["x", "y"]).program
    found = evaluate(program, "atan2(y,x)", {"x": "-1", "y": "0"})
    assert found.partials == {"x": 0.0, "y": None}
    assert [note.kind for note in found.notes] == ["jump"]
    assert evaluate(program, "atan2(y,x)", {"x": "-1", "y": "-1e-30"}).partials["y"] == -1.0
    assert evaluate(program, "atan2(y,x)", {"x": "1", "y": "0"}).partials["y"] == 1.0


def test_a_root_has_no_slope_along_its_degree():
    """It has values for whole degrees only."""
    program = compile_text(["root(x,n)"], ["x", "n"]).program
    found = evaluate(program, "root(x,n)", {"x": "8", "n": "3"})
    assert found.partials["n"] is None
    assert found.partials["x"] == pytest.approx(1 / 12)
    assert program.unknown == ("n",)
