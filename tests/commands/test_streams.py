"""`gradcli grad -`: as many problems as there are lines, each answered as if it were alone."""

from __future__ import annotations

import itertools
import json
import random
import subprocess
import sys
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradcli.language.errors import GradcliError
from gradcli.language.limits import limit
from gradcli.shell.derivatives.prepared_answers import MOST, RecentlyUsed
from gradcli.shell.problems.json_documents import MOST_LINES, arriving, documents
from gradcli.shell.problems.json_numbers import json_value
from tests.conftest import command_line
from tests.prepared import ALL

EXPRESSIONS = [
    "x**2 + x*y + 3", "sin(x)*y/(1 + x**2)", "log(x) + y", "abs(x) + y", "exp(x*y)", "x/y", "100%x", "max(x, y)",
    "besselj(1, x)*y", "x**y", "where(x < y, x, y**2)", '"é"', "sqrt(x - y)",
]  # fmt: skip
NUMBERS = st.one_of(
    st.sampled_from([0, 1, -1, 2.5, "1/3", "pi", True, None, 1e999, float("nan"), 2**60, -0.0, 1e300]),
    st.floats(-1e3, 1e3),
)
PROBLEMS = st.fixed_dictionaries(
    {"expression": st.sampled_from(EXPRESSIONS), "at": st.fixed_dictionaries({"x": NUMBERS, "y": NUMBERS})},
    optional={"wrt": st.sampled_from([["x"], ["y", "x"], [], None, "x", [1], ["z"]])},
)


def lines(records):
    """JSON lines."""
    return "".join(json.dumps(record) + "\n" for record in records)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(PROBLEMS, min_size=1, max_size=3))
def test_a_line_is_answered_as_it_would_be_alone(home, records):
    """However often an expression comes, and whatever comes between: the same answer to the last character."""
    records = records * 4
    together = command_line(["grad", "-", "--format", "jsonl", "--no-save"], lines(records)).out.splitlines()
    assert len(together) == len(records)
    alone = [
        command_line(["grad", "-", "--format", "jsonl", "--no-save"], lines([r])).out
        for r in records[: len(records) // 4]
    ]
    assert together == [line.rstrip("\n") for line in alone] * 4


def test_points_that_lose_digits_are_looked_at_again(run):
    """Near a zero of the slope the stream gives the same floats as a single question."""
    source = random.Random(2)
    points = [
        {"x": (x := source.uniform(-5, 5)), "y": -2 * x * (1 + source.uniform(-1e-9, 1e-9))}
        for _ in range(50)
    ]
    records = [{"expression": "x**2 + x*y + 3", "at": point} for point in points]
    many = run("grad", "-", "--format", "jsonl", text=lines(records)).out.splitlines()
    for point, line in zip(points, many, strict=True):
        single = run(
            "grad", "x**2 + x*y + 3", "--format", "json", *(f"--{n}={x!r}" for n, x in point.items())
        ).out
        assert json.loads(single) == json.loads(line)


def test_a_bad_line_has_an_error_in_its_place_and_the_stream_goes_on(run):
    """Every line has its answer, and the status is the largest of all."""
    good = lines([{"expression": "x**2", "at": {"x": 3}}])
    bad = [
        '{"expression": "x\n',
        "log(\n",
        '{"at": {}}\n',
        "[1]\n",
        '{"expression": "1/x", "at": {"x": 0}}\n',
        "{}}\n",
    ]
    ended = run("grad", "-", "--format", "jsonl", text=good + "".join(text + good for text in bad))
    records = [json.loads(line) for line in ended.out.splitlines()]
    assert [record.get("value") for record in records[::2]] == [9.0] * 7
    assert [record["error"]["status"] for record in records[1::2]] == [2, 2, 2, 2, 3, 2]
    assert ended.status == 3


def test_values_on_the_command_line_win_over_piped_ones(run):
    """Also for expressions that have been seen before."""
    ended = run(
        "grad",
        "-",
        "--format",
        "jsonl",
        "--x",
        "2",
        text=lines([{"expression": "x*y", "at": {"x": 5, "y": 3}}] * 4),
    )
    assert [json.loads(line)["value"] for line in ended.out.splitlines()] == [6.0] * 4


def test_only_a_single_problem_becomes_the_sessions(run):
    """One line is a problem like any other; of many lines none is remembered."""
    record = {"expression": "x**2", "at": {"x": 3}}
    run("grad", "-", text=lines([record] * 3))
    assert run("step", "--lr", "0.1").status == 4
    run("grad", "-", text=lines([record]))
    assert run("step", "--lr", "0.1", "--get", "after.x").out == "2.4\n"


def test_answers_do_not_wait_for_more_questions(environment):
    """Each line is answered before the next one is read, through pipes too."""
    command = [sys.executable, "-m", "gradcli", "grad", "-", "--format", "jsonl"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
    ) as process:
        for x in (1.0, 2.0, 3.0):
            process.stdin.write(lines([{"expression": "x**2", "at": {"x": x}}]))
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["value"] == x**2
        process.stdin.close()
    assert process.returncode == 0


def test_bytes_that_are_no_text_are_an_error_of_their_line_alone(environment):
    """What is not UTF-8 costs one line."""
    command = [sys.executable, "-m", "gradcli", "grad", "-", "--format", "jsonl"]
    text = b'{"expression": "x", "at": {"x": 1}}\nx + \xff\n{"expression": "x", "at": {"x": 2}}\r\n'
    ended = subprocess.run(command, input=text, capture_output=True, env=environment, check=False)
    records = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [record.get("value") for record in records] == [1.0, None, 2.0]
    assert ended.returncode == 2


def test_what_is_kept_at_hand_has_a_bound():
    """A stream of ever new expressions forgets the oldest."""
    recent = RecentlyUsed()
    for number in range(3 * MOST):
        recent[(str(number),), (), None] = number
    assert len(recent) == MOST
    assert set(recent.values()) == set(range(2 * MOST, 3 * MOST))


@pytest.mark.parametrize("indent", [1, 2, 8])
def test_a_problem_may_spread_over_lines(run, indent):
    """Pretty JSON, several problems after one another, with objects inside."""
    record = json.loads(run("grad", "abs(x)", "--x", "0", "--format", "json").out)
    text = "\n".join(json.dumps(record, indent=indent) for _ in range(3))
    answers = [json.loads(line) for line in run("grad", "-", "--format", "jsonl", text=text).out.splitlines()]
    assert answers == [record] * 3


def test_a_problem_that_never_ends_is_given_up():
    """An open bracket does not collect the rest of the stream, and each line that it did collect is an error."""
    given = ['{"a": [\n', *["1,\n"] * 2 * MOST_LINES]
    found = list(documents([*given, "x\n"]))
    assert [one.text for one in found] == [*(line.strip() for line in given), "x"]
    assert sum(one.error is not None for one in found) == MOST_LINES


def test_a_long_problem_that_never_ends_takes_no_more_than_reading_it(monkeypatch):
    """Lines that might be the last of it are not all taken for that: the text is parsed once."""
    parsed = []
    monkeypatch.setattr(
        "gradcli.shell.problems.json_documents.json_value",
        lambda text: (parsed.append(len(text)), json_value(text))[1],
    )
    given = ['{"a": [{}\n', *[f',{{"b": "{"x" * 500}"}}\n'] * (MOST_LINES - 2)]
    assert [one.data for one in documents(given)] == [None] * len(given)
    (whole,) = documents([*given, "]}\n"])
    assert len(whole.data["a"]) == MOST_LINES - 1
    assert sum(parsed) < 2 * sum(map(len, given))


@pytest.mark.parametrize(
    ("lines", "broken"),
    [
        (['{"expression": "x**2",\n', '"at": {"x": 1,}}\n'], 1),
        (['{"expression": "x", "at": {"x": 1}} more\n'], 0),
        (['{"a": "}", "b": [\n', '"{", "\\\\"\n', "],}\n"], 2),
        (["{]\n"], 0),
        (["{\n"], 1),
        (['{"a": [1, 2\n', "\n", " , 3\n", '{"b":\n'], 3),
        (['{"a": "\n'], 0),
        (['{"a": {"b": [[[\n', "[\n", '{"c":\n'], 3),
    ],
)
def test_what_cannot_go_on_ends_there(lines, broken):
    """A mistake inside of a problem costs its own lines, an error each, and none of those after it."""
    found = list(documents([*lines, "x**3\n", '{"expression": "x"}\n']))
    assert [one.text for one in found] == [t for line in lines if (t := line.strip())] + [
        "x**3",
        '{"expression": "x"}',
    ]
    assert [one.error is not None for one in found[:broken]] == [True] * broken
    assert not any(one.error for one in found[broken:])
    assert found[-1].data == {"expression": "x"}


def test_json_however_it_is_written_is_read_and_where_it_is_cut_no_answer_is_lost():
    """2,000 objects at random, indented or not: each is one problem; cut at any line end the next two are answered."""
    source = random.Random(25)
    for _ in range(2000):
        record = {"k": _anything(source, 4), "expression": "x"}
        text = json.dumps(record, indent=source.choice([0, 1, 4]), ensure_ascii=source.random() < 0.5)
        given = [line + "\n" for line in text.split("\n")]
        (found,) = documents(given)
        assert found.data == record
        cut = source.randint(1, len(given) - 1)
        *errors, one, two = documents([*given[:cut], "x**2\n", '{"expression": "y"}\n'])
        assert len(errors) == cut
        assert (one.text, two.data) == ("x**2", {"expression": "y"})


def _anything(source, depth):
    """A JSON value."""
    if depth == 0 or source.random() < 0.4:
        return source.choice([1, -2.5, 1e300, "x", 'a"b\\{[', True, None, "é\n,", 0, 1e-9])
    if source.random() < 0.5:
        return [_anything(source, depth - 1) for _ in range(source.randint(0, 3))]
    return {source.choice("ab{"): _anything(source, depth - 1) for _ in range(source.randint(0, 3))}


def test_a_line_may_arrive_in_any_pieces():
    """Wherever reading stops, the lines are the same; and a long one takes no more than reading it."""
    found = arriving(pieces([b"a", b"b\nc", b"\n", b"\n\xff", b"d\r\ne\n", b"f"]))
    assert list(found) == ["ab\n", "c\n", "\n", "\udcffd\r\n", "e\n", "f"]
    assert [len(line) for line in arriving(pieces([b"x" * 2**16] * 200))] == [200 * 2**16]


def test_a_line_that_is_too_long_is_refused_before_it_is_read():
    """Of 1 GB of one line no more is kept than its bound; the line after it is answered."""
    chunk = b"x" * 2**16
    found = list(
        arriving(
            pieces(
                itertools.chain(
                    [b"1\n"], itertools.repeat(chunk, 100_000 if ALL else 16_000), [b"\n2\n", b"3"]
                )
            )
        )
    )
    assert [isinstance(one, GradcliError) for one in found] == [False, True, False, False]
    assert f"{limit('input'):,.0f} bytes" in found[1].message
    assert found[2:] == ["2\n", "3"]


def pieces(chunks):
    """A standard input from which they are read."""
    left = iter(chunks)
    return SimpleNamespace(buffer=SimpleNamespace(read1=lambda _: next(left, b"")))
