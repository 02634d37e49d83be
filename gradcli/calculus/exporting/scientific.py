"""Julia, Fortran, MATLAB and Octave."""

from __future__ import annotations

from gradcli.calculus.exporting import reserved
from gradcli.calculus.exporting.language import (
    OPERATORS,
    Language,
    Parts,
    commented,
    listed,
    named,
    written,
)

_LOGIC = {"and": "({0} && {1})", "or": "({0} || {1})"}
_MATH = (
    "sqrt exp expm1 log log10 log2 log1p sin cos tan sec csc cot asin acos atan asec acsc acot sinh cosh tanh asinh "
    "acosh atanh abs floor ceil hypot"
)


def _julia(parts: Parts) -> str:
    rows = ["using SpecialFunctions", ""] if _JULIA_SPECIAL & parts.operations else []
    if "quiet(" in parts.text:
        rows += ["# A piece that is not taken may have no value: NaN stands for it.",
                 "quiet(piece) = try piece() catch; NaN end", ""]  # fmt: skip
    rows += ['"""', *parts.doc, '"""', f"function {parts.name}({listed(parts.arguments)})"]
    rows += [f"    {target} = {text}" for target, text in parts.lines]
    rows += [f"    return {parts.value}, [{listed(parts.gradient)}]", "end"]
    if parts.test is not None:
        point = listed([repr(number) for number in parts.test.point])
        wanted = listed([repr(number) for number in (parts.test.value, *parts.test.gradient)])
        rows += ["", f"let (value, gradient) = {parts.name}({point})",
                 f"    for (found, wanted) in zip([value; gradient], [{wanted}])",
                 "        @assert abs(found - wanted) <= 1e-12 * max(1.0, abs(wanted))",
                 "    end", "end", 'println("ok")']  # fmt: skip
    return "\n".join(rows) + "\n"


_JULIA_SPECIAL = reserved.words(
    """erf erfc erfi erfinv gamma lgamma beta besselj bessely besseli besselk airyai airybi airyaiprime airybiprime
    polygamma ei"""
)

JULIA = Language(
    "julia",
    OPERATORS | _LOGIC | {"select": "({0} ? {1} : {2})", "pow": "({0})^({1})", "powi": "({0})^{n}"}
    | named("{}", f"{_MATH} cbrt mod min max beta") | {"atan2": "atan({0}, {1})", "acot": "atan(1/({0}))"}
    | named("{}", {"erf": "erf", "erfc": "erfc", "erfi": "erfi", "erfinv": "erfinv", "gamma": "gamma",
                   "airyai": "airyai", "airybi": "airybi", "airyaiprime": "airyaiprime",
                   "airybiprime": "airybiprime", "ei": "expinti"})
    | {"lgamma": "({0} > 0 ? loggamma({0}) : NaN)", "polygamma": "polygamma(Int({0}), {1})"}
    | {name: f"{name}({{0}}, {{1}})" for name in ("besselj", "bessely", "besseli", "besselk")},
    reserved.JULIA, written("NaN"), _julia, quiet="quiet(() -> {})",
)  # fmt: skip


def _broken(text: str, width: int = 100) -> list[str]:
    """A Fortran statement over as many lines as it needs: free form ends a line at 132 characters."""
    rows, indent = [], text[: len(text) - len(text.lstrip())]
    while len(text) > width and (cut := text.rfind(" ", len(indent) + 8, width)) > 0:
        rows.append(text[:cut] + " &")
        text = indent + "    " + text[cut + 1 :]
    return [*rows, text]


def _fortran(parts: Parts) -> str:
    size = max(len(parts.gradient), 1)
    rows = commented(parts.doc, "! ")
    rows += [f"subroutine {parts.name}({listed([*parts.arguments, 'value', 'gradient'])})"]
    rows += ["    use, intrinsic :: ieee_arithmetic, only: ieee_value, ieee_quiet_nan", "    implicit none"]
    rows += [f"    double precision, intent(in) :: {name}" for name in parts.arguments]
    rows += [f"    double precision, intent(out) :: value, gradient({size})"]
    rows += [f"    double precision :: {target}" for target, _ in parts.lines]
    rows += [f"    {target} = {text}" for target, text in parts.lines]
    rows += [f"    value = {parts.value}"]
    rows += [f"    gradient({index}) = {text}" for index, text in enumerate(parts.gradient, 1)]
    rows += [f"end subroutine {parts.name}", *_fortran_test(parts, size)]
    return (
        "\n".join(piece for row in rows for piece in ([row] if row.startswith("!") else _broken(row))) + "\n"
    )


def _fortran_test(parts: Parts, size: int) -> list[str]:
    if parts.test is None:
        return []
    point = [_fortran_literal(number) for number in parts.test.point]
    wanted = [_fortran_literal(number) for number in (parts.test.value, *parts.test.gradient)]
    count = len(wanted)
    return ["", "program test", "    implicit none", f"    double precision :: found({size + 1}), wanted({count})",
            "    integer :: k", f"    call {parts.name}({listed([*point, 'found(1)', 'found(2:)'])})",
            f"    wanted = [ {listed(wanted)} ]", f"    do k = 1, {count}",
            "        if (.not. abs(found(k) - wanted(k)) <= 1d-12 * max(1d0, abs(wanted(k)))) error stop 1",
            "    end do", '    print "(a)", "ok"', "end program test"]  # fmt: skip


def _fortran_literal(number: float) -> str:
    text = written("ieee_value(1d0, ieee_quiet_nan)")(number)
    if "ieee" in text:
        return text
    if "e" in text:
        return text.replace("e", "d")
    return text[:-1] + "d0)" if text.endswith(")") else text + "d0"


FORTRAN = Language(
    "fortran",
    OPERATORS | {"ne": "{0} /= {1}", "and": "({0} .and. {1})", "or": "({0} .or. {1})"}
    | {"select": "merge({1}, {2}, {0})", "pow": "(({0})**({1}))", "powi": "(({0})**{n})"}
    | named("{}", "sqrt exp log log10 sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh abs hypot")
    | named("{}", "erf erfc gamma")
    | {"floor": "(aint({0}) - merge(1d0, 0d0, aint({0}) > {0}))", "mod": "modulo({0}, {1})"}
    | {"ceil": "(aint({0}) + merge(1d0, 0d0, aint({0}) < {0}))"}
    | {"lgamma": "merge(log_gamma({0}), ieee_value(1d0, ieee_quiet_nan), {0} > 0)"},
    reserved.FORTRAN, _fortran_literal, _fortran, folds_case=True,
)  # fmt: skip


def _matlab_function(parts: Parts) -> list[str]:
    rows = [
        f"function [value, gradient] = {parts.name}({listed(parts.arguments)})",
        *commented(parts.doc, "% "),
    ]
    rows += [f"    {target} = {text};" for target, text in parts.lines]
    rows += [f"    value = {parts.value};", f"    gradient = [{listed(parts.gradient)}];", "end"]
    if "real_only(" in parts.text:
        rows += ["", "function y = real_only(y)", "% NaN for what is not a real number.", "    if imag(y) ~= 0",
                 "        y = NaN;", "    end", "    y = real(y);", "end"]  # fmt: skip
    if "pick(" in parts.text:
        rows += ["", "function y = pick(condition, a, b)", "% a where the condition holds, else b.",
                 "    if condition", "        y = a;", "    else", "        y = b;", "    end", "end"]  # fmt: skip
    return rows


def _matlab_test(parts: Parts) -> list[str]:
    if parts.test is None:
        return []
    point = listed([repr(number) for number in parts.test.point])
    wanted = listed([repr(number) for number in (parts.test.value, *parts.test.gradient)])
    return [f"[value, gradient] = {parts.name}({point});", f"wanted = [{wanted}];",
            "assert(all(abs([value, gradient] - wanted) <= 1e-12 * max(1, abs(wanted))));",
            "disp('ok');"]  # fmt: skip


def _octave(parts: Parts) -> str:
    """A file of a function, or a script that defines it and then tests it: 1; tells Octave so."""
    test = _matlab_test(parts)
    rows = ["1;", "", *_matlab_function(parts), "", *test] if test else _matlab_function(parts)
    return "\n".join(rows) + "\n"


def _matlab(parts: Parts) -> str:
    """The same for MATLAB, where the functions of a script stand at its end."""
    test = _matlab_test(parts)
    rows = [*test, "", *_matlab_function(parts)] if test else _matlab_function(parts)
    return "\n".join(rows) + "\n"


_COMPLEX = "sqrt log log10 log2 log1p asin acos asec acsc acosh atanh"
_MATLAB_OPERATIONS = (
    OPERATORS | {"ne": "{0} ~= {1}"} | _LOGIC
    | named("{}", _MATH)
    | {name: template + ")" for name, template in named("real_only({}", _COMPLEX).items()}
    | {"select": "pick({0}, {1}, {2})", "pow": "real_only(({0})^({1}))", "acot": "atan(1/({0}))"}
    | named("{}", "atan2 mod erf erfc erfinv gamma beta")
    | {"lgamma": "pick({0} > 0, gammaln(abs({0})), NaN)", "polygamma": "psi({0}, {1})"}
    | {name: f"real_only({name}({{0}}, {{1}}))" for name in ("besselj", "bessely", "besseli", "besselk")}
)  # fmt: skip

OCTAVE = Language("octave", _MATLAB_OPERATIONS, reserved.MATLAB, written("NaN"), _octave)
MATLAB = Language("matlab", _MATLAB_OPERATIONS, reserved.MATLAB, written("NaN"), _matlab)
