"""Pictures and formulas → one HTML page that stands alone: no network, its script and its style within it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

from gradcli.output.painters.json_text import json_text
from gradcli.output.pictures.picture_description import data_of, described
from gradcli.output.pictures.scene import ConvergencePicture, CurvePicture, LandscapePicture, Picture
from gradcli.output.text.document import visible

#: Nothing is loaded from anywhere, whatever the page contains.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"

_KINDS = {CurvePicture: "curve", LandscapePicture: "landscape", ConvergencePicture: "convergence"}


class Figure(NamedTuple):
    """A picture on a page, and what to say at each stop of its path."""

    picture: Picture
    stops: Sequence[str] = ()


def page(title: str, sections: Sequence[str], footer: str) -> str:
    """A whole page from sections of HTML."""
    folder = Path(__file__).parent
    style, script = ((folder / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    return "\n".join([
        "<!doctype html>", '<html lang="en">', "<head>", '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">', '<link rel="icon" href="data:,">',
        f"<title>{said(title)}</title>", f"<style>\n{style}</style>", "</head>", "<body>", "<main>",
        f"<h1>{said(title)}</h1>", *sections, "</main>", f'<footer class="note">{said(footer)}</footer>',
        f"<script>\n{script}</script>", "</body>", "</html>", "",
    ])  # fmt: skip


def said(text: str) -> str:
    """Text for HTML: nothing in it is markup, and nothing hides."""
    return escape(visible(text))


def figure(one: Figure) -> str:
    """A figure: canvases, the words for what is under the cursor, a slider along the path, the data."""
    picture, kind = one.picture, _KINDS[type(one.picture)]
    words = said(described(picture))
    ratio = "0.62" if kind == "landscape" else "0.6"
    parts = [
        f'<figure data-kind="{kind}">',
        f'<canvas class="map" data-ratio="{ratio}" tabindex="0" role="img" aria-label="{words}"></canvas>',
        '<output class="hover" aria-live="polite">Move over the picture, or use the arrow keys: '
        "point, value and gradient are told here.</output>",
        *_slider(picture),
        *_surface(picture),
        f"<figcaption>{words}</figcaption>",
        f'<script type="application/json">{_data(one)}</script>',
        "</figure>",
    ]
    return "\n".join(parts)


def _data(one: Figure) -> str:
    """JSON that no HTML parser mistakes for the end of the script."""
    return json_text(data_of(one.picture, one.stops)).replace("<", "\\u003c")


def _slider(picture: Picture) -> list[str]:
    if isinstance(picture, ConvergencePicture) or len(picture.path) < 2:
        return []
    last = len(picture.path) - 1
    return [
        f'<label>step <input type="range" min="0" max="{last}" value="{last}" step="1"></label>',
        '<output class="stop" aria-live="polite"></output>',
    ]


def _surface(picture: Picture) -> list[str]:
    if not isinstance(picture, LandscapePicture):
        return []
    first, second = picture.axes
    label = said(f"The same landscape as a surface over {first} and {second}. Arrow keys turn it.")
    squeezed = data_of(picture)["compressed"] is not None
    note = " Great heights and depths are compressed, so that the rest can be seen." if squeezed else ""
    return [
        f'<canvas class="surface" data-ratio="0.6" tabindex="0" role="img" aria-label="{label}"></canvas>',
        f'<p class="note">Drag the surface to turn it.{note}</p>',
    ]


def formulas(rows: Sequence[str]) -> str:
    """A section of formulas in MathML."""
    return '<section class="formulas" aria-label="formulas">\n' + "\n".join(rows) + "\n</section>"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of texts, its header cells marked as such."""
    head = "".join(f'<th scope="col">{said(name)}</th>' for name in columns)
    body = "\n".join("<tr>" + "".join(f"<td>{said(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>'


def drawing(words: str, svg: str | None, lines: Sequence[str]) -> str:
    """A picture that does not move, with what it shows in words; as lines of text where there is no SVG of it."""
    if svg is None:
        return "<pre>" + "\n".join(map(said, lines)) + f"</pre>\n<p>{said(words)}</p>"
    source = b64encode(svg.encode()).decode()
    image = f'<img alt="{said(words)}" src="data:image/svg+xml;base64,{source}">'
    return f"<figure>{image}<figcaption>{said(words)}</figcaption></figure>"


def folded(summary: str, content: str) -> str:
    """Content that opens when it is asked for."""
    return f"<details><summary>{said(summary)}</summary>\n{content}\n</details>"


_F = "f"

#: Definitions that a page shows.
MOST_PARTS = 100


def expressions(text: str, formulas_of: Mapping[str, str | None], given: Sequence[str]) -> list[str]:
    """f and its partials in MathML; as plain text where they are longer than anybody reads."""
    from gradcli.language.name_meanings import has_definitions
    from gradcli.output.pages.mathml import partial

    rows = _parts(text, given) if has_definitions(text) else [_formula("<mi>f</mi>", "f", text, given)]
    rows += [
        _formula(partial(name), f"∂f/∂{name}", one, given)
        for name, one in formulas_of.items()
        if one is not None
    ]
    return rows


def _parts(text: str, given: Sequence[str]) -> list[str]:
    """f and its definitions, each in terms of the others."""
    from gradcli.language.expression_text import text_of
    from gradcli.language.parser import parse
    from gradcli.language.parser.defined_view import parts_of
    from gradcli.output.pages.mathml import LONGEST, formula, identifier

    rows = []
    for name, part in list(parts_of(parse(text, given)).items())[:MOST_PARTS]:
        if part.size > LONGEST:
            written = text_of(part)[:2000] if part.size <= 20 * LONGEST else "…"
            rows.append(f"<pre>{said(f'{name or _F} = {written}')} …</pre>")
        else:
            rows.append(formula(identifier(name) if name else "<mi>f</mi>", part))
    return rows


def _formula(left: str, plain: str, text: str, given: Sequence[str]) -> str:
    from gradcli.language.errors import GradcliError
    from gradcli.language.parser import parse
    from gradcli.output.pages.mathml import LONGEST, formula

    try:
        expression = parse(text, given) if len(text) < 20 * LONGEST else None
    except GradcliError:  # a formula of sympy's that goes beyond the language
        expression = None
    if expression is None or expression.size > LONGEST:
        return f"<pre>{said(f'{plain} = {text[:2000]}')}{' …' if len(text) > 2000 else ''}</pre>"
    return formula(left, expression)
