"""`apply`, `compare`, `optimizers`: gradients from elsewhere, optimizers side by side, rules as mathematics."""

import json

import pytest

PROBLEM = ("x**2+x*y+3", "--x", 5, "--y", 3)


def test_compute_and_apply_are_one_step(run):
    """grad piped into apply moves the point as step does: x 3.7, y 2.5, f 25.94."""
    gradient = run("grad", *PROBLEM, "--format", "json").out
    ended = run("apply", "-", "--lr", 0.1, "--format", "json", text=gradient)
    answer = json.loads(ended.out)
    assert answer["at"] == pytest.approx({"x": 3.7, "y": 2.5})
    assert answer["after"]["value"] == pytest.approx(25.94)


def test_a_changed_gradient_is_applied_as_it_is(run):
    """A gradient written by hand moves the session's point; a variable without a number stays."""
    run("grad", *PROBLEM)
    answer = json.loads(
        run("apply", "-", "--lr", 1, "--format", "json", text='{"gradient": {"x": 2, "y": null}}').out
    )
    assert answer["at"] == {"x": 3.0, "y": 3.0}


def test_apply_and_step_share_slots(run):
    """Momentum gathers over step and apply alike: two steps equal a step and an applied gradient."""
    run("step", *PROBLEM, "--lr", 0.1, "--momentum", 0.9, "--steps", 2, "--session", "a")
    run("step", *PROBLEM, "--lr", 0.1, "--momentum", 0.9, "--session", "b")
    gradient = run("grad", "--session", "b", "--no-save", "--format", "json").out
    run("apply", "-", "--session", "b", text=gradient)
    assert (
        run("session", "--session", "a", "--get", "at").out
        == run("session", "--session", "b", "--get", "at").out
    )


@pytest.mark.parametrize(
    ("options", "after"),
    [
        (["--clip-norm", 1], {"x": 5 - 13 / 194**0.5, "y": 3 - 5 / 194**0.5}),
        (["--clip-value", 2], {"x": 3, "y": 1}),
    ],
)
def test_gradients_are_clipped(run, options, after):
    """By norm the gradient (13, 5) becomes a unit vector, by value (2, 2)."""
    gradient = run("grad", *PROBLEM, "--format", "json").out
    for line in (("apply", "-"), ("step",)):
        answer = json.loads(
            run(*line, "--lr", 1, *options, "--dry-run", "--format", "json", text=gradient).out
        )
        assert answer["at"] == pytest.approx(after)


@pytest.mark.parametrize(
    ("text", "says", "status"),
    [
        ("{}", "gradient", 2),
        ("[1]", "not an object", 2),
        ("nonsense", "not a JSON", 2),
        ('{"gradient": {"z": 1}}', "z, which is not a variable", 2),
        ('{"gradient": {"x": "much"}}', "not a number", 2),
        ('{"gradient": {"x": null}}', "nothing to apply", 2),
    ],
)
def test_what_cannot_be_applied_is_refused_and_nothing_moves(run, text, says, status):
    """A gradient that makes no sense is status 2, and the session stays."""
    run("grad", *PROBLEM)
    ended = run("apply", "-", text=text)
    assert ended.status == status and says in ended.err
    assert run("session", "--get", "steps").out == "0\n"


def test_ten_steps_are_one_command_of_ten_steps(run):
    """Slots and step counts live in the session: bit for bit the same, for adam in TensorFlow's dialect."""
    how = ("--optimizer", "adam", "--dialect", "tf1", "--lr", 0.1)
    run("grad", *PROBLEM, "--session", "a")
    run("grad", *PROBLEM, "--session", "b")
    run("step", *how, "--steps", 10, "--session", "a")
    for _ in range(10):
        run("step", *how, "--session", "b")
    one, ten = (json.loads(run("session", "--session", name, "--format", "json").out) for name in "ab")
    assert (one["at"], one["slots"], one["steps"]) == (ten["at"], ten["slots"], 10)


def test_another_dialect_is_named_where_slots_are_dropped(run):
    """Which adam starts, and which one's slots are dropped, is told apart by their dialects."""
    run("step", *PROBLEM, "--optimizer", "adam")
    changed = run("step", "--dialect", "tf1")
    assert "adam (tf1) starts with fresh slots: those of adam (torch) are dropped" in changed.err


def test_another_optimizer_starts_with_fresh_slots_and_says_so(run):
    """Changing from adam to sgd drops adam's slots, with a note; adam's own step counter starts at 1 again."""
    run("step", *PROBLEM, "--optimizer", "adam", "--lr", 0.1, "--steps", 3)
    changed = run("step", "--optimizer", "sgd")
    assert "fresh slots" in changed.err
    run("grad", *PROBLEM, "--session", "b")
    run("step", "--optimizer", "sgd", "--lr", 0.1, "--steps", 3, "--session", "b")
    first = json.loads(run("step", "--optimizer", "adam", "--session", "b", "--format", "json").out)
    moved = first["before"]["at"]["x"] - first["after"]["at"]["x"]
    assert moved == pytest.approx(0.1, rel=1e-6)  # adam's first step is the rate, whatever the gradient


def test_undo_restores_slots(run):
    """After undo the next step is the step that was undone, to the last bit."""
    run("step", *PROBLEM, "--optimizer", "adam", "--lr", 0.1, "--steps", 2)
    before = run("session", "--get", "slots").out
    once = run("step", "--get", "after").out
    run("session", "undo")
    assert run("session", "--get", "slots").out == before
    assert run("step", "--get", "after").out == once


def test_compare_names_the_term_that_makes_the_difference(run):
    """Adam of TensorFlow and of PyTorch differ in where epsilon is added."""
    ended = run(
        "compare", *PROBLEM, "--optimizers", "adam", "--dialects", "tf1,torch", "--lr", 0.1, "--steps", 3
    )
    assert ended.status == 0
    assert "adam differs epsilon" in ended.out


def test_compare_has_one_result_per_optimizer_dialect_and_rate(run):
    """Two optimizers with two rates are four rows in every format."""
    line = ("compare", "x**2", "--x", 1, "--optimizers", "sgd,adam", "--lr", "0.1,0.01", "--steps", 5)
    assert len(json.loads(run(*line, "--format", "json").out)["results"]) == 4
    assert len(run(*line, "--format", "csv").out.splitlines()) == 5
    assert len(run(*line, "--format", "jsonl").out.splitlines()) == 4


def test_compare_leaves_the_session_alone(run):
    """The session's point is where the comparison starts, and stays."""
    run("grad", *PROBLEM)
    run("compare", "--lr", 0.1, "--steps", 5)
    assert run("session", "--get", "at.x").out == "5.0\n"


def test_optimizers_show_the_rule_that_runs(run):
    """The mathematics shown is the table's own line."""
    ended = run("optimizers", "adam")
    assert "m = beta1*m + (1 - beta1)*g" in ended.out
    assert run("optimizers", "adm").status == 2


def test_compare_says_where_each_came_to(run):
    """`at` is an object as everywhere, and a column for each variable in CSV."""
    start = ("compare", "x**2 + y**2", "--x", 1, "--y", 2)
    line = (*start, "--optimizers", "sgd,adam", "--lr", 0.25, "--steps", 1)
    assert run(*line, "--get", "results.0.at.x").out == "0.5\n"
    assert json.loads(run(*line, "--format", "jsonl").out.splitlines()[0])["at"] == {"x": 0.5, "y": 1.0}
    assert run(*line, "--format", "csv").out.splitlines()[0].endswith(",message,at.x,at.y")


@pytest.mark.parametrize(("text", "status"), [("1/x", 3), ("log(x)", 3), ("x**2", 0)])
def test_compare_without_a_value_at_the_start_says_so_by_its_status(run, text, status):
    """Each optimizer's row has its reason; where none of them moved there is no answer."""
    ended = run("compare", text, "--x", 0, "--steps", 1)
    assert ended.status == status and len(ended.out.splitlines()) == 3
