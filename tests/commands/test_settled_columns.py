"""Steps and descents over files take the pieces that cells are in as decimals, however rows are gone over."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from gradcli.calculus.rows import row_evaluation
from gradcli.calculus.rows.bounds import settled_rows

#: Losses over x = 0.3, 0.5, 0.1, 0.8 and y = 2, 3, 1, 4, and what is least by hand.
LEAST = (
    ("mean(where(x - 0.1 >= 0.2, (a - 1)**2, (a + 1)**2))", 0.5), ("mean((y - a*floor(10*(x - 0.1)))**2)", 44 / 69),
    ("sum(where(x + 0.2 == 0.3, (a - y)**2, 0))", 1.0), ("sum((a - y)**2*mod(x, 0.1)) + (a - 7)**2", 7.0),
    ("sum(where(3*x <= 0.3, (a - y)**2, (a - 0.3)**2))", 0.475), ("mean((a - sign(x - 0.1 - 0.2))**2)", 0.25),
    ("where(0.3 - 0.1 >= 0.2, 1, -1)*mean((a - y)**2)", 2.5), ("mean(where(0.3 - 0.1 >= 0.2, (a - y)**2, (a + y)**2))", 2.5),
)  # fmt: skip


@pytest.fixture(params=["python", "numpy", "native"])
def backend(request, tmp_path, monkeypatch):
    """The file, and by what its rows are gone over."""
    pytest.importorskip({"python": "json", "numpy": "numpy", "native": "llvmlite"}[request.param])
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text("x,y\n0.3,2\n0.5,3\n0.1,1\n0.8,4\n")
    if request.param != "python":
        monkeypatch.setattr(row_evaluation, "MANY", 0)
        monkeypatch.setattr(settled_rows, "MANY", 0)
    return ("--backend", request.param)


@pytest.mark.parametrize(("text", "least"), LEAST)
def test_descents_over_files_end_where_the_decimals_say(text, least, backend, run):
    """And typed columns are answered the same."""
    ended = run("minimize", text, "--data", "t.csv", "--a", "0.3", *backend, "--format", "json")
    found = json.loads(ended.out)
    assert (ended.status, found["status"]) == (0, "minimum")
    assert found["x"]["a"] == pytest.approx(least, rel=1e-9)
    columns = [
        word
        for name, cells in (("x", "0.3,0.5,0.1,0.8"), ("y", "2,3,1,4"))
        if re.search(rf"\b{name}\b", text)
        for word in (f"--{name}", f"[{cells}]")
    ]
    typed = run("minimize", text, *columns, "--a", "0.3", "--wrt", "a", "--get", "x.a")
    assert float(typed.out) == pytest.approx(least, rel=1e-9)


@pytest.mark.parametrize(("text", "least"), LEAST)
@pytest.mark.parametrize("steps", [1, 500])
def test_steps_over_files_go_along_the_slopes_that_grad_has(text, least, steps, backend, run):
    """One step is that slope; many end where it is 0, with all rows and in batches of them."""
    slope = float(run("grad", text, "--data", "t.csv", "--a", "0.3", "--get", "gradient.a").out)
    words = ("step", text, "--data", "t.csv", "--a", "0.3", "--lr", "0.001", "--steps")
    ended = run(*words, steps, *backend, "--format", "json")
    found = json.loads(ended.out)
    assert found["before"]["gradient"]["a"] == slope
    moved = found["after"]["at"]["a"] - 0.3
    assert moved == pytest.approx(-0.001 * slope) if steps == 1 else moved * (least - 0.3) > 0
    batches = json.loads(run(*words, steps, *backend, "--batch", 4, "--format", "json").out)
    assert batches["after"]["at"]["a"] == pytest.approx(found["after"]["at"]["a"], rel=1e-12)


def test_a_row_without_a_value_names_what_was_typed(backend, run):
    """And no column that was made of it."""
    text = "mean(log(where(x - 0.1 >= 0.2, a, -a)))"
    ended = run("step", text, "--data", "t.csv", "--a", "1", "--lr", "0.1", *backend)
    assert ended.status == 3 and "#" not in ended.err
    assert "log is not defined in row 3" in ended.err


def test_many_rows_of_few_cells_are_settled(backend, run, monkeypatch):
    """Each different cell is looked at once."""
    Path("many.csv").write_text("x,y\n" + "0.3,2\n0.4,6\n" * 5_000)
    monkeypatch.setattr(settled_rows, "MOST", 2)
    text = "mean((a - where(x - 0.1 >= 0.2, y, 0))**2)"
    ended = run("minimize", text, "--data", "many.csv", "--a", "0", *backend, "--get", "x.a")
    assert float(ended.out) == pytest.approx(4)
