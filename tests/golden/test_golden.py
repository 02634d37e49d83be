"""Every golden transcript is played again; `pytest --update-golden` rewrites them."""

from __future__ import annotations

import shutil
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.golden.transcripts import entries, played, written

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*/*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_transcript_is_what_gradcli_prints(path, request, forked_environment, tmp_path):
    """Each file is one user's sitting: its commands run in order, in a home of their own."""
    text = path.read_text(encoding="utf-8")
    known = list(entries(text))
    if any("jq " in entry.command for entry in known) and not shutil.which("jq"):
        pytest.skip("jq is not installed")
    if (path.parent.name == "help" or "Usage: " in text) and tuple(
        map(int, version("click").split(".")[:2])
    ) < (8, 2):
        pytest.skip("older versions of click word some defaults differently")
    now = "".join(written(entry, played(entry.command, forked_environment, tmp_path)) for entry in known)
    if request.config.getoption("--update-golden"):
        path.write_text(now, encoding="utf-8")
    else:
        assert now == text


def test_there_is_a_transcript_for_every_class_of_error():
    """The classes of error that the contract with the shell names."""
    folders = {path.parent.name for path in FILES}
    assert {
        "syntax",
        "functions",
        "values",
        "usage",
        "input",
        "corners",
        "domain",
        "sessions",
        "formats",
    } <= folders
