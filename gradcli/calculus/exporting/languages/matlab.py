"""MATLAB and Octave."""

from __future__ import annotations

from gradcli.calculus.exporting import reserved_words
from gradcli.calculus.exporting.meanings.instruction_meanings import BESSEL, ORDERS
from gradcli.calculus.exporting.source_escapes import commented, line_comment
from gradcli.calculus.exporting.target_language import Language, Parts, listed, tabled, written
from gradcli.calculus.exporting.templates import (
    COMPARISON,
    OPERATORS,
    SUM,
    Template,
    joined,
    named,
    templates,
)

_MATH = "exp expm1 sin cos tan sec csc cot atan sinh cosh tanh asinh abs floor ceil hypot"
_COMPLEX = "sqrt log log10 log2 log1p asin acos asec acsc acosh atanh"

#: The exact remainder r of two numbers x and y.
REMAINDER = """    r = abs(x);
    d = abs(y);
    if ~(r < Inf && d > 0 && d < Inf)
        r = NaN;
        return;
    end
    while r >= d
        s = d*2^min(floor(log2(r)) - floor(log2(d)), 1023);
        if s > r
            s = s/2;
        end
        r = r - s;
    end
    if x < 0
        r = -r;
    end
    if r ~= 0 && (r < 0) ~= (y < 0)
        r = r + y;
    end
"""

#: Functions that stand behind the generated one where it calls them.
_HELPERS = {
    "real_only": """function y = real_only(y)
% NaN for what is not a real number.
    if imag(y) ~= 0
        y = NaN;
    end
    y = real(y);
end""",
    "pick": """function y = pick(condition, a, b)
% a where the condition holds, else b.
    if condition
        y = a;
    else
        y = b;
    end
end""",
    "remainder": """function r = remainder(x, y)
% x - y*floor(x/y), exactly: what is taken off is never rounded.
"""
    + REMAINDER
    + "end",
}


def _function(parts: Parts) -> list[str]:
    rows = [f"function [value, gradient] = {parts.name}({listed(parts.arguments)})",
            *commented(parts.doc, "% ", line_comment)]  # fmt: skip
    rows += [f"    {target} = {text};" for target, text in parts.lines]
    rows += [f"    value = {parts.value};", f"    gradient = [{listed(parts.gradient)}];", "end"]
    for name, text in _HELPERS.items():
        if f"{name}(" in parts.text:
            rows += ["", text]
    return rows


def _test(parts: Parts) -> list[str]:
    if not parts.tests:
        return []
    rows = []
    for point, wanted, allowed in zip(*tabled(parts, repr, "{}"), strict=True):
        rows += [f"[value, gradient] = {parts.name}({point});", f"wanted = [{wanted}];", f"allowed = [{allowed}];",
                 "assert(numel(gradient) + 1 == numel(wanted));",
                 "assert(all(abs([value, gradient] - wanted) <= allowed));"]  # fmt: skip
    return [*rows, "disp('ok');"]


def _octave(parts: Parts) -> str:
    """A file of a function, or a script that defines it and then tests it: 1; tells Octave so."""
    test = _test(parts)
    rows = ["1;", "", *_function(parts), "", *test] if test else _function(parts)
    return "\n".join(rows) + "\n"


def _matlab(parts: Parts) -> str:
    """The same for MATLAB, where the functions of a script stand at its end."""
    test = _test(parts)
    rows = [*test, "", *_function(parts)] if test else _function(parts)
    return "\n".join(rows) + "\n"


_OPERATIONS = (
    OPERATORS | joined("&&", "||", "({0})") | {"ne": Template("{0} ~= {1}", (SUM, SUM), COMPARISON)}
    | named("{}", f"{_MATH} atan2 erf erfc gamma")
    | templates({name: f"real_only({name}({{0}}))" for name in _COMPLEX.split()})
    | templates({"select": "pick({0}, {1}, {2})", "pow": "real_only(({0})^({1}))", "lgamma": "gammaln({0})"})
    | templates({"mod": "remainder({0}, {1})", "finite": "isfinite({0})", "settle": "pick(isfinite({0}), {0}, NaN)"})
    | templates({"polygamma": "psi({0}, {1})"})
    | templates({"erfinv": "erfinv({0})", "erfcinv": "erfcinv({0})", "erfcx": "erfcx({0})", "beta": "beta({0}, {1})"})
    | templates({f"bessel{kind}": f"real_only(bessel{kind}({{0}}, {{1}}))" for kind in "jyik"})
)  # fmt: skip

#: A step of Newton's for small arguments, of which the tails have ten digits.
_INVERSE = "(erfcinv(x)+(erfc(erfcinv(x))/x-1)*x*exp(erfcinv(x)**2)*sqrt(pi)/2)"

#: A power that is no real number may be so small that nothing is left of its imaginary part.
_MEANINGS = {
    **BESSEL, "pow": "where(x<0 and y!=floor(y),nan,x**y)", "erfcinv": f"where(x<0.1,{_INVERSE},erfcinv(x))",
}  # fmt: skip

OCTAVE = Language("octave", _OPERATIONS, reserved_words.MATLAB, written("NaN"), _octave, _MEANINGS, ORDERS)
MATLAB = Language("matlab", _OPERATIONS, reserved_words.MATLAB, written("NaN"), _matlab, _MEANINGS, ORDERS)
