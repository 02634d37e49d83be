"""`--help`: one screen for each command, and a place for every option."""

from __future__ import annotations

import re
import shlex
import shutil

import click
import pytest

from gradcli import cli
from gradcli.descent.rules.optimizer_table import OPTIMIZERS
from gradcli.language.errors import STATUSES
from gradcli.shell.options.optimizer_options import flag
from gradcli.shell.options.variable_options import VariableCommand
from tests.golden.transcripts import played
from tests.test_house import COMMANDS

#: Options that all commands have in common: told on a page of their own.
COMMON = {"--timeout", "--limit", "--color"}

#: Commands that take the settings of optimizers.
DESCENDING = ("step", "apply", "minimize", "maximize")

#: The options that are settings of optimizers, from the table of their rules; and whose definition of them.
SETTINGS = {
    flag(name) for row in OPTIMIZERS.values() for rule in row.rules.values() for name in rule.defaults
}
#: Options of a proof, which have a page of their own where they stand beside those of a descent.
PROOF = {"--gap", "--integer", "--certificate"}
#: Options about files of data beside --data, which have a page of their own; grad has --columns for formulas as well.
FILES = {"--column", "--columns", "--where", "--missing", "--na", "--decimal", "--delimiter"}
BY_ROW = {"--bad-rows", "--prefix", "--replace", "--out-format"}
ENGINES = {"--engine", "--engine-workers", "--cache", "--engine-tls"}
BATCHES = {"--shuffle", "--seed", "--changed-data"}
ELSEWHERE = (SETTINGS - {"--lr"}) | {"--dialect", "--backend"}

GROUPS = ("The point", "What to compute", "The descent", "Several minima", "Path and pictures", "The answer",
          "Memory")  # fmt: skip

EXAMPLES = [
    (name, line) for name, command in COMMANDS.items() for line, _ in getattr(command, "examples", ())
]


def options(name):
    """The options of a command, each by its first spelling."""
    return {param.opts[0] for param in COMMANDS[name].params if isinstance(param, click.Option)}


def words(text):
    """The options that a text names."""
    return set(re.findall(r"(?<![\w-])--[a-z][\w-]*", text))


def listed(page):
    """The options in the groups of a page, behind its examples."""
    lines = page.splitlines()
    begin = next((number for number, line in enumerate(lines) if line.rstrip(":") in GROUPS), len(lines))
    return words("\n".join(line for line in lines[begin:] if line.startswith("  ")))


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_fits_one_screen(name, run, monkeypatch):
    """40 lines of 80 columns, however wide the terminal is."""
    for columns in ("80", "200"):
        monkeypatch.setenv("COLUMNS", columns)
        page = run(*name.split(), "--help")
        assert page.status == 0
        assert len(page.out.splitlines()) <= 40
        assert max(map(len, page.out.splitlines())) <= 80


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_listed_or_has_its_place_elsewhere(name, run):
    """Settings under --optimizer, what is common under `gradcli help options`; nothing else is left out."""
    page = run(*name.split(), "--help").out
    common = COMMON - {"--limit"} if name == "session history" else COMMON  # there it says how many states
    elsewhere = common | ELSEWHERE | (PROOF if options(name) >= PROOF else set())
    elsewhere |= (FILES - {"--columns"} if name == "grad" else FILES) if "--data" in options(name) else set()
    elsewhere |= BY_ROW if "--bad-rows" in options(name) else set()
    elsewhere |= ENGINES if "--engine" in options(name) else set()
    elsewhere |= BATCHES & options(name) if "--batch" in options(name) else set()
    assert options(name) - elsewhere <= listed(page)
    assert not listed(page) & elsewhere
    assert ("Common options: gradcli help options." in page) == bool(options(name) & common)
    assert ("--optimizer adam --help" in page) == (name in DESCENDING)
    assert ("gradcli help proofs" in page) == (options(name) >= PROOF)
    assert ("gradcli help data" in page) == ("--data" in options(name))


@pytest.mark.parametrize("name", COMMANDS)
def test_groups_stand_in_their_order(name, run):
    """Examples first, then the point (with the variables themselves), and memory last."""
    page = run(*name.split(), "--help").out
    places = [page.index(f"\n{title}:\n") for title in GROUPS if f"\n{title}:\n" in page]
    assert places == sorted(places)
    for line, _ in getattr(COMMANDS[name], "examples", ()):
        assert page.index(line) < min(places, default=len(page))
    assert ("--NAME VALUE" in page) == isinstance(COMMANDS[name], VariableCommand)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_settings_of_an_optimizer_are_listed_where_it_is_named(optimizer, run):
    """All that one of its dialects has, and none that none has; and in `gradcli optimizers` as they are typed."""
    rules = OPTIMIZERS[optimizer].rules
    for dialect in (None, *rules):
        own = {flag(n) for d, rule in rules.items() if dialect in (None, d) for n in rule.defaults}
        asked = ["--optimizer", optimizer, *(["--dialect", dialect] if dialect else [])]
        for command in ("step", "minimize"):
            page = run(command, *asked, "--help")
            assert page.status == 0 and len(page.out.splitlines()) <= 40
            assert {one for one in words(page.out) if not one.startswith("--no-")} & SETTINGS == own
    assert words(run("optimizers", optimizer).out) == {
        flag(n) for rule in rules.values() for n in rule.defaults
    }


def test_defaults_stand_beside_the_settings_that_have_them(run):
    """Those of PyTorch, TensorFlow 1 and optax, from their documentation."""
    page = " ".join(run("step", "--optimizer", "adam", "--help").out.split())
    assert "kept [0.9]." in page and "kept [0.999]." in page
    assert "[torch 0.001, tf1 0.001, optax 0.01]" in page
    one = " ".join(run("step", "--optimizer", "adam", "--dialect", "optax", "--help").out.split())
    assert "step [0.01]." in one and "optax 0.01" not in one


@pytest.mark.parametrize("arguments", [
    ("step", "--help", "--optimizer", "adam"), ("step", "--optimizer=adam", "--help"), ("step", "-h", "--optimizer", "adam"),
    ("step", "x**2", "--x", 3, "--optimizer", "sgd", "--optimizer", "adam", "--help"),
    ("step", "--optimizer", "adam", "--beta1", 2, "--help"),
])  # fmt: skip
def test_the_optimizer_may_stand_anywhere(arguments, run):
    """Before --help or behind it; the last one counts."""
    assert run(*arguments).out == run("step", "--optimizer", "adam", "--help").out


@pytest.mark.parametrize(("arguments", "said"), [
    (("step", "--optimizer", "adm", "--help"), "adm is not an optimizer"),
    (("step", "--optimizer", "bfgs", "--help"), "bfgs is not an optimizer"),
    (("minimize", "--help", "--optimizer", "nwton"), "nwton is not an optimizer"),
    (("apply", "--help", "--optimizer", "lion", "--dialect", "torch"), "torch has no optimizer lion"),
])  # fmt: skip
def test_an_optimizer_that_does_not_exist_has_no_settings(arguments, said, run):
    """A sentence and status 2."""
    ended = run(*arguments)
    assert ended.status == 2 and ended.out == "" and said in ended.err


@pytest.mark.parametrize("method", ["bfgs", "l-bfgs-b", "newton"])
def test_a_method_says_that_it_has_no_settings(method, run):
    """It chooses its own step lengths."""
    page = run("minimize", "--optimizer", method, "--help")
    assert page.status == 0 and f"{method}:" in page.out and "no settings" in " ".join(page.out.split())
    assert not words(page.out) & ELSEWHERE


@pytest.mark.parametrize("name", ["grad", "step", "minimize", "plot"])
def test_values_on_the_command_line_change_nothing_in_help(name, run):
    """A variable is no option of the command."""
    assert run(name, "x*y", "--x", 3, "--y=4", "--help").out == run(name, "--help").out


def test_what_is_not_listed_is_taken_and_completed(run, shell):
    """Settings and common options work as they did, and a shell still offers them."""
    ended = run("step", "x**2", "--x", 1, "--optimizer", "adam", "--beta1", 0.8, "--dialect", "torch", "--timeout", 60,
                "--limit", "length=99", "--color", "never")  # fmt: skip
    assert ended.status == 0
    script = "COMP_WORDS='gradcli step --' COMP_CWORD=2 _GRADCLI_COMPLETE=bash_complete gradcli"
    assert {f"plain,{one}" for one in options("step")} <= set(shell(script).out.split())


@pytest.mark.parametrize(("name", "line"), EXAMPLES)
def test_examples_do_what_they_say(name, line, run, environment, tmp_path, monkeypatch):
    """Each runs as it stands, where a session has a problem and a few steps."""
    assert run("grad", "x**2+x*y+y**2+3", "--x", 5, "--y", 3).status == 0
    assert run("step", "--steps", 5).status == 0
    if line.startswith("eval") and not shutil.which("bash"):
        pytest.skip("bash is not installed")
    monkeypatch.chdir(tmp_path)
    rows = [f"{t},{5 * 0.7**t + t % 2 / 40},0.1" for t in range(8)]
    (tmp_path / "d.csv").write_text("\n".join(["t,y,s", *rows]) + "\n")  # the file that examples name
    typed = line if "$" not in line else f"bash -c {shlex.quote(line)}"
    printed = played(typed, environment, tmp_path)
    assert printed.endswith("[exit 0]\n")
    told = printed.replace("note: not remembered: no point", "")  # as formulas alone are not
    assert name == "help" or ("gradcli: " not in told and "note: " not in told)  # pages show errors
    assert f"gradcli {name}" in line


def test_every_command_has_examples():
    """Those of `session` are for its own commands too."""
    assert {name for name, _ in EXAMPLES} == set(cli.COMMANDS)


def test_the_front_page_groups_the_commands(run):
    """What they are for, each once; then the exit statuses, and where to read on."""
    page = run("--help").out
    places = [page.index(f"\n{title}:\n") for title in ("Differentiate", "Descend", "Understand", "Look up",
                                                        "Exit statuses")]  # fmt: skip
    assert places == sorted(places)
    for name, summary in cli.COMMANDS.items():
        assert len(re.findall(rf"^  {name} +{re.escape(summary)}$", page, re.MULTILINE)) == 1
    assert all(re.search(rf"^ +{status}  ", page, re.MULTILINE) for status in STATUSES)
    assert "`gradcli help`" in page


@pytest.mark.parametrize("arguments", [("--help",), *((name, "--help") for name in cli.COMMANDS),
                                       ("minimize", "--optimizer", "adam", "--help")])  # fmt: skip
def test_narrow_pages_say_the_same(arguments, run, monkeypatch):
    """In 40 columns every word of the page in 80: none is broken."""
    wide = run(*arguments).out.split()
    monkeypatch.setenv("COLUMNS", "40")
    assert sorted(run(*arguments).out.split()) == sorted(wide)
