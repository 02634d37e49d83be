"""C++17."""

from __future__ import annotations

from gradcli.calculus.exporting import reserved_words
from gradcli.calculus.exporting.languages.c import CHOICE, MATHEMATICS, MOD, comment
from gradcli.calculus.exporting.target_language import Language, Parts, listed, tabled, written
from gradcli.calculus.exporting.templates import OPERATORS, named, template

_TEST = """
#include <cstdio>

int main()
{{
    {points}const double wanted[{tests}][{count}] = {{{wanted}}};
    const double allowed[{tests}][{count}] = {{{allowed}}};
    for (std::size_t n = 0; n < {tests}; n++) {{
        const auto [value, gradient] = {call};
        static_assert(std::tuple_size<decltype(gradient)>::value + 1 == {count}, "as many partials as wanted");
        for (std::size_t k = 0; k < {count}; k++) {{
            const double found = k ? gradient[k - 1] : value;
            if (!(std::fabs(found - wanted[n][k]) <= allowed[n][k])) {{
                std::printf("point %zu, result %zu is %.17g, wanted %.17g\\n", n, k, found, wanted[n][k]);
                return 1;
            }}
        }}
    }}
    std::puts("ok");
}}
"""


def _frame(parts: Parts) -> str:
    kind = f"std::pair<double, std::array<double, {len(parts.gradient)}>>"
    arguments = listed([f"double {name}" for name in parts.arguments])
    rows = ["#include <array>", "#include <cmath>", "#include <utility>", "", *comment(parts)]
    rows += [f"{kind} {parts.name}({arguments})", "{"]
    rows += [f"    const double {target} = {text};" for target, text in parts.lines]
    rows += [f"    return {{{parts.value}, {{{{{listed(parts.gradient)}}}}}}};", "}"]
    return "\n".join(rows) + "\n" + _test(parts)


def _test(parts: Parts) -> str:
    if not parts.tests:
        return ""
    points, wanted, allowed = tabled(parts, repr)
    size, tests = len(parts.arguments), len(parts.tests)
    call = listed([f"point[n][{k}]" for k in range(size)])
    table = f"const double point[{tests}][{size}] = {{{listed(points)}}};\n    " if size else ""
    return _TEST.format(points=table, tests=tests, count=1 + len(parts.gradient), wanted=listed(wanted),
                        allowed=listed(allowed), call=f"{parts.name}({call})")  # fmt: skip


CPP = Language(
    "c++",
    OPERATORS | CHOICE | named("std::{}", f"{MATHEMATICS} erf erfc lgamma")
    | named("std::{}", {"abs": "fabs", "gamma": "tgamma", "mod": "fmod", "finite": "isfinite"})
    | {"settle": template("(std::isfinite({0}) ? {0} : NAN)")},
    reserved_words.CPP, written("NAN"), _frame, {"mod": MOD}, macros=True,
)  # fmt: skip
