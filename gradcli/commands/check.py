"""`gradcli check`: is my gradient right?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from gradcli.language.column_names import columns_among, element
from gradcli.language.errors import GradcliError, UsageProblem, ValueProblem
from gradcli.language.row_texts import in_row
from gradcli.memory.compiled_cache import cached, compiled_or_cached
from gradcli.output.results.check_document import (
    verdict_document,
    verdict_markdown,
    verdict_record,
    verdict_rows,
)
from gradcli.shell.help.option_groups import OptionGroup, option
from gradcli.shell.options.common_options import (
    constraint_option,
    output_options,
    problem_options,
    session_options,
)
from gradcli.shell.options.data_options import columns_option
from gradcli.shell.options.number_types import Finite, Whole
from gradcli.shell.options.variable_options import VariableCommand
from gradcli.shell.problems.claim_files import Claim, claims, silenced
from gradcli.shell.problems.problem import with_constraints
from gradcli.shell.problems.problem_source import Question, answer_each
from gradcli.shell.problems.value_checks import check_complete, check_names, check_wrt
from gradcli.shell.problems.values import pieces
from gradcli.shell.process.environment import open_memory
from gradcli.shell.writers.answer_writer import OutputOptions, Report, write_answer, write_notes

if TYPE_CHECKING:
    from gradcli.calculus.checking.claims import Subject, Tolerance
    from gradcli.memory.database import Store
    from gradcli.shell.files.file_columns import DataRequest
    from gradcli.shell.problems.problem import Problem

#: How near numbers must be unless said otherwise, as (atol, rtol): relative to the slopes at the point, and the
#: conventions of PyTorch's gradcheck, of Python's isclose and of NumPy's allclose.
CONVENTIONS = {"slopes": (1e-5, 1e-3), "torch": (1e-5, 1e-3), "python": (0.0, 1e-9), "numpy": (1e-8, 1e-5)}


#: Rows of files times characters that are written out, each of their numbers a variable.
MOST_WRITTEN = 400

#: Operations, numbers and names of a claim in terms of definitions that is written out.
LARGEST_CLAIM = 20_000

EXAMPLES = (
    ('gradcli check "x**2+x*y+3" --claim x="2*x+y" --claim y=x', "is it mine?"),
    ('gradcli check "x**2+x*y+3" --claim x=13 --x 5 --y 3', "a number"),
)


@click.command(cls=VariableCommand, each=True, examples=EXAMPLES)
@click.argument("expressions", metavar="[EXPR]", nargs=-1)
@option("--claim", "given", group=OptionGroup.COMPUTED, multiple=True, metavar="X=PARTIAL",
        help="What you have for the partial along x.")  # fmt: skip
@option("--claims", "files", group=OptionGroup.COMPUTED, multiple=True, metavar="FILE",
        help="A file of such lines, or JSON; - for stdin.")  # fmt: skip
@option(
    "--points",
    group=OptionGroup.COMPUTED,
    type=Whole(1, 1000),
    default=12,
    metavar="N",
    show_default=True,
    help="Points to compare at, beside each piece's.",
)
@option("--like", group=OptionGroup.COMPUTED, type=click.Choice([*CONVENTIONS]), default="slopes", show_default=True,
        metavar="WHICH", help=f"Whose tolerances: {', '.join(CONVENTIONS)}.")  # fmt: skip
@option("--atol", group=OptionGroup.COMPUTED, type=Finite(0), metavar="A",
        help="|a - b| <= A + R*|b|: the absolute part.")  # fmt: skip
@option(
    "--rtol", group=OptionGroup.COMPUTED, beside="--atol", type=Finite(0), metavar="R", help="The relative."
)
@option("--kkt", group=OptionGroup.COMPUTED, is_flag=True, help="Say whether the point is optimal.")
@option("--maximum", group=OptionGroup.COMPUTED, beside="--kkt", is_flag=True, help="As a maximum.")
@constraint_option(OptionGroup.COMPUTED)
@option("--certificate", group=OptionGroup.COMPUTED, metavar="FILE",
        help="Check the proof in FILE instead.")  # fmt: skip
@option("--eps", group=OptionGroup.COMPUTED, type=Finite(0, min_open=True), metavar="H",
        help="Without claims: central differences of step H too.")  # fmt: skip
@problem_options
@columns_option
@session_options
@output_options(("text", "markdown", "json", "jsonl", "csv", "tsv"))
def check(
    expressions: tuple[str, ...], given: tuple[str, ...], files: tuple[str, ...], points: int, like: str,
    atol: float | None, rtol: float | None, eps: float | None, values: Sequence[tuple[str, str]], at: tuple[str, ...],
    wrt: str | None, session: str, format_: str, get: str | None, digits: int | None, color: str,
    certificate: str | None, data: DataRequest | None, kkt: bool, maximum: bool, subject_to: tuple[str, ...],
) -> None:  # fmt: skip
    """Is my gradient right? Each claim is proved, confirmed at points of every piece, or refuted by one.

    A claim without variables is a number, compared at the point that --NAME VALUE gives. Without claims
    gradcli's own gradient is checked. The exit status is 0 where all is right, and 1 where something is wrong or
    could not be decided. EXPR may be -: problems from standard input.
    """
    manner = OutputOptions(format_, get, digits or 10, color)
    if certificate is not None:
        _verify(certificate, expressions, manner, (given, files, values, at, wrt))
        return
    if "-" in files and expressions == ("-",):
        raise UsageProblem("standard input has one reader: EXPR and --claims cannot both be -")
    said, near = claims(given, files), _near(like, atol, rtol)
    with open_memory() as store:

        def answer(problem: Problem, manner: OutputOptions) -> None:
            problem = with_constraints(store, problem, subject_to)
            if kkt:
                return _optimal(store, problem, near, manner, maximum)
            check_kkt_options(problem, subject_to, maximum)
            return _write(store, problem, _found(store, problem, said, points, near, eps), manner)

        most = None if kkt else MOST_WRITTEN
        asked = Question(expressions, values, at, wrt, files=True, data=data, constrained=True, most=most)
        answer_each(store, asked, session, manner, answer, digits=15)


def _optimal(
    store: Store, problem: Problem, near: tuple[float, float, bool], manner: OutputOptions, maximum: bool
) -> None:
    """Whether the problem's point is optimal."""
    from gradcli.shell.constraints.constrained_point import check_point

    check_point(store, problem, (near[0], near[1]), manner, ascend=maximum)


def check_kkt_options(problem: Problem, typed: Sequence[str], maximum: bool) -> None:
    """Raises UsageProblem for constraints of a claim, which is about slopes alone."""
    if typed or maximum:
        spelling = "--subject-to" if typed else "--maximum"
        raise UsageProblem(
            f"{spelling} belongs to --kkt: claims are about slopes, which constraints do not change"
        )


def _write(store: Store, problem: Problem, found: Sequence[Mapping[str, Any]], manner: OutputOptions) -> None:
    """Write the verdicts, and exit with 1 where not all is right."""
    record = verdict_record(problem.expression, problem.own_at, found)
    if problem.data is not None:
        record |= problem.data.record
    report = Report(
        lambda: record,
        lambda: verdict_rows(found),
        lambda: verdict_document(problem.expression, found),
        markdown=lambda: verdict_markdown(problem.expression, found),
    )
    write_answer(report, manner)
    notes = [f"{one['variable']}: {one['note']}" for one in found if one.get("note")]
    write_notes([*notes, *store.notices], manner.color)
    if not record["right"]:
        raise click.exceptions.Exit(1)


def _near(like: str, atol: float | None, rtol: float | None) -> tuple[float, float, bool]:
    """How near numbers must be: absolutely, relatively, and whether relative to the slopes."""
    absolute, relative = CONVENTIONS[like]
    return (
        absolute if atol is None else atol,
        relative if rtol is None else rtol,
        like == "slopes" and atol is None,
    )


def _verify(file: str, expressions: Sequence[str], manner: OutputOptions, others: Sequence[object]) -> None:
    from gradcli.shell.descents.certificate_answer import verify

    verify(file, expressions, manner, others)


def _found(
    store: Store,
    problem: Problem,
    said: Sequence[Claim],
    points: int,
    near: tuple[float, float, bool],
    eps: float | None,
) -> list[Mapping[str, Any]]:
    """The verdicts as records: from the library where the same was asked before."""
    if problem.data is not None and problem.data.program is not None:
        from gradcli.calculus.checking.claims import Tolerance
        from gradcli.shell.columns.loss_check import LossCheck

        return LossCheck(store, problem, points, Tolerance(*near), eps).found(said)
    compiled = compiled_or_cached(store, problem.texts, problem.at.keys(), problem.wrt)
    variables = compiled.program.variables
    check_names(problem.at, [*variables, *(problem.wrt or ())])
    check_wrt(problem.wrt, variables, problem.at)
    if problem.at:
        check_complete(problem.at, variables)
    at = {name: str(problem.at[name]).removesuffix(".0") for name in variables if name in problem.at}

    def make() -> list[Mapping[str, Any]]:
        from gradcli.calculus.checking.claims import Subject
        from gradcli.language.parser import parse

        subject = Subject(parse(compiled.text, problem.at.keys()), compiled, at)
        return _judged(subject, said, problem.wrt or variables, points, near, eps)

    details = [[claim[:2] for claim in said], points, near, eps, at, problem.wrt]
    return list(cached(store, "check", problem.texts, problem.at.keys(), details, make))


def _judged(
    subject: Subject,
    said: Sequence[Claim],
    along: Sequence[str],
    points: int,
    near: tuple[float, float, bool],
    eps: float | None,
) -> list[Mapping[str, Any]]:
    from gradcli.calculus.checking.claims import Tolerance

    tolerance = Tolerance(*near)
    said = _by_number(said, subject.expression.variables)
    if said:
        return [_verdict(subject, claim, points, tolerance) for claim in said]
    from gradcli.calculus.checking.gradient_check import checked

    known = [
        name for name in along if name not in subject.program.unknown and name in subject.program.variables
    ]
    return [checked(subject, name, points, tolerance, eps)._asdict() for name in known]


def _by_number(said: Sequence[Claim], variables: Sequence[str]) -> list[Claim]:
    """The claims with one for each number of a column in the place of a claim about the column."""
    columns = columns_among(variables)
    found: list[Claim] = []
    for claim in said:
        listed = claim.text.startswith("[") and claim.text.endswith("]")
        texts = [part.strip() for part, _ in pieces(claim.text[1:-1])] if listed else []
        rows = columns.get(claim.name, 0)
        if listed and rows and len(texts) != rows:
            raise ValueProblem(
                f"--claim {claim.name}: {len(texts)} numbers for {rows} rows", hint="one for each row"
            )
        found += [
            claim._replace(
                name=element(claim.name, row), text=texts[row] if listed else in_row(claim.text, columns, row)
            )
            for row in range(rows)
        ] or [claim]
    return found


def _verdict(subject: Subject, claim: Claim, points: int, tolerance: Tolerance) -> Mapping[str, Any]:
    from gradcli.calculus.checking.claim_verdicts import judged

    try:
        found = judged(subject, claim.name, _without_definitions(subject, claim.text), points, tolerance)
        return {**found._asdict(), "claim": claim.text}
    except GradcliError as error:
        raise silenced(error, claim) from None


def _without_definitions(subject: Subject, claim: str) -> str:
    """A claim in terms of the text's definitions written out; the same text for any other."""
    if not subject.expression.definitions:
        return claim
    from gradcli.language.expression_text import text_of
    from gradcli.language.parser import parse
    from gradcli.language.problem_text import divided

    text = "; ".join((*divided(subject.expression.text).definitions, claim))
    try:
        whole = parse(text, subject.expression.variables)
    except GradcliError:
        return claim  # which says by itself what is wrong
    used = any(one.place is not None for one in whole.definitions) or any(
        one.parameters for one in whole.definitions
    )
    return text_of(whole) if used and whole.size <= LARGEST_CLAIM else claim
