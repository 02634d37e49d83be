"""The table of instructions in LLVM's language: each row computes what the float operation of that name computes.

A row is Python's own formula (`calculus.program.instructions`), operation by operation. What it must refuse it
watches or refuses: more is allowed, for Python carries out what was refused.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from gradcli.calculus.native.library_calls import address
from gradcli.calculus.native.machine_lines import (
    NAN,
    ONE,
    ZERO,
    MachineLines,
    Unsuitable,
    is_constant,
    number_of,
    real,
)

Row = Callable[..., str]

TWO, MINUS = real(2.0), real(-1.0)


def library(m: MachineLines, name: str, *x: str, when: str | None = None) -> str:
    """A call of the C library: refused where the answer is not finite and the arguments are.

    when: the condition under which it is needed at all.
    """
    place = address(name)
    if place is None:
        raise Unsuitable(name)
    numbers = ", ".join(f"double {one}" for one in x)
    found = m.line(f"call double inttoptr (i64 {place} to ptr)({numbers}) #0")
    if not m.guarded:
        m.watch(found if when is None else m.select(when, found, ZERO))
        return found
    lost = m.opposite(m.is_finite(found))
    for one in x:
        lost = m.both(lost, m.is_finite(one))
    if len(x) == 1:  # at an infinite argument nan is refused too
        nothing = m.both(m.compare("uno", found, found), m.compare("ord", x[0], x[0]))
        lost = m.either([lost, nothing])
    m.refuse(lost if when is None else m.both(lost, when))
    return found


def _div(m: MachineLines, x: str, y: str) -> str:
    found = m.binary("fdiv", x, y)
    if m.guarded:
        m.refuse(m.compare("oeq", y, ZERO))
    elif not (is_constant(y) and number_of(y) != 0):
        m.watch(found)
    return found


def _sqrt(m: MachineLines, x: str) -> str:
    found = m.intrinsic("sqrt", x)
    if m.guarded:
        m.refuse(m.compare("olt", x, ZERO))
    else:
        m.watch(found)
    return found


def _whole(name: str) -> Row:
    def row(m: MachineLines, x: str) -> str:
        """floor or ceil as a float of Python's integer: there is no -0."""
        m.refuse(m.opposite(m.is_finite(x)))
        return m.binary("fadd", m.intrinsic(name, x), ZERO)

    return row


def _number(m: MachineLines, condition: str) -> str:
    return m.line(f"uitofp i1 {condition} to double")


def _sign(m: MachineLines, x: str) -> str:
    above, below = _number(m, m.compare("ogt", x, ZERO)), _number(m, m.compare("olt", x, ZERO))
    return nan_with(m, [x], m.binary("fadd", m.binary("fsub", above, below), ZERO))


def nan_with(m: MachineLines, numbers: Sequence[str], result: str) -> str:
    """The result; nan where one of the numbers is, of which the comparisons made of it know nothing."""
    for x in numbers:
        if not is_constant(x):
            result = m.select(m.compare("uno", x, ZERO), NAN, result)
        elif math.isnan(number_of(x)):
            return NAN
    return result


def _neg(m: MachineLines, x: str) -> str:
    return m.line(f"fneg double {x}")


def _abs(m: MachineLines, x: str) -> str:
    return m.intrinsic("fabs", x)


def _max(m: MachineLines, a: str, b: str) -> str:
    return nan_with(m, [b], m.select(m.compare("ogt", b, a), b, a))


def _min(m: MachineLines, a: str, b: str) -> str:
    return nan_with(m, [b], m.select(m.compare("olt", b, a), b, a))


def _square(m: MachineLines, x: str) -> str:
    return m.binary("fmul", x, x)


def _mod(m: MachineLines, x: str, y: str) -> str:
    """CPython's remainder of floats (Objects/floatobject.c, `float_rem`)."""
    m.refuse(m.either([m.opposite(m.is_finite(x)), m.compare("ueq", y, ZERO)]))
    rest = library(m, "fmod", x, y)
    other = m.line(f"xor i1 {m.compare('olt', y, ZERO)}, {m.compare('olt', rest, ZERO)}")
    moved = m.select(other, m.binary("fadd", rest, y), rest)
    return m.select(m.compare("une", rest, ZERO), moved, m.intrinsic("copysign", ZERO, y))


def _root(m: MachineLines, x: str, n: str) -> str:
    order = number_of(n) if is_constant(n) else math.nan
    if not order or not order.is_integer():
        raise Unsuitable("root")
    if order % 2 == 0:
        m.refuse(m.compare("olt", x, ZERO))
    if order == 3:
        return library(m, "cbrt", x)
    return m.intrinsic("copysign", library(m, "pow", _abs(m, x), real(1 / order)), x)


def _power_log(m: MachineLines, x: str, y: str) -> str:
    flat = m.both(m.compare("oeq", x, ZERO), m.compare("ogt", y, ZERO))
    needed = m.opposite(flat)
    product = m.binary("fmul", library(m, "pow", x, y, when=needed), library(m, "log", x, when=needed))
    return m.select(flat, ZERO, product)


def _atan2(m: MachineLines, y: str, x: str) -> str:
    m.refuse(m.both(m.compare("oeq", x, ZERO), m.compare("oeq", y, ZERO)))
    return library(m, "atan2", m.binary("fadd", y, ZERO), m.binary("fadd", x, ZERO))


def _small(m: MachineLines, x: str) -> str:
    return library(m, "exp", _neg(m, _abs(m, x)))


def _sech(m: MachineLines, x: str) -> str:
    small = _small(m, x)
    return _div(m, m.binary("fmul", TWO, small), m.binary("fadd", ONE, _square(m, small)))


def _csch(m: MachineLines, x: str) -> str:
    near = m.compare("olt", _abs(m, x), real(20.0))
    sine = library(m, "sinh", x, when=near)
    m.refuse(m.compare("oeq", x, ZERO))
    far = m.intrinsic("copysign", m.binary("fmul", TWO, _small(m, x)), x)
    return m.select(near, m.binary("fdiv", ONE, sine), far)


def _sinc(m: MachineLines, x: str) -> str:
    there = m.compare("oeq", x, ZERO)
    return m.select(there, ONE, m.binary("fdiv", library(m, "sin", x), x))


def _sigmoid(m: MachineLines, x: str) -> str:
    small = _small(m, x)
    top = m.select(m.compare("oge", x, ZERO), ONE, small)
    return _div(m, top, m.binary("fadd", ONE, small))


def _softplus(m: MachineLines, x: str) -> str:
    return m.binary("fadd", _max(m, x, ZERO), library(m, "log1p", _small(m, x)))


def _leaky(m: MachineLines, x: str, slope: str) -> str:
    return m.select(m.compare("ogt", x, ZERO), x, m.binary("fmul", slope, x))


def _elu(m: MachineLines, x: str, alpha: str) -> str:
    above = m.compare("ogt", x, ZERO)
    bent = library(m, "expm1", x, when=m.opposite(above))
    return m.select(above, x, m.binary("fmul", alpha, bent))


def _gate(m: MachineLines, adjoint: str, slope: str) -> str:
    return m.select(m.compare("oeq", adjoint, ZERO), ZERO, m.binary("fmul", adjoint, slope))


def _after_zero(row: Row) -> Row:
    """A row that has a corner at 0."""

    def sided(m: MachineLines, x: str) -> str:
        """The row beside the corner."""
        m.refuse(m.compare("oeq", x, ZERO))
        return row(m, x)

    return sided


def _step(m: MachineLines, x: str) -> str:
    return nan_with(m, [x], _number(m, m.compare("ogt", x, ZERO)))


def _flat(m: MachineLines, x: str) -> str:
    return nan_with(m, [x], ZERO)


def _flat_integer(m: MachineLines, x: str) -> str:
    floor = _whole("floor")(m, x)
    m.refuse(m.compare("oeq", m.binary("fsub", x, floor), ZERO))
    return ZERO


def _floor_side(m: MachineLines, x: str) -> str:
    _flat_integer(m, x)
    return _whole("floor")(m, x)


def _settled(condition: str) -> Row:
    def side(m: MachineLines, a: str, b: str) -> str:
        """A comparison with a corner where both are equal."""
        m.refuse(m.compare("oeq", m.binary("fsub", a, b), ZERO))
        return nan_with(m, [a, b], _number(m, m.compare(condition, a, b)))

    return side


def _reciprocal(row: Row) -> Row:
    return lambda m, x: row(m, _div(m, ONE, x))


def _over(row: Row) -> Row:
    return lambda m, x: _div(m, ONE, row(m, x))


def _called(name: str) -> Row:
    return lambda m, *x: library(m, name, *x)


def _plain(operation: str) -> Row:
    return lambda m, a, b: m.binary(operation, a, b)


#: Comparisons of two numbers, as LLVM names them: they are conditions and no numbers.
CONDITIONS = {"lt": "olt", "le": "ole", "eq": "oeq", "ne": "une"}

ROWS: dict[str, Row] = {
    "add": _plain("fadd"), "sub": _plain("fsub"), "mul": _plain("fmul"), "div": _div, "neg": _neg, "square": _square,
    "sqrt": _sqrt, "root": _root, "power_log": _power_log, "atan2": _atan2, "mod": _mod,
    **{name: _called(name) for name in (
        "pow", "cbrt", "exp", "expm1", "log", "log10", "log2", "log1p", "sin", "cos", "tan", "asin", "acos", "atan",
        "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf", "erfc")},
    **{name: _over(_called(of)) for name, of in (("sec", "cos"), ("csc", "sin"), ("cot", "tan"), ("coth", "tanh"))},
    **{name: _reciprocal(_called(of)) for name, of in (
        ("asec", "acos"), ("acsc", "asin"), ("acot", "atan"), ("asech", "acosh"), ("acsch", "asinh"), ("acoth", "atanh"))},
    "sinc": _sinc, "sech": _sech, "csch": _csch, "abs": _abs, "sign": _sign, "floor": _whole("floor"),
    "ceil": _whole("ceil"), "min": _min, "max": _max,
    "heaviside": lambda m, x: m.binary("fdiv", m.binary("fadd", _sign(m, x), ONE), TWO),
    "sigmoid": _sigmoid, "softplus": _softplus, "relu": lambda m, x: _max(m, x, ZERO), "leaky_relu": _leaky, "elu": _elu,
    "gate": _gate, "sign_side": _after_zero(_sign),
    **dict.fromkeys(("heaviside_side", "first_side", "second_side", "relu_side"), _after_zero(_step)),
    **dict.fromkeys(("flat_zero", "flat_cut"), _after_zero(_flat)), "flat_integer": _flat_integer,
    "floor_side": _floor_side, **{f"{name}_side": _settled(condition) for name, condition in CONDITIONS.items()},
}  # fmt: skip
