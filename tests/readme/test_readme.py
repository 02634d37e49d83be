"""README says nothing that gradcli does not do: transcripts, scripts and tables are held to the letter."""

from __future__ import annotations

import os
import re
import shutil
from itertools import pairwise

import pytest

from gradcli.language.errors import STATUSES

from .markdown import README, blocks, replayed, sections, with_block, with_functions

TEXT = README.read_text(encoding="utf-8")
TITLES = [TEXT[start:end].split("\n")[0].strip("# ") for start, end in sections(TEXT)]
SHELLS = [shell for shell in ("dash", "bash", "sh") if shutil.which(shell)]


def needs_jq(text):
    """Skip where jq is needed and is not there."""
    if re.search(r"\bjq\b", text) and not shutil.which("jq"):
        pytest.skip("jq is not installed")


def scripts(text):
    """The scripts of README, each with the block after it that has what it prints."""
    return [pair for pair in pairwise(blocks(text)) if pair[0].language == "sh"]


@pytest.mark.parametrize("number", range(len(TITLES)), ids=TITLES)
def test_every_transcript_is_what_gradcli_prints(number, request, environment, tmp_path):
    """Each section is one sitting, in a home of its own; both streams, as a reader would see them."""
    start, end = sections(TEXT)[number]
    needs_jq(TEXT[start:end])
    update = request.config.getoption("--update-golden")
    consoles = [index for index, block in enumerate(blocks(TEXT, start, end)) if block.language == "console"]
    for index in consoles:
        readme = README.read_text(encoding="utf-8") if update else TEXT
        block = blocks(readme, *sections(readme)[number])[index]
        now = replayed(block.text, environment, tmp_path)
        if update:
            README.write_text(with_block(readme, block, now), encoding="utf-8")
        else:
            assert now == block.text


@pytest.mark.parametrize("shell_name", SHELLS)
@pytest.mark.parametrize("number", range(len(scripts(TEXT))))
def test_every_script_prints_what_readme_says(number, shell_name, shell, request):
    """Under dash and bash, with -eu, and nothing on stderr."""
    readme = README.read_text(encoding="utf-8")
    script, expected = scripts(readme)[number]
    needs_jq(script.text)
    ended = shell(script.text, program=(shell_name, "-euc"))
    if request.config.getoption("--update-golden"):
        README.write_text(with_block(readme, expected, ended.out), encoding="utf-8")
    else:
        assert expected.language == "text"
        assert ended == (0, expected.text, "")


def test_the_table_of_functions_is_the_table(request):
    """README lists every function and spelling, by group, from the table that the parser reads."""
    readme = README.read_text(encoding="utf-8")
    if request.config.getoption("--update-golden"):
        README.write_text(with_functions(readme), encoding="utf-8")
    else:
        assert with_functions(readme) == readme


def test_the_table_of_statuses_is_the_table():
    """README lists the exit statuses with the words of `gradcli --help`."""
    rows = dict(re.findall(r"^\| (\d+) \| (.*) \|$", TEXT, re.MULTILINE))
    assert {int(status): meaning for status, meaning in rows.items()} == STATUSES


def test_ci_runs_the_command_that_readme_gives():
    """The command for the tests is read from README by .ci/run, so that both are one."""
    commands = [block.text for block in blocks(TEXT) if block.language == "bash"]
    assert len(commands) == 2
    assert "gradcli grad" in commands[0] and "pytest" in commands[1]
    run = README.parent / ".ci" / "run"
    assert os.access(run, os.X_OK) and "README.md" in run.read_text(encoding="utf-8")
