"""The sections of a report, each made from its case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from gradcli.data.readers.data_files import base_name
from gradcli.language.errors import ExtraProblem, GradcliError, ValueProblem
from gradcli.language.name_meanings import has_definitions
from gradcli.language.problem_text import heading
from gradcli.memory.compiled_cache import latex_formulas
from gradcli.shell.plots.loss_plot import bound_rows
from gradcli.shell.plots.picture_file import FEW, PIXELS, samples_of
from gradcli.shell.plots.plot_request import PlotRequest, convergence, curve, landscape
from gradcli.shell.process.file_replacement import write_files
from gradcli.shell.reports.report_case import Case, steps_told

if TYPE_CHECKING:
    from gradcli.output.pages.handout import Block, Section
    from gradcli.output.pictures.scene import Picture


def _sections(case: Case, out: str, kind: str) -> list[Section]:
    from gradcli.output.pages.handout import Code, Formulas, Grid, Section, Text
    from gradcli.shell.plots.plot_page import way_table

    compiled = case.compiled
    latex, parts = _latex(case, kind)
    want = case.wanted()
    columns, rows = way_table(want, ROWS, case.told)
    begun = ", ".join(f"{name} = {value:.10g}" for name, value in _told(case).items())
    return [
        Section("Problem", [Text(_begin(case, begun))]),
        Section(
            "Formulas",
            [
                Formulas({"": compiled.text, **parts, **_told_formulas(case)}, latex, _told_names(case)),
                *_subject_to(case, kind),
            ],
        ),
        *_derivation(case),
        Section("Descent", [Grid(columns, rows), *_more(case, len(rows))]),
        Section("How it ended", [Text(case.ending)]),
        *_constraints(case),
        Section("Pictures", _pictures(case, want, out, KINDS[kind])),
        Section("Again", [Code(_commands(case, out))]),
    ]


def _constraints(case: Case) -> list[Section]:
    if case.outcome is None:
        return []
    from gradcli.shell.reports.constrained_case import constraint_section

    return constraint_section(case.problem, case.outcome)


def _subject_to(case: Case, kind: str) -> list[Block]:
    """The constraints as formulas."""
    if not case.problem.constraints:
        return []
    from gradcli.output.pages.handout import Derivation
    from gradcli.shell.constraints.constraint_latex import subject_to_latex
    from gradcli.shell.constraints.constraint_source import links_of

    lines = [f"subject to {one.text}" for one in links_of(case.problem)]
    rows = subject_to_latex(case.memory, case.problem) if kind == "tex" else []
    latex = " \\\\\n".join(rf"\text{{subject to}} \quad & {row}" for row in rows)
    return [Derivation(lines, f"\\begin{{align*}}\n{latex}\n\\end{{align*}}")]


def _under(case: Case) -> str:
    """The constraints, as the sentence on the problem names them."""
    told = "; ".join(" ".join(text.split()) for text in case.problem.constraints)
    return f" subject to {told}" if told else ""


def _latex(case: Case, kind: str) -> tuple[Mapping[str, str | None], dict[str, str]]:
    """LaTeX of the formulas, and the definitions' texts under `where NAME`; a page of HTML finds them in the text."""
    problem = case.alone
    if kind == "html":
        return {}, {}
    if case.over_rows:
        return _latex_by_rows(case), {}
    latex = latex_formulas(case.memory, problem.texts, problem.at.keys(), problem.wrt)
    if not any(map(has_definitions, problem.texts)):
        return latex, {}
    from gradcli.shell.derivatives.definition_answer import part_latex_of

    parts = part_latex_of(case.memory, problem)
    where = {f"where {name}": text for name, text in parts.items() if name}
    return {**latex, "": parts[""], **where}, where


def _latex_by_rows(case: Case) -> Mapping[str, str | None]:
    """LaTeX of the loss and its partials, sums over rows as sums."""
    from gradcli.shell.columns.column_latex import latex_by_names

    blank = dict.fromkeys(("", *case.compiled.formulas))
    return {**blank, **latex_by_names(case.memory, case.sample, case.compiled.formulas)}


def _told(case: Case) -> dict[str, float]:
    """Where it begins, without the numbers of files."""
    return {name: case.start[name] for name in case.told}


def _told_names(case: Case) -> list[str]:
    return [name for name in case.compiled.program.variables if name in case.told]


def _told_formulas(case: Case) -> dict[str, str | None]:
    return {name: text for name, text in case.compiled.formulas.items() if name in case.told}


def _files(case: Case) -> list[str]:
    """The options that name the problem's files, by base name."""
    if case.problem.data is None:
        return []
    return [word for file in case.problem.data.request.files for word in ("--data", base_name(file))]


def _begin(case: Case, start: str) -> str:
    if case.legs:
        last = case.legs[-1][1]
        who = last.optimizer if last.kind in ("step", "apply") else f"gradcli {last.kind}"
        return f"f goes {steps_told(case)} from {start}{_under(case)}, the last of them by {who}."
    return f"f is minimized from {start}{_under(case)}."


def _derivation(case: Case) -> list[Section]:
    from gradcli.output.pages.handout import Derivation, Section
    from gradcli.output.painters.plain_text import plain
    from gradcli.shell.derivatives.derivation_answer import derived

    if len(case.compiled.program.code) > LONGEST:
        return []
    forms, _ = derived(case.memory, case.sample if case.over_rows else case.alone, None)
    latex = forms.latex() if forms.latex else ""
    return [Section("Derivation", [Derivation(plain(forms.document()).splitlines(), latex)])]


def _more(case: Case, rows: int) -> list[Block]:
    from gradcli.output.pages.handout import Text

    left = len(case.way) - rows
    return [Text(f"{left} of the {len(case.way) - 1} steps are left out of this table.")] if left > 0 else []


def _pictures(case: Case, want: PlotRequest, out: str, kind: str | None) -> list[Block]:
    from gradcli.output.pages.handout import Text

    count = min(samples_of(want), 81 if kind is None else 200, FEW if len(want.axes) == 1 else 200)
    pictures: list[tuple[str, Picture]] = []
    missing: list[Block] = []
    try:
        main = curve(want) if len(want.axes) == 1 else landscape(want, (count, count))
        pictures.append(("landscape" if len(want.axes) == 2 else "curve", main))
    except ValueProblem as error:
        missing = [Text(f"{error.message[:1].upper()}{error.message[1:]}.")]
    if len(case.way) > 1:
        pictures.append(("convergence", convergence(want, "f")))
    return missing + [_illustration(case, want, name, picture, out, kind) for name, picture in pictures]


def _illustration(
    case: Case, want: PlotRequest, name: str, picture: Picture, out: str, kind: str | None
) -> Block:
    from io import BytesIO

    from gradcli.output.pages.handout import Illustration
    from gradcli.output.pages.html_page import Figure
    from gradcli.output.pictures.matplotlib_figure import save
    from gradcli.output.pictures.picture_description import described
    from gradcli.output.pictures.terminal_picture import picture_text
    from gradcli.shell.plots.plot_page import words_of

    figure = Figure(picture, words_of(want))
    if kind is None:
        return Illustration(described(picture), figure, None, [])
    file, content = f"{_plain(Path(out).stem)}-{name}.{kind}", BytesIO()
    try:
        save(picture, content, kind, PIXELS)
    except ExtraProblem:
        if kind == "pdf":
            raise
        # Markdown can show what a terminal shows.
        return Illustration(described(picture), figure, None, picture_text(picture, 80, 24, 0).splitlines())
    case.files.append((str(Path(out).with_name(file)), content.getvalue()))
    return Illustration(described(picture), figure, file, [])


def _plain(stem: str) -> str:
    """The name of a file without what LaTeX or Markdown would read as more than a name."""
    return re.sub(r"[^\w .+-]", "_", stem)


def _commands(case: Case, out: str) -> list[str]:
    """The command lines that lead there again; what a history no longer holds cannot be taken again."""
    import shlex

    from gradcli.shell.sessions.command_lines import constraint_words, lines_of, posing

    wrt = case.problem.wrt
    along = ["--wrt", ",".join(wrt)] if wrt else []
    shown = case.shown
    page = ["--out", Path(out).name, *(["--axes", shown.axes] if shown.axes else [])]
    page += [word for text in shown.ranges for word in ("--range", text)]
    corner = ["--corner", shown.corner] if shown.corner != "least" else []
    if not case.legs:
        texts, files = case.problem.texts, _files(case)
        under = constraint_words(case.problem.constraints)
        how = under or corner
        return [
            posing("minimize", texts, _told(case), [*files, *along, *how]),
            posing("report", texts, _told(case), [*files, *along, *under, *page, *corner]),
        ]
    base, begun = case.legs[0]
    lost = begun.steps != begun.taken and base is None
    why = [f"# the first {begun.steps - begun.taken} steps are no longer remembered"] if lost else []
    return [*why, *lines_of(case.legs, smooth=_smooth(case)), shlex.join(["gradcli", "report", *page])]


def _smooth(case: Case) -> bool:
    """Whether f has a gradient where the way begins."""
    from gradcli.calculus.evaluation.gradient_at_point import evaluate

    try:
        rows = bound_rows(case.compiled)
        if rows is not None:
            answer = rows.answer(case.start, "none")
        else:
            answer = evaluate(case.compiled.program, case.compiled.text, case.start)
    except GradcliError:
        return False
    wrt = case.problem.wrt
    return not any(
        note.kind != "underflow" and note.variable is not None and (wrt is None or note.variable in wrt)
        for note in answer.notes
    )


#: Kind of report -> kind of the pictures beside it; None where they are part of it.
KINDS = {"html": None, "md": "png", "tex": "pdf"}


#: Rows of the table of the descent.
ROWS = 40


#: Programs longer than this are not derived rule by rule: nobody reads that.
LONGEST = 300


def write(case: Case, out: str, kind: str) -> None:
    """Write the report and, for Markdown and LaTeX, its pictures beside it."""
    from gradcli.output.pages import handout
    from gradcli.shell.plots.plot_page import versions

    pages = {"html": handout.html, "md": handout.markdown, "tex": handout.latex}
    title = f"f = {heading(case.compiled.text)}{_under(case)}"
    whole = handout.Handout(
        title if len(title) <= 200 else title[:199] + "…", _sections(case, out, kind), versions()
    )
    write_files([*case.files, (out, pages[kind](whole).encode())])
