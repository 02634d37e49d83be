"""`gradcli critical`: the points where the gradient vanishes, each with what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from gradcli.language.errors import UsageProblem, ValueProblem
from gradcli.language.limits import limit
from gradcli.memory.compiled_cache import cached, compiled_or_cached
from gradcli.output.results.critical_points_document import (
    Points,
    points_document,
    points_record,
    points_rows,
)
from gradcli.shell.help.option_groups import OptionGroup, listing
from gradcli.shell.options.common_options import (
    constraint_option,
    digits_checked,
    output_options,
    problem_options,
    session_options,
)
from gradcli.shell.options.descent_options import check_plot, plot_options
from gradcli.shell.options.variable_options import VariableCommand
from gradcli.shell.problems.critical_unknowns import solved_for
from gradcli.shell.problems.interval_lists import end_of
from gradcli.shell.problems.problem import Problem, with_constraints
from gradcli.shell.problems.problem_source import Question, answer_each
from gradcli.shell.problems.values import assignments, pieces, typed_texts
from gradcli.shell.process.environment import open_memory
from gradcli.shell.writers.answer_writer import OutputOptions, Report, write_answer, write_notes

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.shell.plots.plot_request import PlotRequest

Box = dict[str, tuple[float, float]]

#: Variables that a hint names.
SHOWN = 6


EXAMPLES = (
    ('gradcli critical "x**4-2*x**2+y**2"', "all of a polynomial"),
    ('gradcli critical "x*exp(-x**2)" --box x=-3:3', "those in a box"),
    ('gradcli critical "x*y" --st "x**2+y**2 = 8"', "under constraints"),
)


@click.command(cls=VariableCommand, each=True, examples=EXAMPLES)
@click.argument("expressions", metavar="[EXPR]", nargs=-1)
@listing(
    "--box",
    group=OptionGroup.COMPUTED,
    metavar="X=-5:5,Y=-5:5",
    help="Look in this box (-10 to 10 otherwise).",
)
@constraint_option(OptionGroup.COMPUTED)
@plot_options
@problem_options
@session_options
@output_options(("text", "json", "jsonl", "csv", "tsv"))
def critical(
    expressions: tuple[str, ...], values: Sequence[tuple[str, str]], at: tuple[str, ...], wrt: str | None,
    box: str | None, subject_to: tuple[str, ...], session: str, digits: int | None, format_: str, get: str | None,
    color: str, **how: Any,
) -> None:  # fmt: skip
    """The points where the gradient of EXPR vanishes: minimum, maximum, saddle, or degenerate.

    Quotients of polynomials: all of them, counted exactly. All else: in the --box (-10 to 10 without one), each proved.
    Variables with values are held there. In one variable, points where f has a value and no derivative are told as well.
    Without EXPR the session's problem; EXPR may be -: problems from standard input. Status 1 where no point was found.
    """
    manner = OutputOptions(format_, get, min(digits_checked(digits), 17), color)
    check_plot(how, format_, get)
    with open_memory() as store:
        typed = typed_texts(at, values)

        def answer(problem: Problem, manner: OutputOptions) -> None:
            problem = with_constraints(store, problem, subject_to)
            if problem.constraints:
                return _constrained(store, problem, typed, box, manner, how)
            names = _unknowns(store, problem, typed)
            if (how["plot"] or how["plot_out"]) and len(names) > 2:
                raise UsageProblem(f"a picture has two axes, and {len(names)} variables are looked for",
                                   hint=f"values for the others, such as --{names[-1]} 1")  # fmt: skip
            found = _found(store, problem, names, typed, _box(box, names))
            return _write(store, problem, found, manner, how)

        answer_each(
            store,
            Question(expressions, values, at, wrt, constrained=True),
            session,
            manner,
            answer,
            digits=15,
        )


def _constrained(
    store: Store,
    problem: Problem,
    typed: Mapping[str, str],
    box: str | None,
    manner: OutputOptions,
    how: Mapping[str, Any],
) -> None:
    """The same under constraints."""
    from gradcli.shell.constraints.constrained_critical import answer_extrema

    if how["plot"] or how["plot_out"]:
        raise UsageProblem("--plot and --subject-to do not go together")
    answer_extrema(store, problem, typed, lambda names: _box(box, names), manner)


def _write(
    store: Store, problem: Problem, found: Points, manner: OutputOptions, how: Mapping[str, Any]
) -> None:
    """Write the points, and draw them where that was asked for; exit with status 1 where there are none."""
    forms = Report(
        record=lambda: points_record(found),
        rows=lambda: points_rows(found),
        document=lambda: points_document(found, manner.digits),
    )
    write_answer(forms, manner)
    if how["plot"] or how["plot_out"]:
        from gradcli.shell.plots.plot_beside_answer import illustrate

        illustrate(how, lambda: _picture(store, problem, found.wrt, found), manner.color)
    write_notes([*found.notes, *store.notices], manner.color)
    if not (found.points or found.families):
        raise click.exceptions.Exit(1)


def _picture(store: Store, problem: Problem, names: Sequence[str], found: Points) -> PlotRequest:
    """f where its critical points are, the box if there is one."""
    from gradcli.shell.plots.plot_request import plot_request

    held = {name: float(x) for name, x in problem.at.items() if name not in names}
    box = {name: (ends[0], ends[1]) for name, ends in found.box.items() if name in names}
    compiled = compiled_or_cached(store, problem.texts, problem.at.keys(), formulas=False)
    return plot_request(compiled, held, [], ",".join(names), box or _around(names, found), None)


def _around(names: Sequence[str], found: Points) -> Box:
    """A range in which all points are, with as much room beside them."""
    box = {}
    for name in names:
        places = [float(point["at"][name]) for point in found.points] or [0.0]
        low, high = min(places), max(places)
        room = (high - low) / 2 or max(abs(low), 1.0)
        box[name] = (low - room, high + room)
    return box


def _unknowns(store: Store, problem: Problem, typed: Mapping[str, str]) -> list[str]:
    """The variables to solve for: those of --wrt, else those that no value was typed for, else all."""
    variables = compiled_or_cached(store, problem.texts, problem.at.keys(), formulas=False).program.variables
    return solved_for(problem, variables, typed)


def _box(text: str | None, names: Sequence[str]) -> Box:
    """`x=-5:5,y=0:pi` → ends by name; a single `-5:5` is for every variable. Raises ValueProblem."""
    if text is None:
        return {}
    if "=" not in text and len(pieces(text)) == 1:
        text = ",".join(f"{name}={text}" for name in names)
    box = {name: _side(name, ends, names) for name, ends in assignments(text, "--box")}
    missing = [name for name in names if name not in box]
    if missing:
        typed = dict(assignments(text, "--box"))
        whole = _boxed(names, "-5:5", typed)
        message = (
            f"--box says nothing about {', '.join(missing[:SHOWN])}{', …' if len(missing) > SHOWN else ''}"
        )
        raise ValueProblem(message, hint=f"{whole}; a variable with a value is held there: --{missing[0]} 1")
    return box


def _side(name: str, ends: str, names: Sequence[str]) -> tuple[float, float]:
    """Both ends of a variable's side. Raises ValueProblem."""
    low, colon, high = ends.partition(":")
    if name not in names:
        raise ValueProblem(
            f"--box {name}: it is not among the variables", hint=f"they are {', '.join(names)}"
        )
    if not colon:
        raise ValueProblem(f"--box {name}={ends} has no two ends", hint=f"for example --box {name}=-5:5")
    side = float(end_of("--box", name, low)), float(end_of("--box", name, high))
    if side[0] >= side[1]:
        raise ValueProblem(f"--box {name}={ends} is empty", hint=f"for example --box {name}=-5:5")
    return side


def _boxed(names: Sequence[str], ends: str, typed: Mapping[str, str] | None = None) -> str:
    """`--box a=-5:5,x=-1:1`: a box in every variable, with the ends that were typed."""
    pairs = ",".join(f"{name}={(typed or {}).get(name, ends)}" for name in names[:SHOWN])
    return f"--box {pairs}{',…' if len(names) > SHOWN else ''}"


def _farther(names: Sequence[str], searched: Mapping[str, Sequence[float]], proved: bool) -> str:
    """The note that names a larger box; a smaller one where the large one that was searched decided nothing."""
    far = max(abs(end) for ends in searched.values() for end in ends)
    if far < 50:
        return f"{_boxed(names, '-50:50')} searches a larger box"
    if proved:
        return f"{_boxed(names, '-1000000:1000000')} searches a larger box"
    return f"{_boxed(names, '-50:50')} searches a smaller box"


def _found(
    store: Store, problem: Problem, names: Sequence[str], typed: Mapping[str, str], box: Box
) -> Points:
    given = sorted(problem.at)
    fixed = {name: typed.get(name) or repr(value) for name, value in problem.at.items() if name not in names}

    def make() -> Any:
        from gradcli.calculus.critical.critical_points import critical_points

        found = critical_points(problem.texts, given, names, fixed, box)
        points = [point._asdict() for point in found.points]
        shown = _singular_told(store, problem, fixed, points)
        return {**found._asdict(), "points": points, "notes": [*found.notes, *shown]}

    details = [list(names), fixed, {name: list(ends) for name, ends in box.items()}, limit("boxes")]
    found = cached(store, "critical points and kinds", problem.texts, given, details, make)
    notes = list(found["notes"])
    if found["searched"]:
        notes.append(_farther(names, found["searched"], found["inside"]))
    held = {name: value for name, value in problem.at.items() if name in fixed}
    return Points(
        problem.expression, held, names, box, found["points"], found["families"], found["complete"], notes,
        found["searched"], found["inside"],
    )  # fmt: skip


def _singular_told(
    store: Store, problem: Problem, fixed: Mapping[str, str], points: Sequence[dict[str, Any]]
) -> list[str]:
    """Give degenerate points of rational coordinates the kind that can be shown, and say what shows it."""
    told = []
    for point in points:
        if point["kind"] != "degenerate" or not point["exact"] or not all(point["exact"].values()):
            continue
        from gradcli.descent.verdicts.singular_point import singular_kind
        from gradcli.language.problem_text import joined

        program = compiled_or_cached(store, problem.texts, problem.at.keys(), formulas=False).program
        found = singular_kind(program, joined(problem.texts), point["exact"], fixed, point["eigenvalues"])
        if found is not None:
            point["kind"], sentence = found
            told.append(sentence)
    return told
