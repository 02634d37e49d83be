"""Derivations and backpropagation tables → record, text, Markdown and LaTeX."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.language.latex_escapes import latex_text
from gradcli.language.problem_text import heading
from gradcli.output.text.document import Document, Line, Table, line
from gradcli.output.text.markdown_escapes import coded, marked

Found = Sequence[Mapping[str, Any]]


def derivation_record(expression: str | list[str], found: Found) -> dict[str, Any]:
    """The JSON record: expression, and under derivations one record per variable with its steps."""
    return {"expression": expression, "derivations": [dict(one) for one in found]}


def derivation_rows(found: Found) -> list[dict[str, object]]:
    """One row per line for CSV."""
    return [
        {
            **({"part": one["part"]} if "part" in one else {}),
            "variable": one["variable"],
            "step": number,
            **step,
        }
        for one in found
        for number, step in enumerate(one["steps"])
    ]


def derivation_document(expression: str | list[str], found: Found) -> Document:
    """The text: the lines of each partial, and below each the rule behind it."""
    parts: list[Line | Table] = [line(("heading", "f = "), ("formula", _whole(expression)))]
    for one in found:
        first, *rest = one["steps"]
        parts.append(line(("variable", _partial(one)), " = ", ("formula", first["text"])))
        for step in rest:
            parts.append(Line((("text", "  = "), ("formula", step["text"])), hanging=4))
            parts.append(Line((("text", "      "), ("note", _reason(step))), hanging=8))
    return parts


#: The digits of an order, as exponents.
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _partial(one: Mapping[str, Any]) -> str:
    """`∂f/∂x`, `∂²f/∂x²`; ∂u/∂x of a definition, df/dx where the chain rule joins them."""
    power = str(one["order"]).translate(_RAISED) if one.get("order", 1) > 1 else ""
    sign = "d" if one.get("chain") else "∂"
    return f"{sign}{power}{one.get('part', 'f')}/{sign}{one['variable']}{power}"


def _whole(expression: str | list[str]) -> str:
    return heading(expression)


def _reason(step: Mapping[str, Any]) -> str:
    return f"{step['rule']}: {step['statement']}"


def derivation_markdown(expression: str | list[str], found: Found) -> str:
    """Markdown: a table per partial."""
    rows = [f"# Gradient of {coded(_whole(expression))}", ""]
    for one in found:
        along = f"Along {coded(' '.join([one['variable']] * one.get('order', 1)))}"
        what = f"## {coded(_partial(one)) if 'part' in one else along}"
        rows += [what, "", "| line | rule |", "|---|---|"]
        rows += [f"| {coded(step['text'])} | {marked(_reason(step))} |" for step in one["steps"]]
        rows.append("")
    return "\n".join(rows)


def derivation_latex(found: Found) -> str:
    """An align environment per partial, the rule behind each line."""
    blocks = []
    for one in found:
        first, *rest = one["steps"]
        rows = [f"& {first['latex']}"]
        rows += [rf"={{}}& {step['latex']} && \text{{{latex_text(step['rule'])}}}" for step in rest]
        blocks.append("\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}")
    return "\n".join(blocks)


def backprop_record(expression: str | list[str], at: Mapping[str, Any], rows: Found) -> dict[str, Any]:
    """The JSON record: expression, at, and one record per node."""
    return {"expression": expression, "at": dict(at), "nodes": [dict(row) for row in rows]}


def backprop_document(expression: str | list[str], rows: Found) -> Document:
    """The table that courses draw: node, what it is, its value, its local derivatives, its adjoint."""
    cells = tuple(
        (
            ("variable", row["node"]),
            ("text", row["operation"]),
            ("formula", row["expression"]),
            ("value", row["value"] or "none"),
            ("text", _locals(row)),
            ("gradient", row["adjoint"] or "none"),
        )
        for row in rows
    )
    heading = line(("heading", "f = "), ("formula", _whole(expression)))
    return [heading, Table(("", "is", "expression", "value", "local", "adjoint"), cells)]


def _locals(row: Mapping[str, Any]) -> str:
    return " ".join(f"∂/∂{name}={value or 'none'}" for name, value in row["local"].items())


def backprop_rows(rows: Found) -> list[dict[str, object]]:
    """One row per node for CSV."""
    return [dict(row) for row in rows]


def backprop_markdown(expression: str | list[str], rows: Found) -> str:
    """Markdown: one table."""
    lines = [f"# Backpropagation through {coded(_whole(expression))}", "",
             "| node | is | expression | value | local | adjoint |", "|---|---|---|---|---|---|"]  # fmt: skip
    for row in rows:
        cells = [row["node"], row["operation"], row["expression"], row["value"], _locals(row), row["adjoint"]]
        lines.append("| " + " | ".join(coded(cell) if cell else "" for cell in cells) + " |")
    return "\n".join([*lines, ""])


def backprop_latex(rows: Found) -> str:
    """A tabular environment; names and numbers as they stand."""
    lines = [r"\begin{tabular}{llrrl}", r"node & is & value & adjoint & local \\ \hline"]
    for row in rows:
        cells = [
            row["node"],
            row["operation"],
            row["value"] or "",
            row["adjoint"] or "",
            _locals(row).replace("∂", "d"),
        ]
        lines.append(" & ".join(latex_text(cell) for cell in cells) + r" \\")
    return "\n".join([*lines, r"\end{tabular}"])
