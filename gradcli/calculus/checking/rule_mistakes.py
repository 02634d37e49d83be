"""The table of slips: for each rule of differentiation, the ways in which it goes wrong.

A row gives the tangent that the slip makes out of one node, and the sentence that names it; {0} stands for
the node's text, {1} and {2} for its arguments'.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from flint import arb

from gradcli.calculus.checking.function_mistakes import OWN
from gradcli.calculus.checking.tape import View
from gradcli.calculus.checking.test_points import number_at
from gradcli.calculus.graph.reverse_sweep import compile_value
from gradcli.calculus.program.program import Program


class Row(NamedTuple):
    """A wrong tangent, the sentence that names the slip, and which argument it is about."""

    tangent: Any
    sentence: str
    argument: int = 0


@cache
def _own(text: str) -> Program:
    return compile_value(text, ("x",))


def rows(view: View) -> Iterator[Row]:
    """What one node's tangent would be under each slip that its rule knows."""
    rule = {"+": _sum, "*": _product, "/": _quotient, "**": _power, "neg": _negative}.get(view.op, _function)
    if view.op not in ("where", "piecewise"):
        yield from rule(view)


def _sum(view: View) -> Iterator[Row]:
    total, moving = view.tangent, [index for index, varies in enumerate(view.varies) if varies]
    for index in (
        moving if len(moving) > 1 else []
    ):  # of x + 1 alone nothing is left: another slip does that as well
        yield Row(total - view.tangents[index], "the term {1} is missing", index)
    for index in moving:
        yield Row(total - 2 * view.tangents[index], "the sign of the term {1} is turned around", index)
    for index, varies in enumerate(view.varies):
        if not varies:
            yield Row(total + view.inner[index], "the derivative of the constant {1} is 0, not itself", index)
            yield Row(total + 1, "the derivative of the constant {1} is 0, not 1", index)


def _negative(view: View) -> Iterator[Row]:
    yield Row(-view.tangent, "the minus sign of {0} is lost")


def _product(view: View) -> Iterator[Row]:
    parts: list[Any] = [
        s * t if v else None for s, t, v in zip(view.slopes, view.tangents, view.varies, strict=True)
    ]
    total, moving = view.tangent, [index for index, part in enumerate(parts) if part is not None]
    for index in moving if len(moving) > 1 else []:
        yield Row(
            total - parts[index], "the product rule's part with the derivative of {1} is missing", index
        )
    if len(moving) > 1:
        wrong = arb(1)
        for index, varies in enumerate(view.varies):
            wrong *= view.tangents[index] if varies else view.inner[index]
        yield Row(wrong, "the derivative of the product {0} is not the product of the derivatives")
        for index in moving:
            yield Row(total - 2 * parts[index], "the product rule adds its parts, also that of {1}", index)
    for index, varies in enumerate(view.varies):
        if not varies and view.inner[index] != 0:
            yield Row(total / view.inner[index], "the constant factor {1} is lost", index)
            yield Row(total * view.inner[index], "the constant factor {1} counts twice", index)
    yield Row(view.value, "{0} was left as it is")
    if len(moving) == 1 and len(parts) == 2:
        constant = view.inner[1 - moving[0]]
        yield Row(
            total + view.value / constant if constant != 0 else None,
            "{1} is constant here: no product rule is needed",
            1 - moving[0],
        )


def _quotient(view: View) -> Iterator[Row]:
    (u, w), (du, dw) = view.inner, view.tangents
    first, second = (
        (du / w if view.varies[0] else arb(0)),
        (u * dw / w**2 if view.varies[1] else arb(0)),
    )
    if not view.varies[1]:
        yield Row(first * w, "the constant divisor {2} is lost")
        yield Row(first * w * w, "{2} divides, it does not multiply")
        return
    yield Row(first + second, "the sign of the quotient rule's second half is wrong in {0}")
    yield Row(second - first, "the quotient rule's halves are exchanged in {0}: it is (u'*v - u*v')/v**2")
    yield Row((first - second) * w, "the square of the divisor {2} is lost")
    yield Row((first - second) * w**2, "the division by the square of {2} is lost")
    if view.varies[0]:
        yield Row(first, "the quotient rule's half with the derivative of {2} is missing")
        yield Row(-second, "the quotient rule's half with the derivative of {1} is missing")
        yield Row(
            du / dw if dw != 0 else None,
            "the derivative of the quotient {0} is not the quotient of the derivatives",
        )
    else:
        yield Row(-u / w**2, "the chain rule's factor is lost: the derivative of {2}")
        yield Row(-2 * second, "the exponent -1 of {2} is lowered to -2 without a factor 2")
        yield Row(-second / w, "the exponent of {2} is one too small: 1/v has the derivative -v'/v**2")
        yield Row(u * abs(w).log() if w != 0 else None, "{0} was integrated")


def _power(view: View) -> Iterator[Row]:
    (u, n), (du, dn) = view.inner, view.tangents
    value = view.value
    log = u.log() if u > 0 else None
    if not view.varies[1]:
        yield from _constant_exponent(view)
        return
    if log is None:
        return
    if view.varies[0]:
        yield Row(
            view.slopes[0] * du, "the exponent of {0} varies too: its half of the derivative is missing"
        )
        yield Row(view.slopes[1] * dn, "the base of {0} varies too: its half of the derivative is missing")
        return
    yield Row(value * dn, "the factor log({1}) of the exponential rule is lost")
    yield Row(n * value / u * dn, "the power rule was used on the exponential {0}")
    yield Row(n * value / u, "the power rule was used on the exponential {0}")
    yield Row(value * log, "the chain rule's factor is lost: the derivative of the exponent {2}")
    yield Row(value, "the factors log({1}) and the derivative of {2} are lost")
    yield Row(value / log * dn if log != 0 else None, "log({1}) multiplies, it does not divide")


def _constant_exponent(view: View) -> Iterator[Row]:
    (u, n), du = view.inner, view.tangents[0]
    if u == 0:
        return
    one, value = view.value / u, view.value
    yield Row(n * one, "the chain rule's factor is lost: the derivative of {1}")
    yield Row(one * du, "the factor {2} of the power rule is lost")
    yield Row(n * value * du, "the exponent of {0} is not lowered by one")
    yield Row(n * one / u * du, "the exponent of {0} is lowered by one too many")
    yield Row((n - 1) * one * du, "the power rule's factor is {2}, not one less")
    yield Row((n - 1) * one / u * du, "the exponent of {0} is off by one")
    yield Row((n - 1) * value * du, "the exponent of {0} is off by one")
    yield Row((n + 1) * value * du, "the exponent of {0} is off by one")
    yield Row((n + 1) * one * du, "the power rule's factor is {2}, not one more")
    yield Row(n * value * u * du, "the exponent of {0} is raised instead of lowered")
    yield Row(value, "{0} was left as it is")
    if n != -1:
        yield Row(value * u / (n + 1), "{0} was integrated")
    if du > 0 and du != 1:
        yield Row(du**n, "the derivative of {1} was raised to the power, instead of the power differentiated")
    if u > 0:
        yield Row(value * u.log() * du, "the exponential rule was used on the power {0}")


def _function(view: View) -> Iterator[Row]:
    total = view.tangent
    moving = [index for index, varies in enumerate(view.varies) if varies]
    for index in moving:
        slope, du = view.slopes[index], view.tangents[index]
        rest = total - slope * du
        yield Row(rest + slope, "the chain rule's factor is lost: the derivative of {1}", index)
        yield Row(rest + du, "the outer derivative, of {0} along its argument, is lost", index)
        yield Row(rest + slope * du**2, "the chain rule's factor, the derivative of {1}, counts twice", index)
        yield Row(
            rest + slope / du if du != 0 else None,
            "the chain rule multiplies by the derivative of {1}",
            index,
        )
    yield Row(-total, "the sign of the derivative of {0} is wrong")
    yield Row(view.value, "{0} was left as it is")
    if len(moving) == 1:
        yield Row(
            view.value * view.tangents[moving[0]], "{0} was not differentiated, its argument was", moving[0]
        )
    for text, sentence in OWN.get(view.op, ()) if len(view.inner) == 1 else ():
        slope = number_at(_own(text), _own(text).value, [view.inner[0]])
        if slope is not None:
            yield Row(slope * view.tangents[0], sentence + ", in {0}")
            yield Row(slope, sentence + ", in {0}, and so is the chain rule's factor")
