"""Tiny ball → the short exact number that lies in it: a rational, a multiple of pi, a square root, a logarithm, a power of e.

A guess: whoever uses it shows that it is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flint import arb, fmpq, fmpz

from gradcli.calculus.balls.ball_numbers import working_bits

#: Largest denominators that are tried: of rationals, of multiples of pi, of what is under a root, of logarithms.
_RATIONAL, _PI, _ROOT, _LOG = 10_000, 60, 100, 30


def guesses(x: Any, most: int = _RATIONAL) -> Iterator[str]:
    """Texts of exact numbers in a ball, the plainest first. most: the largest denominator of a rational."""
    with working_bits(320):
        plain = simplest(x, most)
        if plain is not None:
            yield _text(plain)
        if x.contains(0):
            return
        share = simplest(x / arb.pi(), min(_PI, most))
        if share is not None:
            yield _times(share, "pi")
        square = simplest(x * x, min(_ROOT, most))
        if square is not None:
            yield f"{'-' if x < 0 else ''}sqrt({_text(square)})"
        if abs(x) < 50:
            power = simplest(x.exp(), min(_LOG, most))
            if power is not None and power > 0:
                yield f"log({_text(power)})"
        exponent = simplest(abs(x).log(), min(_LOG, most))
        if exponent is not None:
            yield f"{'-' if x < 0 else ''}exp({_text(exponent)})"


def simplest(x: Any, most: int) -> Any:
    """The rational of the smallest denominator, at most *most*, in a ball; None for none. By continued fractions."""
    mantissa, exponent = x.mid().man_exp()
    value = fmpq(mantissa) * fmpq(2) ** int(exponent)
    p, q, r, s = fmpz(0), fmpz(1), fmpz(1), fmpz(0)
    for _ in range(40):
        whole = value.floor()
        p, q, r, s = r, s, r * whole + p, s * whole + q
        if s > most:
            return None
        candidate = fmpq(r, s)
        if x.contains(arb(candidate)):
            return candidate
        if value == whole:
            return None
        value = 1 / (value - whole)
    return None


def _text(x: Any) -> str:
    return str(x.p) if x.q == 1 else f"{x.p}/{x.q}"


def _times(share: Any, name: str) -> str:
    """`-pi`, `3*pi/2`."""
    sign = "-" if share < 0 else ""
    size = abs(share.p)
    above = name if size == 1 else f"{size}*{name}"
    return f"{sign}{above}" if share.q == 1 else f"{sign}{above}/{share.q}"
