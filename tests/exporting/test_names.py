"""Names come from strangers: reserved, clashing, foreign and over-long ones become safe ones."""

from __future__ import annotations

import keyword
import re
import shutil
import sqlite3
import subprocess

import pytest

from gradcli.calculus.exporting.languages.export import LANGUAGES
from gradcli.language.errors import UsageProblem
from tests.exporting.running import rows, run
from tests.exporting.sources import source

HOSTILE = [
    "lambda", "def", "double", "fn", "end", "class", "value", "gradient", "main", "NaN", "Math", "t1", "t2", "math",
    "np", "torch", "tf", "jnp", "special", "select", "from", "points", "function", "implicit", "let", "X", "x", "Value",
    "λ", "ß", "变量", "é", "_", "__init__", "x_", "a" * 80, "a" * 81, "e", "pi", "i", "float", "None", "self", "std",
    "real_only", "pick", "wanted", "found", "given", "layer_1", "rowid", "ｔ1", "ｓ2", "Ⅷ", "ªb", "exp2x", "main_",
]  # fmt: skip
RUN = [name for name in LANGUAGES if name not in ("sql", "matlab")]


def _hostile():
    text = " + ".join(f"{k + 1}*exp({name}/10)*{name}" for k, name in enumerate(HOSTILE))
    return text, {name: 1 + k / 16 for k, name in enumerate(HOSTILE)}


@pytest.mark.parametrize("language", RUN)
def test_names_of_strangers_run(language, tmp_path):
    """A function of variables that are reserved, alike, foreign or long compiles and runs."""
    run(language, source(language, *_hostile()).code, tmp_path)


def test_names_of_strangers_run_on_sqlite():
    """Columns are quoted, and two that differ only in case are told apart."""
    (row,) = rows(source("sql", *_hostile()).code)
    assert len(row) == 2 * len(HOSTILE) + 2
    assert row[-1] == "ok"


@pytest.mark.parametrize("language", LANGUAGES)
def test_safe_names_are_plain_and_different(language):
    """Each variable has a name of its own, of plain letters and of a length that every compiler takes."""
    row = LANGUAGES[language]
    names = list(source(language, *_hostile()).names.values())
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,39}", name) for name in names)
    assert len({name.lower() if row.folds_case else name for name in names}) == len(HOSTILE)
    assert not row.reserved & set(names)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "name", ["f(); import os", "", "1f", "f\n", "f g", "f;", '"', "gradient", "é", "__f"]
)
def test_a_name_for_the_function_must_be_one(language, name):
    """--name takes a plain name that is no word of the language, and nothing else."""
    with pytest.raises(UsageProblem):
        source(
            language,
            "x + y",
            {"x": 1.0, "y": 2.0},
            name=name if language != "sql" or name != "gradient" else "",
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_comments_cannot_be_left(language):
    """Whatever an expression looks like, no line of the code holds what would end a comment early."""
    code = source(language, "x\n\n+\r\ny/ y * y/\ty", {"x": 1.0, "y": 2.0}).code
    assert "\r" not in code
    assert '"""' not in code.partition('"""')[2].partition('"""')[0]
    assert code.count("*/") == code.count("/*")


SQL_WORDS = """abort action add after all alter always analyze and as asc attach autoincrement before begin between by cascade
case cast check collate column commit conflict constraint create cross current current_date current_time
current_timestamp database default deferrable deferred delete desc detach distinct do drop each else end escape
except exclude exclusive exists explain fail false filter first following foreign full glob group groups having
ignore immediate indexed initially inner insert instead intersect into is isnull join key last left like limit match
materialized natural no not nothing notnull null nulls of offset on order others outer over partition plan pragma
preceding primary query raise range recursive references regexp reindex release rename replace restrict returning
right rollback row rows savepoint table temp temporary then ties to transaction trigger true unbounded union unique
update using vacuum view virtual when where window with without value test given p t1 layer_1 d_x d_true"""

#: ECMAScript's words and globals, Rust's words, Fortran's and Julia's, some of them reserved for later.
OTHER_WORDS = {
    "javascript": """await break case catch class const continue debugger default delete do else enum export extends false
        finally for function if implements import in instanceof interface let new null package private protected public
        return static super switch this throw true try typeof var void while with yield arguments eval undefined NaN
        Infinity Math Number module exports require console process value gradient async of get set""",
    "rust": """as break const continue crate else enum extern false fn for if impl in let loop match mod move mut pub ref
        return self Self static struct super trait true type unsafe use where while async await dyn abstract become box
        do final macro override priv typeof unsized virtual yield try union f64 f32 u8 str bool None Some Ok Err""",
    "fortran": """program subroutine function module use implicit none integer real double precision complex logical
        character do end if then else call return stop print read write open close data common block allocate where
        select case cycle exit value gradient merge ieee_is_finite abs exp sin found wanted allowed k""",
    "octave": """break case catch classdef continue do else elseif end end_try_catch endfor endfunction endif endswitch
        endwhile for function global if otherwise parfor persistent return switch try until unwind_protect while pi e i j
        Inf NaN NA eps ans pick real_only remainder isfinite numel all assert disp value gradient abs exp sin""",
}


def _taken(language: str) -> list[str]:
    """The words and macros that a language has, from itself where it can be asked."""
    if language == "sql":
        return SQL_WORDS.split()
    if language in ("c", "c++"):
        headers = ["math.h", "stdio.h"] if language == "c" else ["array", "cmath", "utility", "cstdio"]
        kind = ["gcc", "-x", "c"] if language == "c" else ["g++", "-x", "c++"]
        asked = "".join(f"#include <{header}>\n" for header in headers)
        said = subprocess.run(
            [*kind, "-dM", "-E", "-"], input=asked, capture_output=True, text=True, check=True
        ).stdout
        found = re.findall(r"#define (\w+)", said)
        return [
            *{"M_PI", "INFINITY", "NULL", "HUGE_VAL", "NAN", "I", "EOF", "isnan", *found},
            *OTHER_WORDS["rust"].split(),
        ]
    return (
        OTHER_WORDS[language].split()
        if language in OTHER_WORDS
        else [*keyword.kwlist, *keyword.softkwlist, *dir(__builtins__)]
    )


@pytest.mark.parametrize(
    "language", ["python", "numpy", "c", "c++", "javascript", "rust", "fortran", "octave", "sql"]
)
def test_words_and_macros_of_a_language_are_no_trouble(language, tmp_path):
    """A function of variables called like everything that the language has taken compiles and is right."""
    if language in ("c", "c++") and not shutil.which("g++"):
        pytest.skip("no compiler that knows its macros")
    names = sorted({name for name in _taken(language) if re.fullmatch(r"[A-Za-z]\w{0,29}", name)})
    for start in range(0, len(names), 60):
        part = names[start : start + 60]
        text = "x_*" + " + x_*".join(f"{k + 1}*{name}" for k, name in enumerate(part))
        code = source(language, text, {"x_": 0.5, **{name: 1 + k / 16 for k, name in enumerate(part)}}).code
        if language == "sql":
            assert rows(code)[0][-1] == "ok"
        else:
            (folder := tmp_path / str(start)).mkdir()
            run(language, code, folder)


def test_a_column_called_true_is_a_column():
    """Every column is qualified: its name is no word, and one that is missing is an error and not 0."""
    code = source("sql", "2*true + x", {"true": 3.0, "x": 1.0}, tested=False).code
    assert sorted(rows(code, true=[3.0], x=[1.0])[0]) == [1.0, 1.0, 2.0, 3.0, 7.0]
    with pytest.raises(sqlite3.OperationalError):
        rows(code, x=[1.0])
