"""No name that the grammar does not have comes in, wherever a name may stand; and none is written as it is."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from gradcli.language.errors import ValueProblem
from gradcli.language.names import checked_name, is_name
from gradcli.language.parser import parse
from tests.prepared import ALL

from .forging import tried
from .strangers import NAMES, OPTIONS, RECORDS, SPELT, TELLERS
from .watching import harm, watched

#: Every so many names at each place, unless all are wanted.
EVERY = 1 if ALL else 6


def test_a_name_is_what_the_grammar_reads_as_one() -> None:
    """The door lets in what the parser reads as one variable, and nothing else: for every character there is."""
    texts = [chr(code) for code in range(0x3000)] + [f"x{chr(code)}" for code in range(0x3000)]
    for text in [*texts, *NAMES, "x_1", "Größe", "lambda", "_x", "名前", "x" * 1000]:
        try:
            read = parse(text, [text])
            alone = [node.op for node in read.nodes] == ["name"] and read.variables == (
                unicodedata.normalize("NFC", text),
            )
        except Exception:
            alone = False
        assert is_name(text) == alone, text


@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_name_is_refused_with_a_sentence(name: str) -> None:
    """The sentence says where, and shows no more of the name than fits into a line."""
    with pytest.raises(ValueProblem, match=r"^--at: (a name is empty|.{1,60} is not a name)$"):
        checked_name(name.replace("\n", " ").replace("\r", " ") * (50 if len(name) < 3 else 1) + "!", "--at")


def test_no_option_lets_a_stranger_in(tmp_path: Path) -> None:
    """Status 2 and a sentence, nothing on stdout, nothing run and nothing written, in every option that takes names."""
    jobs = [
        way(name) for number, way in enumerate(OPTIONS.values()) for name in SPELT[number % EVERY :: EVERY]
    ]
    answers, _ = watched(jobs, tmp_path)
    for job, answer in zip(jobs, answers, strict=True):
        assert harm(job, answer) == ""
        assert (answer["status"], answer["out"]) == (2, ""), job
    assert not list(tmp_path.rglob("PWN"))
    assert not list(tmp_path.glob("*.html"))


def test_no_record_lets_a_stranger_in(tmp_path: Path) -> None:
    """The same for JSON on standard input, where an error record may stand on stdout, and nothing is remembered."""
    jobs = [
        way(name) for number, way in enumerate(RECORDS.values()) for name in NAMES[number % EVERY :: EVERY]
    ]
    answers, _ = watched(jobs, tmp_path)
    for job, answer in zip(jobs, answers, strict=True):
        assert harm(job, answer) == ""
        assert (answer["status"], answer["out"]) == (2, ""), job
    assert not list(tmp_path.rglob("PWN"))
    assert not (tmp_path / "gradcli.db").exists() or b"PWN" not in (tmp_path / "gradcli.db").read_bytes()


def test_no_session_row_lets_a_stranger_in(tmp_path: Path) -> None:
    """A row with a name that is none is refused with status 4 by every command that would write it."""
    watched([{"args": ["step", "x**2", "--at", "x=2", "--optimizer", "adam"]}], tmp_path)
    with sqlite3.connect(tmp_path / "gradcli.db") as connection:
        (text,) = connection.execute("SELECT state FROM states").fetchone()
    connection.close()
    state = json.loads(text)
    settings = state["settings"]
    forgeries: list[tuple[str, object]] = []
    for name in NAMES[::EVERY]:
        if re.fullmatch("[a-z][a-z0-9_-]*", name):
            continue  # as dull as a word of gradcli's own
        forgeries += [
            ("at", {"x": 2, name: 1}),
            ("wrt", ["x", name]),
            ("kind", name),
            ("optimizer", name),
            ("slots", {"m": {"x": 1.0, name: 1.0}}),
            ("settings", {**settings, "dialect": name}),
            ("settings", {**settings, name: 1.0}),
            ("settings", {**settings, "way": {"names": [name], "points": [[0, 1.0]]}}),
            ("settings", {**settings, "wish": {"from": {"x": 1.0, name: 1.0}}}),
        ]
    assert tried(tmp_path, state, forgeries, TELLERS, status=4) == []
    assert not list(tmp_path.rglob("PWN"))


#: How a language is run where it is installed: the file, and the commands that must end with status 0.
RUNNERS = {
    "python": ("v.py", [[sys.executable, "v.py"]]),
    "c": ("v.c", [["gcc", "-w", "-c", "v.c", "-o", "v.o"]]),
}


@pytest.mark.parametrize("language", RUNNERS)
def test_an_answer_with_the_strangest_names_there_are_runs(language: str, tmp_path: Path) -> None:
    """Reserved words, other scripts and names like those of the code itself are let in, and the code runs its own test."""
    import shutil

    file, commands = RUNNERS[language]
    if shutil.which(commands[0][0]) is None:
        pytest.skip(f"{commands[0][0]} is not installed")
    names = [
        "lambda",
        "int",
        "__import__",
        "Größe",
        "名前",
        "this",
        "class",
        "gradient",
        "x_1",
        "_",
        "M_PI",
        "NULL",
    ]
    environment = {**os.environ, "GRADCLI_HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])}
    point = ",".join(f"{name}={number}" for number, name in enumerate(names, 1))
    made = subprocess.run(
        [sys.executable, "-m", "gradcli", "code", "+".join(f"{name}**2" for name in names[:4]), "--lang", language,
         "--with-test", "--at", point, "--wrt", ",".join(names)],
        capture_output=True, text=True, env=environment, cwd=tmp_path, check=True,
    )  # fmt: skip
    (tmp_path / file).write_text(made.stdout)
    for command in commands:
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)


@pytest.mark.parametrize(
    ("language", "command"),
    [("python", [sys.executable]), ("javascript", ["node"]), ("c", ["gcc", "-fsyntax-only"])],
)
def test_a_stranger_in_a_comment_runs_nothing(language: str, command: list[str], tmp_path: Path) -> None:
    """Should a name ever come as far as an exporter, its comments end where they end, and nothing of it is run."""
    import shutil

    pytest.importorskip("gradcli.calculus.exporting.source_escapes")
    from gradcli.calculus.exporting.languages.export import LANGUAGES, Wish, exported
    from gradcli.calculus.formulas.texts.compiler import compile_text

    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    program = compile_text(["x**2"], ["x"], None).program
    suffix = {"python": "py", "javascript": "js", "c": "c"}[language]
    for number, name in enumerate(NAMES[: len(NAMES) if ALL else 8]):
        wish = Wish("slope", "none", ("x", name))
        made = exported(LANGUAGES[language], program, {"x": "2*x", name: name}, f"x**2 + {name}", wish)
        file = tmp_path / f"v{number}.{suffix}"
        file.write_text(made.code, errors="surrogatepass")
        done = subprocess.run(
            [*command, str(file)], cwd=tmp_path, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    assert not list(tmp_path.rglob("PWN"))


def test_latex_and_markdown_write_no_name_as_it_is() -> None:
    """Should a stranger ever come so far: no backslash, brace, tag, link or line end of its own gets through."""
    from gradcli.calculus.formulas.term_latex import symbol
    from gradcli.language.latex_escapes import latex_name, latex_text
    from gradcli.output.text.markdown_escapes import addressed, coded, fenced, marked

    for name in NAMES:
        for text in (latex_name(name), latex_text(name), symbol(name)):
            bare = re.sub(r"\\(text[a-z]+\{\}|mathrm\{|[{}$&#_%])", "", text)
            assert not re.search(r"[\\$&#%^~\n]", bare), text
        assert not re.search(r"(?<!\\)[<>`*_\[\]|]|\n", re.sub(r"\\\\", "", marked(name)))
        assert "\n" not in coded(name)
        assert fenced([name]).count("\n") == 2
        assert re.fullmatch(r"[\w.~/%-]*", addressed(name), re.ASCII)


def test_a_markdown_reader_finds_only_text() -> None:
    """What an independent reader of Markdown makes of it: text and code, and no tag, link, picture or emphasis."""
    markdown_it = pytest.importorskip("markdown_it")
    from gradcli.output.text.document import visible
    from gradcli.output.text.markdown_escapes import coded, marked

    reader = markdown_it.MarkdownIt("gfm-like", {"html": True, "linkify": False})
    hostile = [
        *NAMES,
        "a*b*c",
        "_x_",
        "[x](y)",
        "&lt;",
        "~~x~~",
        "x|y",
        "``",
        "`",
        "<b>",
        "http://evil.example",
    ]
    for name in hostile:
        shown = visible(name).strip()
        (paragraph,) = [token for token in reader.parse(f"f: {marked(name)}") if token.type == "inline"]
        assert {child.type for child in paragraph.children} <= {"text", "text_special"}
        assert "".join(child.content for child in paragraph.children) == f"f: {shown}"
        (code,) = [token for token in reader.parse(f"f: {coded(name)}") if token.type == "inline"]
        assert [child.type for child in code.children] == ["text", "code_inline"]
        assert code.children[1].content.strip() == " ".join(shown.split()).replace("|", "∣")
