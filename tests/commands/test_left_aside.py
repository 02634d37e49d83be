"""A session's constraints: where they are shown, and what answers f alone says so."""

import json

import pytest


@pytest.fixture
def session(run):
    """x**2 + y**2 on a line, at its minimum."""
    assert run("minimize", "x**2 + y**2", "--st", "x + y = 1", "--x", 0, "--y", 0).status == 0


@pytest.mark.usefixtures("session")
def test_it_is_shown(run):
    """In text and as a key of JSON, which a next command reads."""
    assert "subject to: x + y = 1" in run("session").out
    record = run("session", "--format", "json").out
    assert json.loads(record)["constraints"] == ["x + y = 1"]
    piped = json.loads(run("minimize", "-", "--format", "json", text=record).out)
    assert piped["status"] == "minimum-on-constraint"


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("words", [("hessian",), ("jacobian",), ("taylor",), ("code",)])
def test_f_alone_is_told(words, run):
    """A note, whatever the answer."""
    ended = run(*words)
    assert ended.status == 0
    assert ended.err.count("constraint x + y = 1 is left aside") == 1


@pytest.mark.usefixtures("session")
def test_what_heeds_it_has_no_such_note(run):
    """grad, step, critical, explain, minimize, check, plot, compare."""
    for words in (
        ("grad",),
        ("step", "--lr", "0.1"),
        ("critical",),
        ("explain",),
        ("minimize",),
        ("check", "--kkt"),
        ("plot", "--size", "40x8"),
        ("compare", "--optimizers", "sqp", "--steps", "2"),
    ):
        ended = run(*words)
        assert ended.status == 0 and "left aside" not in ended.err
    assert "Lagrang" in run("explain").out
