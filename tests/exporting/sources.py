"""Expressions for the tests: every function of the table at arguments where it has a value and a slope."""

from __future__ import annotations

from functools import cache

from gradcli.calculus.evaluation.gradient_at_point import evaluate
from gradcli.calculus.exporting.exported_program import exported_program
from gradcli.calculus.exporting.graph_building import Lacking
from gradcli.calculus.exporting.languages.export import LANGUAGES, Exported, Wish, exported
from gradcli.calculus.exporting.lowering.lowered_program import lowered
from gradcli.calculus.formulas.texts.compiler import compile_text
from gradcli.calculus.program.compiled_expression import Compiled
from gradcli.language.errors import GradcliError
from gradcli.language.function_table import FUNCTIONS
from tests.independent.further_functions import REFERENCES, SMOOTH

POINT = {"x": 0.37, "y": 1.21}
SHIFTS = ("(x/4 + 0.2)", "(x/4 + 1.7)", "(x/4 - 0.6)", "(x/4 + 3.4)")
SECOND = ("(y/4 + 0.4)", "(y/4 + 2.3)")
WHOLE_FIRST = ("polygamma", "besselj", "bessely", "besseli", "besselk", "expint")


@cache
def calls(function: str) -> str | None:
    """A call of *function* with a value and a gradient at POINT; None where it has no gradient."""
    row = FUNCTIONS[function]
    for text in _candidates(function, row.fewest):
        try:
            compiled = compiled_at(text)
            answer = evaluate(compiled.program, text, POINT)
        except GradcliError:
            continue
        if not answer.notes and not compiled.program.unknown:
            return text
    return None


def _candidates(function: str, count: int) -> list[str]:
    if function in REFERENCES:
        return [_further(function)]
    if function in ("where", "piecewise"):
        return [f"{function}(x > 1, x**2, x*y)", f"{function}(x < 1 and y > 0, log(x), y)"]
    if function == "root":
        return ["root(x - 3, 5)"]
    if count == 1:
        return [f"{function}({shift})" for shift in SHIFTS]
    if count == 3:
        return [f"{function}({SHIFTS[0]}, -1, 1)"]
    firsts = ["2"] if function in WHOLE_FIRST else SHIFTS
    return [f"{function}({first}, {second})" for first in firsts for second in SECOND]


def _further(function: str) -> str:
    """A call of one of the further functions, its arguments within the ranges where it is smooth."""
    count = FUNCTIONS[function].most or 3
    ranges = (SMOOTH.get(function, []) + [(-3.0, 3.0)] * 3)[:count]
    free = [f"({low:g} + {high - low:g}*x)" if k != 1 else f"({low:g} + {(high - low) / 2:g}*y)"
            for k, (low, high) in enumerate(ranges)]  # fmt: skip
    fixed = [f"({low:g})" if low == high else text for text, (low, high) in zip(free, ranges, strict=True)]
    return f"{function}({', '.join(fixed)})"


@cache
def compiled_at(text: str, names: tuple[str, ...] = ("x", "y"), formulas: bool = False) -> Compiled:
    """The compiled expression; its formulas, which stand in the code's comments alone, take longer than all the rest."""
    return compile_text([text], names, formulas=formulas)


def source(
    language: str,
    text: str,
    point: dict[str, float],
    corner: str = "none",
    name: str = "f_and_gradient",
    tested: bool = True,
    formulas: bool = True,
) -> Exported:
    """The code of a function, with a test at *point*, and with *formulas* in its comments."""
    compiled = compiled_at(text, tuple(point), formulas)
    variables = compiled.program.variables
    wish = Wish(name, corner, variables, (point,) if tested else ())
    return exported(LANGUAGES[language], compiled.program, compiled.formulas, text, wish)


@cache
def has(language: str, text: str) -> bool:
    """Whether the language has all that *text* needs."""
    program = compiled_at(text, tuple(POINT)).program
    try:
        lowered(exported_program(program, text, program.variables), LANGUAGES[language])
    except Lacking:
        return False
    return not program.unknown
