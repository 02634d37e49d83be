"""Every option of every command, typed at every command that does not have it: the answer names who has it."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from gradcli import cli
from gradcli.shell.process.option_names import ALIASES

#: What each command is asked while a foreign option is typed at it.
REFERENCE = Path(__file__).parent.parent / "fits" / "reference"

ASKED = {
    "apply": ["-"], "functions": ["sin"], "optimizers": ["adam"], "completion": ["bash"], "help": ["corners"],
    "session": [], "report": ["q**2", "--q", "1", "--out", "page.md"],
    "fit": ["b1*(1 - exp(-b2*x))", "--to", "y", "--data", str(REFERENCE / "Misra1a.csv"), "--b1", "500", "--b2", "0.0001"],
}  # fmt: skip
PROBLEM = ["q**2", "--q", "1"]

#: Names that are also what an option of another meaning is called: these are hinted by what they say, not by an owner.
INTERVALS = {"--bounds", "--box", "--range"}


def commands():
    """Name → command; of those under session too."""
    found = {}
    for name in cli.COMMANDS:
        command = cli.find_command(name)
        found[name] = command
        if isinstance(command, click.Group):
            found |= {f"{name} {sub}": one for sub, one in command.commands.items()}
    return found


COMMANDS = commands()


def spellings(command):
    """The options of a command as they are typed, with their parameters."""
    return {
        one: param
        for param in command.params
        if isinstance(param, click.Option) and not param.hidden
        for one in param.opts
        if one.startswith("--")
    }


OPTIONS = {one: param for command in COMMANDS.values() for one, param in spellings(command).items()}


def taken(command):
    """All that a command takes for an option of its own."""
    own = set(spellings(command)) | {"--help"}
    return own | {name for name, alias in ALIASES.items() if set(alias.options) & own}


def value_of(param):
    """Something that the option takes, None for a flag."""
    if param.is_flag or param.count:
        return None
    if choices := getattr(param.type, "choices", None):
        return str(choices[0])
    if isinstance(param.type, click.types.IntParamType | click.types.FloatParamType):
        return "3"
    return {"X,Y": "q", "FILE": "way.svg", "NAME": "adam"}.get(param.metavar, "q=1")


@pytest.mark.parametrize("name", COMMANDS)
def test_an_option_of_another_command_is_not_understood_and_its_owner_is_named(
    name, run, monkeypatch, tmp_path
):
    """Status 2, nothing on stdout, no file and no session; the hint names an option, or a command that has it."""
    monkeypatch.chdir(tmp_path)
    command, read = COMMANDS[name], 0
    asked = ASKED.get(name.split()[0], PROBLEM) if " " not in name else []
    for option, param in OPTIONS.items():
        if option in taken(command):
            continue
        value = value_of(param)
        ended = run(*name.split(), *asked, option, *([value] if value is not None else []))
        said = (name, option, ended)
        assert (ended.status, ended.out) == (2, ""), said
        first, *rest = ended.err.splitlines()
        assert first.startswith("gradcli: ") and "mistake" not in first, said
        assert option.lstrip("-") in first, said
        hint = next((line for line in rest if line.startswith("hint: ")), "")
        assert hint, said
        _checked(hint, option, command, said)
        read += 1
    assert read > 20 and not list(tmp_path.glob("*.*"))
    assert run("session", "list").out == "no sessions yet\n"


def _checked(hint, option, command, said):
    """What a hint says is so: the commands that it names have the option, and the options that it names are there."""
    own = taken(command)
    if owners := re.search(r"is an option of gradcli ([\w, …-]+?), not of", hint):
        names = [one for one in owners[1].replace("…", "").split(", ") if one.strip()]
        assert names and all(option in taken(COMMANDS[one]) for one in names), said
        return
    named = [one for one in re.findall(r"--[a-z][\w-]*", hint) if one != option]
    assert named or "gradcli" in hint, said
    if option in INTERVALS or "did you mean" in hint:
        assert all(one in own for one in named), said


@pytest.mark.parametrize("option", ALIASES)
def test_an_alias_does_what_its_option_does(option, run):
    """Where a command has the option, in any of its commands: the same answer to the last character."""
    values = {"--epochs": "3", "--max-iter": "3", "--learning-rate": "1/4", "--method": "adam", "--optimizer": "adam",
              "--dialect": "torch", "--degree": "3", "--eps": "0.5", "--epsilon": "0.5"}  # fmt: skip
    told = 0
    for name, command in COMMANDS.items():
        own = set(spellings(command))
        target = next((one for one in ALIASES[option].options if one in own), None)
        if target is None or option in own or " " in name or name in ("apply", "report", "plot", "session"):
            continue
        brought = ALIASES[option].value
        asked = [name, *ASKED.get(name, PROBLEM)]
        typed = [option] if brought or option not in values else [option, values[option]]
        meant = (
            [target, brought] if brought else [target] if option not in values else [target, values[option]]
        )
        if option == "--plot-out" or (getattr(spellings(command)[target].type, "choices", None) is not None and (
            brought not in spellings(command)[target].type.choices
        )):  # fmt: skip
            continue
        assert run(*asked, *typed) == run(*asked, *meant), (name, option)
        told += 1
    assert told or option == "--plot-out"


@pytest.mark.parametrize(("name", "option"), [
    ("grad", "--json"), ("grad", "--csv"), ("minimize", "--epochs"), ("step", "--method"), ("step", "--eps"),
    ("taylor", "--degree"), ("minimize", "--method"), ("compare", "--optimizer"),
])  # fmt: skip
def test_an_alias_gives_way_to_a_variable_of_its_name(name, option, run):
    """Also to one of the session's expression."""
    variable = option[2:]
    ended = run(name, f"{variable}*q**2", option, "2", "--q", "3", "--format", "json")
    assert f'"{variable}": 2.0' in ended.out, ended
    run("grad", f"{variable}*q**2", "--at", f"{variable}=5,q=3")
    assert f'"{variable}": 2.0' in run(name, option, "2", "--format", "json").out


@pytest.mark.parametrize(("name", "option", "value"), [
    ("step", "lr", "0.1"), ("grad", "order", "1"), ("check", "eps", "0.1"), ("taylor", "order", "2"),
    ("minimize", "tol", "0.1"), ("step", "steps", "2"), ("critical", "box", "q=0:1"),
])  # fmt: skip
def test_an_option_with_the_name_of_a_variable_is_asked_about(name, option, value, run):
    """Both readings are named; --at says which."""
    asked = (name, f"{option}*q**2", "--q", "1", f"--{option}", value)
    ended = run(*asked)
    assert ended.status == 2 and f"--{option} is an option of {name}, and {option} is a variable" in ended.err
    assert f"--at {option}=" in ended.err
    assert "is an option of" not in run(*asked, "--at", f"{option}=2").err


@pytest.mark.parametrize(("asked", "plain"), [
    (("step", "q**2", "--q", "1", "--lr", "1/10"), ("step", "q**2", "--q", "1", "--lr", "0.1")),
    (("step", "q**2", "--q", "1", "--steps", "2*3"), ("step", "q**2", "--q", "1", "--steps", "6")),
    (("minimize", "q**2", "--q", "1", "--tol", "10**-3"), ("minimize", "q**2", "--q", "1", "--tol", "0.001")),
    (("minimize", "q**2", "--q", "1", "--optimizer", "sgd", "--lr", "1/8"),
     ("minimize", "q**2", "--q", "1", "--optimizer", "sgd", "--lr", "0.125")),
    (("taylor", "sin(q)", "--order", "1+2"), ("taylor", "sin(q)", "--order", "3")),
    (("compare", "q**2", "--q", "1", "--lr", "1/4,1/8", "--steps", "sqrt(4)"),
     ("compare", "q**2", "--q", "1", "--lr", "0.25,0.125", "--steps", "2")),
    (("check", "q**2", "--claim", "q=2*q", "--atol", "1/1000"), ("check", "q**2", "--claim", "q=2*q", "--atol", "0.001")),
])  # fmt: skip
def test_numbers_of_options_are_constant_expressions(asked, plain, run):
    """What is typed as an expression does what its number does."""
    assert run(*asked, "--format", "json") == run(*plain, "--format", "json")
    assert run(*plain).status in (0, 1)
