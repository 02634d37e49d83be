"""Expressions for derivations, and what the tests hold their lines against."""

from __future__ import annotations

from hypothesis import strategies as st

from gradcli.calculus.checking.test_points import points
from gradcli.calculus.deriving.derivation import Derivation, derivation
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.graph.reverse_sweep import compile_value
from gradcli.calculus.program.compiled_expression import Compiled
from gradcli.language.parser import parse
from tests.independent import programs as wide

#: Working digits: differences of a step of 1e-40 lose 40 of them, and 35 must agree.
DIGITS = 90

_leaf = st.sampled_from(["x", "y", "2", "3", "0.5", "pi", "x"])
_functions = [
    "sin",
    "cos",
    "exp",
    "sqrt",
    "tanh",
    "atan",
    "sigmoid",
    "log",
    "abs",
    "cbrt",
    "erf",
    "gelu",
    "asinh",
]
random_expressions = st.recursive(
    _leaf,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner).map(
            lambda t: f"({t[0]}){t[1]}({t[2]})"
        ),
        st.tuples(st.sampled_from(_functions), inner).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(inner, st.sampled_from(["2", "3", "-1", "0.5", "y", "x"])).map(
            lambda t: f"({t[0]})**({t[1]})"
        ),
        st.tuples(inner, inner).map(lambda t: f"where({t[0]} < 1, {t[1]}, {t[0]})"),
        st.tuples(inner, inner).map(lambda t: f"max({t[0]}, {t[1]})"),
    ),
    max_leaves=6,
)


def derived(text: str, variable: str, depth: int | None = None) -> tuple[Derivation, Compiled]:
    """The derivation, and what it is a derivation of."""
    compiled = compile_text([text], ())
    return derivation(parse(text), compiled, variable, depth), compiled


def differences(compiled: Compiled, variable: str, count: int = 3):
    """Points of the domain with the partial there by central differences, right to about 50 digits."""
    program, mp, found = compiled.program, wide.context(DIGITS), 0
    place = program.variables.index(variable)
    for point in points(program.variables, 60):
        numbers, step = [mp.mpf(text) for text in point], mp.mpf("1e-40")
        left, here, right = (_beside(program, numbers, place, side * step) for side in (-1, 0, 1))
        if any(isinstance(side, wide.Failure) for side in (left, here, right)):
            continue
        if near((right - here) / step, (here - left) / step, 25):  # not a corner
            yield point, (right - left) / (2 * step)
            found += 1
        if found == count:
            return


def _beside(program, numbers, place, step):
    return wide.run(program, [n + step if k == place else n for k, n in enumerate(numbers)], DIGITS)[
        program.value
    ]


def value(text: str, names: tuple[str, ...], point: tuple[str, ...]):
    """The value of a formula at a point in DIGITS digits, or None."""
    program = compile_value(text, names)
    result = wide.run(program, [point[names.index(name)] for name in program.variables], DIGITS)[
        program.value
    ]
    return None if isinstance(result, wide.Failure) else result


def near(a, b, digits: int = 35) -> bool:
    """Whether two numbers agree to so many digits."""
    return bool(abs(a - b) <= wide.context(DIGITS).mpf(10) ** -digits * max(abs(a), abs(b), 1))
