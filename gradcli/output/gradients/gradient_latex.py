"""A gradient → LaTeX."""

from __future__ import annotations

from collections.abc import Mapping

from gradcli.output.gradients.gradient_document import Gradient
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
