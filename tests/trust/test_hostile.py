"""Nothing that a text says is ever run: each way into gradcli, with every text of the corpus, under watch.

GRADCLI_TRUST=all tries every text in every place; the default tries one text in EVERY, the first of them chosen by
GRADCLI_SEED, in the most common places and one other. As 569 texts are tried in 53 places, every place has its share.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.prepared import ALL

from .forging import tried
from .watching import Job, cells, harms, hostile, watched
from .ways import around, everywhere

TEXTS = [text for _, text in hostile()]

#: Every so many texts, unless all are wanted.
EVERY = 4

#: The texts of one run.
CHOSEN = TEXTS if ALL else TEXTS[int(os.environ.get("GRADCLI_SEED", "1")) % EVERY :: EVERY]

#: The places of texts, each with its jobs; together in one process unless everything is tried.
ROUNDS: dict[str, list[Job]] = everywhere(TEXTS) if ALL else {"around": list(around(CHOSEN))}


@pytest.mark.parametrize("way", ROUNDS)
def test_no_text_is_run(way: str, tmp_path: Path) -> None:
    """Wherever it stands, no text runs code, writes a file, opens a socket, hangs, steers the terminal or ends in a
    traceback."""
    assert "\n".join(harms(ROUNDS[way], tmp_path)) == ""


def test_the_watch_sees() -> None:
    """A process under watch that does what formulas may not is caught: the test can fail."""
    guard = Path(__file__).with_name("guard.py")
    script = (
        f"import os, sys, runpy; os.environ['GRADCLI_HOME'] = '/nowhere'; g = runpy.run_path({str(guard)!r});"
        "import sympy; sys.addaudithook(g['watch']); g['watch'].__globals__['watching'] = True;"
        "sympy.parse_expr('1+1'); eval('1'); open('/dev/null', 'w'); d = list(g['deeds']);"
        "g['watch'].__globals__['watching'] = False; print(d)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "sympy_parser" in done.stdout
    assert "compile <string>" in done.stdout


def test_programs_hold_nothing_of_the_text(tmp_path: Path) -> None:
    """What is compiled is made of slots and operations: no name and no number of the user's is in it."""
    names = ["zzsentinel", "__import__", "Größe", "program"]
    jobs = [
        {
            "args": [
                "step",
                f"({name}-987654.25)**2*besselj(0,{name})",
                "--at",
                f"{name}=1",
                "--steps",
                "300",
                "--lr",
                "1e-30",
            ]
        }
        for name in names
    ]
    jobs += [{"args": ["critical", f"{name}**4-987654.25*{name}**2"]} for name in names]
    answers, programs = watched(jobs, tmp_path)
    assert [answer["status"] for answer in answers] == [0] * len(jobs)
    assert all(answer["deeds"] == [] for answer in answers)
    assert programs
    for source in programs:
        assert not re.search("zzsentinel|import|Gr|987654|['\\\"\\\\.]__", source)


def test_tables_start_no_formula(tmp_path: Path) -> None:
    """No cell of CSV begins as a spreadsheet's formula that could reach out of its sheet."""
    texts = ["=1+1", "@SUM(1)", "+cmd|' /C calc'!A0", "-2+3", "-x", "x"]
    jobs = [{"args": ["grad", "-", "--format", "csv", "--at", "x=1"], "stdin": text} for text in texts]
    answers, _ = watched(jobs, tmp_path)
    found = cells(answers)
    assert found
    assert not [cell for cell in found if cell.startswith(("=", "@", "\t", "\r"))]
    assert not [cell for cell in found if re.match(r"[+-].*[|!\"':]", cell)]


def test_latex_holds_no_command_of_the_text(tmp_path: Path) -> None:
    """A name is set as a name: no backslash, dollar or brace of the user's own reaches LaTeX."""
    names = ["input", "write18", "x_1", "alpha", "Größe", "__x__", "def", "a_b_c"]
    jobs = [{"args": ["grad", f"{name}**2", "--format", "latex"]} for name in names]
    answers, _ = watched(jobs, tmp_path)
    for name, answer in zip(names, answers, strict=True):
        assert answer["status"] == 0
        assert not re.search(r"\\(?:input|write|def|include|immediate|catcode)\b", answer["out"]), name


def rewritten(home: Path, table: str, column: str, text: object) -> None:
    with sqlite3.connect(home / "gradcli.db") as connection:
        connection.execute(f"UPDATE {table} SET {column} = ?", [text])  # names from this file
    connection.close()


@pytest.mark.parametrize(
    "field",
    ["kind", "expressions", "at", "value", "wrt", "steps", "taken", "optimizer", "settings", "slots", "when"],
)
def test_a_forged_session_runs_nothing(field: str, tmp_path: Path) -> None:
    """A session row may say what it likes: it is read as data, or refused with a sentence."""
    begin = {"args": ["step", "x**2", "--at", "x=2", "--optimizer", "adam"]}
    watched([begin], tmp_path)
    with sqlite3.connect(tmp_path / "gradcli.db") as connection:
        (state,) = connection.execute("SELECT state FROM states").fetchone()
    connection.close()
    texts = [text for kind, text in hostile() if kind in ("calls into Python", "dunder walks", "explosions")][
        :: 1 if ALL else 12
    ]
    forgeries: list[object] = [
        None,
        [],
        {},
        -1,
        2**70,
        1e308,
        True,
        "",
        [[]],
        {"x": "x"},
        {"x": None},
        {"x": []},
        {"m": {"x": "nan"}},
    ]
    for text in texts:
        forgeries += [text, [text], {text: text}, {"x": text}, {"lr": text}]
    assert tried(tmp_path, json.loads(state), [(field, forgery) for forgery in forgeries]) == []


def test_a_forged_program_is_not_believed(tmp_path: Path) -> None:
    """Rows of the library are signed: an edited one is not used, and costs only the time to compile again."""
    job = {"args": ["grad", "x**2", "--at", "x=3", "--get", "value", "--no-save"]}
    answers, _ = watched([job], tmp_path)
    assert answers[0]["out"] == "9.0\n"
    with sqlite3.connect(tmp_path / "gradcli.db") as connection:
        rows = connection.execute("SELECT text FROM programs").fetchall()
    connection.close()
    (text,) = next(row for row in rows if "x**2" in str(row[0]) or "square" in str(row[0]))
    for forged in (
        str(text).replace("square", "neg"),
        "[]",
        "{}",
        "null",
        "[" * 100_000,
        "__import__('os')",
        b"\xff\x00",
        7,
        None,
    ):
        try:
            rewritten(tmp_path, "programs", "text", forged)
        except sqlite3.IntegrityError:
            continue
        answers, _ = watched([job], tmp_path)
        assert (answers[0]["status"], answers[0]["out"], answers[0]["deeds"]) == (0, "9.0\n", [])
