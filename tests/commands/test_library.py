"""Known expressions: quick because they are kept, and never wrong because of it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

ASK = ("grad", "x**2+x*y+3", "--x", "5", "--y", "3", "--format", "json", "--no-save")
MODULES = """import sys
from gradcli.cli import run
status = run(sys.argv[1:])
print(sorted({"sympy", "rich", "mpmath", "gradcli.language.parser"} & set(sys.modules)), file=sys.stderr)
sys.exit(status)
"""


def rows(home, statement="SELECT text FROM programs", *values):
    """What a statement answers in the file."""
    with closing(sqlite3.connect(home / "gradcli.db")) as connection, connection:
        return connection.execute(statement, values).fetchall()


def test_a_known_expression_loads_neither_sympy_nor_the_parser(environment):
    """The second time, and at another point."""
    for x, loaded in (("5", "['gradcli.language.parser']"), ("5", "[]"), ("6", "[]")):
        command = [sys.executable, "-c", MODULES, "grad", "x**2+x*y+3", "--x", x, "--y", "3"]
        ended = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
        assert ended.stderr.strip().splitlines()[-1] == loaded


def test_a_step_of_a_session_loads_neither_sympy_nor_the_parser(environment):
    """Nor do help and errors of usage."""
    base = [sys.executable, "-c", MODULES]
    subprocess.run(
        [*base, "grad", "x**2+x*y+3", "--x", "5", "--y", "3"],
        env=environment,
        check=True,
        capture_output=True,
    )
    for arguments in (
        ["step", "--lr", "0.1"],
        ["--help"],
        ["grad", "--help"],
        ["grad", "x", "--format", "y"],
        ["stop"],
    ):
        ended = subprocess.run(
            [*base, *arguments], capture_output=True, text=True, env=environment, check=False
        )
        assert ended.stderr.strip().splitlines()[-1] == "[]", arguments


TAMPERED = {
    "another answer": lambda text: text.replace('"square"', '"neg"'),
    "another formula": lambda text: text.replace("2*x + y", "2*x - y"),
    "cut off": lambda text: text[: len(text) // 2],
    "emptied": lambda text: "",
    "no JSON": lambda text: "exit()",
    "bytes": lambda text: text.encode(),
    "code": lambda text: text.replace('"square"', "\"__import__('os').abort\""),
    "deep": lambda text: "[" * 100_000,
}


@pytest.mark.parametrize("change", TAMPERED.values(), ids=TAMPERED.keys())
def test_a_row_that_was_changed_is_as_if_it_were_not_there(run, home, change):
    """The answer is computed again, and the row is replaced by a sound one."""
    before = run(*ASK).out
    ((sound,),) = rows(home)
    rows(home, "UPDATE programs SET text = ?", change(sound))
    again = run(*ASK)
    assert (again.status, again.out, again.err) == (0, before, "")
    assert rows(home) == [(sound,)]


def test_a_row_of_another_expression_does_not_answer(run, home):
    """Rows that changed places are not believed."""
    first, second = run(*ASK).out, run("grad", "x-y", *ASK[2:]).out
    (a,), (b,) = rows(home, "SELECT rowid FROM programs ORDER BY rowid")
    ((digest,),) = rows(home, "SELECT digest FROM programs WHERE rowid = ?", a)
    ((other,),) = rows(home, "SELECT digest FROM programs WHERE rowid = ?", b)
    rows(home, "UPDATE programs SET digest = x'00' WHERE rowid = ?", a)
    rows(home, "UPDATE programs SET digest = ? WHERE rowid = ?", digest, b)
    rows(home, "UPDATE programs SET digest = ? WHERE rowid = ?", other, a)
    assert run(*ASK).out == first
    assert run("grad", "x-y", *ASK[2:]).out == second


@pytest.mark.parametrize(
    "content", [b"", b"short", b"x" * 32, b"x" * 1000], ids=["empty", "short", "other", "long"]
)
def test_another_key_makes_strangers_of_all_rows(run, home, content):
    """Whatever is in the key file, the answer is the same; a changed row stays unbelieved."""
    before = run(*ASK).out
    rows(home, "UPDATE programs SET text = replace(text, '2*x + y', '3*x + y')")
    (home / "key").write_bytes(content)
    assert run(*ASK).out == before
    assert run(*ASK).out == before


@pytest.mark.skipif(os.name != "posix", reason="access in bits")
def test_a_key_that_others_could_read_is_no_key(run, home):
    """Who can read the key can write rows: they are not read with it."""
    before = run(*ASK).out
    (home / "key").chmod(0o644)
    assert run(*ASK).out == before


def test_the_place_may_be_no_place_at_all(run, home, tmp_path, monkeypatch):
    """A file where the folder should be, or a name that cannot exist: slower, and the same answer."""
    before = run(*ASK).out
    (tmp_path / "file").write_text("not a folder")
    for place in (tmp_path / "file", tmp_path / "file" / "below", "/dev/null/x", "/proc/none", "x" * 5000):
        monkeypatch.setenv("GRADCLI_HOME", str(place))
        assert run(*ASK).out == before


def test_what_the_values_mean_is_part_of_the_key(run):
    """e and pi are numbers or variables, as they are given a value or not; a name in use as a function is an error."""
    assert json.loads(run("grad", "e*x", "--x", "1", "--format", "json").out)["value"] == pytest.approx(
        2.718281828
    )
    assert json.loads(run("grad", "e*x", "--x", "1", "--e", "2", "--format", "json").out)["value"] == 2
    assert json.loads(run("grad", "e*x", "--x", "1", "--format", "json").out)["value"] == pytest.approx(
        2.718281828
    )
    assert run("grad", "sin\t(x)", "--x", "1").status == 0
    assert run("grad", "sin\t(x)", "--x", "1", "--sin", "2").status == 2


def test_the_variables_asked_for_are_part_of_the_key(run):
    """--wrt x and all variables are two programs."""
    assert run("grad", *ASK[1:], "--wrt", "x").out != run(*ASK).out
    assert list(json.loads(run("grad", *ASK[1:], "--wrt", "y").out)["gradient"]) == ["y"]


def test_many_at_once_agree(environment):
    """Processes that begin together with nothing known all answer, and one row is kept."""
    command = [sys.executable, "-m", "gradcli", *ASK]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True)
        for _ in range(6)
    ]
    ended = [process.communicate(timeout=120) for process in running]
    assert len(set(ended)) == 1
    assert ended[0][1] == ""
    assert json.loads(ended[0][0])["value"] == 43
