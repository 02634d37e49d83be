"""README and the guide say nothing that gradcli does not do: transcripts, scripts and tables are held to the letter."""

from __future__ import annotations

import os
import re
import shutil
from itertools import pairwise

import pytest

from gradcli.language.errors import STATUSES

from .generated import PARTS, parts, with_parts
from .markdown import DOCUMENTS, README, blocks, page, replayed, sections, with_block

TEXTS = {path: path.read_text(encoding="utf-8") for path in DOCUMENTS}
SHELLS = [shell for shell in ("dash", "bash", "sh") if shutil.which(shell)]


def needs_jq(text):
    """Skip where jq is needed and is not there."""
    if re.search(r"\bjq\b", text) and not shutil.which("jq"):
        pytest.skip("jq is not installed")


def scripts(text):
    """The scripts of a document, each with the block after it that has what it prints."""
    return [pair for pair in pairwise(blocks(text)) if pair[0].language == "sh"]


def sittings():
    """Every section that has a transcript: its document and its number."""
    for path, text in TEXTS.items():
        for number, (start, end) in enumerate(sections(text)):
            if any(block.language == "console" for block in blocks(text, start, end)):
                title = text[start:end].split("\n")[0].strip("# ")
                yield pytest.param(path, number, id=f"{path.stem}: {title}")


@pytest.mark.parametrize(("path", "number"), list(sittings()))
def test_every_transcript_is_what_gradcli_prints(path, number, request, forked_environment, tmp_path):
    """Each section is one sitting, in a home of its own; both streams, as a reader would see them."""
    text = TEXTS[path]
    start, end = sections(text)[number]
    needs_jq(text[start:end])
    update = request.config.getoption("--update-golden")
    consoles = [index for index, block in enumerate(blocks(text, start, end)) if block.language == "console"]
    for index in consoles:
        readme = path.read_text(encoding="utf-8") if update else text
        block = blocks(readme, *sections(readme)[number])[index]
        now = replayed(block.text, forked_environment, tmp_path)
        if update:
            path.write_text(with_block(readme, block, now), encoding="utf-8")
        else:
            assert now == block.text


@pytest.mark.parametrize("shell_name", SHELLS)
@pytest.mark.parametrize(
    ("path", "number"),
    [(path, number) for path, text in TEXTS.items() for number in range(len(scripts(text)))],
    ids=lambda value: getattr(value, "stem", None),
)
def test_every_script_prints_what_is_said(path, number, shell_name, shell, request):
    """Under dash and bash, with -eu, and nothing on stderr."""
    text = path.read_text(encoding="utf-8")
    script, expected = scripts(text)[number]
    needs_jq(script.text)
    ended = shell(script.text, program=(shell_name, "-euc"))
    if request.config.getoption("--update-golden"):
        path.write_text(with_block(text, expected, ended.out), encoding="utf-8")
    else:
        assert expected.language == "text"
        assert ended == (0, expected.text, "")


@pytest.mark.parametrize(
    "path", [path for path in DOCUMENTS if parts(TEXTS[path])], ids=lambda path: path.stem
)
def test_tables_are_those_that_the_program_reads(path, request):
    """Functions, optimizers, schedules and limits are listed from their tables, corners from what is answered."""
    text = path.read_text(encoding="utf-8")
    if request.config.getoption("--update-golden"):
        path.write_text(with_parts(text), encoding="utf-8")
    else:
        assert with_parts(text) == text


def test_every_table_is_somewhere():
    """No generated part is lost, and none stands twice."""
    assert sorted(name for text in TEXTS.values() for name in parts(text)) == sorted(PARTS)


@pytest.mark.parametrize("text", [TEXTS[README], page("statuses")], ids=["README", "statuses"])
def test_the_table_of_statuses_is_the_table(text):
    """README and its page list the exit statuses with the words of `gradcli --help`."""
    rows = dict(re.findall(r"^\| (\d+) \| (.*) \|$", text, re.MULTILINE))
    assert {int(status): meaning for status, meaning in rows.items()} == STATUSES


def test_readme_is_short():
    """README is read in one go; what is longer is a page of the guide."""
    assert len(TEXTS[README].splitlines()) <= 300


def test_ci_runs_the_command_that_readme_gives():
    """The command for the tests is read from README by .ci/run, so that both are one."""
    commands = [block.text for block in blocks(TEXTS[README]) if block.language == "bash"]
    assert len(commands) == 2
    assert "gradcli grad" in commands[0] and "pytest" in commands[1]
    run = README.parent / ".ci" / "run"
    assert os.access(run, os.X_OK) and "README.md" in run.read_text(encoding="utf-8")
