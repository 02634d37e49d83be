"""Rust."""

from __future__ import annotations

from gradcli.calculus.exporting import reserved_words
from gradcli.calculus.exporting.languages.c import MOD
from gradcli.calculus.exporting.source_escapes import commented, line_comment
from gradcli.calculus.exporting.target_language import Language, Parts, listed, tabled, written
from gradcli.calculus.exporting.templates import OPERATORS, joined, template, templates

_TEST = """
fn main() {{
    let points: [[f64; {size}]; {tests}] = [{points}];
    let wanted: [[f64; {count}]; {tests}] = [{wanted}];
    let allowed: [[f64; {count}]; {tests}] = [{allowed}];
    for n in 0..{tests} {{
        let _point = points[n];
        let (value, gradient) = {call};
        assert_eq!(gradient.len() + 1, {count});
        for k in 0..{count} {{
            let found = if k == 0 {{ value }} else {{ gradient[..][k - 1] }};
            assert!((found - wanted[n][k]).abs() <= allowed[n][k], "{{}} {{}}", found, wanted[n][k]);
        }}
    }}
    println!("ok");
}}
"""


def _frame(parts: Parts) -> str:
    arguments = listed([f"{name}: f64" for name in parts.arguments])
    # Names such as `X` and half-sums in brackets are as the mathematics has them.
    rows = [
        *commented(parts.doc, "/// ", line_comment),
        "#[allow(non_snake_case, unused_parens, unused_variables)]",
    ]
    rows += [f"pub fn {parts.name}({arguments}) -> (f64, [f64; {len(parts.gradient)}]) {{"]
    rows += [f"    let {target}: f64 = {text};" for target, text in parts.lines]
    rows += [f"    ({parts.value}, [{listed(parts.gradient)}])", "}"]
    return "\n".join(rows) + "\n" + (_test(parts) if parts.tests else "")


def _test(parts: Parts) -> str:
    points, wanted, allowed = (listed(table) for table in tabled(parts, "{!r}_f64".format, "[{}]"))
    call = f"{parts.name}({listed([f'_point[{k}]' for k in range(len(parts.arguments))])})"
    return _TEST.format(size=len(parts.arguments), tests=len(parts.tests), count=1 + len(parts.gradient),
                        points=points, wanted=wanted, allowed=allowed, call=call)  # fmt: skip


_SAME = "sqrt exp log10 log2 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh cbrt floor ceil abs"
_METHODS = {name: name for name in _SAME.split()} | {"log": "ln", "expm1": "exp_m1", "log1p": "ln_1p"}

RUST = Language(
    "rust",
    OPERATORS | joined("&&", "||", "(if {0} {{ {1} }} else {{ {2} }})")
    | templates({name: f"{{0}}.{theirs}()" for name, theirs in _METHODS.items()})
    | templates({"pow": "{0}.powf({1})", "hypot": "{0}.hypot({1})", "atan2": "{0}.atan2({1})"})
    | {"mod": template("({0} % {1})"), "finite": template("{0}.is_finite()")}
    | {"settle": template("(if {0}.is_finite() {{ {0} }} else {{ f64::NAN }})")},
    reserved_words.RUST, written("f64::NAN", "{}_f64"), _frame, {"mod": MOD},
)  # fmt: skip
