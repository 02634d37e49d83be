"""A gradient → LaTeX."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradcli.language.column_names import grouped
from gradcli.output.gradients.gradient_document import Gradient
from gradcli.output.text.grouped_rows import SHOWN
from gradcli.output.text.number_text import shown


def gradient_latex(gradient: Gradient, latex: Mapping[str, str | None]) -> str:
    """An align environment: f and each partial, with their numbers where there is a point."""
    from gradcli.language.latex_escapes import latex_name

    answer = gradient.answer
    value = f" = {shown(answer.value, 15)}" if answer else ""
    lines = [rf"f &= {latex.get('') or verbatim(str(gradient.expression))}{value}"]
    where = [name for name in latex if name.startswith("where ")]
    for name in where:
        word = r"\text{where } " if name == where[0] else ""
        lines.append(rf"{word}{latex_name(name.removeprefix('where '))} &= {latex[name]}")
    for name, text in gradient.formulas.items():
        number = answer.partials.get(name) if answer else None
        shown_number = "" if number is None else f" = {shown(number, 15)}"
        body = latex.get(name) or verbatim(text or "?")
        lines.append(rf"\frac{{\partial f}}{{\partial {latex_name(name)}}} &= {body}{shown_number}")
    if gradient.rigorous is not None:
        from gradcli.output.gradients.enclosure_lines import enclosure_latex

        lines += enclosure_latex(gradient.rigorous)
    body = " \\\\\n".join(lines)
    return f"\\begin{{align*}}\n{body}\n\\end{{align*}}"


def verbatim(text: str) -> str:
    """Text of ours inside of mathematics."""
    from gradcli.language.latex_escapes import latex_text

    return rf"\text{{{latex_text(text)}}}"


def latex_of_rows(gradient: Gradient, latex: Mapping[str, tuple[str, str]]) -> str:
    """The same of a text with columns: along a column once, what holds in each row. latex: symbol and formula by name."""
    answer = gradient.answer
    value = f" = {shown(answer.value, 15)}" if answer else ""
    lines = [f"f &= {latex[''][1]}{value}"]
    partials = grouped(answer.partials) if answer else {}
    for name, (symbol, body) in latex.items():
        if name:
            numbers = _latex_numbers(partials.get(name))
            lines.append(rf"\frac{{\partial f}}{{\partial {symbol}}} &= {body}{numbers}")
    whole = " \\\\\n".join(lines)
    return f"\\begin{{align*}}\n{whole}\n\\end{{align*}}"


def _latex_numbers(found: Any) -> str:
    """A partial's number, or the first ones of those along a column."""
    if found is None or not isinstance(found, list):
        return "" if found is None else f" = {shown(found, 15)}"
    texts = [r"\text{none}" if one is None else shown(one, 15) for one in found[:SHOWN]]
    more = [r"\ldots"] if len(found) > SHOWN else []
    return rf" = \left({', '.join([*texts, *more])}\right)"
