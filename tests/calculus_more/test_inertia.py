"""Signs of eigenvalues: as many as a congruence was made with, at every scale, and those of functions whose kind is known."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from flint import arb, fmpq, fmpz

from gradcli.calculus.balls.ball_numbers import working_bits
from gradcli.calculus.linear_algebra.hessian_inertia import inertia_at
from gradcli.calculus.linear_algebra.inertia import Inertia, inertia_of
from gradcli.calculus.tables.hessian_table import hessian_of


def congruent(signs, source, spread=0):
    """L D Lᵀ with unit lower triangular L: by Sylvester's law it has the signs of D."""
    n = len(signs)
    lower = [
        [Fraction(source.randint(-3, 3)) if j < i else Fraction(int(i == j)) for j in range(n)]
        for i in range(n)
    ]
    sizes = [s * Fraction(2) ** source.randint(-spread, spread) for s in signs]
    return [[sum(lower[i][k] * sizes[k] * lower[j][k] for k in range(n)) for j in range(n)] for i in range(n)]


def counted(signs):
    return Inertia(signs.count(-1), signs.count(0), signs.count(1))


@pytest.mark.parametrize("spread", [0, 60, 600])
def test_rational_matrices_have_the_inertia_that_they_were_made_with(spread):
    """Exactly, singular ones included, whatever their eigenvalues' sizes."""
    source = random.Random(spread)
    for _ in range(60):
        signs = [source.choice((-1, 0, 1)) for _ in range(source.randint(1, 7))]
        rows = [[fmpq(x.numerator, x.denominator) for x in row] for row in congruent(signs, source, spread)]
        assert inertia_of(rows) == counted(signs)


def test_balls_never_claim_another_sign():
    """With few bits some signs stay open, with enough none does; none is ever wrong."""
    source = random.Random(5)
    for _ in range(60):
        signs = [source.choice((-1, 1)) for _ in range(source.randint(1, 7))]
        matrix = congruent(signs, source, 40)
        for bits in (20, 53, 600):
            with working_bits(bits):
                third = arb(1) / 3
                rows = [[arb(fmpq(x.numerator, x.denominator)) * third for x in row] for row in matrix]
                found = inertia_of(rows)
            assert found.negative <= signs.count(-1)
            assert found.positive <= signs.count(1)
            assert bits < 600 or found == counted(signs)


@pytest.mark.parametrize(
    ("text", "at", "word"),
    [
        ("1000001*x**2/2+1000000*x*y+999999*y**2/2", (1, 2), "indefinite"), ("x**2-1e-18*y**2", (0, 0), "indefinite"),
        ("x**2+1e-30*y**2", (0, 0), "positive definite"), ("x**2*1e200+y**2*1e-200", (1, 1), "positive definite"),
        ("exp(-x**2)", (30,), "positive definite"), ("-exp(-x**2)*1e-300", (30,), "negative definite"),
        ("exp(x+y)", (1, 2), "positive semidefinite"), ("log(exp(x)+exp(y))", (1, 2), "positive semidefinite"),
        ("sqrt(x**2+y**2)", (1, 2), "positive semidefinite"), ("-hypot(x,y)", (1, 2), "negative semidefinite"),
        ("(sqrt(2)*x-y)**2", (1, 1), "positive semidefinite"), ("x+y", (1, 1), "zero"), ("sin(x+y)-sin(x+y)", (1, 1), "zero"),
        ("x**2+(y-x)**2*exp(-40)", (1, 1), "positive definite"), ("x*y*z", (0, 0, 0), "zero"),
        ("x*y+z**2", (0, 0, 0), "indefinite"),
        ("x**2*abs(x)+y**2", (0, 1), "positive semidefinite"),
    ],
)  # fmt: skip
def test_the_kind_of_a_form_is_known(text, at, word):
    """Truths by hand: determinants, convexity, directions along which f is linear."""
    names = "xyz"[: len(at)]
    assert (
        inertia_at(
            hessian_of([text], names, formulas=False), dict(zip(names, map(float, at), strict=True))
        ).word
        == word
    )


@pytest.mark.parametrize("n", [4, 8, 10])
def test_hilbert_matrices_are_positive_definite(n):
    """Though their smallest eigenvalue is below what floats leave of the largest."""
    rows = [[fmpq(1, i + j + 1) for j in range(n)] for i in range(n)]
    assert inertia_of(rows) == Inertia(0, 0, n)
    rows[0][0] -= fmpq(fmpz(1), fmpz(n * n))  # the inverse has n² there: exactly that makes it singular
    assert inertia_of(rows) == Inertia(0, 1, n - 1)


def test_a_corner_has_no_inertia():
    """Where an entry has no number nothing is said."""
    assert inertia_at(hessian_of(["x*abs(x)"], ["x"], formulas=False), {"x": 0.0}) is None
