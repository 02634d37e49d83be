"""`gradcli report`: one page to hand in or to keep."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gradcli.commands.filing import FEW, PIXELS, kind_of, samples_of
from gradcli.commands.options import problem_options, session_options
from gradcli.commands.picturing import Wanted, convergence, curve, landscape, numbers_of, wanted
from gradcli.commands.posed import posed
from gradcli.commands.replacing import write_files
from gradcli.commands.retelling import Point, legs, way
from gradcli.commands.speaking import remark
from gradcli.commands.surroundings import latex_formulas, open_memory, prepared
from gradcli.commands.values import check_complete, connected
from gradcli.commands.variables import VariableCommand
from gradcli.language.errors import ExtraProblem, GradcliError, ValueProblem

if TYPE_CHECKING:
    from gradcli.commands.problems import Problem
    from gradcli.memory.store import Store
    from gradcli.output.handout import Block, Section
    from gradcli.output.pictures.scene import Picture

#: Kind of report -> kind of the pictures beside it; None where they are part of it.
KINDS = {"html": None, "md": "png", "tex": "pdf"}

#: The norm of the gradient at which the descent of a problem without steps ends.
TOLERANCE = 1e-6

#: Rows of the table of the descent.
ROWS = 40

#: Programs longer than this are not derived rule by rule: nobody reads that.
LONGEST = 300


class Case:
    """What a report is about: the problem at its start, the way from there, and how it ended.

    legs: the states that the session went through, none where the problem was minimized for the report.
    files: the pictures that are written beside the page, once all of them are known.
    """

    def __init__(self, memory: Store, problem: Problem, session: str, typed: bool) -> None:
        self.memory, self.problem = memory, problem
        self.files: list[tuple[str, bytes]] = []
        self.compiled = prepared(memory, problem.texts, problem.at.keys())
        check_complete(problem.at, self.compiled.program.variables)
        here = {name: float(value) for name, value in problem.at.items()}
        self.legs = [] if typed else legs(memory, session)
        if self.legs and not self.legs[-1][1].steps and "verdict" not in self.legs[-1][1].settings:
            self.legs = []  # somebody asked for 0 steps
        self.way = way(memory, session) if self.legs else []
        self.ending = self._kept() or self._looked(here)
        self.start = dict(self.way[0].at)

    def _kept(self) -> str | None:
        """The verdict that the session keeps; None where its last state has none."""
        verdict = self.legs[-1][1].settings.get("verdict") if self.legs else None
        return "{status}: {message}.".format(**verdict) if verdict else None

    def _looked(self, here: dict[str, float]) -> str:
        """What is said of the point where the session stands, or of a descent from there where it did not move.

        A way that somebody took step by step has not ended by itself.
        """
        from gradcli.descent.minimize import Plan, choose_method, minimize

        found = [Point(0, here)]
        plan = Plan(choose_method(), TOLERANCE, 0 if self.legs else 10_000, typed=True)
        last = self.legs[-1][1] if self.legs else None
        uphill = last is not None and (
            last.kind == "maximize" or bool(last.settings.get("wish", {}).get("ascend"))
        )
        wrt = connected(self.problem.wrt, self.compiled.program.variables)
        outcome = minimize(
            self.compiled.program, self.compiled.text, here, plan, wrt=wrt, ascend=uphill,
            on_step=lambda number, stage: found.append(Point(number, dict(stage.at))),
        )  # fmt: skip
        if not self.legs:
            self.way = [*found[:-1], Point(found[-1].step, dict(outcome.x))]
        elif outcome.status == "step-limit" or not _same(outcome.x, here):
            return self._goes_on()
        return f"{outcome.status}: {outcome.message}."

    def _goes_on(self) -> str:
        """The norm of the gradient along the variables that move, and along all where these are not all."""
        sentence = f"Not at its end yet: after {_steps(self)} the norm of the gradient "
        variables, (_, partials) = self.compiled.program.variables, numbers_of(self.wanted(None))
        slopes = dict(zip(variables, partials[-1], strict=True))
        whole, wrt = norm_of(slopes, variables), self.problem.wrt
        if not wrt or set(wrt) >= set(variables):
            return f"{sentence}is {whole:.6g}."
        sentence += f"along {', '.join(wrt)} is {norm_of(slopes, wrt):.6g}"
        return f"{sentence}, and along all variables {whole:.6g}."

    def wanted(self, axes: str | None) -> Wanted:
        """What its pictures show: the way, and where it ended."""
        return wanted(self.compiled, self.way[-1].at, self.way, axes, {}, self.problem.wrt)


@click.command(
    cls=VariableCommand,
    long=True,
    epilog='Example: gradcli report "x**2+y**2+x*y" --x 5 --y 3 --out report.html',
)
@click.argument("expressions", metavar="[EXPR]...", nargs=-1)
@click.option("--out", required=True, metavar="FILE", help="The page: FILE.html, FILE.md or FILE.tex.")
@click.option("--axes", metavar="X,Y", help="The one or two variables to draw along.")
@problem_options
@session_options
def report(
    expressions: tuple[str, ...],
    values: Sequence[tuple[str, str]],
    at: tuple[str, ...],
    wrt: str | None,
    out: str,
    axes: str | None,
    session: str,
) -> None:
    """Write one page on EXPR, or on the session's problem and the way it has gone.

    The problem, its formulas and their derivation, the descent as a table, how it ended and why, pictures, the
    commands that lead there again, versions. A problem without steps is minimized for it; the session stays as it is.
    """
    kind = kind_of(out, tuple(KINDS))
    with open_memory() as memory:
        problem = posed(memory, expressions, values, at, wrt, session)
        typed = bool(expressions) or bool(values) or bool(at)
        case = Case(memory, problem, session, typed)
        write(case, out, kind, axes)
        remark(memory.notices)


def write(case: Case, out: str, kind: str, axes: str | None) -> None:
    """Write the report and, for Markdown and LaTeX, its pictures beside it."""
    from gradcli.commands.pages import versions
    from gradcli.output import handout

    pages = {"html": handout.html, "md": handout.markdown, "tex": handout.latex}
    title = f"f = {case.compiled.text}"
    whole = handout.Handout(
        title if len(title) <= 200 else title[:199] + "…", _sections(case, out, kind, axes), versions()
    )
    write_files([*case.files, (out, pages[kind](whole).encode())])


def _sections(case: Case, out: str, kind: str, axes: str | None) -> list[Section]:
    from gradcli.commands.pages import way_table
    from gradcli.output.handout import Code, Formulas, Grid, Section, Text

    compiled, problem = case.compiled, case.problem
    latex = (
        {} if kind == "html" else latex_formulas(case.memory, problem.texts, problem.at.keys(), problem.wrt)
    )
    want = case.wanted(axes)
    columns, rows = way_table(want, ROWS)
    begun = ", ".join(f"{name} = {value:.10g}" for name, value in case.start.items())
    return [
        Section("Problem", [Text(_begin(case, begun))]),
        Section(
            "Formulas",
            [Formulas({"": compiled.text, **compiled.formulas}, latex, compiled.program.variables)],
        ),
        *_derivation(case),
        Section("Descent", [Grid(columns, rows), *_more(case, len(rows))]),
        Section("How it ended", [Text(case.ending)]),
        Section("Pictures", _pictures(case, want, out, KINDS[kind])),
        Section("Again", [Code(_commands(case, out, axes))]),
    ]


def norm_of(slopes: Mapping[str, float], names: Sequence[str]) -> float:
    """The norm of the gradient along some variables, what has no slope left out."""
    return math.hypot(*(slopes[name] for name in names if math.isfinite(slopes.get(name, math.nan))))


def _same(there: Mapping[str, float], here: Mapping[str, float]) -> bool:
    """Whether a verdict is about the point where the session stands, and not about one that it has not come to."""
    return all(abs(there[name] - x) <= TOLERANCE * (1 + abs(x)) for name, x in here.items() if name in there)


def _begin(case: Case, start: str) -> str:
    if case.legs:
        last = case.legs[-1][1]
        who = last.optimizer if last.kind in ("step", "apply") else f"gradcli {last.kind}"
        return f"f goes {_steps(case)} from {start}, the last of them by {who}."
    return f"f is minimized from {start}."


def _steps(case: Case) -> str:
    count = case.way[-1].step
    return "1 step" if count == 1 else f"{count} steps"


def _derivation(case: Case) -> list[Section]:
    from gradcli.commands.explain import derived
    from gradcli.output.handout import Derivation, Section
    from gradcli.output.plain import plain

    if len(case.compiled.program.code) > LONGEST:
        return []
    forms, _ = derived(case.memory, case.problem, None)
    latex = forms.latex() if forms.latex else ""
    return [Section("Derivation", [Derivation(plain(forms.document()).splitlines(), latex)])]


def _more(case: Case, rows: int) -> list[Block]:
    from gradcli.output.handout import Text

    left = len(case.way) - rows
    return [Text(f"{left} of the {len(case.way) - 1} steps are left out of this table.")] if left > 0 else []


def _pictures(case: Case, want: Wanted, out: str, kind: str | None) -> list[Block]:
    from gradcli.output.handout import Text

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


def _illustration(case: Case, want: Wanted, name: str, picture: Picture, out: str, kind: str | None) -> Block:
    from io import BytesIO

    from gradcli.commands.pages import words_of
    from gradcli.output.handout import Illustration
    from gradcli.output.pictures.figure import save
    from gradcli.output.pictures.page import Figure
    from gradcli.output.pictures.terminal import picture_text
    from gradcli.output.pictures.words import described

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


def _commands(case: Case, out: str, axes: str | None) -> list[str]:
    """The command lines that lead there again; what a history no longer holds cannot be taken again."""
    import shlex

    from gradcli.commands.reproducing import lines_of, posing

    wrt = case.problem.wrt
    along = ["--wrt", ",".join(wrt)] if wrt else []
    page = ["--out", Path(out).name, *(["--axes", axes] if axes else [])]
    if not case.legs:
        texts = case.problem.texts
        return [
            posing("minimize", texts, case.start, ["--tol", f"{TOLERANCE:g}", *along]),
            posing("report", texts, case.start, [*along, *page]),
        ]
    base, begun = case.legs[0]
    lost = begun.steps != begun.taken and base is None
    why = [f"# the first {begun.steps - begun.taken} steps are no longer remembered"] if lost else []
    return [*why, *lines_of(case.legs, smooth=_smooth(case)), shlex.join(["gradcli", "report", *page])]


def _smooth(case: Case) -> bool:
    """Whether f has a gradient where the way begins."""
    from gradcli.calculus.evaluate import evaluate

    try:
        answer = evaluate(case.compiled.program, case.compiled.text, case.start)
    except GradcliError:
        return False
    wrt = case.problem.wrt
    return not any(
        note.variable is not None and (wrt is None or note.variable in wrt) for note in answer.notes
    )
