"""`gradcli help`: every page is there, what is mistyped finds the nearest, and a command's name is its --help."""

from __future__ import annotations

import json
import re
from itertools import chain
from pathlib import Path

import click
import pytest

import gradcli
from gradcli import cli
from gradcli.shell.process.guide_topics import TOPICS

from .terminals import on_terminal

ROOT = Path(gradcli.__file__).parent
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "guide").glob("*.md")}

#: The topics that were promised.
PROMISED = [
    "language",
    "values",
    "formats",
    "statuses",
    "memory",
    "descents",
    "rules",
    "constraints",
    "corners",
    "digits",
    "verdicts",
    "trust",
    "limits",
    "pictures",
    "scripting",
    "options",
]


def test_every_topic_is_a_page_and_every_page_a_topic():
    """One file for each, and nothing else in the folder."""
    assert set(TOPICS) == set(PAGES) >= set(PROMISED)
    assert {path.name for path in (ROOT / "guide").iterdir()} == {f"{topic}.md" for topic in TOPICS}


def test_no_topic_has_the_name_of_a_command():
    """A word after `help` means one thing."""
    assert not set(TOPICS) & set(cli.COMMANDS)


def test_help_lists_the_topics_with_a_line_each(run):
    """Within 80 columns, each with what it is about."""
    ended = run("help")
    lines = ended.out.splitlines()
    assert (ended.status, ended.err) == (0, "")
    assert [line.split()[0] for line in lines[: len(TOPICS)]] == list(TOPICS)
    assert all(len(line.split()) > 3 and len(line) <= 80 for line in lines[: len(TOPICS)])
    assert json.loads(run("help", "--format", "json").out)["topics"][0]["name"] == "language"
    assert run("help", "--format", "tsv").out.count("\n") == len(TOPICS) + 1
    rows = [json.loads(line)["name"] for line in run("help", "--format", "jsonl").out.splitlines()]
    assert rows == list(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_page_in_a_pipe_is_its_file(topic, run):
    """Markdown as it is written; --get page and JSON have the same text."""
    assert run("help", topic) == (0, PAGES[topic], "")
    assert json.loads(run("help", topic, "--format", "json").out)["page"] == PAGES[topic]
    assert run("help", topic, "--get", "page").out == PAGES[topic] + "\n"


@pytest.mark.parametrize("topic", TOPICS)
def test_pages_are_readable_as_they_are(topic):
    """A title first, and prose within 80 columns; tables and what is typed may be wider."""
    assert PAGES[topic].startswith("# ") and PAGES[topic].endswith("\n")
    for block in re.split(r"^```\w*$", PAGES[topic], flags=re.MULTILINE)[::2]:
        for line in block.splitlines():
            assert len(line) <= 80 or line.startswith(("|", "<!--")), line


@pytest.mark.parametrize(("mistyped", "meant"), [
    ("corner", "corners"), ("digit", "digits"), ("verdict", "verdicts"), ("langauge", "language"),
    ("Rules", "rules"), ("scripts", "scripting"), ("stpe", "step"), ("minimise", "minimize"), ("limit", "limits"),
    ("JSON", "formats"), ("errors", "statuses"), ("sessions", "memory"), ("syntax", "language"),
])  # fmt: skip
def test_a_mistyped_topic_finds_the_nearest(mistyped, meant, run):
    """Status 2, in the form of all errors."""
    ended = run("help", mistyped)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == f"gradcli: {mistyped} is not a topic\nhint: did you mean gradcli help {meant}?\n"


@pytest.mark.parametrize(
    ("word", "topic"), [("jq", "scripting"), ("Krawczyk", "verdicts"), ("SQLite", "memory")]
)
def test_a_word_finds_the_pages_that_speak_of_it(word, topic, run):
    """What is like no topic is looked for in the pages."""
    ended = run("help", word)
    assert ended.status == 2
    assert topic in ended.err.splitlines()[-1].split("gradcli help ")[1].split(", ")


@pytest.mark.parametrize("word", ["zzqqy", "", "x y", "corners digits", "../secret", "\x1b[31m"])
def test_what_is_nowhere_lists_the_topics(word, run):
    """Also more words than one, paths, and what is no word; no file but a page is ever read."""
    ended = run("help", *(word.split() or [word]))
    assert (ended.status, ended.out) == (2, "")
    assert "is not a topic" in ended.err and "\x1b" not in ended.err and "Traceback" not in ended.err


@pytest.mark.parametrize("name", [*cli.COMMANDS, "session undo", "session rm"])
def test_help_of_a_command_is_its_help(name, run):
    """To the letter."""
    assert run("help", *name.split()) == run(*name.split(), "--help")


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_in_the_place_of_a_command_is_found(topic, run):
    """`gradcli corners`."""
    ended = run(topic)
    assert ended.status == 2 and ended.err.endswith(f"hint: gradcli help {topic}\n")


def test_help_of_a_command_is_text_alone(run):
    """An option that would change nothing is refused."""
    ended = run("help", "step", "--format", "csv")
    assert ended.status == 2 and "gradcli step --help" in ended.err


def test_completion_knows_topics_and_commands(shell):
    """`gradcli help co<TAB>`."""
    asked = "COMP_WORDS='gradcli help co' COMP_CWORD=2 _GRADCLI_COMPLETE=bash_complete gradcli"
    found = {line.split(",")[1] for line in shell(asked).out.splitlines()}
    assert found == {"columns", "constraints", "corners", "compare", "code", "completion"}


def test_hints_name_pages_that_there_are():
    """Each `gradcli help TOPIC` in a sentence of the program and in a page leads somewhere."""
    sources = (path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py"))
    readme = (ROOT.parent / "README.md").read_text(encoding="utf-8")
    named = {
        word
        for text in chain(sources, PAGES.values(), [readme])
        for word in re.findall(r"gradcli\s+help\s+([a-z]+)", text)
    }
    assert len(named) > 10
    assert named <= {*TOPICS, *cli.COMMANDS}


def shared_options():
    """The options that three commands or more have, but for the settings of optimizers."""
    from gradcli.descent.rules.optimizer_table import HYPERPARAMETERS

    counts: dict[str, int] = {}
    context = click.Context(cli.program)
    for name in cli.COMMANDS:
        for param in cli.program.get_command(context, name).params:
            for spelling in param.opts if isinstance(param, click.Option) else ():
                counts[spelling] = counts.get(spelling, 0) + 1
    settings = {f"--{name.replace('_', '-')}" for name in HYPERPARAMETERS} | {"--ftrl-beta"}
    own = {
        "--optimizer",
        "--dialect",
        "--clip-norm",
        "--clip-value",
        "--show-slots",
        "--ascend",
        "--out",
        "--axes",
        "--box",
        "--tol",
    }
    return {option for option, count in counts.items() if count > 2} - settings - own


def test_the_page_of_options_has_what_commands_share():
    """--timeout, --limit, --color and every other."""
    shared = shared_options()
    assert shared >= {"--timeout", "--limit", "--color", "--format", "--session", "--at"}
    assert {option for option in shared if f"`{option}" not in PAGES["options"]} == set()


def test_on_a_terminal_a_page_is_laid_out(environment, tmp_path):
    """In 40 columns, in colour, and without a mark of Markdown."""
    status, text = on_terminal(["gradcli", "help", "corners"], environment, tmp_path, columns=40)
    assert status == 0 and "\x1b[1mCorners" in text
    bare = re.sub(r"\x1b\[[\d;]*m", "", text)
    assert (
        "```" not in bare
        and "|---" not in bare
        and "<!--" not in bare
        and "**" not in bare.replace("y**2", "")
    )
    assert max(len(line) for line in bare.splitlines()) <= 40


def test_without_colour_it_is_laid_out_as_well(environment, tmp_path):
    """NO_COLOR."""
    status, text = on_terminal(
        ["gradcli", "help", "options"], {**environment, "NO_COLOR": "1"}, tmp_path, columns=80
    )
    assert status == 0 and "\x1b" not in text and "• --at X=5,Y=3: values in one go" in text
