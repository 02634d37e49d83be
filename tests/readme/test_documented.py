"""What the program knows is told: every option, key, word, rule and kind is in README or on a page of the guide."""

from __future__ import annotations

import json
import re

import click

from gradcli import cli
from gradcli.calculus.corners.kinks import RULES
from gradcli.commands.code import NAMES as LANGUAGES
from gradcli.descent.rules.learning_rate_schedules import SCHEDULES
from gradcli.descent.rules.optimizer_table import HYPERPARAMETERS, OPTIMIZERS
from gradcli.descent.verdicts.outcome import STATUSES, UPHILL
from gradcli.language import errors
from gradcli.language.function_table import CONSTANTS, FUNCTIONS

from ..conftest import command_line
from .markdown import page, whole

WHOLE = whole()
MARKED = set(re.findall(r"`([^`\n]+)`", WHOLE))


def options():
    """Every option of every command with the command's name."""
    context = click.Context(cli.program)
    for name in cli.COMMANDS:
        command = cli.program.get_command(context, name)
        for part in (command, *getattr(command, "commands", {}).values()):
            for param in part.params:
                if isinstance(param, click.Option) and not param.hidden:
                    yield name, param


def test_every_option_is_somewhere():
    """By its name; the settings of optimizers by theirs, on the page of rules."""
    settings = {f"--{name.replace('_', '-')}": name for name in HYPERPARAMETERS} | {"--ftrl-beta": "beta"}
    rules = page("rules")
    missing = {
        (name, spelling)
        for name, param in options()
        for spelling in param.opts
        if not re.search(rf"{re.escape(spelling)}(?![\w-])", WHOLE)
        and not (spelling in settings and f"`{settings[spelling]}`" in rules)
    }
    assert missing == set()


def test_every_rule_is_on_its_page():
    """Each line of each optimizer in each dialect, with its condition, its defaults and its source."""
    text = page("rules")
    titles = re.findall(r"^## ([\w-]+)$", text, re.MULTILINE)
    assert titles == list(OPTIMIZERS)
    for name, part in zip(titles, re.split(r"^## ", text, flags=re.MULTILINE)[1:], strict=False):
        for dialect, rule in OPTIMIZERS[name].rules.items():
            assert f"\n{dialect}: lr {rule.defaults['lr']:g}" in part
            for line in rule.lines:
                assert f"\n  {line.text}{f'    if {line.when}' if line.when else ''}\n" in part


def test_every_word_for_an_ending_is_on_its_page():
    """The first cell of a row, for minimizations and maximizations."""
    first = " ".join(re.findall(r"^\| ([^|]+) \|", page("verdicts"), re.MULTILINE))
    assert {word for word in STATUSES if f"`{word}`" not in first} == set()
    assert set(UPHILL) <= set(STATUSES)


def test_every_kind_of_error_is_on_its_page():
    """With its status."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    rows = dict(re.findall(r"^\| `(\w+)` \| (\d) \|", page("statuses"), re.MULTILINE))
    assert rows == {kind.kind: str(kind.status) for kind in kinds if kind is not errors.GradcliError}


def test_other_choices_are_on_their_pages():
    """Corners, schedules, languages of code, functions and constants."""
    assert {rule for rule in RULES if f"`{rule}`" not in page("corners")} == set()
    assert {kind for kind in SCHEDULES if f"| `{kind}" not in page("descents")} == set()
    assert {name for name in LANGUAGES if not re.search(rf"\b{re.escape(name)}", page("scripting"))} == set()
    text = page("language")
    assert {name for name in CONSTANTS if f"`{name}`" not in text} == set()
    spelled = {
        name for name, row in FUNCTIONS.items() for name in (f"{name}(", *(f"`{a}`" for a in row.aliases))
    }
    assert {name for name in spelled if name not in text} == set()


TEXT, POINT = "q1**2 + q1*q2 + 3", ("--at", "q1=5,q2=3")

#: Command lines whose answers have, between them, every key.
DEFINED, BROKEN = "q1 = 2*q2; q1**2", "q1 = 2*q2\nq1 +* q2"
ASKED = [
    ("grad", "q1*log(x)", "--q1", "2", "--data", "FILE", "--out", "FOLDER/"),
    ("grad", TEXT, *POINT), ("grad", TEXT, *POINT, "--along", "q1=1", "--wrt", "q1,q2"),
    ("grad", TEXT, "--q1", "5±1", "--q2", "3", "--rigorous"),
    ("grad", "abs(q1)", "--q1", "0"), ("grad", "q1**2", "--q1", "[1,2]"), ("grad", "sum(q1**2)", "--q1", "[1,2]"),
    ("grad", "sum(exp(-q1)*sin(q1)**2)", "--q1", f"[{','.join(map(str, range(4000)))}]"),
    ("grad", TEXT, *POINT, "--order", "2", "--wrt", "q1"), ("grad", "q1 +* q2"),
    ("step", TEXT, *POINT, "--lr", "0.1", "--optimizer", "adam"), ("jacobian", TEXT, "3*q1", *POINT),
    ("jacobian", TEXT, *POINT, "--vjp", "2"), ("jacobian", TEXT, *POINT, "--jvp", "q1=1"), ("hessian", TEXT, *POINT),
    ("hessian", TEXT, *POINT, "--hvp", "q1=1"), ("taylor", TEXT, "--order", "1"), ("critical", "q1**2 + q2**2"),
    ("minimize", "q1**2", "--q1", "1", "--restarts", "1", "--box", "q1=-1:1"),
    ("minimize", "q1**2", "--box", "q1=-1:1", "--prove"),
    ("maximize", "q1", "--box", "q1=-1:1", "--prove"), ("range", "q1**2", "--box", "q1=-1:1"), ("session",),
    ("session", "list"), ("session", "history"),
    ("compare", "q1**2", "--q1", "1", "--steps", "2", "--optimizers", "adam", "--dialects", "torch,tf1"),
    ("check", TEXT, "--claim", "q1=2*q1"), ("check", TEXT), ("explain", TEXT), ("explain", TEXT, "--backprop", *POINT),
    ("grad", DEFINED, "--q2", "1", "--formulas", "defined"), ("explain", DEFINED), ("grad", BROKEN),
    ("fit", "q1*x + q2 + 0*q3", "--to", "y", "--weights", "x", "--data", "FILE", "--at", "q1=1,q2=1,q3=1"),
    ("fit", "q1*x + q2", "--to", "y", "--data", "FILE", "--derive", "q3=q1/2", "--predict", "x=[1]", "--residuals", "--profile",
     "--compare", "q1*x"),
    ("fit", "q1*x", "--to", "y", "--data", "FILE", "--loss", "huber", "--residuals"),
    ("fit", "--nll", "(y-q1)**2", "--data", "FILE"), ("fit", "q1", "--to", "y", "--data", "FILE", "--by", "x"),
    ("code", TEXT), ("plot", "q1**2", "--q1", "1"), ("functions", "hypot"), ("optimizers",), ("help",), ("help", "corners"),
]  # fmt: skip

#: Keys that are names of the problem, of settings or of optimizers, and no words of the format.
NAMED = {
    "q1",
    "q2",
    "q3",
    "at.q1",
    "gradient.q1",
    "m",
    "v",
    *HYPERPARAMETERS,
    *OPTIMIZERS,
    "torch",
    "tf1",
    "optax",
}


#: What else stands between backquotes on the page.
KEPT = {
    "undecided", "verdict", "json", "jsonl", "csv", "tsv", "latex", "markdown", "text", "null", "at.x", "after.x",
    "after.at.x", "gradient.x", "definitions.u", "file", "u", "parts", "column", "definition",
}  # fmt: skip


def keys(value, inside=""):
    """The keys at any depth; below `slots`, `local` and `proof` they are names."""
    if isinstance(value, list):
        for part in value:
            yield from keys(part, inside)
    elif isinstance(value, dict):
        for name, part in value.items():
            if inside not in ("slots", "local", "proof"):
                yield name
            yield from keys(part, name)


def test_every_key_of_json_is_on_its_page_and_no_other(tmp_path):
    """Run, and looked up between backquotes; what is between backquotes is a key, or an option or format."""
    page_of_keys, found, file = page("formats"), set(), tmp_path / "rows.csv"
    file.write_text("x,y\n1,1\n2,3\n3,4\n4,6\n5,7\n6,9\n7,10\n8,12\n9,13\n10,30\n")
    for asked in ASKED:
        places = {"FILE": file, "FOLDER/": f"{tmp_path}/parts/"}
        ended = command_line([*(places.get(word, word) for word in asked), "--format", "json"])
        record = json.loads((ended.out or ended.err).splitlines()[-1])
        assert "error" not in record or asked[1].endswith("q1 +* q2"), (asked, record)
        found |= set(keys(record))
    assert len(found) > 90
    assert found - NAMED - set(re.findall(r"`([\w.]+)`", page_of_keys)) == set()
    lower = {word for word in re.findall(r"`([a-z_.]+)`", page_of_keys) if word not in cli.COMMANDS}
    assert lower - found - KEPT == set()
