"""Julia, with SpecialFunctions where it is needed."""

from __future__ import annotations

from gradcli.calculus.exporting import reserved_words
from gradcli.calculus.exporting.source_escapes import interpolated
from gradcli.calculus.exporting.target_language import Language, Parts, listed, tabled, written
from gradcli.calculus.exporting.templates import OPERATORS, joined, named, template, templates

#: Functions that raise an error outside of their domain.
_PARTIAL = "sqrt log log10 log2 log1p sin cos tan sec csc cot asin acos asec acsc acosh atanh erfinv gamma loggamma expinti"
_MATH = "exp expm1 atan sinh cosh tanh asinh abs floor ceil hypot cbrt min max"

REAL = """# What has no real value is NaN, and no error.
function real_number(call, numbers...)
    try
        return call(numbers...)
    catch
        return NaN
    end
end
"""

_SPECIAL = reserved_words.words(
    """erf erfc erfi erfinv gamma lgamma beta besselj bessely besseli besselk airyai airybi airyaiprime airybiprime
    polygamma ei erfcx erfcinv dawson betainc lowergamma uppergamma hurwitz_zeta spherical_jn spherical_yn"""
)

_TEST = """
for (point, wanted, allowed) in zip([{points}], [{wanted}], [{allowed}])
    value, gradient = {name}(point...)
    found = [value; gradient]
    @assert length(found) == length(wanted)
    @assert all(abs.(found - wanted) .<= allowed) found
end
println("ok")
"""


def _frame(parts: Parts) -> str:
    rows = ["using SpecialFunctions", ""] if _SPECIAL & parts.operations else []
    rows += [REAL] if "real_number(" in parts.text else []
    rows += ['"""', *(interpolated(row) for row in parts.doc), '"""']
    rows += [f"function {parts.name}({listed(parts.arguments)})"]
    rows += [f"    {target} = {text}" for target, text in parts.lines]
    rows += [f"    return {parts.value}, Float64[{listed(parts.gradient)}]", "end"]
    if parts.tests:
        points, wanted, allowed = (listed(table) for table in tabled(parts, repr, "Float64[{}]"))
        rows.append(_TEST.format(points=points, wanted=wanted, allowed=allowed, name=parts.name).rstrip("\n"))
    return "\n".join(rows) + "\n"


JULIA = Language(
    "julia",
    OPERATORS | joined("&&", "||", "({0} ? {1} : {2})")
    | named("{}", f"{_MATH} erf erfc erfi airyai airybi airyaiprime airybiprime")
    | {name.replace("loggamma", "lgamma").replace("expinti", "ei"): template(f"real_number({name}, {{0}})")
       for name in _PARTIAL.split()}
    | templates({f"bessel{kind}": f"real_number(bessel{kind}, {{0}}, {{1}})" for kind in "jyik"})
    | templates({"pow": "real_number(^, {0}, {1})", "mod": "real_number(mod, {0}, {1})", "atan2": "atan({0}, {1})"})
    | templates({"beta": "real_number(beta, {0}, {1})", "polygamma": "real_number(polygamma, Int({0}), {1})"})
    | templates({"erfcx": "erfcx({0})", "erfcinv": "real_number(erfcinv, {0})", "dawson": "dawson({0})"})
    | templates({
        "betainc": "real_number((a, b, x) -> beta_inc(a, b, x)[1], {0}, {1}, {2})",
        "lowergamma": "real_number((a, x) -> gamma_inc(a, x)[1]*gamma(a), {0}, {1})",
        "uppergamma": "real_number((a, x) -> gamma_inc(a, x)[2]*gamma(a), {0}, {1})",
        "hurwitz_zeta": "real_number(zeta, {0}, {1})", "spherical_jn": "real_number(sphericalbesselj, {0}, {1})",
        "spherical_yn": "real_number(sphericalbessely, {0}, {1})",
    })
    | {"finite": template("isfinite({0})"), "settle": template("(isfinite({0}) ? {0} : NaN)")},
    reserved_words.JULIA, written("NaN"), _frame,
)  # fmt: skip
