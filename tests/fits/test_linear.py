"""Linear models: ill-conditioned polynomials, against normal equations in rational arithmetic."""

from __future__ import annotations

import gzip
import json
import math
import random
from fractions import Fraction

import pytest

from tests.fits.reference_sets import least_digits


def solved(rows, right):
    """The exact solution of a square system of fractions."""
    size = len(rows)
    a = [[*row, x] for row, x in zip(rows, right, strict=True)]
    for k in range(size):
        pivot = next(i for i in range(k, size) if a[i][k])
        a[k], a[pivot] = a[pivot], a[k]
        a[k] = [x / a[k][k] for x in a[k]]
        for i in range(size):
            if i != k and a[i][k]:
                a[i] = [x - a[i][k] * y for x, y in zip(a[i], a[k], strict=True)]
    return [row[-1] for row in a]


def exact(design, y, weights=None):
    """Coefficients, standard errors and sum of squares of a linear fit: exact, but for the last roots."""
    weights = weights or [Fraction(1)] * len(y)
    width = range(len(design[0]))
    weighted = list(zip(weights, design, y, strict=True))
    normal = [[sum(w * row[i] * row[j] for w, row, _ in weighted) for j in width] for i in width]
    found = solved(normal, [sum(w * row[i] * one for w, row, one in weighted) for i in width])
    rss = sum(
        w * (one - sum(x * c for x, c in zip(row, found, strict=True))) ** 2 for w, row, one in weighted
    )
    inverse = [solved(normal, [Fraction(i == j) for i in width])[j] for j in width]
    dof = len(y) - len(design[0])
    return found, [root(rss / dof * x) for x in inverse], rss


def root(x):
    """The float nearest to a square root, or next to it."""
    scale = 10**60
    return float(Fraction(math.isqrt(int(x * scale**2)), scale))


def polynomial(degree, xs, seed):
    """A polynomial's text, its rows as text, and its exact fit."""
    random.seed(seed)
    names = [f"b{k}" for k in range(degree + 1)]
    text = " + ".join(f"{name}*x**{k}" for k, name in enumerate(names))
    rows = [(f"{x:.4f}", f"{random.gauss(1, 0.5):.5f}") for x in xs]
    points = [(Fraction(x), Fraction(y)) for x, y in rows]
    return (
        text,
        names,
        rows,
        exact([[x**k for k in range(degree + 1)] for x, _ in points], [y for _, y in points]),
    )


def written(path, header, rows):
    """A file of these rows."""
    path.write_text("\n".join([header, *(",".join(row) for row in rows)]) + "\n")
    return path


@pytest.mark.parametrize("degree", [3, 10])
@pytest.mark.parametrize("start", [[], ["--b0", "1", "--b1", "1", "--b2", "1", "--b3", "1"]])
def test_ill_conditioned_polynomials(degree, start, run, tmp_path):
    """Degree 10 on [-9, -3]: the condition of its normal equations is beyond floats. 9 digits all the same."""
    text, names, rows, (found, errors, rss) = polynomial(degree, [-9 + 6 * k / 81 for k in range(82)], 7)
    file = written(tmp_path / "p.csv", "x,y", rows)
    ended = run("fit", text, "--to", "y", "--data", file, *start, "--format", "json")
    got = json.loads(ended.out)
    assert (ended.status, got["status"]) == (0, "minimum")
    assert least_digits(got["at"], dict(zip(names, map(float, found), strict=True))) > 14
    assert least_digits(got["errors"], dict(zip(names, errors, strict=True))) > 13
    assert got["rss"] == pytest.approx(float(rss), rel=1e-14)
    assert degree < 10 or got["condition"] > 1e8


@pytest.mark.parametrize("offset", ["10000000", "1000000000000"])
def test_a_line_far_from_the_origin(offset, run, tmp_path):
    """Years since the epoch in seconds, and beyond: cells are the decimals that were typed."""
    random.seed(3)
    rows = [(f"{int(offset) + k}.{k}", f"{random.gauss(k, 1):.12f}345") for k in range(9)]
    file = written(tmp_path / "far.csv", "x,y", rows)
    design = [[Fraction(x), Fraction(1)] for x, _ in rows]
    found, errors, rss = exact(design, [Fraction(y) for _, y in rows])
    got = json.loads(run("fit", "a*x+b", "--to", "y", "--data", file, "--format", "json").out)
    assert [got["at"]["a"], got["at"]["b"]] == [float(x) for x in found]
    assert least_digits(got["errors"], {"a": errors[0], "b": errors[1]}) > 14
    assert got["rss"] == float(rss)


@pytest.mark.parametrize(
    ("option", "weight"), [("--sigma-y", lambda s: 1 / s**2), ("--weights", lambda s: s)]
)
def test_weights_are_those_of_the_rows(option, weight, run, tmp_path):
    """Standard deviations weigh 1/σ², weights themselves; errors are scaled unless --absolute-sigma."""
    rows = [
        ("1", "2.1", "0.1"),
        ("2", "3.9", "0.2"),
        ("3", "6.3", "0.1"),
        ("4", "7.7", "0.4"),
        ("5", "10.2", "0.3"),
    ]
    file = written(tmp_path / "w.csv", "x,y,s", rows)
    design = [[Fraction(x), Fraction(1)] for x, _, _ in rows]
    weights = [weight(Fraction(s)) for _, _, s in rows]
    found, errors, rss = exact(design, [Fraction(y) for _, y, _ in rows], weights)
    typed = ["fit", "a*x+b", "--to", "y", "--data", file, option, "s", "--format", "json"]
    got, plain = json.loads(run(*typed).out), json.loads(run(*typed, "--absolute-sigma").out)
    assert [got["at"]["a"], got["at"]["b"]] == [float(x) for x in found]
    assert least_digits(got["errors"], {"a": errors[0], "b": errors[1]}) > 14
    assert got["chi2"] == got["rss"] == pytest.approx(float(rss), rel=1e-15)
    scale = math.sqrt(float(rss) / 3)
    assert [plain["errors"][name] * scale for name in "ab"] == pytest.approx(
        [got["errors"][name] for name in "ab"]
    )
    assert (got["errors_scaled"], plain["errors_scaled"]) == (True, False)
    assert "not scaled" in run(*typed[:-2], "--absolute-sigma").out
    assert "scaled by reduced χ²" in run(*typed[:-2]).out


def test_zero_weights_leave_rows_out(run, tmp_path):
    """As if they were not there, but for how many there are."""
    file = written(
        tmp_path / "z.csv", "x,y,w", [("1", "2", "1"), ("2", "4.1", "1"), ("3", "5.9", "1"), ("4", "99", "0")]
    )
    short = written(tmp_path / "s.csv", "x,y", [("1", "2"), ("2", "4.1"), ("3", "5.9")])
    got = json.loads(
        run("fit", "a*x+b", "--to", "y", "--data", file, "--weights", "w", "--format", "json").out
    )
    plain = json.loads(run("fit", "a*x+b", "--to", "y", "--data", short, "--format", "json").out)
    for key in ("at", "rss", "dof", "errors", "aic", "r_squared"):
        assert got[key] == plain[key]
    assert (got["rows"], plain["rows"]) == (4, 3)


LONG = [
    ("0.1234567890123456789", "1.00000000000000000001"), ("0.3333333333333333333333", "2.5"),
    ("7", "12.000000000000000000007"), ("8.25", "13.9999999999999999999"),
]  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "two files", "tsv", "semicolons", "jsonl", "gz"])
def test_cells_are_the_decimals_that_were_typed(form, run, tmp_path):
    """More digits than floats have, in every kind of text: the answer is that of the decimals, to the last place."""
    typed = ["--data", tmp_path / "a.csv"]
    if form == "two files":
        written(tmp_path / "a.csv", "x,y", LONG[:2])
        written(tmp_path / "b.csv", "y,x", [(y, x) for x, y in LONG[2:]])
        typed += ["--data", tmp_path / "b.csv"]
    elif form == "tsv":
        (tmp_path / "a.tsv").write_text("".join(f"{x}\t{y}\n" for x, y in [("x", "y"), *LONG]))
        typed = ["--data", tmp_path / "a.tsv"]
    elif form == "semicolons":
        lines = [f"{x};{y}".replace(".", ",") for x, y in [("x", "y"), *LONG]]
        (tmp_path / "a.csv").write_text("\n".join(lines) + "\n")
        typed += ["--delimiter", ";", "--decimal", ","]
    elif form == "jsonl":
        (tmp_path / "a.jsonl").write_text("".join(f'{{"x": {x}, "y": {y}}}\n' for x, y in LONG))
        typed = ["--data", tmp_path / "a.jsonl"]
    else:
        written(tmp_path / "a.csv", "x,y", LONG)
    if form == "gz":
        (tmp_path / "a.csv.gz").write_bytes(gzip.compress((tmp_path / "a.csv").read_bytes()))
        typed = ["--data", tmp_path / "a.csv.gz"]
    design = [[Fraction(x), Fraction(1)] for x, _ in LONG]
    found, errors, rss = exact(design, [Fraction(y) for _, y in LONG])
    got = json.loads(run("fit", "a*x+b", "--to", "y", *typed, "--format", "json").out)
    assert [got["at"]["a"], got["at"]["b"], got["rss"]] == [float(found[0]), float(found[1]), float(rss)]
    assert [got["errors"]["a"], got["errors"]["b"]] == pytest.approx(errors, rel=1e-15)
