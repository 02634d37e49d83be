"""The contract with the shell, in real processes: streams, terminals, colours, closed pipes, Ctrl-C."""

from __future__ import annotations

import os
import re
import shutil
import sys
import unicodedata

import pytest

from .terminals import interrupted, on_terminal

pytestmark = pytest.mark.skipif(os.name != "posix", reason="terminals and signals of POSIX")
ANSI = re.compile(r"\x1b\[[0-9;]*m")
TUTORIAL = ["gradcli", "grad", "x**2+x*y+3", "--x", "5", "--y", "3"]
LONG = "sin(x)*exp(-y**2)/(1+x**2+y**2)+log(1+x**2*y**2)*sqrt(x**2+y**2+1)"


def columns(text):
    """The columns of a terminal that a line takes."""
    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in text)


def test_a_pipe_gets_plain_lines(shell):
    """No ANSI, the name first, then pairs of word and number."""
    ended = shell('gradcli grad "x**2+x*y+3" --x 5 --y 3')
    assert ended.status == 0 and ended.err == ""
    assert ended.out.splitlines()[1] == "x: grad 13, value 5, formula 2*x + y"
    assert "\x1b" not in ended.out


def test_awk_finds_the_name_in_the_first_field(shell):
    """Fields are split by blanks, colons and commas."""
    ended = shell("gradcli grad 'x**2+x*y+3' --x 5 --y 3 | awk -F '[:, ]+' '{ print $1, $NF }'")
    assert [line.split()[0] for line in ended.out.splitlines()] == ["value", "x", "y", "norm"]


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("expression", ["x**2+x*y+3", LONG])
def test_a_terminal_gets_a_table_that_fits(width, expression, forked_environment, tmp_path):
    """Every line stays within the terminal, and nothing of the numbers is lost."""
    status, text = on_terminal(
        ["gradcli", "grad", expression, "--x", "5", "--y", "3"], forked_environment, tmp_path, width
    )
    plain = ANSI.sub("", text)
    assert status == 0 and "\x1b[" in text
    assert max(map(columns, plain.splitlines())) <= width
    assert "grad" in plain and "formula" in plain


@pytest.mark.parametrize("width", [40, 80, 200])
def test_every_command_fits_a_terminal(width, forked_environment, tmp_path):
    """Steps, sessions, histories, functions, errors and help too; help from 50 columns on."""
    commands = [
        ["step", "x**2+x*y+3", "--x", "5", "--y", "3", "--lr", "0.1"], ["session"], ["session", "history"],
        ["session", "list"], ["functions"], ["grad", "sinn(x)+" + LONG], ["grad", LONG],
    ]  # fmt: skip
    for command in commands:
        _, text = on_terminal(["gradcli", *command], forked_environment, tmp_path, width)
        assert max(map(columns, ANSI.sub("", text).splitlines())) <= width or "hint:" in text, command


def test_a_table_has_a_heading_and_a_rule(environment, tmp_path):
    """What the terminal shows of the tutorial, to the letter."""
    _, text = on_terminal(TUTORIAL, environment, tmp_path)
    assert [line.strip() for line in ANSI.sub("", text).splitlines()] == [
        "f = x**2+x*y+3",
        "value: 43",
        "grad   value   formula",
        "──────────────────────────",
        "x     13       5   2*x + y",
        "y      5       3   x",
        "norm: 13.92838828",
    ]


@pytest.mark.parametrize(("wish", "arguments", "coloured"), [
    ({}, [], True), ({"NO_COLOR": "1"}, [], False), ({"NO_COLOR": ""}, [], True), ({"TERM": "dumb"}, [], False),
    ({}, ["--color", "never"], False), ({"NO_COLOR": "1"}, ["--color", "always"], True),
])  # fmt: skip
def test_colour_is_a_wish(wish, arguments, coloured, forked_environment, tmp_path):
    """On a terminal, unless NO_COLOR is set or --color says otherwise."""
    _, text = on_terminal([*TUTORIAL, *arguments], {**forked_environment, **wish}, tmp_path)
    assert bool(ANSI.search(text)) is coloured


def test_colour_on_a_pipe_is_for_those_who_ask(shell):
    """--color always draws the coloured table for a pager."""
    assert ANSI.search(shell("gradcli grad x --x 1 --color always").out)
    assert not ANSI.search(shell("gradcli grad 'sinn(x)'").err)


def test_numbers_and_errors_keep_to_their_streams(shell):
    """Results on stdout; notes, errors and their JSON line on stderr."""
    corner = shell("gradcli grad 'abs(x) + y' --x 0 --y 1 --format json")
    assert corner.status == 3 and corner.out.startswith('{"expression"') and "corner" in corner.err
    wrong = shell("gradcli grad 'x +' --format json")
    assert wrong.status == 2 and wrong.out == "" and '{"error"' in wrong.err


def test_outside_the_domain_no_gradient_is_printed(shell):
    """The issue's own example: status 3, log and x are named, and stdout is empty."""
    ended = shell('gradcli grad "log(x)" --x=-1')
    assert ended.status == 3 and ended.out == ""
    assert "log" in ended.err and "x = -1" in ended.err


@pytest.mark.parametrize("script", [
    "gradcli functions | head -1",
    "gradcli step 'x**2' --x 1 --steps 20000 --format csv | head -1",
    "yes 'x**2' | head -5000 | gradcli grad - --x 3 --format jsonl | head -1",
    "gradcli grad x --x 1 | true",
])  # fmt: skip
def test_a_closed_pipe_ends_quietly(script, shell):
    """Nobody reads any more: no message."""
    assert shell(script).err == ""


@pytest.mark.skipif(not shutil.which("bash"), reason="bash tells the statuses of a pipeline")
def test_a_closed_pipe_is_no_failure(shell):
    """The status of the writer, as `set -o pipefail` would see it."""
    ended = shell("gradcli functions | true; echo ${PIPESTATUS[0]}", program=("bash", "-c"))
    assert ended.out == "0\n"


@pytest.mark.skipif(not shutil.which("bash"), reason="bash tells the statuses of a pipeline")
@pytest.mark.parametrize(("command", "status"), [
    ("gradcli --help", 0),
    ("gradcli --version", 0),
    ("gradcli grad --help", 0),
    ("gradcli grad 'abs(x)' --x 0", 3),
    ("gradcli minimize 'x*y' --x 1 --y 2", 1),
    ("gradcli check x**2 --claim x=x", 1),
    ("gradcli step x --x 1 --plot-out nowhere/a.html", 4),
])  # fmt: skip
def test_a_closed_pipe_changes_no_status(command, status, shell):
    """What happened is the same, whether or not somebody reads about it."""
    ended = shell(f"(sleep 0.3; {command}) 2>err.txt | true; echo ${{PIPESTATUS[0]}}", program=("bash", "-c"))
    assert ended.out == f"{status}\n"


def test_ctrl_c_is_130_and_one_sentence(environment, tmp_path):
    """While a long descent is streamed."""
    command = [
        "gradcli",
        "step",
        "x**2",
        "--x",
        "1",
        "--lr",
        "1e-9",
        "--steps",
        "4000000",
        "--format",
        "csv",
    ]
    status, _, err = interrupted([*command, "--dry-run"], environment, tmp_path, b"step,")
    assert (status, err) == (130, "gradcli: interrupted\n")


def test_ctrl_c_is_not_lost_where_python_drops_exceptions(environment):
    """In the midst of cleaning up, as when a module has just been imported."""
    import subprocess

    script = """if True:
        import signal, sys, time
        from gradcli import cli

        class Thing:
            def __del__(self):
                signal.raise_signal(signal.SIGINT)
                list(range(1000))

        sys.unraisablehook = cli.reraise_interrupt
        try:
            Thing()
            for _ in range(100):
                time.sleep(0.1)
            print("lost")
        except KeyboardInterrupt:
            print("came again")
    """
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("came again\n", "")


def test_ctrl_c_while_waiting_for_a_line(environment, tmp_path):
    """`gradcli grad -` waits for problems; a first one is answered at once or at the end."""
    import signal
    import subprocess
    import time

    process = subprocess.Popen(["gradcli", "grad", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, env=environment, cwd=tmp_path, start_new_session=True)  # fmt: skip
    time.sleep(1.5)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"gradcli: interrupted\n")


@pytest.mark.parametrize("number", ["SIGINT", "SIGQUIT"])
def test_a_signal_for_the_parent_alone_ends_the_child_too(number, environment, tmp_path):
    """`kill -INT $!` in a script: the work runs in a child, and nobody else tells it."""
    import signal
    import subprocess
    import time

    command = [
        "gradcli",
        "step",
        "x**2",
        "--x",
        "1",
        "--lr",
        "1e-9",
        "--steps",
        "100000000",
        "--backend",
        "python",
        "--timeout",
        "50",
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, cwd=tmp_path,
                               start_new_session=True)  # fmt: skip
    time.sleep(1.5)
    process.send_signal(getattr(signal, number))
    out, err = process.communicate(timeout=20)
    told = {
        "SIGINT": (130, b"gradcli: interrupted\n"),
        "SIGQUIT": (4, b"gradcli: the calculation was ended by signal 3\n"),
    }
    assert (out, (process.returncode, err)) == (b"", told[number])


def test_a_full_disk_is_a_sentence(shell):
    """Status 4: the surroundings."""
    ended = shell("gradcli grad x --x 1 > /dev/full")
    assert ended.status == 4 and ended.err.startswith("gradcli: cannot read or write")


def test_closed_streams_are_no_traceback(shell):
    """stdin, stdout and stderr may each be closed by who starts us."""
    assert shell("gradcli grad - <&-").status == 4
    unheard = shell("gradcli grad x --x 1 >&-")
    assert unheard.status == 4 and unheard.err.startswith("gradcli: standard output is closed")
    assert shell("gradcli grad x --x 1 2>&-").out.startswith("value: 1")


def test_bytes_that_are_not_utf8_are_pointed_at(shell):
    """In an argument and on standard input."""
    for script in ("gradcli grad \"$(printf 'x+\\377')\"", "printf 'x+\\377\\n' | gradcli grad -"):
        ended = shell(script)
        assert ended.status == 2 and "the byte FF" in ended.err


def test_the_module_runs_too(shell):
    """`python -m gradcli` is the same program."""
    import sys

    assert shell(f"{sys.executable} -m gradcli grad x --x 1 --get value").out == "1.0\n"


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_completion_scripts_are_accepted(name, shell):
    """Each shell parses its script, where it is installed."""
    ended = shell(f"gradcli completion {name}")
    assert ended.status == 0 and "_GRADCLI_COMPLETE" in ended.out
    if shutil.which(name):
        assert shell(f"gradcli completion {name} > script; {name} -n script").status == 0


def test_completion_knows_commands_and_options(environment, shell):
    """What bash would be told after `gradcli s` and `gradcli grad --fo`."""
    words = "COMP_WORDS='gradcli s' COMP_CWORD=1 _GRADCLI_COMPLETE=bash_complete gradcli"
    assert {"plain,step", "plain,session"} <= set(shell(words).out.split())
    options = "COMP_WORDS='gradcli grad --fo' COMP_CWORD=2 _GRADCLI_COMPLETE=bash_complete gradcli"
    assert "plain,--format" in shell(options).out


@pytest.mark.parametrize(("arguments", "hint"), [
    (("--format", "json", "grad", "x"), "it stands behind the command: gradcli grad --format …"),
    (("plot", "x", "--digits", "3"), "--digits is an option of gradcli grad, jacobian, hessian, …, not of plot"),
    (("minimize", "x", "--x", "1", "--schedule", "step:rate=x"),
     "a value is a number or a constant such as pi/4: --rate 5"),
])  # fmt: skip
def test_an_option_in_the_wrong_place_is_told_where_it_belongs(arguments, hint, run):
    """And not mistaken for a variable's misspelt name."""
    ended = run(*arguments)
    assert ended.status == 2 and f"hint: {hint}\n" in ended.err
