"""Python with its standard library."""

from __future__ import annotations

from gradcli.calculus.exporting import reserved_words
from gradcli.calculus.exporting.source_escapes import docstring
from gradcli.calculus.exporting.target_language import Language, Parts, listed, tabled, written
from gradcli.calculus.exporting.templates import OPERATORS, PRODUCT, Template, joined, named, template

_REAL = '''
def _real(function):
    """The function, NaN where it has no value, or none that is a finite float."""

    def real(*numbers):
        try:
            result = function(*numbers) if all(map(math.isfinite, numbers)) else math.nan
            return result if math.isfinite(result) else math.nan
        except (ValueError, ArithmeticError):
            return math.nan

    return real

'''

_TEST = """

if __name__ == "__main__":
{setup}    points = [{points}]
    results = [{wanted}]
    bounds = [{allowed}]
    for point, wanted, allowed in zip(points, results, bounds, strict=True):
        value, gradient = {name}(*point)
        found = [float(part) for part in (value, *gradient)]
        assert len(found) == len(wanted), found
        for a, b, bound in zip(found, wanted, allowed, strict=True):
            assert abs(a - b) <= bound, (point, a, b)
    print("ok")
"""

_MATH = (
    "sqrt exp expm1 log log10 log2 log1p sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh hypot atan2 pow cbrt "
    "erf erfc gamma lgamma"
)

#: Operations → what of Python's carries them out.
_FUNCTIONS = {name: f"math.{name}" for name in _MATH.split()} | {
    "div": "lambda a, b: a/b", "mod": "lambda a, b: a % b", "floor": "lambda a: float(math.floor(a))",
    "ceil": "lambda a: float(math.ceil(a))", "min": "min", "max": "max",
}  # fmt: skip


def documented(parts: Parts) -> list[str]:
    """The docstring of a function."""
    rows = [docstring(row) for row in parts.doc]
    return ['    """' + rows[0], *(f"    {row}".rstrip() for row in rows[1:]), '    """']


def tested(parts: Parts, setup: str = "") -> str:
    """What runs the function where the file is run. setup: statements before it."""
    if not parts.tests:
        return ""
    points, wanted, allowed = (listed(table) for table in tabled(parts, repr, "[{}]"))
    return _TEST.format(setup=setup, points=points, wanted=wanted, allowed=allowed, name=parts.name)


def _frame(parts: Parts) -> str:
    rows = ["import math", ""]
    used = [op for op in _FUNCTIONS if f"_{op}(" in parts.text]
    if used:
        rows += [_REAL, *(f"_{op} = _real({_FUNCTIONS[op]})" for op in used), ""]
    rows += ["", f"def {parts.name}({listed(parts.arguments)}):", *documented(parts)]
    rows += [f"    {target} = {text}" for target, text in parts.lines]
    rows += [f"    return {parts.value}, [{listed(parts.gradient)}]"]
    return "\n".join(rows) + "\n" + tested(parts)


PYTHON = Language(
    "python",
    OPERATORS | joined("and", "or", "({1} if {0} else {2})") | named("_{}", " ".join(_FUNCTIONS))
    | {"div": template("_div({0}, {1})"), "div_by_number": Template("{0}/{1}", (PRODUCT, PRODUCT + 1), PRODUCT)}
    | {"abs": template("abs({0})"), "finite": template("math.isfinite({0})")}
    | {"settle": template("({0} if math.isfinite({0}) else math.nan)")},
    reserved_words.PYTHON | {"math"}, written("math.nan"), _frame, careful=frozenset(_FUNCTIONS),
)  # fmt: skip
