"""The commands of more calculus, from the command line: what scripts rely on."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

#: Runs command lines one after the other and tells what each printed, its status, and which libraries are loaded by then.
PROGRAM = """
import contextlib, io, json, sys
from gradcli import cli
told = []
for arguments in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        status = cli.run(arguments)
    loaded = {"sympy", "rich"} & {name.partition(".")[0] for name in sys.modules}
    told.append([out.getvalue(), status, sorted(loaded)])
json.dump(told, sys.stdout)
"""

POINT = ("--x", "5", "--y", "3")
F, G = "x**2+x*y+3", "3*x"

COMMANDS = [
    ("grad", F, G, *POINT, "--grad-ys", "2,10"), ("grad", F, *POINT, "--stop", "x"),
    ("grad", F, *POINT, "--along", "x=1,y=2", "--normalize"), ("grad", F, "--x", "5±0.1", "--y", "3"),
    ("grad", F, *POINT, "--wrt", "x,x,y"), ("grad", "x**5", "--x", "2", "--order", "3"),
    ("jacobian", F, G, *POINT), ("jacobian", F, G, *POINT, "--vjp", "2,10"), ("jacobian", F, G, *POINT, "--jvp", "x=1"),
    ("jacobian", F, G, *POINT, "--format", "latex"), ("hessian", F, *POINT), ("hessian", F, *POINT, "--hvp", "x=1"),
    ("hessian", F, *POINT, "--format", "latex"), ("hessian", F), ("taylor", F, *POINT, "--order", "3"),
    ("taylor", F, *POINT, "--format", "latex"), ("critical", F), ("critical", F, "--box", "-5:5", "--format", "json"),
]  # fmt: skip


def answer(run, *arguments):
    """The JSON answer of a command that succeeds."""
    ended = run(*arguments, "--format", "json")
    assert ended.status == 0, ended.err
    return json.loads(ended.out)


def test_a_known_expression_loads_neither_sympy_nor_rich(environment, tmp_path):
    """What one process has answered another answers from the library, in the same words; none of the commands needs more."""

    def process():
        ended = subprocess.run([sys.executable, "-c", PROGRAM], input=json.dumps(COMMANDS), capture_output=True, text=True,
                               env=environment, cwd=tmp_path, check=True)  # fmt: skip
        return json.loads(ended.stdout)

    for command, (first, *_), (again, status, loaded) in zip(COMMANDS, process(), process(), strict=True):
        assert (status, loaded) == (0, []), command
        assert again == first != "", command


@pytest.mark.parametrize("command", [c for c in COMMANDS if "latex" not in c], ids=" ".join)
@pytest.mark.parametrize("form", ["json", "csv", "tsv", "jsonl"])
def test_every_machine_format_has_an_answer(command, form, run):
    """JSON is one object, and tables have a header and rows."""
    if "--format" in command:
        command = command[: command.index("--format")]
    ended = run(*command, "--format", form)
    assert ended.status == 0
    if form.startswith("json"):
        assert isinstance(json.loads(ended.out), dict)
    else:
        assert len(ended.out.splitlines()) >= 2


@pytest.mark.parametrize("command", ["jacobian", "hessian", "taylor", "critical"])
def test_without_an_expression_the_session_answers(command, run):
    """Every command goes on with the remembered problem, and leaves it where it is."""
    run("grad", F, *POINT)
    before = run("session").out
    with_expression = answer(run, command, F, *([] if command == "critical" else POINT))
    without = answer(run, command)
    assert {k: v for k, v in without.items() if k != "at"} == {
        k: v for k, v in with_expression.items() if k != "at"
    }
    assert run("session").out == before


@pytest.mark.parametrize("command", ["jacobian", "hessian", "taylor"])
def test_a_problem_may_come_through_a_pipe(command, run):
    """The JSON that one command prints is what the next one reads."""
    problem = run("grad", F, *POINT, "--format", "json").out
    ended = run(command, "-", "--format", "json", text=problem)
    assert json.loads(ended.out) == answer(run, command, F, *POINT)


def test_several_outputs_are_summed_as_tensorflow_sums_them(run):
    """tf.gradients([f, 3x], [x, y]) at (5, 3) is [16, 5], and [56, 10] with grad_ys=[2, 10]."""
    assert answer(run, "grad", F, G, "--sum", *POINT)["gradient"] == {"x": 16.0, "y": 5.0}
    weighted = answer(run, "grad", F, G, *POINT, "--grad-ys", "2,10")
    assert weighted["gradient"] == {"x": 56.0, "y": 10.0}
    assert "summed with the weights 2,10" in weighted["notes"][0]["message"]
    assert answer(run, "jacobian", F, G, *POINT, "--vjp", "2,10")["vjp"] == {"x": 56.0, "y": 10.0}


def test_a_weight_may_be_a_constant_expression(run):
    """Weights are values: pi/2 and max(1,2) as well as decimals, negative ones too."""
    found = answer(run, "grad", "x", "x", "x", "--x", "1", "--grad-ys=max(1,2),1/4,-1")
    assert found["gradient"]["x"] == 1.25


def test_what_no_output_depends_on_is_none(run):
    """tf.gradients answers None for a variable without a path, and 0 only where that is asked for."""
    found = answer(run, "grad", "x**2", "--x", "5", "--z", "1", "--wrt", "x,z")
    assert found["gradient"] == {"x": 10.0, "z": None}
    assert [(n["kind"], n["variable"]) for n in found["notes"]] == [("unconnected", "z")]
    zeros = answer(run, "grad", "x**2", "--x", "5", "--z", "1", "--wrt", "x,z", "--unconnected", "zero")
    assert zeros["gradient"] == {"x": 10.0, "z": 0.0}


@pytest.mark.parametrize("text", ["x - x", "0*x", "x**0", "where(x > 9, x, 1)", "sign(x)", "x/x"])
def test_connection_is_judged_before_anything_is_simplified(text, run):
    """A path that simplifies away is a path: the partial is 0, not none."""
    assert answer(run, "grad", text, "--x", "5")["gradient"] == {"x": 0.0}


def test_a_stopped_gradient_is_a_constant(run):
    """stop_gradient(a) has the value of a and no derivative; --stop does the same to a variable."""
    found = answer(run, "grad", "x*stop_gradient(x)", "--x", "3")
    assert (found["value"], found["gradient"]) == (9.0, {"x": 3.0})
    assert answer(run, "grad", "stop_gradient(x)", "--x", "3")["gradient"] == {"x": None}
    stopped = answer(run, "grad", F, *POINT, "--stop", "y")
    assert stopped["gradient"] == {"x": 13.0, "y": None}
    assert "--stop" in stopped["notes"][0]["message"]


def test_a_stopped_gradient_stops_second_derivatives(run):
    """The Hessian of x*stop_gradient(x)**2 is 0."""
    assert answer(run, "hessian", "x*stop_gradient(x)**2", "--x", "3")["hessian"] == {"x": {"x": 0.0}}


def test_the_saddle_of_the_tutorial_has_its_eigenvalues(run):
    """The tutorial's f is a saddle: eigenvalues 1 ± √2, no minimum."""
    found = answer(run, "hessian", F, *POINT)
    assert found["hessian"] == {"x": {"x": 2.0, "y": 1.0}, "y": {"x": 1.0, "y": 0.0}}
    assert found["eigenvalues"] == pytest.approx([1 - 2**0.5, 1 + 2**0.5], abs=1e-15)
    assert found["definiteness"] == "indefinite"


def test_a_hessian_at_a_corner_names_the_part(run):
    """Status 3, a null entry, and a note with the sub-expression and both slopes."""
    ended = run("hessian", "y**2 + x*abs(x)", "--x", "0", "--y", "1", "--format", "json")
    found = json.loads(ended.out)
    assert ended.status == 3
    assert found["hessian"]["x"]["x"] is None
    assert found["hessian"]["y"]["y"] == 2.0
    (note,) = found["notes"]
    assert note["message"].startswith("abs(x) has a corner at x = 0")
    assert (note["left"], note["right"]) == (-2.0, 2.0)


def test_digits_reach_every_table(run):
    """--digits is right in every digit for matrices, products, polynomials and directions."""
    third = "0.33333333333333333333333333333333333333"
    assert answer(run, "hessian", "x**2/6", "--x", "1", "--digits", "38")["hessian"]["x"]["x"] == third
    assert answer(run, "jacobian", "x/3", "--x", "1", "--digits", "38")["jacobian"][0]["x"] == third
    assert answer(run, "hessian", "x**2/6", "--x", "1", "--digits", "38", "--hvp", "x=1")["hvp"]["x"] == third
    assert (
        answer(run, "grad", "x/3", "--x", "1", "--digits", "38", "--along", "x=1")["along"]["derivative"]
        == third
    )
    assert answer(run, "taylor", "x/3", "--x", "0", "--digits", "38")["terms"][0]["coefficient"] == third
    assert answer(run, "grad", "x**2/6", "--x", "1", "--digits", "38", "--order", "2")["derivative"] == third


def test_uncertainty_is_propagated_with_shares(run):
    """σ² = Σ(∂f/∂v σ_v)², and the shares of the variables sum to 1."""
    found = answer(run, "grad", F, "--x", "5±0.1", "--y", "3+-0.2")["uncertainty"]
    assert found["sigma"] == pytest.approx((1.3**2 + 1) ** 0.5)
    assert found["shares"] == {"x": pytest.approx(1.69 / 2.69), "y": pytest.approx(1 / 2.69)}
    assert answer(run, "grad", F, "--at", "x=5+/-0.1,y=3")["uncertainty"]["of"] == {"x": 0.1}


def test_a_direction_that_needs_no_corner_is_answered(run):
    """The derivative along a direction needs only the partials of its own variables."""
    ended = run("grad", "abs(x) + y**2", "--x", "0", "--y", "2", "--along", "y=1", "--format", "json")
    assert json.loads(ended.out)["along"]["derivative"] == 4.0
    ended = run("grad", "abs(x) + y**2", "--x", "0", "--y", "2", "--along", "x=1", "--format", "json")
    assert (ended.status, json.loads(ended.out)["along"]["derivative"]) == (3, None)


def test_mixed_partials_do_not_depend_on_the_order(run):
    """--wrt x,y,x and --wrt x,x,y end in the same number."""
    text = "sin(x*y)*exp(x)"
    one = answer(run, "grad", text, "--x", "0.5", "--y", "2", "--wrt", "x,x,y")["derivative"]
    other = answer(run, "grad", text, "--x", "0.5", "--y", "2", "--wrt", "x,y,x")["derivative"]
    assert one == pytest.approx(other, rel=1e-13)


def test_a_gradient_along_two_variables_is_still_a_gradient(run):
    """--wrt x,y without --order names variables, each once: nothing mixed."""
    assert answer(run, "grad", F, *POINT, "--wrt", "x,y")["gradient"] == {"x": 13.0, "y": 5.0}


def test_large_orders_are_a_limit_and_not_a_hang(run):
    """Too many derivatives are refused with status 4."""
    assert run("taylor", "exp(a*b*c*d)", "--order", "40").status == 4
    assert run("grad", "sin(x)", "--x", "1", "--order", "1000").status == 4


def test_nothing_found_is_an_answer_of_no(run):
    """critical ends with status 1 where there is no critical point."""
    assert run("critical", "x + y").status == 1


def test_a_formula_has_no_constant_that_cannot_be_read_back(run):
    """sympy's names for constants, such as EulerGamma, are not words of the language."""
    found = answer(run, "grad", "x*digamma(1)", "--x", "1")
    assert "Euler" not in found["formulas"]["x"]
    assert answer(run, "taylor", "gamma(x)", "--x", "1", "--order", "1")["terms"][1]["exact"] is None


def test_derivatives_of_sinc_at_zero_go_on(run):
    """Where digits cancel more are taken: sinc's sixth derivative at 0 is -1/7."""
    found = answer(run, "grad", "sinc(x)", "--x", "0", "--order", "6")
    assert found["derivative"] == pytest.approx(-1 / 7, rel=1e-15)


@pytest.mark.parametrize("more", [("--along", "x=1"), ("--stop", "x")])
def test_what_goes_with_a_gradient_only_is_refused_for_higher_orders(more, run):
    """Nothing that was asked for is silently left out."""
    assert run("grad", "x**3", "--x", "2", "--order", "2", *more).status == 2
    assert run("grad", "x**3", "--x", "2±0.1", "--order", "2").status == 2


@pytest.mark.parametrize("command", ["step", "hessian", "jacobian", "taylor"])
def test_an_uncertainty_is_not_taken_for_a_sum(command, run):
    """5+-1 is 4 nowhere: where nothing is propagated it is refused."""
    ended = run(command, "x**2", "--x", "5+-1")
    assert ended.status == 2
    assert "uncertainty" in ended.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["taylor", "x**2.5", "--x", "0", "--order", "3"], " (of the derivative along x, x)"),
        (["taylor", "abs(x)*x", "--order", "2"], " (of the partial along x)"),
        (["taylor", "abs(x)", "--order", "2"], "slope -1 on the left, 1 on the right"),
        (["grad", "x*x*abs(x)", "--x", "0", "--order", "3"], " (of the derivative along x, x)"),
        (["grad", "x*y*abs(y)", "--x", "1", "--y", "0", "--wrt", "x,y,y"], " (of the derivative along x, y)"),
    ],
)
def test_a_note_says_which_derivative_has_the_corner(run, arguments, words):
    ended = run(*arguments)
    assert ended.status == 3
    assert any(line.endswith(words) for line in ended.err.splitlines())
