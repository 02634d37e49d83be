"""Start-up: the painters for pipes load nothing that they may not need."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {
    "rich",
    "difflib",
    "unicodedata",
    "csv",
    "json",
    "sympy",
    "mpmath",
    "flint",
    "click",
    "dataclasses",
    "inspect",
}
MODULES = [
    "text.document", "text.number_text", "text.markdown_escapes", "painters.plain_text", "painters.json_text",
    "painters.csv_text", "painters.get_path", "painters.rich_text", "results.error_document",
]  # fmt: skip


def loaded(code):
    """The modules that a fresh interpreter has loaded after *code*."""
    program = f"{code}\nimport sys\nloaded = list(sys.modules)\nimport json\nprint(json.dumps(loaded))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(run.stdout.splitlines()[-1]))


@pytest.mark.parametrize("module", MODULES)
def test_importing_a_painter_is_light(module):
    """Libraries are imported where they are first needed."""
    assert not HEAVY & (loaded(f"import gradcli.output.{module}") - loaded("pass"))


def test_a_plain_answer_and_a_plain_error_stay_light():
    """Drawing what is ASCII for a pipe needs no library at all."""
    code = """
from gradcli.language.errors import SyntaxProblem
from gradcli.output.text.document import Table, line
from gradcli.output.results.error_document import failure_text
from gradcli.output.painters.csv_text import separated
from gradcli.output.painters.get_path import picked_text, picked_value
from gradcli.output.painters.plain_text import plain
plain([line("x"), Table(("v", "grad"), ((("variable", "x"), ("gradient", "1")),))])
plain(failure_text(SyntaxProblem("no", text="x+*y", span=(2, 3))))
picked_text(picked_value({"a": {"b": 1.0}}, "a.b"))
list(separated([{"a": 1.0, "b": "text"}], ","))
"""
    assert not HEAVY & (loaded(code) - loaded("pass"))


def test_a_terminal_answer_leaves_the_large_parts_of_rich_alone():
    """Of rich only the console is loaded, with what the console itself loads: its tables, before version 15."""
    code = """
from gradcli.output.text.document import Table
from gradcli.output.painters.rich_text import terminal
terminal([Table(("v", "grad"), ((("variable", "x"), ("gradient", "1")),))], 80, True)
"""
    parts = loaded(code)
    assert "rich.console" in parts
    assert not (parts - loaded("import rich.console")) & {
        "rich.table",
        "rich.syntax",
        "rich.markdown",
        "rich.progress",
        "pygments",
    }
