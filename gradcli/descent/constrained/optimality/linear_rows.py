"""Rows of rationals or balls: which are certainly independent, what they leave free, and coordinates along it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import fmpq

from gradcli.calculus.balls.ball_numbers import ball
from gradcli.descent.certificates.quadratic_forms import sign_of
from gradcli.language.records import NamedTuple


class ReducedRows(NamedTuple):
    """Rows brought to reduced form: kept are the independent ones, in order; pivots their columns, rows the reduced ones."""

    kept: tuple[int, ...]
    pivots: tuple[int, ...]
    rows: list[list[Any]]
    columns: int

    def null(self) -> list[list[Any]]:
        """A basis of what the rows leave free, a vector for each column without a pivot."""
        found = []
        for j in range(self.columns):
            if j in self.pivots:
                continue
            vector = [fmpq(int(i == j)) for i in range(self.columns)]
            for pivot, row in zip(self.pivots, self.rows, strict=True):
                vector[pivot] = -row[j]
            found.append(vector)
        return found


def reduced_rows(rows: Sequence[Sequence[Any]], columns: int) -> ReducedRows:
    """Gauss and Jordan's elimination, row after row; one whose rest may be 0 everywhere is left out."""
    kept: list[int] = []
    pivots: list[int] = []
    done: list[list[Any]] = []
    for place, row in enumerate(rows):
        rest = list(row)
        for pivot, other in zip(pivots, done, strict=True):
            if rest[pivot] != 0:
                share = rest[pivot]
                rest = [
                    fmpq(0) if j == pivot else a - share * b
                    for j, (a, b) in enumerate(zip(rest, other, strict=True))
                ]
        certain = [(abs(float(ball(a).mid())), j) for j, a in enumerate(rest) if sign_of(a)]
        if not certain:
            continue
        pivot = max(certain)[1]
        lead = rest[pivot]
        rest = [fmpq(int(j == pivot)) if j == pivot else a / lead for j, a in enumerate(rest)]
        for k, other in enumerate(done):
            share = other[pivot]
            if share != 0:
                done[k] = [
                    fmpq(0) if j == pivot else a - share * b
                    for j, (a, b) in enumerate(zip(other, rest, strict=True))
                ]
        kept.append(place)
        pivots.append(pivot)
        done.append(rest)
    return ReducedRows(tuple(kept), tuple(pivots), done, columns)


def transformed(matrix: Sequence[Sequence[Any]], basis: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """The form of a symmetric matrix along the vectors of *basis*."""
    images = [[total(a, v) for a in matrix] for v in basis]
    return [[total(v, image) for image in images] for v in basis]


def total(a: Sequence[Any], b: Sequence[Any]) -> Any:
    """The scalar product."""
    found = fmpq(0)
    for x, y in zip(a, b, strict=True):
        if x != 0 and y != 0:
            found = found + x * y
    return found


def combined(shares: Sequence[Any], vectors: Sequence[Sequence[Any]], size: int) -> list[Any]:
    """The sum of vectors, each so many times."""
    found = [fmpq(0)] * size
    for share, vector in zip(shares, vectors, strict=True):
        if share != 0:
            found = [a + share * b for a, b in zip(found, vector, strict=True)]
    return found
