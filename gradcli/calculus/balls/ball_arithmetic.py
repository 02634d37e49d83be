"""Arithmetic, powers, roots, exponentials and logarithms of exact rationals and balls."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

from flint import arb, fmpq, fmpz

from gradcli.calculus.balls.ball_numbers import (
    MOST_BITS,
    ONE,
    ZERO,
    Number,
    Undecided,
    ball,
    exact,
    finite,
    hull,
    kept,
    positive,
    sign,
    whole,
)
from gradcli.calculus.program.instructions import SUM

#: Exponentials and powers whose result has a binary exponent beyond this are refused as too large.
LARGEST_EXPONENT = 2**62

#: Whole powers up to this are carried out as products: Arb's own power of a ball that holds 0 is no number.
_PRODUCTS = 2**20


def negated(x: Number) -> Number:
    """-x."""
    return -x


def added(x: Number, y: Number) -> Number:
    """x + y."""
    return kept(x + y) if exact(x) and exact(y) else ball(x) + ball(y)


def subtracted(x: Number, y: Number) -> Number:
    """x - y."""
    return kept(x - y) if exact(x) and exact(y) else ball(x) - ball(y)


def multiplied(x: Number, y: Number) -> Number:
    """x*y: exactly 0 where either is."""
    if exact(x) and exact(y):
        return kept(x * y)
    if (exact(x) and x == 0) or (exact(y) and y == 0):
        return ZERO
    return ball(x) * ball(y)


def divided(x: Number, y: Number) -> Number:
    """x/y. Raises ZeroDivisionError for a divisor of 0."""
    if sign(y, 1) == 0:
        raise ZeroDivisionError
    if exact(x):
        if x == 0:
            return ZERO
        if exact(y):
            return kept(x / y)
    return ball(x) / ball(y)


def squared(x: Number) -> Number:
    """x*x."""
    return kept(x * x) if exact(x) else x * x


def power(x: Number, y: Number) -> Number:
    """x**y of real numbers. Raises ValueError, ZeroDivisionError, OverflowError."""
    n = whole(y, 1)
    if n is not None:
        return _whole_power(x, n)
    base = sign(x)
    if base == 0:
        if sign(y, 1) < 0:
            raise ZeroDivisionError
        return ZERO
    if base < 0:
        raise ValueError
    if exact(x) and exact(y) and y.q <= 64:
        found = exact_root(x, int(y.q))
        if found is not None:
            return _whole_power(found, int(y.p))
    return exponential(ball(y) * ball(x).log())


def _whole_power(x: Number, n: int) -> Number:
    if n == 0:
        return ONE
    if n < 0:
        base = sign(x)
        if base == 0:
            raise ZeroDivisionError
        if n < -_PRODUCTS and not (exact(x) and x in (1, -1)):
            size = exponential(n * abs(ball(x)).log())
            return -size if base < 0 and n % 2 else size
        return divided(ONE, _whole_power(x, -n))
    if exact(x):
        if x == 0 or x.height_bits() * n <= MOST_BITS:
            return x**n if x != 0 else ZERO
        x = arb(x)
    if n <= _PRODUCTS:
        return _product(x, n)
    base = sign(x)
    size = exponential(n * abs(x).log())
    return -size if base < 0 and n % 2 else size


def _product(x: Any, n: int) -> Any:
    """The n-th power of a ball by squaring; never below 0 for even powers."""
    result, square = None, x
    while n:
        if n % 2:
            result = square if result is None else result * square
        n //= 2
        if n:
            square = square * square
    return result


def power_log(x: Number, y: Number) -> Number:
    """∂(x**y)/∂y = x**y*log(x), and 0 at x = 0 for positive y."""
    if sign(x) == 0:
        if sign(y, 1) > 0:
            return ZERO
        raise ValueError
    return multiplied(power(x, y), logarithm(x))


def exact_root(x: Any, n: int) -> Any:
    """The rational whose n-th power is the rational x ≥ 0, None where there is none."""
    above, below = x.p, x.q
    p, q = _integer_root(above, n), _integer_root(below, n)
    return fmpq(p, q) if p is not None and q is not None else None


def _integer_root(k: Any, n: int) -> Any:
    if k < 2:
        return k
    candidate = fmpz(k).root(n)
    return candidate if candidate**n == k else None


def square_root(x: Number) -> Number:
    """The square root. Raises ValueError for negative numbers."""
    s = sign(x)
    if s < 0:
        raise ValueError
    if s == 0:
        return ZERO
    if exact(x) and (found := exact_root(x, 2)) is not None:
        return found
    return ball(x).sqrt()


def root_of_sum(total: Any) -> Any:
    """The square root of a ball that cannot be below 0, though its radius may reach there."""
    if total > 0:
        return total.sqrt()
    upper = abs(total).upper().sqrt()
    return hull(arb(0), upper)


def hypotenuse(x: Number, y: Number) -> Number:
    """sqrt(x**2 + y**2)."""
    if exact(x) and exact(y):
        total = kept(x * x + y * y)
        if exact(total):
            return square_root(total)
    a, b = ball(x), ball(y)
    return root_of_sum(a * a + b * b)


def root(x: Number, n: Number) -> Number:
    """The real n-th root, of negative numbers too where n is odd. Raises ValueError, ZeroDivisionError."""
    order = whole(n, 1)
    if order is None or order == 0:
        raise ValueError
    if abs(order) > 2**31:
        raise OverflowError
    if order < 0:
        return divided(ONE, root(x, fmpq(-order)))
    if order % 2:
        return odd_root(x, order)
    s = sign(x)
    if s < 0:
        raise ValueError
    if s == 0:
        return ZERO
    if exact(x) and (found := exact_root(x, order)) is not None:
        return found
    return ball(x).root(order)


def odd_root(x: Number, n: int) -> Number:
    """The n-th root for odd n: increasing, so that the ends of a ball give the ends of the result."""
    if exact(x):
        if x < 0:
            return -odd_root(-x, n)
        found = exact_root(x, n)
        return found if found is not None else arb(x).root(n)
    if x > 0:
        return x.root(n)
    if x < 0:
        return -((-x).root(n))
    return hull(-_end_root(-x.lower(), n), _end_root(x.upper(), n))


def _end_root(end: Any, n: int) -> Any:
    return end.root(n) if end > 0 else arb(0)


def exponential(x: Number) -> Number:
    """e**x. Raises OverflowError where no exponent could hold it."""
    if exact(x) and x == 0:
        return ONE
    found = ball(x)
    if found > LARGEST_EXPONENT:
        raise OverflowError
    if found < -LARGEST_EXPONENT:
        small = found.exp()
        return small if small > 0 else hull(arb(0), arb(-LARGEST_EXPONENT).exp())
    return finite(found.exp())


def exponential_less_one(x: Number) -> Number:
    """e**x - 1."""
    if exact(x) and x == 0:
        return ZERO
    found = ball(x)
    if found > LARGEST_EXPONENT:
        raise OverflowError
    if found < -LARGEST_EXPONENT:
        return arb(-1)
    return finite(found.expm1())


def logarithm(x: Number) -> Number:
    """The natural logarithm. Raises ValueError for what is not positive."""
    positive(x)
    return ZERO if exact(x) and x == 1 else ball(x).log()


def _logarithm_to(base: int) -> Callable[[Number], Number]:
    def to_base(x: Number) -> Number:
        positive(x)
        if exact(x):
            k = _exponent(x, base)
            if k is not None:
                return fmpq(k)
        return ball(x).log() / arb(base).log()

    return to_base


def _exponent(x: Any, base: int) -> int | None:
    """The integer k with base**k equal to the rational x, None where there is none."""
    if x < 1:
        k = _exponent(1 / x, base)
        return None if k is None else -k
    if x.q != 1:
        return None
    p = int(x.p)
    k = p.bit_length() - 1 if base == 2 else len(str(p)) - 1 if p < 10**4000 else 0
    return k if base**k == p else None


def logarithm_of_one_more(x: Number) -> Number:
    """log(1 + x). Raises ValueError for x ≤ -1."""
    if exact(x):
        if x == 0:
            return ZERO
        if x <= -1:
            raise ValueError
    elif not x > -1:
        if x < -1:
            raise ValueError
        raise Undecided(0, fmpq(-1))
    return ball(x).log1p()


ARITHMETIC: dict[str, Callable[..., Number]] = {
    SUM: lambda *terms: reduce(added, terms),
    "neg": negated, "add": added, "sub": subtracted, "mul": multiplied, "div": divided, "pow": power,
    "square": squared, "power_log": power_log, "sqrt": square_root, "cbrt": lambda x: odd_root(x, 3), "root": root,
    "hypot": hypotenuse, "exp": exponential, "expm1": exponential_less_one, "log": logarithm,
    "log10": _logarithm_to(10), "log2": _logarithm_to(2), "log1p": logarithm_of_one_more,
}  # fmt: skip
