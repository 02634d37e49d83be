"""`step`, `session` and what is remembered between commands."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def at(run):
    """`at()`: the session's point."""
    return lambda *options: json.loads(run("session", *options, "--format", "json").out)["at"]


def test_a_new_expression_begins_a_new_problem(run, at):
    """Its variables are its own, and its steps are counted from 0."""
    run("grad", "x**2", "--x", 4)
    run("step", "y**2 + z", "--y", 1, "--z", 2, "--lr", 0.25)
    assert at() == {"y": 0.5, "z": 1.75}
    assert run("session", "--get", "steps").out == "1\n"


def test_values_move_the_point_first(run, at):
    """For some of the variables; the others stay where the session has them."""
    run("grad", "x**2 + y**2", "--x", 4, "--y", 8)
    run("step", "--x", 1, "--lr", 0.25)
    assert at() == {"x": 0.5, "y": 4.0}


def test_the_learning_rate_is_remembered(run, at):
    """It is the session's until another is given."""
    run("step", "x**2", "--x", 16, "--lr", 0.25)
    run("step")
    assert at() == {"x": 4.0}
    run("step", "--lr", 0.5)
    assert at() == {"x": 0.0}


def test_a_learning_rate_of_zero_leaves_the_point_where_it_was(run, at):
    """Also for many steps."""
    run("step", "x**2", "--x", 16, "--lr", 0, "--steps", 3)
    assert at() == {"x": 16.0}


def test_ascending_goes_uphill(run, at):
    """The same step with the other sign."""
    run("step", "x**2", "--x", 4, "--lr", 0.25, "--ascend")
    assert at() == {"x": 6.0}


def test_wrt_moves_only_some(run, at):
    """And is the session's from then on."""
    run("step", "x*y", "--x", 1, "--y", 2, "--wrt", "y", "--lr", 0.5)
    assert at() == {"x": 1.0, "y": 1.5}
    run("step")
    assert at() == {"x": 1.0, "y": 1.0}


def test_a_dry_run_leaves_the_session_alone(run, at):
    """It prints the step that would be taken."""
    run("grad", "x**2", "--x", 4)
    assert run("step", "--lr", 0.25, "--dry-run", "--get", "after.x").out == "2.0\n"
    assert at() == {"x": 4.0}


@pytest.mark.parametrize(("expression", "x", "rate"), [
    ("exp(x)", 700, 1e300), ("x**4", 1e70, 1e300), ("log(x)", 0.1, 1), ("1/x", 0.001, 1e306), ("sqrt(x)", 0.01, 10),
])  # fmt: skip
def test_a_step_to_nowhere_keeps_the_point(expression, x, rate, run, at):
    """Status 3, nothing on stdout, and the session as it was."""
    run("grad", expression, "--x", x)
    before = at()
    ended = run("step", "--lr", rate, "--steps", 5)
    assert (ended.status, ended.out) == (3, "")
    assert at() == before and run("session", "--get", "steps").out == "0\n"


def test_no_save_leaves_no_trace(run, at):
    """grad answers, and the session is what it was."""
    run("grad", "x**2", "--x", 4)
    run("grad", "y**3", "--y", 1, "--no-save")
    assert at() == {"x": 4.0}


def test_formulas_alone_are_no_problem_to_go_on_with(run):
    """Without a point there is nothing to step from."""
    run("grad", "x**2")
    assert run("step").status == 4


def test_sessions_have_names(run, at, monkeypatch):
    """--session wins over GRADCLI_SESSION, which wins over the default."""
    run("grad", "x", "--x", 1)
    monkeypatch.setenv("GRADCLI_SESSION", "mine")
    run("grad", "x", "--x", 2)
    run("grad", "x", "--x", 3, "--session", "other")
    assert (
        at() == {"x": 2.0}
        and at("--session", "default") == {"x": 1.0}
        and at("--session", "other") == {"x": 3.0}
    )
    assert [line.split(":")[0] for line in run("session", "list").out.splitlines()] == [
        "default",
        "mine",
        "other",
    ]


def test_undo_goes_back_through_steps(run, at):
    """Also into the middle of a command that took many, bit for bit."""
    run("grad", "(x - 1)**2*y", "--x", 0.3, "--y", 0.7)
    points = [at()]
    for _ in range(4):
        run("step", "--lr", 0.1)
        points.append(at())
    run("session", "undo", 4)
    assert at() == points[0]
    run("step", "--lr", 0.1, "--steps", 4)
    assert at() == points[4]
    for back in (3, 2, 1, 0):
        run("session", "undo")
        assert at() == points[back]
    assert run("session", "undo").status == 4


def test_a_session_can_be_piped_into_a_command(run):
    """`session --format json` is a problem."""
    run("step", "x**2*y", "--x", 2, "--y", 3, "--lr", 0.1)
    text = run("session", "--format", "json").out
    assert run("grad", "-", "--get", "value", text=text).out == run("session", "--get", "value").out


def test_a_value_on_the_command_line_wins_over_a_piped_one(run):
    """As typed values win over remembered ones."""
    text = json.dumps({"expression": "x*y", "at": {"x": 1, "y": "pi/2"}})
    assert run("grad", "-", "--x", 2, "--get", "at.x", text=text).out == "2.0\n"
    assert run("grad", "-", "--get", "at.y", text=text).out == "1.5707963267948966\n"


def test_several_expressions_are_summed(run):
    """On the command line, and as a list in JSON."""
    assert run("grad", "x**2", "x*y", "--sum", "--x", 1, "--y", 2, "--get", "gradient.x").out == "4.0\n"
    text = json.dumps({"expression": ["x**2", "x*y"], "at": {"x": 1, "y": 2}})
    assert run("grad", "-", "--get", "gradient.x", text=text).out == "4.0\n"


def test_where_memory_cannot_be_grad_still_answers(run, home, monkeypatch):
    """And says so; step and session say why they cannot."""
    home.parent.joinpath("file").write_text("")
    monkeypatch.setenv("GRADCLI_HOME", str(home.parent / "file" / "below"))
    ended = run("grad", "x**2", "--x", 3)
    assert ended.status == 0 and ended.out.startswith("value: 9") and "not remembered" in ended.err
    for command in (["step"], ["step", "x", "--x", 1], ["session"], ["session", "list"]):
        ended = run(*command)
        assert ended.status == 4 or command == ["session", "list"], command


@pytest.mark.parametrize(("command", "option"), [
    ("grad", "--wrt"), ("grad", "--stop"), ("compare", "--optimizers"), ("compare", "--dialects"),
])  # fmt: skip
def test_an_empty_list_of_names_is_an_error_about_its_own_option(command, option, run):
    """As `--stop "$names"` gives it where nothing was set."""
    ended = run(command, "x**2", "--x", 1, option, "")
    assert (ended.status, ended.err.splitlines()[0]) == (2, f"gradcli: {option} is empty")


def test_a_file_where_the_memorys_folder_should_be(run, home):
    """What needs the memory says why it cannot, and not that there is no session; what does not answers."""
    home.write_text("mine")
    for command in (("session",), ("session", "list"), ("step",), ("grad",)):
        ended = run(*command)
        assert ended.status == 4 and "cannot be used: Not a directory" in ended.err
    assert run("step", "x**2", "--x", 1, "--dry-run").status == run("grad", "x**2", "--x", 1).status == 0
    assert home.read_text() == "mine"


@pytest.mark.parametrize("command", [
    ("step", "--lr", "0.1"), ("minimize",), ("maximize", "--max-steps", "1"), ("session", "undo"),
])  # fmt: skip
def test_a_path_that_leads_nowhere_moves_nothing(command, run):
    """What was not understood has not been done: a typo in --get does not cost a step."""
    run("grad", "x**2", "--x", "4")
    run("step", "--lr", "0.1")
    before = run("session", "history", "--format", "json").out
    assert run(*command, "--get", "aftr.x").status == 2
    assert run("session", "history", "--format", "json").out == before


@pytest.mark.parametrize(("arguments", "answer"), [
    (("--format", "json", "list"), '{"sessions": ['),
    (("--format", "json", "history", "--format", "csv"), "kind,"),
    (("--get", "states.0.value", "history"), "16.0"),
    (("--digits", "3", "--format", "jsonl", "undo"), '{"session": "default"'),
])  # fmt: skip
def test_how_to_print_may_stand_on_both_sides_of_the_command(arguments, answer, run):
    """As --session does, which has only the one place before it."""
    run("grad", "x**2", "--x", 4)
    run("step", "--lr", 0.25)
    assert run("session", *arguments).out.startswith(answer)


def test_json_that_ends_too_early_is_pointed_at_where_it_ends(run):
    """And not in the empty line after it."""
    err = run("apply", "-", text='{"gradient": {"x": 1\n').err
    assert err.splitlines()[1:3] == ['  {"gradient": {"x": 1', " " * 22 + "^"]


@pytest.mark.parametrize(("command", "needed"), [
    (("grad", "x", "--x", 1, "--normalize"), "--along"),
    (("minimize", "x**2", "--x", 1, "--every", 3), "--trace"),
])  # fmt: skip
def test_an_option_that_would_do_nothing_says_what_it_belongs_to(command, needed, run):
    """No option is accepted and ignored."""
    ended = run(*command)
    assert ended.status == 2 and needed in ended.err and run("session").status == 4


def test_sessions_are_forgotten_together_or_not_at_all(run):
    """A name that does not exist is found before any other is gone."""
    run("grad", "x", "--x", 1, "--session", "kept")
    assert run("session", "rm", "kept", "nosuch").status == 4
    assert run("session", "--session", "kept").status == 0
    assert run("session", "rm", "kept").status == 0
    assert run("session", "--session", "kept").status == 4


def test_a_limit_holds_for_what_was_seen_before(run):
    """The library costs time, never an answer."""
    assert run("grad", "x*y*z+1").status == 0
    assert run("grad", "x*y*z+1", "--limit", "length=5").status == 4
    assert run("grad", "x*y*z+1", "--limit", "nodes=2").status == 4


def test_rows_of_a_hessian_have_the_value(run):
    """In CSV as in JSON."""
    rows = run("hessian", "x*y", "--x", 1, "--y", 2, "--format", "csv").out.splitlines()
    assert rows[:2] == ["row,column,entry,formula,value", "x,x,0.0,0,2.0"]
