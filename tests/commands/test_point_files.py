"""`--at @FILE`: the point of an earlier answer."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def at(run, tmp_path):
    """`at(content, *arguments)`: the command line with `--at @FILE` behind it, and *content* in the file."""

    def at(content, *arguments):
        (tmp_path / "point.json").write_text(content)
        return run(*arguments, "--at", f"@{tmp_path / 'point.json'}")

    return at


def test_the_point_of_an_answer_is_gone_on_from(at, run):
    """Where a descent has ended, an answer begins."""
    found = run("minimize", "(x-3)**2+(y+1)**4", "--x", 0, "--y", 1, "--format", "json", "--no-save").out
    answer = json.loads(at(found, "grad", "(x-3)**2+(y+1)**4", "--format", "json").out)
    assert answer["at"] == json.loads(found)["at"]
    assert answer["gradient"]["x"] == pytest.approx(0, abs=1e-6)


def test_a_number_is_the_decimal_that_stands_there(at):
    """As it is when it is typed; a column and a constant as well."""
    content = '{"at": {"x": [1, 2], "y": "pi/4", "z": 0.1234567890123456789}, "value": 3}'
    ended = at(content, "grad", "sum(x)*z + 0*y", "--digits", "25", "--get", "value")
    assert ended.out == "0.3703703670370370367\n"


@pytest.mark.parametrize(("content", "why"), [
    ("hunter2", "it is not JSON"),
    ('{"at": {"x": 1}', "it is not JSON"),
    ("[" * 100_000, "it is not JSON"),
    ('[{"x": 1}]', 'it has no "at" with names and values'),
    ('{"x": 1}', 'it has no "at" with names and values'),
    ('{"at": {}}', 'it has no "at" with names and values'),
    ('{"at": ["hunter2"]}', 'it has no "at" with names and values'),
    ('{"at": {"hunter 2": 1}}', 'a name in "at" is none that a variable can have'),
    ('{"at": {"x=1,y": 1}}', 'a name in "at" is none that a variable can have'),
    *((f'{{"at": {{"x": {value}}}}}', "the value of x is not a number")
      for value in ("null", "true", "{}", "[[1]]", "NaN", "1e400", '"hunter2"', '"1,y=2"', '"@/etc/passwd"', '""')),
])  # fmt: skip
def test_a_file_without_a_point_is_refused_and_not_shown(content, why, at):
    """Status 4, as every file that cannot be read; what it holds may be a secret."""
    ended = at(content, "grad", "x")
    assert (ended.status, ended.out) == (4, "")
    assert ended.err.splitlines()[0].endswith(f"point.json: {why}")
    assert "hunter2" not in ended.err and "passwd" not in ended.err


def test_a_name_that_is_typed_as_well_is_given_twice(at):
    """No value is preferred in silence."""
    ended = at('{"at": {"x": 1}}', "grad", "x", "--x", 2)
    assert (ended.status, ended.err.splitlines()[0]) == (2, "gradcli: x is given twice")


def test_only_what_a_person_types_names_a_file(at, run, tmp_path):
    """Neither JSON nor a text behind two hyphens does; a device, a folder and nothing are no files of points."""
    (tmp_path / "point.json").write_text('{"at": {"x": 1}}')
    problem = json.dumps({"expression": "x", "at": f"@{tmp_path / 'point.json'}"})
    assert run("grad", "-", text=problem).status == 2
    assert run("grad", "--", "--at", f"@{tmp_path / 'point.json'}").status == 2
    for name in ("/dev/zero", str(tmp_path), "", str(tmp_path / "none.json")):
        ended = run("grad", "x", "--at", f"@{name}")
        assert (ended.status, ended.out) == (4, ""), name


def test_a_script_that_passes_on_values_of_strangers_opens_no_file(at):
    """`--at "$2"` of a request is refused as what is no value, whether the file is there or not."""
    ended = at('{"at": {"x": 1}}', "grad", "x", "--limit", "service")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("gradcli: --at takes NAME=VALUE,NAME=VALUE\n")
