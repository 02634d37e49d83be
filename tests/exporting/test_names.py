"""Names come from strangers: reserved, clashing, foreign and over-long ones become safe ones."""

from __future__ import annotations

import re

import pytest

from gradcli.calculus.exporting.export import LANGUAGES
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
