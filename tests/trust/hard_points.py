"""Hard points: expressions that cancel at each level below functions that are flat there, and numbers of all exponents."""

from __future__ import annotations

import random
from collections.abc import Iterator

from gradcli.calculus.graph.reverse_sweep import program_of, swept
from gradcli.calculus.program.program import Program
from gradcli.language.errors import GradcliError
from gradcli.language.parser import parse

#: What loses digits of A, or of a number near it.
CANCELLING = (
    "({A} + {c}) - {c}", "({c} + {A} - {c})", "exp({A}) - 1", "1 - cos({A})", "sqrt(1 + ({A})**2) - 1", "log(1 + {A})",
    "softplus({A}) - ({A})", "({A})*{t}/{t}", "({A})*{t}*(1/{t})", "tanh({A}) - 1", "1 - erf({A})", "sin({A}) - ({A})",
    "({A}) - ({B})", "({A})*({B}) - ({B})*({A} + {s})", "exp(-({A}))*exp({A} + {s})", "hypot({A}, {s}) - abs({A})",
    "atan(1/({A})) + atan({A})", "cosh({A}) - sinh({A})", "log({A}) - log({A} + {s})", "({A})**3 - ({A} - {s})**3",
    "sqrt({A} + {s}) - sqrt({A})", "1/({A}) - 1/({A} + {s})", "floor({A}) - ({A})", "mod({A}, 1)", "cbrt({A}) - ({B})",
    "lgamma(1 + ({A})**2)", "asin(tanh({A}))", "({A})**1.5", "10**({A})", "2**({A}) - 1", "log1p({A}) - ({A})",
)  # fmt: skip

#: What is flat where its argument is 0, or steep.
FLAT = (
    "cos({A})", "square({A})", "square(square({A}))", "cosh({A})", "exp(-({A})**2)", "1/(1 + ({A})**2)", "sinc({A})",
    "sincprime({A})", "sech({A})", "({A})**4", "abs({A})**3", "sigmoid({A})", "sin({A})", "max({A}, {s})", "atan({A})",
    "where({A} < {s}, {A}, 2*({A}))", "relu({A})", "erf({A})", "gamma(2 + ({A})**2)", "besselj(0, {A})",
)  # fmt: skip

_CONSTANTS = ("1", "2", "3", "1e8", "1e17", "0.1", "1e-9", "pi", "7/3", "123456.789")
_TINY = ("1e-300", "1e-200", "1e300", "1e-17", "1e150")
_SHIFTS = ("1e-9", "1", "0.5", "1e-30", "3", "-2")


def texts(source: random.Random) -> str:
    """One expression in x, or x and y, of two to six levels."""
    inner = source.choice(("x", "x", "x*y", "x + y", "x", "y/x"))
    for _ in range(source.randint(1, 3)):
        for table in (CANCELLING, FLAT):
            if source.random() < 0.75:
                template = source.choice(table)
                inner = template.format(
                    A=inner, B=source.choice(("x", "y", inner)), c=source.choice(_CONSTANTS), t=source.choice(_TINY),
                    s=source.choice(_SHIFTS),
                )  # fmt: skip
    return inner


def number(source: random.Random) -> str:
    """A decimal: near landmarks, of every exponent, subnormal, huge, or one of every day."""
    kind = source.randrange(8)
    if kind == 0:
        return f"{source.choice(('', '-'))}{source.uniform(1, 10):.5g}e{source.randint(-323, 307)}"
    if kind == 1:
        return source.choice(("5e-324", "1e-308", "1e308", "1.7e308", "2e-310", "1e-160", "1e160"))
    if kind == 2:
        return repr(
            source.choice((1.0, 2.0, 0.5, 3.0)) + source.choice((-1, 1)) * 10.0 ** -source.randint(1, 15)
        )
    if kind == 3:
        return source.choice(
            ("3.141592653589793", "1.5707963267948966", "4.493409457909064", "0.36787944117144233")
        )
    if kind == 4:
        return str(source.randint(-9, 900_000))
    if kind == 5:
        return f"{source.choice(('', '-'))}{source.uniform(1, 10):.3g}e-{source.randint(1, 40)}"
    return f"{source.uniform(-4, 40):.{source.randint(1, 9)}f}"


def problems(source: random.Random, count: int) -> Iterator[tuple[str, Program, dict[str, str]]]:
    """Expressions with their programs and points, *count* of them."""
    made = 0
    while made < count:
        text = texts(source)
        try:
            expression = parse(text, ())
        except GradcliError:
            continue
        program = program_of(swept(expression), expression.variables)
        for _ in range(4):
            yield text, program, {name: number(source) for name in expression.variables}
            made += 1


def programs(source: random.Random, count: int) -> Iterator[tuple[Program, tuple[str, ...]]]:
    """The programs and points of `problems` alone."""
    for _, program, point in problems(source, count):
        yield program, tuple(point[name] for name in program.variables)
