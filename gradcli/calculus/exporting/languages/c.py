"""C: the language itself, and what C++ and JavaScript share with it."""

from __future__ import annotations

from gradcli.calculus.exporting import reserved_words
from gradcli.calculus.exporting.source_escapes import block_comment, commented
from gradcli.calculus.exporting.target_language import Language, Parts, listed, tabled, written
from gradcli.calculus.exporting.templates import OPERATORS, joined, named, template

#: Functions that go by the same names in C's mathematics and its relatives'.
MATHEMATICS = (
    "sqrt exp expm1 log log10 log2 log1p sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh hypot pow "
    "cbrt floor ceil"
)

#: The rest of a division has the sign of the dividend; here it is to have the divisor's.
MOD = "where(mod(x,y)<0 and y>0 or mod(x,y)>0 and y<0,mod(x,y)+y,mod(x,y))"

CHOICE = joined("&&", "||", "({0} ? {1} : {2})")


def comment(parts: Parts) -> list[str]:
    """The comment before a function."""
    return ["/*", *commented(parts.doc, " * ", block_comment), " */"]


_TEST = """
#include <stdio.h>

int main(void)
{{
    {points}const double wanted[{tests}][{count}] = {{{wanted}}};
    const double allowed[{tests}][{count}] = {{{allowed}}};
    int failed = 0;
    for (int n = 0; n < {tests}; n++) {{
        double found[{count} + 1];
        found[0] = {call};
        for (int k = 0; k < {count}; k++) {{
            if (!(fabs(found[k] - wanted[n][k]) <= allowed[n][k])) {{
                printf("point %d, result %d is %.17g, wanted %.17g\\n", n, k, found[k], wanted[n][k]);
                failed = 1;
            }}
        }}
    }}
    if (!failed)
        puts("ok");
    return failed;
}}
"""


def _frame(parts: Parts) -> str:
    size = max(len(parts.gradient), 1)
    arguments = [f"double {name}" for name in parts.arguments]
    rows = ["#include <math.h>", "", *comment(parts)]
    rows += [f"double {parts.name}({listed([*arguments, f'double gradient[{size}]'])})", "{"]
    rows += [f"    const double {target} = {text};" for target, text in parts.lines]
    rows += [f"    gradient[{index}] = {text};" for index, text in enumerate(parts.gradient)]
    rows += [f"    return {parts.value};", "}"]
    return "\n".join(rows) + "\n" + _test(parts)


def _test(parts: Parts) -> str:
    if not parts.tests:
        return ""
    points, wanted, allowed = tabled(parts, repr)
    size, tests = len(parts.arguments), len(parts.tests)
    call = listed([*(f"point[n][{k}]" for k in range(size)), "found + 1"])
    table = f"const double point[{tests}][{size}] = {{{listed(points)}}};\n    " if size else ""
    return _TEST.format(points=table, tests=tests, count=1 + len(parts.gradient), wanted=listed(wanted),
                        allowed=listed(allowed), call=f"{parts.name}({call})")  # fmt: skip


C = Language(
    "c",
    OPERATORS | CHOICE | named("{}", f"{MATHEMATICS} erf erfc lgamma")
    | named("{}", {"abs": "fabs", "gamma": "tgamma", "mod": "fmod", "finite": "isfinite"})
    | {"settle": template("(isfinite({0}) ? {0} : NAN)")},
    reserved_words.C, written("NAN"), _frame, {"mod": MOD}, macros=True,
)  # fmt: skip
