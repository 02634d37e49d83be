"""JavaScript."""

from __future__ import annotations

from gradcli.calculus.exporting import reserved_words
from gradcli.calculus.exporting.languages.c import CHOICE, MATHEMATICS, MOD
from gradcli.calculus.exporting.source_escapes import block_comment, commented
from gradcli.calculus.exporting.target_language import Language, Parts, listed, tabled, written
from gradcli.calculus.exporting.templates import COMPARISON, OPERATORS, SUM, Template, named, template

_TEST = """
const points = [{points}], wanted = [{wanted}], allowed = [{allowed}];
points.forEach((point, n) => {{
  const {{ value, gradient }} = {name}(...point);
  const found = [value, ...gradient];
  if (found.length !== wanted[n].length) throw new Error(`${{found.length}} results, not ${{wanted[n].length}}`);
  found.forEach((part, k) => {{
    if (!(Math.abs(part - wanted[n][k]) <= allowed[n][k])) throw new Error(`${{part}}, wanted ${{wanted[n][k]}}`);
  }});
}});
console.log("ok");
"""


def _frame(parts: Parts) -> str:
    rows = ["/**", *commented(parts.doc, " * ", block_comment), " */"]
    rows += [f"function {parts.name}({listed(parts.arguments)}) {{"]
    rows += [f"  const {target} = {text};" for target, text in parts.lines]
    rows += [f"  return {{ value: {parts.value}, gradient: [{listed(parts.gradient)}] }};", "}", ""]
    rows += [f'if (typeof module !== "undefined") module.exports = {{ {parts.name} }};']
    points, wanted, allowed = (listed(table) for table in tabled(parts, repr, "[{}]"))
    test = _TEST.format(points=points, wanted=wanted, allowed=allowed, name=parts.name) if parts.tests else ""
    return "\n".join(rows) + "\n" + test


JAVASCRIPT = Language(
    "javascript",
    OPERATORS | CHOICE
    | {"eq": Template("{0} === {1}", (SUM, SUM), COMPARISON), "ne": Template("{0} !== {1}", (SUM, SUM), COMPARISON)}
    | named("Math.{}", f"{MATHEMATICS} abs min max")
    | {"mod": template("({0} % {1})"), "finite": template("Number.isFinite({0})")}
    | {"settle": template("(Number.isFinite({0}) ? {0} : NaN)")},
    reserved_words.JAVASCRIPT, written("NaN"), _frame, {"mod": MOD},
)  # fmt: skip
