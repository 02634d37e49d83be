"""Eigenvalues and condition numbers: every digit that is shown is right, in floats, whole numbers and balls."""

from __future__ import annotations

import json
import random

import mpmath
import pytest

from gradcli.calculus.linear_algebra import block_spectrum
from gradcli.calculus.linear_algebra.spectrum import spectrum_at
from gradcli.calculus.tables.hessian_table import hessian_of


def quadratic(matrix, names):
    """A quadratic form whose Hessian is *matrix*."""
    size = range(len(names))
    return " + ".join(f"({matrix[i][j]})*{names[i]}*{names[j]}/2" for i in size for j in size)


def eigenvalues(matrix, digits):
    """By mpmath, in many more digits than are asked for."""
    with mpmath.workdps(3 * digits + 60):
        found = mpmath.eigsy(
            mpmath.matrix([[mpmath.mpf(x) for x in row] for row in matrix]), eigvals_only=True
        )
        return sorted(found)


def of(matrix, names="uvwxyz", digits=15):
    used = names[: len(matrix)]
    point = dict.fromkeys(used, "0.3" if digits > 15 else 0.3)
    return spectrum_at(hessian_of([quadratic(matrix, used)], used, formulas=False), point, digits)


def symmetric(source, n, entry):
    rows = [[entry(source) for _ in range(n)] for _ in range(n)]
    return [[rows[min(i, j)][max(i, j)] for j in range(n)] for i in range(n)]


ENTRIES = {
    "integers": lambda s: s.randint(-9, 9),
    "sizes": lambda s: f"{s.choice('+-')}{s.randint(1, 999)}e{s.randint(-9, 9)}",
    "sparse": lambda s: s.choice((0, 0, 0, 1, -2, 3)),
}


@pytest.mark.parametrize("kind", ENTRIES)
@pytest.mark.parametrize("digits", [15, 30])
def test_eigenvalues_are_those_of_mpmath(kind, digits):
    """To one unit of the last of 14 or 30 digits; zeros exactly."""
    source = random.Random(f"{kind}{digits}")
    for _ in range(25):
        matrix = symmetric(source, source.randint(1, 5), ENTRIES[kind])
        truth = eigenvalues(matrix, digits + 20)
        found = of(matrix, digits=digits)
        with mpmath.workdps(3 * digits):
            scale = max(map(abs, truth))
            for x, y in zip(found.eigenvalues, truth, strict=True):
                if abs(y) <= scale * mpmath.mpf(10) ** (-2 * digits - 20):
                    assert float(x) == 0
                else:
                    assert abs(mpmath.mpf(x) / y - 1) < 0.51 * mpmath.mpf(10) ** (1 - digits)
            assert found.notes == ()


@pytest.mark.parametrize(("n", "digits"), [(8, 15), (8, 30), (10, 40), (3, 100)])
def test_hilbert_matrices_keep_their_digits(n, digits):
    """Their condition is beyond what floats can tell from infinity."""
    text = " + ".join(
        f"{'xyzuvwrstq'[i]}*{'xyzuvwrstq'[j]}/{2 * (i + j + 1)}" for i in range(n) for j in range(n)
    )
    names = "xyzuvwrstq"[:n]
    found = spectrum_at(hessian_of([text], names, formulas=False), dict.fromkeys(names, "1"), digits)
    with mpmath.workdps(3 * digits + 60):
        truth = sorted(mpmath.eigsy(mpmath.hilbert(n), eigvals_only=True))
        assert found.definiteness == "positive definite"
        for x, y in zip(found.eigenvalues, truth, strict=True):
            assert abs(mpmath.mpf(x) / y - 1) < 0.51 * mpmath.mpf(10) ** (1 - digits)
        assert abs(mpmath.mpf(found.condition) / (truth[-1] / truth[0]) - 1) < mpmath.mpf(10) ** (1 - digits)


def test_whole_numbers_and_balls_agree():
    """What parts of two rows are decided as without balls is what balls say."""
    source, tried = random.Random(3), 0
    for _ in range(300):
        matrix = symmetric(source, 2, lambda s: s.choice((s.uniform(-2, 2), s.randint(-3, 3), 0, 1e-9, 1e9)))
        names = "xy"
        table = hessian_of(
            [quadratic([[repr(x) for x in row] for row in matrix], names)], names, formulas=False
        )
        found = block_spectrum.spectrum(table, {"x": 1.0, "y": 1.0})
        if found is None:
            continue
        tried += 1
        precise = spectrum_at(table, {"x": "1", "y": "1"}, 20)
        assert found[1] == precise.definiteness
        assert found[0] == pytest.approx([float(x) for x in precise.eigenvalues], rel=1e-14, abs=0)
        assert found[2] == pytest.approx(float(precise.condition), rel=2e-14)
    assert tried > 100


@pytest.fixture
def asked(run):
    """The record of `hessian` and its status."""

    def ask(*words):
        end = run("hessian", *words, "--format", "json")
        return json.loads(end.out), end.status

    return ask


def test_mixed_partials_that_differ_are_both_told(asked):
    """Peano's example at the origin: -1 one way and 1 the other, and no eigenvalues of a table that is not symmetric."""
    text = "where(x==0 and y==0, 0, x*y*(x**2-y**2)/(x**2+y**2))"
    answer, status = asked(text, "--x", "0", "--y", "0")
    assert answer["hessian"] == {"x": {"x": 0.0, "y": -1.0}, "y": {"x": 1.0, "y": 0.0}}
    assert answer["eigenvalues"] is answer["definiteness"] is None
    assert ([note["kind"] for note in answer["notes"]], status) == (["unequal"], 0)


def test_numbers_beyond_floats_are_texts(asked):
    """An eigenvalue of 4.9e-388 is not 0, and a condition of 1e400 not infinite."""
    answer, _ = asked("exp(-x**2)", "--x", "30")
    assert answer["eigenvalues"][0].startswith("4.9093890100917") and answer["eigenvalues"][0].endswith(
        "e-388"
    )
    answer, _ = asked("x**2*1e200+y**2*1e-200", "--x", "1", "--y", "1")
    assert (answer["eigenvalues"], float(answer["condition"][:3]), answer["condition"][-5:]) == (
        [2e-200, 2e200],
        1.0,
        "e+400",
    )


def test_a_sign_that_stays_open_is_said_to_be(asked, monkeypatch):
    """Where no precision within the limit tells and nothing is shown, bounds are given instead of a word."""
    monkeypatch.setattr("gradcli.calculus.balls.programs.symbolic_equality.equal", lambda *_: False)
    answer, _ = asked("log(exp(x)+exp(y))", "--x", "1", "--y", "2")
    assert answer["definiteness"] == "not decided"
    assert answer["condition"] is None
    messages = " ".join(note["message"] for note in answer["notes"])
    assert "an eigenvalue is 0, or less than 1e-" in messages
    assert "the smallest eigenvalue is between -" in messages
