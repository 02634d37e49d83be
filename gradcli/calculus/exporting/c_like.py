"""C, C++, Rust and JavaScript."""

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

_LOGIC = {"and": "({0} && {1})", "or": "({0} || {1})", "select": "({0} ? {1} : {2})"}
_MATH = (
    "sqrt exp expm1 log log10 log2 log1p sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh hypot pow "
    "cbrt floor ceil"
)


def _comment(parts: Parts) -> list[str]:
    return ["/*", *commented(parts.doc, " * "), " */"]


def _numbers(parts: Parts, literal: str = "{}") -> tuple[str, str, int]:
    """The point, what must come out there, and how many numbers that is."""
    if parts.test is None:
        return "", "", 0
    wanted = [parts.test.value, *parts.test.gradient]
    texts = [literal.format(repr(number)) for number in wanted]
    return listed([literal.format(repr(number)) for number in parts.test.point]), listed(texts), len(wanted)


_C_TEST = """
#include <stdio.h>

int main(void)
{{
    double found[{count}];
    const double wanted[{count}] = {{{wanted}}};
    int failed = 0;
    found[0] = {call};
    for (int k = 0; k < {count}; k++) {{
        double gap = fabs(found[k] - wanted[k]);
        if (!(gap <= 1e-12 * fmax(1.0, fabs(wanted[k])))) {{
            printf("result %d is %.17g, wanted %.17g\\n", k, found[k], wanted[k]);
            failed = 1;
        }}
    }}
    if (!failed)
        puts("ok");
    return failed;
}}
"""


def _c(parts: Parts) -> str:
    size = max(len(parts.gradient), 1)
    arguments = [f"double {name}" for name in parts.arguments]
    rows = ["#include <math.h>", "", *_comment(parts)]
    rows += [f"double {parts.name}({listed([*arguments, f'double gradient[{size}]'])})", "{"]
    rows += [f"    const double {target} = {text};" for target, text in parts.lines]
    rows += [f"    gradient[{index}] = {text};" for index, text in enumerate(parts.gradient)]
    rows += [f"    return {parts.value};", "}"]
    point, wanted, count = _numbers(parts)
    call = f"{parts.name}({listed([*point.split(', '), 'found + 1']) if point else 'found'})"
    test = _C_TEST.format(count=count, wanted=wanted, call=call) if count else ""
    return "\n".join(rows) + "\n" + test


_CPP_TEST = """
#include <algorithm>
#include <cstdio>

int main()
{{
    const auto [value, gradient] = {call};
    const double wanted[] = {{{wanted}}};
    for (std::size_t k = 0; k < {count}; k++) {{
        const double found = k ? gradient[k - 1] : value;
        if (!(std::fabs(found - wanted[k]) <= 1e-12 * std::max(1.0, std::fabs(wanted[k])))) {{
            std::printf("result %zu is %.17g, wanted %.17g\\n", k, found, wanted[k]);
            return 1;
        }}
    }}
    std::puts("ok");
}}
"""


def _cpp(parts: Parts) -> str:
    kind = f"std::pair<double, std::array<double, {len(parts.gradient)}>>"
    arguments = listed([f"double {name}" for name in parts.arguments])
    rows = ["#include <array>", "#include <cmath>", "#include <utility>", "", *_comment(parts)]
    rows += [f"{kind} {parts.name}({arguments})", "{"]
    rows += [f"    const double {target} = {text};" for target, text in parts.lines]
    rows += [f"    return {{{parts.value}, {{{{{listed(parts.gradient)}}}}}}};", "}"]
    point, wanted, count = _numbers(parts)
    test = _CPP_TEST.format(count=count, wanted=wanted, call=f"{parts.name}({point})") if count else ""
    return "\n".join(rows) + "\n" + test


_RUST_TEST = """
fn main() {{
    let (value, gradient) = {call};
    let wanted: [f64; {count}] = [{wanted}];
    for k in 0..{count} {{
        let found = if k == 0 {{ value }} else {{ gradient[k - 1] }};
        assert!((found - wanted[k]).abs() <= 1e-12 * wanted[k].abs().max(1.0), "{{}} {{}}", found, wanted[k]);
    }}
    println!("ok");
}}
"""


def _rust(parts: Parts) -> str:
    arguments = listed([f"{name}: f64" for name in parts.arguments])
    # Names such as `X` and half-sums in brackets are as the mathematics has them.
    rows = [*commented(parts.doc, "/// "), "#[allow(non_snake_case, unused_parens, unused_variables)]"]
    rows += [f"pub fn {parts.name}({arguments}) -> (f64, [f64; {len(parts.gradient)}]) {{"]
    rows += [f"    let {target}: f64 = {text};" for target, text in parts.lines]
    rows += [f"    ({parts.value}, [{listed(parts.gradient)}])", "}"]
    point, wanted, count = _numbers(parts, "{}_f64")
    if count > 1:
        test = _RUST_TEST.format(count=count, wanted=wanted, call=f"{parts.name}({point})")
    else:
        test = (
            f'\nfn main() {{\n    assert_eq!({parts.name}({point}).0, {wanted});\n    println!("ok");\n}}\n'
        )
    return "\n".join(rows) + "\n" + (test if count else "")


_JS_TEST = """
const found = {call};
[found.value, ...found.gradient].forEach((part, k) => {{
  const wanted = [{wanted}][k];
  if (!(Math.abs(part - wanted) <= 1e-12 * Math.max(1, Math.abs(wanted)))) throw new Error(`${{part}} ${{wanted}}`);
}});
console.log("ok");
"""


def _javascript(parts: Parts) -> str:
    rows = [
        "/**",
        *commented(parts.doc, " * "),
        " */",
        f"function {parts.name}({listed(parts.arguments)}) {{",
    ]
    rows += [f"  const {target} = {text};" for target, text in parts.lines]
    rows += [f"  return {{ value: {parts.value}, gradient: [{listed(parts.gradient)}] }};", "}", ""]
    rows += [f'if (typeof module !== "undefined") module.exports = {{ {parts.name} }};']
    point, wanted, count = _numbers(parts)
    test = _JS_TEST.format(wanted=wanted, call=f"{parts.name}({point})") if count else ""
    return "\n".join(rows) + "\n" + test


_ONES = (
    "sqrt exp log log10 log2 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh cbrt floor ceil abs"
)
_RUST_NAMES = {name: name for name in _ONES.split()} | {"log": "ln", "expm1": "exp_m1", "log1p": "ln_1p"}

C = Language(
    "c",
    OPERATORS | _LOGIC | named("{}", f"{_MATH} erf erfc")
    | named("{}", {"abs": "fabs", "gamma": "tgamma"})
    | {"lgamma": "({0} > 0 ? lgamma({0}) : NAN)"},
    reserved.C, written("NAN"), _c,
)  # fmt: skip

CPP = Language(
    "c++",
    OPERATORS | _LOGIC | named("std::{}", f"{_MATH} erf erfc")
    | named("std::{}", {"abs": "fabs", "gamma": "tgamma"})
    | {"lgamma": "({0} > 0 ? std::lgamma({0}) : NAN)"},
    reserved.CPP, written("NAN"), _cpp,
)  # fmt: skip

RUST = Language(
    "rust",
    OPERATORS | {"and": "({0} && {1})", "or": "({0} || {1})", "select": "(if {0} {{ {1} }} else {{ {2} }})"}
    | {name: f"{{0}}.{theirs}()" for name, theirs in _RUST_NAMES.items()}
    | {name: f"{{0}}.{theirs}({{1}})" for name, theirs in
       {"pow": "powf", "hypot": "hypot", "atan2": "atan2"}.items()}
    | {"powi": "{0}.powi({n})"},
    reserved.RUST, written("f64::NAN", "{}_f64"), _rust,
)  # fmt: skip

JAVASCRIPT = Language(
    "javascript",
    OPERATORS | _LOGIC | {"eq": "{0} === {1}", "ne": "{0} !== {1}"} | named("Math.{}", f"{_MATH} abs min max"),
    reserved.JAVASCRIPT, written("NaN"), _javascript,
)  # fmt: skip
