"""A handout: sections of formulas, text, tables, pictures and commands, as Markdown, LaTeX or one HTML page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from gradcli.language.problem_text import heading
from gradcli.output.text.markdown_escapes import addressed, fenced, marked

if TYPE_CHECKING:
    from gradcli.output.pages.html_page import Figure


class Formulas(NamedTuple):
    """f under the empty name, and its partials: as gradcli's text, and as LaTeX (None: too long for it)."""

    texts: Mapping[str, str | None]
    latex: Mapping[str, str | None]
    given: Sequence[str]


class Text(NamedTuple):
    """A paragraph."""

    text: str


class Code(NamedTuple):
    """Lines that stand as they are."""

    lines: Sequence[str]


class Derivation(NamedTuple):
    """A derivation, as lines of text and as LaTeX."""

    lines: Sequence[str]
    latex: str


class Grid(NamedTuple):
    """A table."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


class Illustration(NamedTuple):
    """A picture: in words, for a page, and as the name of a file beside the handout or as lines of text."""

    words: str
    figure: Figure
    file: str | None
    lines: Sequence[str]


class Drawing(NamedTuple):
    """A picture that does not move: in words, as SVG for a page, as the name of a file beside it, or as lines of text."""

    words: str
    svg: str | None
    file: str | None
    lines: Sequence[str]


Block = Formulas | Text | Code | Derivation | Grid | Illustration | Drawing


class Section(NamedTuple):
    """A heading and what stands under it."""

    heading: str
    blocks: Sequence[Block]


class Handout(NamedTuple):
    """A title, sections, and a last line."""

    title: str
    sections: Sequence[Section]
    footer: str


def markdown(handout: Handout) -> str:
    """The handout as Markdown, its formulas between dollar signs."""
    parts = [f"# {marked(handout.title)}"]
    for section in handout.sections:
        parts += [f"## {marked(section.heading)}", *(_markdown(block) for block in section.blocks)]
    return "\n\n".join([*parts, f"*{marked(handout.footer)}*"]) + "\n"


def _markdown(block: Block) -> str:
    if isinstance(block, Text):
        return marked(block.text)
    if isinstance(block, Code | Derivation):
        return fenced(block.lines)
    if isinstance(block, Grid):
        head = ["| " + " | ".join(map(marked, block.columns)) + " |", "|" + " ---: |" * len(block.columns)]
        return "\n".join([*head, *("| " + " | ".join(map(marked, row)) + " |" for row in block.rows)])
    if isinstance(block, Illustration | Drawing):
        return f"![{marked(block.words)}]({addressed(block.file)})" if block.file else fenced(block.lines)
    return "\n\n".join(
        _math(block, name, "$$", "$$") or fenced([_plain(name, text)]) for name, text in _rows(block)
    )


#: How the names of definitions begin among those of partials.
WHERE = "where "


def _rows(block: Formulas) -> list[tuple[str, str]]:
    return [(name, text) for name, text in block.texts.items() if text is not None]


def _math(block: Formulas, name: str, begin: str, end: str) -> str | None:
    """One formula as displayed mathematics, None where LaTeX has none."""
    latex = block.latex.get(name)
    if latex is None:
        return None
    from gradcli.language.latex_escapes import latex_name

    if name.startswith(WHERE):
        left = rf"\text{{where }} {latex_name(name.removeprefix(WHERE))}"
    else:
        left = rf"\frac{{\partial f}}{{\partial {latex_name(name)}}}" if name else "f"
    return f"{begin}{left} = {latex}{end}"


def _plain(name: str, text: str) -> str:
    if name.startswith(WHERE) or not name:
        return f"{name or 'f'} = {text if name else heading(text)}"
    return f"{f'∂f/∂{name}' if name else 'f'} = {text}"


_PREAMBLE = r"""\documentclass[a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{amsmath,graphicx,longtable,textcomp}
\usepackage[margin=2.5cm]{geometry}
\DeclareUnicodeCharacter{2202}{\ensuremath{\partial}}
\DeclareUnicodeCharacter{2207}{\ensuremath{\nabla}}
\DeclareUnicodeCharacter{03C7}{\ensuremath{\chi}}
\DeclareUnicodeCharacter{03BB}{\ensuremath{\lambda}}
\DeclareUnicodeCharacter{2032}{\ensuremath{{}^\prime}}
\begin{document}"""


def latex(handout: Handout) -> str:
    """The handout as a LaTeX document that pdflatex sets."""
    from gradcli.language.latex_escapes import latex_text

    parts = [_PREAMBLE, rf"\section*{{{latex_text(handout.title)}}}"]
    for section in handout.sections:
        parts += [
            rf"\subsection*{{{latex_text(section.heading)}}}",
            *(_latex(block) for block in section.blocks),
        ]
    return "\n\n".join([*parts, rf"\emph{{{latex_text(handout.footer)}}}", r"\end{document}"]) + "\n"


def _latex(block: Block) -> str:
    from gradcli.language.latex_escapes import latex_text

    if isinstance(block, Text):
        return latex_text(block.text)
    if isinstance(block, Derivation):
        return block.latex
    if isinstance(block, Code):
        return "\n".join(r"\noindent\texttt{\small " + latex_text(line) + r"}\\" for line in block.lines)
    if isinstance(block, Grid):
        rows = [" & ".join(map(latex_text, row)) + r" \\" for row in (block.columns, *block.rows)]
        rows.insert(1, r"\hline \endhead")
        return "\n".join([rf"\begin{{longtable}}{{{'r' * len(block.columns)}}}", *rows, r"\end{longtable}"])
    if isinstance(block, Illustration | Drawing):
        return (
            rf"\noindent\includegraphics[width=\linewidth]{{{block.file}}}" + f"\n\n{latex_text(block.words)}"
        )
    found = [
        _math(block, name, "\\[", "\\]") or _latex(Code([_plain(name, text)])) for name, text in _rows(block)
    ]
    return "\n".join(found)


def html(handout: Handout) -> str:
    """The handout as one page that stands alone, its pictures interactive."""
    from gradcli.output.pages.html_page import page, said

    sections = [
        f"<section>\n<h2>{said(section.heading)}</h2>\n"
        + "\n".join(map(_html, section.blocks))
        + "\n</section>"
        for section in handout.sections
    ]
    return page(handout.title, sections, handout.footer)


def _html(block: Block) -> str:
    from gradcli.output.pages.html_page import drawing, expressions, figure, formulas, said, table

    if isinstance(block, Text):
        return f"<p>{said(block.text)}</p>"
    if isinstance(block, Code | Derivation):
        return "<pre>" + "\n".join(map(said, block.lines)) + "</pre>"
    if isinstance(block, Grid):
        return table(block.columns, block.rows)
    if isinstance(block, Illustration):
        return figure(block.figure)
    if isinstance(block, Drawing):
        return drawing(block.words, block.svg, block.lines)
    partials = {name: text for name, text in block.texts.items() if name and not name.startswith(WHERE)}
    return formulas(expressions(block.texts[""] or "", partials, block.given))
