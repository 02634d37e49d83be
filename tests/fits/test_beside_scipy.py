"""Random well-posed fits beside SciPy's curve_fit and least_squares, which end at the same minimum from a near start."""

from __future__ import annotations

import json
import random

import pytest

numpy = pytest.importorskip("numpy")
optimize = pytest.importorskip("scipy.optimize")

#: Models with their parameters in alphabetical order, and where these are.
MODELS = (
    ("a*exp(-k*x) + c", lambda x, a, c, k: a * numpy.exp(-k * x) + c, {"a": (2, 6), "c": (0.5, 2), "k": (0.2, 1)}),
    ("a/(1 + exp(-(x-m)/s))", lambda x, a, m, s: a / (1 + numpy.exp((m - x) / s)), {"a": (2, 6), "m": (2, 5), "s": (0.4, 1)}),
    ("a*x**b", lambda x, a, b: a * x**b, {"a": (1, 3), "b": (0.5, 1.8)}),
)  # fmt: skip


def made(seed, folder):
    """A model's texts and function, its rows in two files, parameters that are near, and the numbers of the rows."""
    chance, noise = random.Random(seed), numpy.random.default_rng(seed)
    text, f, ranges = chance.choice(MODELS)
    truth = [chance.uniform(*one) for one in ranges.values()]
    x = noise.uniform(0.2, 8, chance.randint(15, 50))
    sigma = noise.uniform(0.02, 0.1, len(x))
    y = f(x, *truth) + sigma * noise.normal(size=len(x))
    rows = [f"{a!r},{b!r},{c!r}\n" for a, b, c in zip(x.tolist(), y.tolist(), sigma.tolist(), strict=True)]
    cut = chance.randint(1, len(x) - 1)
    files = []
    for name, some in (("p.csv", rows[:cut]), ("q.csv", rows[cut:])):
        (folder / name).write_text("x,y,u\n" + "".join(some))
        files += ["--data", folder / name]
    start = [one * chance.uniform(0.8, 1.25) for one in truth]
    return text, f, dict(zip(ranges, start, strict=True)), files, (x, y, sigma)


def fitted(run, text, start, files, *options):
    """The record of a fit."""
    at = ",".join(f"{name}={x!r}" for name, x in start.items())
    ended = run("fit", text, "--to", "y", *files, "--at", at, *options, "--format", "json", "--no-save")
    assert ended.status == 0, ended.err
    return json.loads(ended.out)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("way", ["plain", "sigma", "absolute"])
def test_least_squares(way, seed, run, tmp_path):
    """Parameters, errors and the sum of squares, with weights and without."""
    text, f, start, files, (x, y, sigma) = made(seed, tmp_path)
    options = {"plain": [], "sigma": ["--sigma-y", "u"], "absolute": ["--sigma-y", "u", "--absolute-sigma"]}[
        way
    ]
    found = fitted(run, text, start, files, *options)
    spread = None if way == "plain" else sigma
    best, covariance = optimize.curve_fit(
        f, x, y, list(start.values()), sigma=spread, absolute_sigma=way == "absolute", xtol=1e-14, ftol=1e-14, gtol=1e-14
    )  # fmt: skip
    assert [found["at"][name] for name in start] == pytest.approx(best.tolist(), rel=1e-5)
    errors = numpy.sqrt(numpy.diag(covariance))
    assert [found["errors"][name] for name in start] == pytest.approx(errors.tolist(), rel=1e-4)
    left = (y - f(x, *best)) / (1 if spread is None else spread)
    assert found["rss"] == pytest.approx(float(left @ left), rel=1e-8)


@pytest.mark.parametrize("seed", range(6, 10))
@pytest.mark.parametrize(
    ("loss", "theirs"), [("huber", "huber"), ("soft-l1", "soft_l1"), ("cauchy", "cauchy")]
)
def test_other_losses(loss, theirs, seed, run, tmp_path):
    """At one scale: the cost is theirs, or lower."""
    text, f, start, files, (x, y, _) = made(seed, tmp_path)
    found = fitted(run, text, start, files, "--loss", f"{loss}:0.05")
    ended = optimize.least_squares(
        lambda p: f(x, *p) - y,
        list(start.values()),
        loss=theirs,
        f_scale=0.05,
        xtol=1e-14,
        ftol=1e-14,
        gtol=1e-14,
    )
    assert found["loss"]["value"] <= 2 * ended.cost * (1 + 1e-9)
    assert [found["at"][name] for name in start] == pytest.approx(ended.x.tolist(), rel=1e-5)
