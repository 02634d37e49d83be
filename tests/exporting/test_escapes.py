"""A hostile name that came past every door does nothing in the code: it is written harmlessly, and no deed is done."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from gradcli.calculus.exporting.languages.export import LANGUAGES, Wish, exported
from gradcli.calculus.exporting.latex_source import latex_code
from gradcli.calculus.exporting.source_escapes import (
    block_comment,
    docstring,
    interpolated,
    latex_name,
    line_comment,
    quoted_identifier,
    visible,
)
from gradcli.calculus.formulas.texts.compiler import compile_text
from tests.exporting.running import missing, run

#: Names that would end a comment, a docstring, a quotation or a line, and then leave a file or drop a table.
DEEDS = [
    '""";import os;os.system("touch PWN");"""', "''';open('PWN','w');'''",
    '\\""";open("PWN","w");"""', '"""\nopen("PWN","w")\n"""',
    "*/ int evil; /*", "*/ require('fs').writeFileSync('PWN',''); /*", "*/ #include <evil.h>\n/*", "**//* x */ evil(); //",
    "\n#error evil", "\r\nsystem('touch PWN')\n", "\u2028require('fs').writeFileSync('PWN','')", "\x0bopen('PWN','w')",
    '"; DROP TABLE kept; --', 'x" AS "y" FROM points; DROP TABLE kept; SELECT "', "\nDROP TABLE kept;\n", "$(touch PWN)",
    "\\", "\\\\", "??/", "*\\", "\\N{BULLET}", "\\x41", '\\u0022"""', "a\u202eb", "\ud800", "x" * 5000, "&", "%{", "'", '"',
    "\\input{/etc/passwd}", "\\write18{touch PWN}", "}$$\\end{align*}\\input{x}", "<img src=x onerror=alert(1)>", "`touch PWN`",
]  # fmt: skip

RUNNABLE = [name for name in LANGUAGES if name not in ("sql", "matlab")]


def _hostile(language: str) -> str:
    """A function whose gradient is taken along names that nobody should have let in."""
    compiled = compile_text(["x**2"], ("x",))
    along = ("x", *DEEDS)
    formulas = {**compiled.formulas, **dict.fromkeys(DEEDS, '*/ """ \'; evil')}
    return exported(
        LANGUAGES[language],
        compiled.program,
        formulas,
        compiled.text,
        Wish("f_and_gradient", "none", along, ({"x": 3.0},)),
    ).code


@pytest.mark.parametrize("language", RUNNABLE)
def test_no_deed_is_done(language: str, tmp_path: Path) -> None:
    """The code with hostile names compiles, passes its own test, and touches nothing."""
    if reason := missing(language):
        pytest.skip(reason)
    run(language, _hostile(language), tmp_path)
    assert not list(tmp_path.glob("*PWN*"))


def test_no_table_is_dropped() -> None:
    """A whole script of SQL with hostile names leaves the tables that there are."""
    if reason := missing("sql"):
        pytest.skip(reason)
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE kept (x)")
    connection.executescript(_hostile("sql"))
    assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_a_comment_is_one_line(language: str) -> None:
    """Nothing in the code is a line end but line ends, and no control or turn of direction is left."""
    code = _hostile(language)
    assert all(character.isprintable() or character == "\n" for character in code)
    assert "evil.h" not in [line.strip() for line in code.split("\n")]


def test_latex_has_no_command_of_a_name() -> None:
    """A name that is none of the grammar's is letters in LaTeX, whatever it says."""
    text = latex_code(["x**2"], ["x"], ["x", *DEEDS])
    commands = set(re.findall(r"\\[A-Za-z]+", text))
    known = {r"\begin", r"\end", r"\frac", r"\partial", r"\mathrm", r"\backslash", r"\wedge", r"\sim"}
    assert commands <= known
    assert text.count(r"\begin{align*}") == text.count(r"\end{align*}") == 1
    plain = re.sub(r"\\[{}]", "", text)
    assert plain.count("{") == plain.count("}")


@pytest.mark.parametrize("text", DEEDS)
def test_escapes_leave_no_way_out(text: str) -> None:
    """What would end each kind of place is not in what is written there."""
    assert "*/" not in block_comment(text)
    assert "/*" not in block_comment(text)
    assert not line_comment(text).endswith("\\")
    assert len(visible(text).splitlines()) <= 1
    assert not re.search(r'(?<!\\)(\\\\)*"', docstring(text))
    assert not re.search(r"(?<!\\)(\\\\)*\$", interpolated(text))
    assert not quoted_identifier(text)[1:-1].replace('""', "").count('"')
    assert "$" not in latex_name(text).replace(r"\$", "")


def test_a_docstring_says_what_was_typed() -> None:
    """Python reads back the very text."""
    for text in ('a"""b', "\\", 'x\\"', "λ'"):
        names: dict[str, object] = {}
        exec(f'doc = """{docstring(text)}"""', names)
        assert names["doc"] == text
