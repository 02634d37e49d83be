"""Inputs at random for whole command lines, each in a child process: options, `--timeout`; and for the exporters."""

from __future__ import annotations

import faulthandler
import os
import random
import re
import signal
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from gradcli import cli
from gradcli.calculus.exporting.languages.export import LANGUAGES, Wish, exported
from gradcli.calculus.graph.reverse_sweep import program_of, swept
from gradcli.language.errors import GradcliError
from gradcli.language.latex_escapes import latex_name
from gradcli.language.parser import parse
from gradcli.output.text.markdown_escapes import marked

from .intruding import name
from .watching import Job, harm

_EXPRESSIONS = ("x**2", "x**2+x*y+3", "sin(x)*exp(y)", "abs(x-y)", "log(x)", "x/y", "where(x<0, -x, x)", "besselj(0, x)",
                "(x+1)**5", "x**y", "gamma(x)", "max(x, y)*z", "e")  # fmt: skip
_JUNK = ("1/0", "x+", "", "λ**2", "@file", "-", "--", "x**2 x")
_NUMBERS = ("0", "1", "-1", "2", "0.5", "1e-9", "1e300", "nan", "inf", "-inf", "1e400", "5e-324", "1/3", "3", "17", "0x10",
            "1_0", "٣", "", " ", "x", "1e", "100000000000000000000")  # fmt: skip
_WORDS = ("x", "y", "x,y", "x=1", "x=1,y=2", "x=", "=1", "x=0:1", "x=-1:1,y=0:2", "x=1:0", "x,x", "none", "torch", "json",
          "csv", "value", "gradient.x", "all", "service", "memory=500", "nodes=5", "time=1", "length=0", "a=b", "60x16", "0x0",
          "1e9x2", "page.svg", "page.zip", "adam", "sgd,adam", "cosine:floor=0", "step:every=0", "0.1", "0.01,0.1", "2*x",
          "page.html", "default", "s 1", "always", "never", "c", "python",
          "sql", "@f", "-", "--", "--format=json")  # fmt: skip

#: What reads standard input until it ends gets this.
_STANDARD_INPUT = (
    "",
    "x**2\n",
    '{"expression": "x**2", "at": {"x": 5}}\n',
    "{\n",
    "x = 2*x\n",
    "\x00\n",
    "x**2\n{\nx**3\n",
)

#: Seconds beyond its --timeout in which a command line must have ended, on a busy machine.
_LATE = 15.0


def optioned(chance: random.Random) -> str:
    """A command with options that it has, and values that they may or may not take."""
    command = chance.choice(list(cli.COMMANDS))
    row = cli.program.get_command(click.Context(cli.program), command)
    assert row is not None
    options = [param for param in row.params if isinstance(param, click.Option)]
    texts = _EXPRESSIONS if chance.random() < 0.8 else _JUNK
    words = [command, *chance.choices(texts, k=chance.choice((0, 1, 1, 1, 1, 2)))]
    if chance.random() < 0.8 and command not in ("optimizers", "functions", "completion", "session", "apply"):
        words += ["--at", "x=1.5,y=0.5"] if chance.random() < 0.7 else ["--x", "2"]
    for option in chance.sample(options, min(chance.randint(1, 3), len(options))):
        spelling = chance.choice([*option.opts, *option.secondary_opts])
        if option.is_flag and chance.random() < 0.9:
            words.append(spelling)
        else:
            given = _value(chance, option)
            words += [f"{spelling}={given}"] if chance.random() < 0.5 else [spelling, given]
    if chance.random() < 0.1:
        words.insert(chance.randrange(len(words) + 1), chance.choice(("--", "-", "-x", name(chance))))
    return _ended([*words, *_bounded(command, words)], chance.choice(_STANDARD_INPUT))


def _value(chance: random.Random, option: click.Option) -> str:
    kind, fits = chance.random(), chance.random() < 0.6
    if isinstance(option.type, click.Choice) and fits:
        return str(chance.choice(list(option.type.choices)))
    if fits and option.type.name.startswith(("float", "integer")):
        return chance.choice(("0", "1", "2", "5", "0.5" if "float" in option.type.name else "12"))
    if kind < 0.45:
        return chance.choice(_NUMBERS)
    return chance.choice(_WORDS) if kind < 0.9 else name(chance)


def _bounded(command: str, words: list[str]) -> list[str]:
    """A time for what might take longer than anybody wants to wait here, where the command has one."""
    timed = command not in ("optimizers", "functions", "completion", "session")
    return ["--timeout", "3"] if timed and not {"--", "-"} & set(words) else []


def timed(chance: random.Random) -> str:
    """`--timeout` with a value at random: refused, or the command has ended by then."""
    given = chance.choice(("0", "-1", "nan", "inf", "1e400", "1e308", "1e-320", "x", "", "1e-9", "1e-3", "0.01", "0.05", "0.1",
                           "0.3", "1", "5", "1s", " 2", "+1", "--", "-", "٣", name(chance)))  # fmt: skip
    heavy = (
        "x**2",
        "sin(x)*y",
        "gamma(x)*besselj(0, y)",
        "(x+y+sin(x*y))**40",
        "exp(" * 150 + "x" + ")" * 150,
        "1/0",
        "zeta(x)",
    )
    command = chance.choice(
        ("grad", "step", "minimize", "hessian", "taylor", "critical", "explain", "code", "check", "jacobian")
    )
    words = [command, chance.choice(heavy), "--x", "1.5", "--y", "0.5"]
    if command in ("step", "minimize") and chance.random() < 0.5:
        words += (
            ["--steps", "100000000", "--backend", "python", "--lr", "1e-9"]
            if command == "step"
            else ["--max-steps", "5"]
        )
    if chance.random() < 0.2:
        words[1] = "-"
    words[1:1] = [f"--timeout={given}"] if chance.random() < 0.5 else ["--timeout", given]
    if command == "step" and "--steps" in words and not _is_short(given):
        words += ["--timeout", "0.1"]
    return _ended(words, "x**2\nsin(x\nlog(x)*y\n", float(given) if _is_short(given) else 5.0)


def _is_short(given: str) -> bool:
    return re.fullmatch(r"0\.\d+|[15]|1e-\d", given) is not None


def _ended(words: list[str], text: str, seconds: float = 60.0) -> str:
    """The status of a command line in a process and a folder of its own. Raises AssertionError where it does harm."""
    with TemporaryDirectory() as place:
        folder = Path(place, "a", "b")
        folder.mkdir(parents=True)
        Path(place, "in").write_text(text, "utf-8")
        started, before = time.monotonic(), sum(os.times()[:4])
        child = os.fork()
        if child == 0:
            _run(words, Path(place), folder)
        try:
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        except BaseException as late:
            signal.setitimer(signal.ITIMER_REAL, 0)
            os.kill(child, signal.SIGABRT)  # it writes where it stands
            time.sleep(1)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            late.add_note(f"{words} {Path(place, 'err').read_text('utf-8', 'replace')[-4000:]}")
            raise
        out, err = (Path(place, file).read_bytes().decode("utf-8", "replace") for file in ("out", "err"))
        left = [path.name for path in Path(place).rglob("PWN")]
    answer = {
        "status": status,
        "out": out,
        "err": err,
        "deeds": left,
        "trace": None,
        # Of the processor; where it waits for something instead, an eighth of those that went by, as on a busy machine.
        "seconds": max(sum(os.times()[:4]) - before, (time.monotonic() - started) / 8),
    }
    job: Job = {"args": [*words, *("always" for word in words if word.endswith("always"))], "stdin": text}
    assert not (wrong := harm(job, answer, seconds + _LATE)), f"{wrong}\n{words} {text!r}"
    return str(status)


def _run(words: list[str], place: Path, folder: Path) -> None:
    """In the child: the whole command line as the shell would start it, with files as its streams; ends the process."""
    status: Any = 99
    try:
        os.chdir(folder)
        os.environ.update(GRADCLI_HOME=str(folder / "home"), COLUMNS="80")
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, file in enumerate(("in", "out", "err")):
            mode = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT
            os.dup2(os.open(place / file, mode, 0o600), number)
        sys.stdin = os.fdopen(0, encoding="utf-8", errors="surrogateescape", closefd=False)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
        faulthandler.enable()
        status = cli._ended(words)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status if isinstance(status, int) else 98)


#: What is no code in a language, as its own grammar has it: comments, and texts that are only shown.
_COMMENTS = {
    **dict.fromkeys(("python", "numpy", "jax", "torch", "tensorflow"), r'r?"""(?:[^"\\]|\\.|"(?!""))*"""|\#[^\n\r]*'),
    **dict.fromkeys(("c", "c++", "javascript"), r"/\*.*?\*/|//[^\n\r\u2028\u2029]*"),
    "rust": r"/\*.*?\*/|//[^\n]*",
    "julia": r'"""(?:[^"\\$]|\\.|"(?!""))*"""|\#=.*?=\#|\#[^\n\r]*',
    "fortran": r"![^\n\r]*",
    **dict.fromkeys(("octave", "matlab"), r"(?m:^[ \t]*[%\#]\{[ \t]*$).*?(?m:^[ \t]*[%\#]\}[ \t]*$)|[%\#][^\n\r]*"),
    "sql": r"/\*.*?\*/|--[^\n]*",
}  # fmt: skip


def sent_out(chance: random.Random) -> str:
    """A name at random that has come as far as an exporter: without comments, the code is that of an honest name."""
    stranger = f"{name(chance)}!"  # which is nobody's name
    bare = re.sub(r"\\[a-z]+\{\}|\\mathrm\{|\\[{}$&#_%]", "", latex_name(stranger))
    assert not re.search(r"[\\$&#%^~\n]", bare), latex_name(stranger)
    bare = re.sub(r"\\\\", "", marked(stranger))
    assert not re.search(r"(?<!\\)[<>`*_\[\]|]|\n", bare), marked(stranger)
    language = chance.choice(list(LANGUAGES))
    text = chance.choice(
        ("x**2", "sin(x)*y", "abs(x)", "where(x<y, x, y)", "exp(x/y)", "3", "mod(x, 2)", "x**y")
    )
    found = [_code_of(language, text, one) for one in (stranger, "honest")]
    refused = [one.status for one in found if isinstance(one, GradcliError)]
    if refused:  # for what the language lacks, or where the test has no numbers: whatever the name
        assert refused in ([2, 2], [3, 3]), (language, text, stranger)
        return str(refused[0])
    pieces = [_pieces(language, str(code)) for code in found]
    assert len(pieces[0]) == len(pieces[1]), (language, text, stranger)
    different = {(a, b) for a, b in zip(*pieces, strict=True) if a != b}
    assert all(re.fullmatch(r'\w+|"(?:[^"]|"")*"', a) for a, _ in different), (
        language,
        text,
        stranger,
        different,
    )
    assert len(different) <= 2, (language, text, stranger, different)
    return "0"


def _code_of(language: str, text: str, stranger: str) -> str | GradcliError:
    tree = parse(text)
    along = (*tree.variables, stranger)
    program = program_of(swept(tree), tree.variables)
    point = dict.fromkeys(tree.variables, 0.75)
    try:
        wish = Wish("slope", "none", along, (point,))
        return exported(LANGUAGES[language], program, dict.fromkeys(along, stranger), text, wish).code
    except GradcliError as error:
        return error


def _pieces(language: str, code: str) -> list[str]:
    """The words and signs of the code that its language would read."""
    bare = re.sub(_COMMENTS[language], " ", code, flags=re.DOTALL)
    return re.findall(r'"(?:[^"\n]|"")*"|\w+|\S', bare)


COMMANDS = {"exporters": sent_out, "timeouts": timed, "options": optioned}
