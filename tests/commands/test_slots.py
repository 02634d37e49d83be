"""What a session keeps of its optimizer: slots and counts by variable, across other commands, rows of older versions."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

Q = ("x**2+x*y/2+y**2", "--x", 5, "--y", 3)


@pytest.fixture
def session(run):
    """`session()`: the session as JSON."""
    return lambda: json.loads(run("session", "--format", "json").out)


def test_counts_are_those_of_each_variable_in_torch_alone(run, session):
    """PyTorch's step is a state of the parameter, TensorFlow's powers of beta are the optimizer's."""
    run("step", *Q, "--optimizer", "adam", "--lr", 0.1, "--wrt", "x", "--steps", 2)
    run("step", "--wrt", "x,y")
    assert session()["counts"] == {"x": 3, "y": 1}
    assert session()["at"]["y"] == pytest.approx(3 - 0.1, abs=1e-8)  # adam's first step is the rate
    run("step", *Q, "--optimizer", "adam", "--dialect", "tf1", "--lr", 0.1, "--wrt", "x", "--steps", 2)
    run("step", "--wrt", "x,y")
    assert "counts" not in session()


def test_slots_of_a_variable_that_rests_are_shown_as_they_were(run, session):
    """They are in the session and in the answer of the step."""
    run("step", *Q, "--lr", 0.1, "--momentum", 0.9)
    before = session()["slots"]["b"]["y"]
    answer = json.loads(run("step", "--wrt", "x", "--format", "json").out)
    assert answer["slots"]["b"]["y"] == session()["slots"]["b"]["y"] == before == 8.5


def test_a_descent_between_two_steps_is_none_of_the_optimizers_steps(run, session):
    """minimize chooses its own steps: adam's slots rest meanwhile, and its third step is its third."""
    ends = []
    for between in ([], [("minimize", "--max-steps", 3), ("step", "--at", "x=4,y=2", "--steps", 0)]):
        run("step", *Q, "--optimizer", "adam", "--dialect", "tf1", "--lr", 0.1, "--steps", 2)
        for command in between:
            run(*command)
        run("step", "--at", "x=4,y=2")
        ends.append((session()["at"], session()["slots"]))
    assert ends[0] == ends[1]


@pytest.mark.parametrize("steps", [1, 40])
def test_a_square_that_outgrows_floats_stays_infinite_and_is_said(run, session, steps):
    """As in the libraries the variable stands still; step and variable are named, and the session remembers it."""
    run("grad", "1e160*x+y**2", "--x", 1e-10, "--y", 1)
    ended = run("step", "--optimizer", "adam", "--lr", 0.1, "--steps", steps)
    assert (
        ended.status == 0
        and "step 1: v of x is too large for a float" in ended.err
        and "v of y" not in ended.err
    )
    assert session()["at"]["x"] == 1e-10 and session()["at"]["y"] < 1
    assert session()["slots"]["v"]["x"] is None  # JSON has no word for it
    again = run("step", "--steps", steps)
    assert (again.status, again.err) == (0, "") and session()["steps"] == 2 * steps
    assert "slot v: x inf" in run("step", "--show-slots").out


def test_minimize_goes_on_there_as_well(run):
    """One rule: neither refuses."""
    ended = run("minimize", "1e160*x+y**2", "--x", 1e-10, "--y", 1, "--optimizer", "adam", "--lr", 0.1,
                "--max-steps", 60, "--format", "json")  # fmt: skip
    assert json.loads(ended.out)["nit"] == 60


def test_a_slot_that_is_no_number_is_an_error_that_names_step_and_variable(run):
    """The deviation of an infinite square from its mean is none."""
    run("grad", "1e160*x", "--x", 1e-10)
    ended = run("step", "--optimizer", "rmsprop", "--centered", "--steps", 3)
    assert ended.status == 3 and "step 1" in ended.err and "x" in ended.err


def test_what_is_held_constant_does_not_move_afterwards(run, session):
    """`grad --stop y` is about x alone, and so are the steps from there, also through a pipe."""
    gradient = run("grad", *Q, "--stop", "y", "--format", "json").out
    run("step", "--lr", 0.1)
    assert session()["at"]["y"] == 3.0 and session()["at"]["x"] != 5.0
    assert json.loads(run("step", "-", "--lr", 0.1, "--format", "json", text=gradient).out)["at"]["y"] == 3.0
    run("grad", *Q, "--stop", "x,y")
    run("step", "--lr", 0.1)
    assert session()["at"] == {"x": 5.0, "y": 3.0}


def test_a_record_says_which_variables_were_chosen(run):
    """What reads it goes on with them; a record about all of them says nothing."""
    for command in (("grad",), ("step", "--lr", 0.1), ("minimize",)):
        chosen = run(*command, *Q, "--wrt", "x", "--format", "json").out
        assert json.loads(chosen)["wrt"] == ["x"]
        assert (
            json.loads(run("step", "-", "--lr", 0.1, "--format", "json", text=chosen).out)["at"]["y"] == 3.0
        )
        assert "wrt" not in json.loads(run(*command, *Q, "--format", "json").out)


def test_a_variable_that_is_not_connected_rests(run, session):
    """Named in --wrt it is said to be so, and keeps its value through steps and descents."""
    for command in (("step", "--lr", 0.1), ("minimize",), ("step",)):
        run("grad", "x**2", "--x", 5, "--y", 3, "--wrt", "x,y")
        ended = run(*command)
        assert ended.status == 0 and "y is not connected" in ended.err
        assert session()["at"]["y"] == 3.0 and session()["at"]["x"] != 5.0


def test_rows_of_older_versions_go_on(run, session, home):
    """Without counts every variable that has slots has taken all steps, as it was then."""
    ends = []
    for older in (False, True):
        run("step", *Q, "--optimizer", "adam", "--lr", 0.1, "--steps", 3)
        if older:
            with closing(sqlite3.connect(home / "gradcli.db")) as connection, connection:
                identity, text = connection.execute(
                    "SELECT id, state FROM states ORDER BY id DESC LIMIT 1"
                ).fetchone()
                state = json.loads(text)
                del state["settings"]["counts"], state["crc"]
                connection.execute("UPDATE states SET state = ? WHERE id = ?", (json.dumps(state), identity))
        run("step")
        ends.append(session()["at"])
    assert ends[0] == ends[1]


def test_all_evaluations_of_restarts_are_counted(run, monkeypatch):
    """Also those of starts without a value, and of the best descent, which is taken again to be remembered."""
    from gradcli.descent.objective.objective import Objective

    made, look = [], Objective.look
    monkeypatch.setattr(Objective, "look", lambda *a, **k: made.append(1) or look(*a, **k))
    for text in ("sin(3*x)+x**2/10", "log(x)*x+x**2"):
        del made[:]
        ended = run("minimize", text, "--restarts", 5, "--box", "x=-5:5", "--seed", 7, "--format", "json")
        assert json.loads(ended.out)["nfev"] == len(made)


def test_compare_judges_all_by_one_rule(run):
    """What comes to the tolerance stops there, whatever slots it has: fewer steps than were allowed."""
    line = (
        "compare",
        "x**2",
        "--x",
        1,
        "--optimizers",
        "sgd,adam,rmsprop,nadam",
        "--lr",
        0.1,
        "--steps",
        2000,
        "--tol",
        1e-6,
    )
    for result in json.loads(run(*line, "--format", "json").out)["results"]:
        assert result["outcome"] == "minimum" and result["steps"] < 2000 and result["norm"] <= 1e-6
