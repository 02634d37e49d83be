"""Derivatives of calculus books, beside what sympy's diff and simplify write; how many operations a text has.

`python -m tests.calculus.textbook` writes sympy's columns of textbook.tsv anew: minutes, for simplify is slow.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("textbook.tsv")


class Example(NamedTuple):
    """An expression, the variable it is differentiated along, and what sympy's diff and simplify write."""

    group: str
    expression: str
    variable: str
    differentiated: str
    simplified: str


class Counts(NamedTuple):
    """Operations, levels (a sum and a product of many are one) and minus signs of a text."""

    operations: int
    depth: int
    minus: int


def examples() -> list[Example]:
    """The rows of the file."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return [Example(*line.split("\t")) for line in lines if line and not line.startswith("#")]


def counts(text: str) -> Counts:
    """What Python's own parser finds in a formula."""
    tree = ast.parse(re.sub(r"\band\b|\bor\b", "|", text), mode="eval").body
    return Counts(_operations(tree), _depth(tree), text.count("-"))


def _operations(node: ast.AST) -> int:
    inner = sum(map(_operations, ast.iter_child_nodes(node)))
    return inner + isinstance(node, ast.BinOp | ast.UnaryOp | ast.Call | ast.Compare)


def _depth(node: ast.expr) -> int:
    if isinstance(node, ast.BinOp):
        level = _level(node)
        return max(
            _depth(part) + (level is None or _level(part) != level) for part in (node.left, node.right)
        )
    if isinstance(node, ast.UnaryOp):
        return _depth(node.operand) + (not isinstance(node.operand, ast.Constant | ast.Name))
    if isinstance(node, ast.Call):
        return 1 + max(map(_depth, node.args))
    if isinstance(node, ast.Compare):
        return 1 + max(_depth(node.left), *map(_depth, node.comparators))
    return 0


def _level(node: ast.expr) -> str | None:
    """Sums continue sums, and products products."""
    if not isinstance(node, ast.BinOp) or isinstance(node.op, ast.Pow):
        return None
    return "sum" if isinstance(node.op, ast.Add | ast.Sub) else "product"


def _written_by_sympy(expression: str, variable: str) -> tuple[str, str]:
    import sympy

    symbols = {
        name: sympy.Symbol(name, real=True) for name in re.findall(r"[A-Za-z_]\w*(?![\w(])", expression)
    }
    calls = {"abs": sympy.Abs, "max": sympy.Max, "min": sympy.Min}
    whole = sympy.parse_expr(expression, {**symbols, **calls}, transformations=_exact())
    derivative = whole.diff(symbols.get(variable, sympy.Symbol(variable, real=True)))
    return str(derivative), str(sympy.simplify(derivative))


def _exact() -> tuple[object, ...]:
    from sympy.parsing.sympy_parser import rationalize, standard_transformations

    return (*standard_transformations, rationalize)


def _main() -> None:
    import sympy

    lines = [f"# sympy {sympy.__version__}: group, expression, variable, its diff, its simplify of that"]
    for example in (
        line.split("\t") for line in FILE.read_text(encoding="utf-8").splitlines() if line[:1] != "#"
    ):
        group, expression, variable = example[:3]
        lines.append("\t".join([group, expression, variable, *_written_by_sympy(expression, variable)]))
        print(lines[-1], file=sys.stderr)
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _main()
