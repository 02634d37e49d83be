"""Every command takes definitions; files are read where they are typed, and nowhere else."""

from __future__ import annotations

import json
import math

import pytest

from tests.conftest import command_line

TEXT = "u = x*y; v = x + y; u**2*v"
WRITTEN = "(x*y)**2*(x + y)"
POINT = ("--x", "2", "--y", "3")


def record(*arguments, text=""):
    """The JSON answer of a command."""
    ended = command_line([*arguments, "--format", "json"], text)
    assert ended.status == 0, ended.err
    return json.loads(ended.out)


@pytest.mark.parametrize("command", [
    ("grad", "{}", *POINT), ("grad", "{}"), ("hessian", "{}", *POINT), ("jacobian", "{}", *POINT),
    ("step", "{}", *POINT, "--lr", "0.001", "--no-save"), ("taylor", "{}", *POINT, "--order", "2"),
    ("minimize", "{} + (x - 1)**4 + x**2*y**2", "--x", "1", "--y", "1", "--no-save"),
    ("check", "{}", "--claim", "x=x*y**2*(3*x + 2*y)"), ("grad", "{}", *POINT, "--wrt", "x,x"),
    ("grad", "{}", *POINT, "--along", "x=1,y=2"), ("critical", "{} + x**2 + y**2"),
    ("explain", "{}", "--backprop", *POINT),
])  # fmt: skip
def test_a_command_answers_what_it_answers_to_the_text_written_out(command):
    """All but the expression itself, what is said of the definitions, and places in the text."""
    answers = []
    for text in (TEXT, WRITTEN):
        found = record(*(part.format(text) for part in command if part != "--no-save"))
        for key in ("expression", "definitions", "names", "session", "span"):
            found.pop(key, None)
        for check in found.get("checks", ()):
            check.pop("span", None)
        answers.append(found)
    assert answers[0] == answers[1]


def test_definitions_have_values_and_gradients():
    """In JSON and by --get; the gradient is that of the definition alone."""
    found = record("grad", TEXT, *POINT)["definitions"]
    assert found == {
        "u": {"expression": "x*y", "value": 6.0, "gradient": {"x": 3.0, "y": 2.0}},
        "v": {"expression": "x + y", "value": 5.0, "gradient": {"x": 1.0, "y": 1.0}},
    }
    assert command_line(["grad", TEXT, *POINT, "--get", "definitions.u"]).out == "6.0\n"
    assert command_line(["grad", TEXT, *POINT, "--get", "definitions.v.gradient.y"]).out == "1.0\n"
    digits = command_line(
        ["grad", "u = 1/x; u**2", "--x", "3", "--digits", "30", "--get", "definitions.u"]
    ).out
    assert digits == "0.333333333333333333333333333333\n"


def test_a_definition_that_is_not_on_the_way_may_have_no_value():
    """The others keep theirs."""
    found = record("grad", "u = log(x); w = x**2; where(x > 0, u, w)", "--x", "-3")
    assert found["value"] == 9.0
    assert found["definitions"]["u"]["value"] is None and found["definitions"]["w"]["value"] == 9.0


def test_formulas_in_terms_of_the_definitions_multiply_to_the_gradient():
    """The chain rule's slopes at the point: sums over the ways from f to x."""
    found = record("grad", TEXT, *POINT, "--formulas", "defined")
    assert found["chain"] == {
        "f": {"u": "2*u*v", "v": "u**2"}, "u": {"x": "y", "y": "x"}, "v": {"x": "1", "y": "1"}
    }  # fmt: skip
    at = ("--u", "6", "--v", "5", *POINT)
    for name in "xy":
        used = {part: found["formulas"][name] for part in "uvxy" if part in found["formulas"][name]}
        values = [arg for k, arg in enumerate(at) if at[k - k % 2].removeprefix("--") in used]
        assert record("grad", found["formulas"][name], *values)["value"] == found["gradient"][name]


def test_formulas_too_long_to_be_written_are_in_terms_of_the_definitions():
    """Thirty definitions that each use the one before twice; the rest of the answer is as ever."""
    rows = [f"u{k} = u{k - 1} + sin(u{k - 1})" for k in range(1, 31)]
    text = "; ".join(["u0 = x", *rows, "u30*y"])
    found = record("grad", text, "--x", "1", "--y", "2")
    assert found["formulas"]["y"] == "u30"
    assert found["chain"]["u2"] == {"u1": "1 + cos(u1)"} or found["chain"]["u2"] == {"u1": "cos(u1) + 1"}
    latex = command_line(["grad", text, "--format", "latex"]).out
    assert r"\text{where }" in latex and len(latex) < 5_000


@pytest.mark.parametrize(("text", "along_x"), [
    ("sum(sin(i*x), i, 1, 20)", "sum(i*cos(i*x), i, 1, 20)"),
    ("y**2 - sum(sin(i*x), i, 1, 50)", "-sum(i*cos(i*x), i, 1, 50)"),
    ("sum(sum(exp(i*x)*sin(j*y), i, 1, 5), j, 1, 7)", "sum(sum(i*exp(i*x)*sin(j*y), i, 1, 5), j, 1, 7)"),
    ("sum(sin(i*x), i, 1, 9) + x*(y - 1)", "sum(i*cos(i*x), i, 1, 9) + y - 1"),
    ("sum(i**2*x, i, 1, 3)", "14"),
])  # fmt: skip
def test_formulas_stay_sums_where_that_is_shorter(text, along_x):
    """And are the gradient, term by term."""
    values = ("--x", "0.3", "--y", "0.7") if "y" in text else ("--x", "0.3")
    found = record("grad", text, *values)
    assert found["formulas"]["x"].replace("(y - 1)", "y - 1") == along_x
    for name, formula in found["formulas"].items():
        at = [part for n, v in (("x", "0.3"), ("y", "0.7")) if n in formula for part in (f"--{n}", v)]
        assert math.isclose(record("grad", formula, *at)["value"], found["gradient"][name], rel_tol=1e-12)


def test_sessions_keep_the_text_and_streams_answer_it():
    """A step goes on from there; an answer is a problem."""
    assert command_line(["grad", TEXT, *POINT]).status == 0
    assert record("step", "--lr", "0.001")["expression"] == TEXT
    line = json.dumps({"expression": TEXT, "at": {"x": 2, "y": 3}})
    ended = command_line(["grad", "-", "--format", "jsonl"], f"{line}\n{line}\nu = 3; u*x\nu = \n")
    first, second, third, last = map(json.loads, ended.out.splitlines())
    assert first == second and first["definitions"]["u"]["value"] == 6.0
    assert third["formulas"] == {"x": "3"}
    assert last["error"]["kind"] == "syntax"


def test_notes_about_the_text_are_told_each_time():
    """Also by a command that finds the program in the library."""
    for _ in range(2):
        ended = command_line(["grad", "e = 2; w = y; e*x", "--x", "1"])
        assert "note: e is what the text defines, and not the constant (Euler's number)" in ended.err
        assert "note: w is defined, and not used" in ended.err
    assert record("grad", "w = z; x", "--x", "1", "--z", "2")["gradient"] == {"x": 1.0, "z": None}


def test_a_value_for_what_is_defined_is_refused_also_where_the_text_is_known():
    """The library does not hide the mistake."""
    assert command_line(["grad", "u = x; u*y", *POINT]).status == 0
    ended = command_line(["grad", "u = x; u*y", *POINT, "--u", "1"])
    assert ended.status == 2 and "u is defined here, and is also given a value" in ended.err


def test_a_claim_may_be_in_terms_of_the_definitions():
    """And is told as it was typed."""
    found = record("check", TEXT, "--claim", "x=2*u*v*y + u**2", "--claim", "y=2*u*v*x + v**2 - v*v + u*x*y")
    assert [(one["claim"], one["verdict"]) for one in found["checks"]] == [
        ("2*u*v*y + u**2", "proved"), ("2*u*v*x + v**2 - v*v + u*x*y", "proved")
    ]  # fmt: skip
    ended = command_line(["check", TEXT, "--claim", "x=u", "--format", "json"])
    assert ended.status == 1 and json.loads(ended.out)["right"] is False


def test_an_explanation_has_a_block_for_each_definition_and_the_chain_rule():
    """Each block is about one part; the last line of the chain rule is the formula of grad."""
    blocks = record("explain", TEXT, "--wrt", "x")["derivations"]
    direct = {(b["part"], b["variable"]): b["formula"] for b in blocks if "chain" not in b}
    assert direct == {("u", "x"): "y", ("v", "x"): "1", ("f", "u"): "2*u*v", ("f", "v"): "u**2"}
    (last,) = [b for b in blocks if "chain" in b]
    assert [step["text"] for step in last["steps"]] == [
        "∂f/∂u*du/dx + ∂f/∂v*dv/dx", "2*u*v*y + u**2*1", "x*y**2*(3*x + 2*y)"
    ]  # fmt: skip


def test_exported_code_has_the_definitions_by_their_names():
    """Safe ones: no word of the language, no argument's name; Python's function computes the same."""
    code = record("code", "lambda = x*y; θ = sin(lambda); lambda**2*θ", "--lang", "python")["code"]
    assert "    lambda_1 = x*y\n" in code and "    theta = " in code
    space = {}
    exec(compile(code, "exported", "exec"), space)  # what is tested is that it runs
    value, gradient = space["value_and_gradient"](0.5, 1.5)
    assert math.isclose(value, 0.75**2 * math.sin(0.75), rel_tol=1e-14)
    slope = 2 * 0.75 * math.sin(0.75) + 0.75**2 * math.cos(0.75)
    assert math.isclose(gradient[0], 1.5 * slope, rel_tol=1e-14)
    assert "const double int_1 = x*y;" in record("code", "int = x*y; int**2 + int", "--lang", "c")["code"]
    sql = record("code", "v_x = x*y; v_x**2 + v_x", "--lang", "sql")["code"]
    assert 'AS "v_x_1"' in sql
    latex = record("code", TEXT, "--lang", "latex")["code"]
    assert "u &= x y" in latex and "f &= u^{2} v" in latex


# @FILE


@pytest.fixture
def file(tmp_path, monkeypatch):
    """Writes a file into the folder in which the command runs."""
    monkeypatch.chdir(tmp_path)

    def write(name, content):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return f"@{name}"

    return write


def test_a_file_is_the_text_that_it_holds(file):
    """Comments, empty lines, CRLF, a byte order mark; JSON and the session have the text and not the path."""
    text = "# parts\r\nu = x*y  # one\r\n\r\nu**2\r\n"
    found = record("grad", file("f.txt", b"\xef\xbb\xbf" + text.encode()), *POINT)
    assert found["value"] == 36.0 and found["expression"] == text
    assert record("step", "--lr", "0.001")["expression"] == text


def test_errors_in_a_file_say_its_name_the_line_and_the_column(file):
    """For people in front of the sentence, for machines as facts."""
    name = file("f.txt", "u = x*y\nv = x +* y\nu*v\n")
    ended = command_line(["grad", name, "--x", "1"])
    assert ended.status == 2
    assert ended.err.startswith("gradcli: f.txt:2:8: * is not expected here\n  v = x +* y\n         ^\n")
    facts = json.loads(command_line(["grad", name, "--format", "json"]).err.splitlines()[-1])["error"]
    assert (facts["file"], facts["line"], facts["column"]) == ("f.txt", 2, 8)
    ended = command_line(["grad", "u = x\nlog(u)", "--x", "-1"])
    assert ended.err.startswith("gradcli: line 2, column 1: log is not defined")


def test_files_are_read_where_they_are_typed_and_nowhere_else(file):
    """Not behind --, from JSON, from a stream, from another file, or from the session."""
    name = file("secret.txt", "x**2")
    assert command_line(["grad", name, "--x", "3", "--get", "value"]).out == "9.0\n"
    assert command_line(["grad", "--x", "3", "--", name]).status == 2
    for line in (name, json.dumps({"expression": name}), json.dumps({"expression": [name, "x"]})):
        assert command_line(["grad", "-", "--format", "json"], line + "\n").status == 2
    assert command_line(["grad", file("other.txt", name), "--x", "3"]).status == 2


@pytest.mark.parametrize(("name", "content"), [
    ("nothing.txt", None), ("folder", None), ("bytes.txt", b"u = x\n\xff\n"), ("/dev/null", None), ("", None),
    ("zero\0.txt", None),
])  # fmt: skip
def test_what_is_no_file_of_text_is_refused(name, content, file, tmp_path):
    """With status 4 and one sentence."""
    (tmp_path / "folder").mkdir()
    if content is not None:
        file(name, content)
    ended = command_line(["grad", f"@{name}", "--x", "1"])
    assert ended.status == 4 and ended.err.startswith("gradcli: ") and "Traceback" not in ended.err


def test_what_a_file_holds_is_not_shown_to_strangers(file):
    """Under --limit service an error says where, and neither the line nor its words; long files are refused."""
    name = file("f.txt", "root:x:0:0\nsecretword(y)\n")
    ended = command_line(["grad", name, "--limit", "service"])
    assert ended.status == 2 and ended.err == "gradcli: f.txt:1:5: what stands there does not parse\n"
    assert (
        "secretword" not in command_line(["grad", file("g.txt", "secretword(y)"), "--limit", "service"]).err
    )
    long = file("long.txt", "x" * 10_001)
    assert command_line(["grad", long, "--x", "1", "--limit", "service"]).status == 4
