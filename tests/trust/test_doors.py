"""What comes from outside stays outside: each door, in a real process, by the deed or the answer that would be lost."""

from __future__ import annotations

import html
import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gradcli.language.limits import LIMITS
from tests import prepared
from tests.commands.terminals import on_terminal
from tests.trust.test_limits import default_time

COMMAND = [sys.executable, "-m", "gradcli"]

#: The commands that read a stream, each with what in its record tells one problem from another.
STREAMS = {
    "grad": lambda record: record["expression"],
    "hessian": lambda record: record["expression"],
    "jacobian": lambda record: record["expression"],
    "taylor": lambda record: record["expression"],
    "critical": lambda record: record["expression"],
    "check": lambda record: record["expression"],
    "explain": lambda record: record["expression"],
    "code": lambda record: record["expression"],
}


@pytest.fixture
def gradcli(tmp_path, environment):
    """`gradcli("grad", "x")`: a process; its end."""

    def ended(*arguments: str, text: str | bytes = "") -> subprocess.CompletedProcess[str]:
        return prepared.run("gradcli", *arguments, text=text, env=environment, cwd=tmp_path)

    return ended


def test_a_name_runs_nothing(shell, tmp_path):
    """A name that would run in the code's docstring, comment or test comes neither into the session nor into the code."""
    evil = '""";import os;os.system("touch PWN");"""'
    problem = json.dumps({"expression": "x**2", "at": {"x": 3, evil: 1}, "wrt": ["x", evil]})
    (tmp_path / "problem.json").write_text(problem)
    ended = shell("gradcli grad - < problem.json")
    assert ended.status == 2
    assert "is not a name" in ended.err
    shell(f"gradcli code --with-test > v.py; '{sys.executable}' v.py")
    ended = shell('gradcli code "x**2" --at "x=1,*/ int evil; /*=2" --wrt "x,*/ int evil; /*" --lang c')
    assert (ended.status, ended.out) == (2, "")
    assert not (tmp_path / "PWN").exists()


@pytest.mark.parametrize("command", STREAMS)
def test_an_open_bracket_costs_nobody_an_answer(command, gradcli):
    """One record per line, each in its place: what breaks off is an error, all others are answered."""
    lines = [
        "{",
        "x**2",
        "x**",
        "",
        '{"a": [',
        "1,",
        "x**3",
        '{"expression": "x**4"}',
        '{"expression":',
        "2",
        "x**5",
        "[",
    ]
    ended = gradcli(command, "-", "--format", "json" if command == "code" else "jsonl", text="\n".join(lines))
    records = [json.loads(line) for line in ended.stdout.splitlines()]
    answers = {number: STREAMS[command](one) for number, one in enumerate(records) if "error" not in one}
    assert len(records) == len(lines) - 1  # the empty one
    assert answers == {1: "x**2", 5: "x**3", 6: "x**4", 9: "x**5"}
    assert ended.returncode == 2


def test_a_table_of_a_stream_has_its_header_once(gradcli):
    """In CSV, as for grad; rows of another shape get their own header."""
    ended = gradcli("hessian", "-", "--format", "csv", text="x**2\nx**\nx*y\n")
    assert [line for line in ended.stdout.splitlines() if line.startswith("row,")] == [
        "row,column,entry,formula,value"
    ]
    assert len(ended.stdout.splitlines()) == 1 + 1 + 4
    assert ended.stderr.startswith("gradcli: line 2: the expression ends too early")


def test_standard_input_has_one_reader(gradcli):
    """`-` twice is not understood, and takes nothing from anybody."""
    ended = gradcli("check", "-", "--claims", "-", text="x**2\n")
    assert ended.returncode == 2
    assert "one reader" in ended.stderr


@pytest.mark.skipif(os.name != "posix", reason="memory is bounded by the system")
def test_a_line_without_an_end_is_refused_before_it_is_read(shell):
    """300 MB of one line in 300 MB of address space: an error in its place, and the next line is answered."""
    ended = shell(
        "{ head -c 300000000 /dev/zero | tr '\\0' x; printf '\\nx**2\\n'; }"
        " | gradcli grad - --x 3 --format jsonl --no-save --limit memory=300"
    )
    error, answer = map(json.loads, ended.out.splitlines())
    assert error["error"]["kind"] == "limit"
    assert answer["value"] == 9.0
    ended = shell("head -c 100000000 /dev/zero | gradcli apply - --limit memory=300")
    assert ended.status == 4
    assert "standard input has more than" in ended.err


def test_a_byte_order_mark_is_skipped(gradcli):
    """Windows writes one before JSON and claims."""
    text = b'\xef\xbb\xbf{"expression": "x**2",\r\n "at": {"x": 3}, "gradient": {"x": 6}}\r\n'
    for command in ("grad", "step", "apply"):
        assert gradcli(command, "-", "--format", "json", text=text).returncode == 0
    assert gradcli("check", "x**2", "--claims", "-", text=b"\xef\xbb\xbfx = 2*x\r\n").returncode == 0


def test_a_name_again_and_again_is_refused_at_once(gradcli):
    """A hundred thousand times x is no list of variables; twice is, as answers of higher order have it."""
    many, few = ({"expression": "x**2", "at": {"x": 3}, "wrt": ["x"] * count} for count in (100_000, 2))
    ended = gradcli("grad", "-", "--format", "jsonl", text=f"{json.dumps(many)}\n{json.dumps(few)}\n")
    error, answer = map(json.loads, ended.stdout.splitlines())
    assert error["error"]["status"] == 2
    assert answer["gradient"] == {"x": 6.0}


def test_gmpy2_is_not_used_where_a_user_has_it(environment, tmp_path):
    """GMP ends the process at a number that is too large for it: here it does so as soon as it is loaded."""
    (tmp_path / "gmpy2.py").write_text("import os\nos.abort()\n")
    paths = os.pathsep.join((str(tmp_path), environment["PYTHONPATH"]))
    surroundings = {**environment, "PYTHONPATH": paths}
    loaded = [sys.executable, "-c", "import mpmath"]
    assert (
        subprocess.run(loaded, env=surroundings, cwd=tmp_path, capture_output=True, check=False).returncode
        < 0
    )
    arguments = [*COMMAND, "taylor", "x*sin(x)", "--x", "0", "--order", "2", "--get", "polynomial"]
    ended = subprocess.run(
        arguments, env=surroundings, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (0, "x**2\n"), ended.stderr


def test_what_stands_after_two_hyphens_is_text(gradcli, tmp_path, forked_environment):
    """No option, no standard input, no help: the file is not read, not written, and nobody waits."""
    secret, picture = tmp_path / "secret.txt", tmp_path / "a.html"
    secret.write_text("hunter2 = 1\n")
    picture.write_text("mine")
    texts = [f"--claims={secret}", f"--out={picture}", "-", "-h", "--help", "--x=1", "--limit=memory=0", "--",
             "--version", "-o", f"@{secret}", "--session=evil", "--timeout=1"]  # fmt: skip
    jobs = [("grad", text) for text in texts] + [("check", texts[0]), ("plot", texts[1])]
    jobs += [
        (command, "-") for command in ("check", "explain", "code", "step", "minimize", "hessian", "compare")
    ]
    for command, text in jobs:
        arguments = [
            str(tmp_path / "bin" / "gradcli"),
            command,
            *(["--x", "1"] if command in ("step", "minimize", "compare") else []),
            "--",
            text,
        ]
        with subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=forked_environment, cwd=tmp_path,
        ) as process:  # fmt: skip
            status = process.wait(120)  # its standard input stays open: who read it would wait for ever
            said = process.stdout.read() + process.stderr.read()
        assert "hunter2" not in said
        assert "Usage:" not in said
        assert status == (0 if text in ("-h", "-o", "--help", "--version") else 2), (command, text, said)
    assert picture.read_text() == "mine"
    assert gradcli("grad", "--x", "--", "-h").returncode == 2
    assert gradcli("grad", "--x=3", "--get", "value", "--", "-x").stdout == "-3.0\n"


@pytest.mark.parametrize(
    "content",
    [
        "root:x:0:0:root:/root:/bin/bash\n",
        "PASSWORD=hunter2\n",
        "x = 2*x\nhunter2\n",
        "x = hunter2*x\n",
        "x = hunter2 hunter3\n",
        "x = 2*x = hunter2\n",
        "hunter2 x = 1\n",
        '{"hunter2": "2*x"}',
        '{"x": "hunter2+"}',
        '{"x": ["hunter2"]}',
        '{"hunter2',
        '{"hunter2 x": 1}',
        "x = sin(hunter2\n",
        "x = hunter2(x)\n",
        "\x7fELF hunter2\x00",
    ],
)
def test_a_file_of_no_claims_is_not_shown(content, gradcli, tmp_path):
    """The error has the file and the line, and nothing of what stands there; from standard input it may."""
    (tmp_path / "file").write_text(content)
    ended = gradcli("check", "x**2", "--claims", "file", "--format", "json")
    assert ended.returncode == 2
    assert "--claims file" in ended.stderr
    assert not re.search("hunter|root:|ELF", ended.stdout + ended.stderr)


def test_what_is_no_file_is_not_waited_for(environment, tmp_path):
    """A pipe or a device in the place of claims ends at once, with a sentence."""
    os.mkfifo(tmp_path / "pipe")
    for file in ("pipe", "/dev/zero", "/dev/tty", "."):
        ended = subprocess.run([*COMMAND, "check", "x**2", "--claims", file], capture_output=True, text=True, env=environment,
                               cwd=tmp_path, stdin=subprocess.DEVNULL, start_new_session=True, check=False)  # fmt: skip
        assert ended.returncode == 4
        assert ended.stderr.startswith(f"gradcli: --claims {file}")


def test_variables_that_are_not_connected_stay_where_they_are(gradcli):
    """A session along x and y of which only x occurs goes on in every command, and y keeps its value."""
    assert gradcli("grad", "x**2", "--x", "1", "--y", "7", "--wrt", "x,y").returncode == 0
    for line in ("step --lr 0.1", "step --steps 3", "minimize", "maximize --max-steps 5", "session undo", "step",
                 "report --out a.html", "plot --out a.html", "compare --steps 3", "session history", "check"):  # fmt: skip
        ended = gradcli(*line.split())
        assert ended.returncode in (0, 1) if line[:3] == "max" else ended.returncode == 0, (
            line,
            ended.stderr,
        )
    record = json.loads(gradcli("session", "--format", "json").stdout)
    assert record["at"]["y"] == 7.0
    assert record["wrt"] == ["x", "y"]


def test_the_commands_of_a_report_lead_there_again(gradcli, tmp_path):
    """They are quoted for the shell, name the variables that move, and end where the session stands."""
    gradcli("grad", "(x-1)**2 + x*y**2", "--x", "3", "--y", "2", "--wrt", "x")
    gradcli("step", "--lr", "0.1", "--steps", "3")
    there = json.loads(gradcli("session", "--format", "json").stdout)["at"]
    out = "it's $(touch PWN) `touch PWN`; touch PWN.html"
    assert gradcli("report", "--out", out).returncode == 0
    page = (tmp_path / out).read_text().partition("<h2>Again</h2>")[2]
    lines = html.unescape(re.search("<pre>(.*?)</pre>", page, re.DOTALL)[1]).splitlines()
    script = "\n".join(line.replace("gradcli", f"'{sys.executable}' -m gradcli", 1) for line in lines)
    environment = {
        **os.environ,
        "GRADCLI_HOME": str(tmp_path / "again"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    subprocess.run(["sh", "-ec", script], cwd=tmp_path, env=environment, check=True, capture_output=True)
    again = subprocess.run(
        [*COMMAND, "session", "--format", "json"], env=environment, capture_output=True, check=True
    )
    assert json.loads(again.stdout)["at"] == there
    assert not (tmp_path / "PWN").exists()


def test_a_changed_digit_is_said_and_can_be_undone(gradcli, tmp_path, home):
    """A row edited by hand is not stepped from; undo, then rm, lead out of it."""
    import sqlite3

    gradcli("step", "x**2", "--x", "1", "--lr", "0.1")
    gradcli("step")
    with sqlite3.connect(home / "gradcli.db") as connection:
        connection.execute(
            "UPDATE states SET state = replace(state, '\"x\":0.6', '\"x\":0.7') WHERE ordinal = 2"
        )
    connection.close()
    for line in ("step", "session", "grad", "minimize", "session history"):
        ended = gradcli(*line.split())
        assert ended.returncode == 4
        assert "was changed outside of gradcli" in ended.stderr
    assert gradcli("session", "undo").returncode == 0
    assert gradcli("step", "--get", "before.at.x").stdout == "0.8\n"
    assert gradcli("session", "rm", "default").returncode == 0


def test_a_spreadsheet_runs_nothing(gradcli):
    """What is no expression gets an apostrophe; formulas read back, unless --spreadsheet says who will read them."""
    for name in ("=1+1", "@x", "\t=1", "+cmd|' /C calc'!A0", "-SUM(A1)", "+ hello!", "-x y"):
        gradcli("grad", "x**2", "--x", "1", "--session", name)
    import csv
    import io

    table = gradcli("session", "list", "--format", "csv").stdout
    names = {row[0] for row in csv.reader(io.StringIO(table, newline=""))}
    assert not {name for name in names if name[:1] in "=+-@\t"}
    plain = gradcli("grad", "-sin(x)", "--format", "csv")
    tame = gradcli("grad", "-sin(x)", "--format", "csv", "--spreadsheet")
    assert "\nx,,,-cos(x),\n" in plain.stdout
    assert "\nx,,,'-cos(x),\n" in tame.stdout
    negative = gradcli("grad", "-x**2", "--x=3", "--digits", "20", "--format", "csv", "--spreadsheet").stdout
    assert "'-2*x" in negative and "'-9" not in negative
    assert gradcli("grad", "x", "--spreadsheet").returncode == 2
    assert gradcli("session", "--format", "csv", "--spreadsheet", "list").returncode == 0


def test_a_table_on_a_terminal_steers_nothing(environment, tmp_path, gradcli):
    """Control characters in cells are pictures of themselves there, and themselves in a file."""
    gradcli("grad", "x**2", "--x", "1", "--session", "\x1b[31mred\x1b]0;title\x07")
    for form in ("csv", "tsv"):
        arguments = [*COMMAND, "session", "list", "--format", form]
        _, text = on_terminal(arguments, environment, tmp_path)
        assert "␛[31mred␛]0;title␇" in text
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text)
        assert (
            "\x1b[31mred"
            in subprocess.run(arguments, env=environment, capture_output=True, text=True, check=True).stdout
        )


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["plot", "polylog(x,y)", "--size", "60x16"], ""),
        (["report", "zeta(x)*gamma(y)", "--at", "x=2.5,y=3.5", "--out", "r.html"], ""),
        (["explain", "+".join(f"sin(x**{n}*cos(x))*exp(x**{n})" for n in range(2, 9))], ""),
        (["grad", "zeta(x)", "--x", "3", "--digits", "10000"], ""),
        (["grad", "-", "--x", "3", "--digits", "10000"], "zeta(x)"),
    ],
)
def test_the_time_of_a_limit_strikes_and_is_said(arguments, text, gradcli, tmp_path):
    """Status 4 and how long it was; also in the middle of a long call of C."""
    ended = gradcli(
        *arguments, "--limit", "service", "--limit", "time=0.5", "--limit", "digits=10000", text=text
    )
    assert ended.returncode == 4, ended
    assert "time ran out" in ended.stderr
    assert not (tmp_path / "r.html").exists()


def test_what_may_take_long_has_a_time_by_default():
    """Sixty seconds for plot, report, explain and more than 15 digits; none for all else; --limit time=N changes it."""
    assert default_time(["explain", "x**2"], "") == pytest.approx(60, abs=5)
    assert default_time(["plot", "x**2", "--size", "60x16"], "") == pytest.approx(60, abs=5)
    assert default_time(["grad", "x**2", "--x", "1", "--digits", "16"], "") == pytest.approx(60, abs=5)
    assert default_time(["taylor", "x**2", "--digits", "16"], "") == pytest.approx(60, abs=5)
    assert default_time(["grad", "x**2", "--x", "1", "--digits", "15"], "") is None
    assert default_time(["grad", "x**2", "--x", "1"], "") is None
    assert default_time(["explain", "x**2", "--timeout", "500"], "") == pytest.approx(500, abs=5)
    for option in (["--limit", "time=20"], ["--limit", "service", "--limit", "time=20"]):
        assert default_time(["grad", "x**2", "--x", "1", *option], "") == pytest.approx(20, abs=5)
        assert default_time(["grad", "-", "--x", "1", *option], "x**2") == pytest.approx(20, abs=5)
    assert default_time(["hessian", "x**2", "--limit", "service"], "") == pytest.approx(10, abs=5)


def test_a_service_answers_what_is_ordinary_and_refuses_what_is_not(gradcli):
    """The preset leaves room for what people ask, and says which limit was hit where somebody asks too much."""
    for line in (
        "grad x**2*sin(y) --at x=1,y=2",
        "plot x**2 --out a.png",
        "critical x**3-3*x",
        "explain x*sin(x)",
    ):
        ended = gradcli(*line.split(), "--limit", "service", "--limit", "time=600")  # on a busy machine too
        assert ended.returncode == 0, (line, ended.stderr)
    for line, name in (("grad " + "+".join(["x"] * 6000), "length"), ("grad x --digits 1000 --x 1", "digits"),
                       ("grad x --x " + "1" * 300, "number"), ("plot x --grid 500 --out a.html", "samples"),
                       ("plot x --size 9000x9000 --out a.png", "pixels"), ("taylor x --order 20", "order")):  # fmt: skip
        ended = gradcli(*line.split(), "--limit", "service", "--limit", "time=600")
        assert ended.returncode == 4, (line[:80], ended.stderr)
        assert f"--limit {name}=N" in ended.stderr
    more = ["--digits", "200", "--limit", "digits=300", "--limit", "service"]
    assert gradcli("grad", "x", "--x", "1", *more).returncode == 0


def test_the_guide_has_the_limits_that_there_are():
    """The table of `gradcli help limits` is the table in the code, with both values."""
    page = (Path(__file__).parents[2] / "gradcli" / "guide" / "limits.md").read_text()
    rows = re.findall(r"^\| `([a-z-]+)` \| ([\d,]+) \| ([\d,]+) \| ([^|]+) \|$", page, re.MULTILINE)
    assert [name for name, *_ in rows] == list(LIMITS)
    for name, usual, service, meaning in rows:
        assert float(usual.replace(",", "")) == LIMITS[name].default
        assert float(service.replace(",", "")) == LIMITS[name].service
        assert meaning == LIMITS[name].meaning
        assert LIMITS[name].service <= (LIMITS[name].default or float("inf"))


@pytest.mark.parametrize("closing", [[], ["}", "}}", "]"]])
def test_random_streams_lose_no_answer(closing, gradcli):
    """Lines at random between problems that are whole: each of these is answered, in order, and every line has a record
    of its own unless brackets close."""
    source, lines, wanted = random.Random(2025), [], []
    rubbish = [
        "{",
        "[",
        '"',
        "x +",
        '{"a": [',
        ",",
        '{"expression":',
        "1",
        '"x": 1,',
        '{"at": {"x":',
        "nul",
        *closing,
    ]
    for number in range(200):
        lines += source.choices(rubbish, k=source.randrange(4))
        lines.append(json.dumps({"expression": "x*y", "at": {"x": number, "y": 3}}))
        wanted.append(3.0 * number)
    ended = gradcli("grad", "-", "--format", "jsonl", "--no-save", text="\n".join(lines))
    records = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [one["value"] for one in records if one.get("expression") == "x*y"] == wanted
    assert len(wanted) < len(records) <= len(lines)
    assert closing or len(records) == len(lines)
