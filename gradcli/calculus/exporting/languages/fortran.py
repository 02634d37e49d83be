"""Fortran 2008."""

from __future__ import annotations

from gradcli.calculus.exporting import reserved_words
from gradcli.calculus.exporting.source_escapes import commented, line_comment
from gradcli.calculus.exporting.target_language import Language, Parts, listed, written
from gradcli.calculus.exporting.templates import COMPARISON, OPERATORS, SUM, Template, joined, named, template

_NAN = "ieee_value(1d0, ieee_quiet_nan)"


def _broken(text: str, width: int = 100) -> list[str]:
    """A Fortran statement over as many lines as it needs: free form ends a line at 132 characters."""
    rows, indent = [], text[: len(text) - len(text.lstrip())]
    while len(text) > width and (cut := text.rfind(" ", len(indent) + 8, width)) > 0:
        rows.append(text[:cut] + " &")
        text = indent + "    " + text[cut + 1 :]
    return [*rows, text]


def _frame(parts: Parts) -> str:
    size = max(len(parts.gradient), 1)
    rows = commented(parts.doc, "! ", line_comment)
    rows += [f"subroutine {parts.name}({listed([*parts.arguments, 'value', 'gradient'])})"]
    rows += [
        "    use, intrinsic :: ieee_arithmetic, only: ieee_value, ieee_quiet_nan, ieee_is_finite",
        "    implicit none",
    ]
    rows += [f"    double precision, intent(in) :: {name}" for name in parts.arguments]
    rows += [f"    double precision, intent(out) :: value, gradient({size})"]
    rows += [f"    double precision :: {target}" for target, _ in parts.lines]
    rows += [f"    {target} = {text}" for target, text in parts.lines]
    rows += [f"    value = {parts.value}"]
    rows += [f"    gradient({index}) = {text}" for index, text in enumerate(parts.gradient, 1)]
    rows += [f"end subroutine {parts.name}", *_test(parts, size)]
    return (
        "\n".join(piece for row in rows for piece in ([row] if row.startswith("!") else _broken(row))) + "\n"
    )


def _test(parts: Parts, size: int) -> list[str]:
    if not parts.tests:
        return []
    count = 1 + len(parts.gradient)
    rows = ["", "program test", "    implicit none",
            f"    double precision :: found({size + 1}), wanted({count}), allowed({count})", "    integer :: k"]  # fmt: skip
    for test in parts.tests:
        point, wanted, allowed = ([_literal(n) for n in row] for row in test)
        rows += [f"    call {parts.name}({listed([*point, 'found(1)', 'found(2:)'])})",
                 f"    wanted = [ {listed(wanted)} ]", f"    allowed = [ {listed(allowed)} ]", f"    do k = 1, {count}",
                 "        if (.not. abs(found(k) - wanted(k)) <= allowed(k)) error stop 1", "    end do"]  # fmt: skip
    return [*rows, '    print "(a)", "ok"', "end program test"]


def _literal(number: float) -> str:
    text = written(_NAN)(number)
    if "ieee" in text:
        return text
    if "e" in text:
        return text.replace("e", "d")
    return text[:-1] + "d0)" if text.endswith(")") else text + "d0"


FORTRAN = Language(
    "fortran",
    OPERATORS | joined(".and.", ".or.", "({0})")
    | {"ne": Template("{0} /= {1}", (SUM, SUM), COMPARISON), "select": template("merge({1}, {2}, {0})")}
    | {"pow": template("({0}**{1})"), "powi": template("({0}**{n})")}
    | named("{}", "sqrt exp log log10 sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh abs hypot")
    | named("{}", "erf erfc gamma")
    | named("{}", {"lgamma": "log_gamma", "erfcx": "erfc_scaled"})
    | {"floor": template("(aint({0}) - merge(1d0, 0d0, aint({0}) > {0}))"), "mod": template("modulo({0}, {1})")}
    | {"ceil": template("(aint({0}) + merge(1d0, 0d0, aint({0}) < {0}))")}
    | {"finite": template("ieee_is_finite({0})"), "settle": template(f"merge({{0}}, {_NAN}, ieee_is_finite({{0}}))")},
    reserved_words.FORTRAN, _literal, _frame, folds_case=True,
)  # fmt: skip
