"""`minimize --prove` and `maximize --prove`: the least or the greatest value in a box, and the session after it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from gradcli.language.errors import UsageProblem
from gradcli.language.limits import limit_or
from gradcli.language.problem_text import joined
from gradcli.output.gradients.gradient_document import chosen
from gradcli.output.proofs.extreme_document import extreme_document, extreme_record, extreme_rows
from gradcli.shell.constraints.constraint_source import links_of, notes_of
from gradcli.shell.descents.box_problem import question_of
from gradcli.shell.options.common_options import float_digits
from gradcli.shell.problems.problem import with_constraints
from gradcli.shell.problems.problem_source import resolve_problem
from gradcli.shell.process.environment import open_memory
from gradcli.shell.writers.answer_writer import OutputOptions, Report, check_path, write_answer, write_notes

if TYPE_CHECKING:
    from gradcli.descent.proofs.box_question import BoxQuestion
    from gradcli.descent.proofs.branch_and_bound import LeastValue, Wish
    from gradcli.descent.proofs.proof_record import Record
    from gradcli.descent.proofs.proved_extreme import Extreme
    from gradcli.language.constraints.constraint_text import Constraint
    from gradcli.memory.database import Store
    from gradcli.shell.problems.problem import Problem

#: Boxes that a proof looks at unless `--limit boxes=N` says otherwise.
BOXES = 100_000


def prove(*, ascend: bool, **how: Any) -> None:
    """Search the box, say what is proved, keep the best point; exit with 1 where the gap was not reached."""
    color, session = how["color"], how["session"]
    manner = OutputOptions(how["format_"], how["get"], float_digits(how["digits"]), color)
    with open_memory() as store:
        problem = resolve_problem(store, how["expressions"], how["values"], how["at"], how["wrt"], session)
        problem = with_constraints(store, problem, how["subject_to"])
        links = links_of(problem)
        check_proof(how, links)
        question = question_of(store, problem, how, ascend=ascend)
        certificate = Certificate(how["certificate"], question, problem)
        if links:
            found = searched_under_constraints(question, joined(problem.texts), links, how, color)
        else:
            found = searched(question, how, color, certificate.keep if certificate.file else None)
        check_path(lambda: extreme_record(problem.expression, found), manner)
        certificate.write()
        if not how["dry_run"] and found.at:
            _remember(store, session, problem, found)
        write_answer(
            Report(
                record=lambda: {**extreme_record(problem.expression, found), **chosen(problem.wrt)},
                rows=lambda: extreme_rows(found),
                document=lambda: extreme_document(found, manner.digits),
            ),
            manner,
        )
        write_notes([*notes_of(links), *store.notices], color)
    if not found.proved or found.status == "infeasible":
        raise click.exceptions.Exit(1)


class Certificate:
    """The proof as a file, where one was asked for."""

    def __init__(self, file: str | None, question: BoxQuestion, problem: Problem) -> None:
        self.file, self._question, self._text = file, question, " + ".join(problem.texts)
        self._content = ""

    def keep(self, record: Record, found: LeastValue) -> None:
        """Make its text."""
        from gradcli.descent.proofs.checking.proof_certificate import certificate_text

        self._content = certificate_text(self._question, self._text, record, found)

    def write(self) -> None:
        """Write the file, beside what is there and then in its place. Raises InputProblem."""
        if self.file is None:
            return
        from gradcli.shell.process.file_replacement import write_files

        write_files([(self.file, self._content.encode("utf-8"))])


def searched(
    question: BoxQuestion,
    how: Mapping[str, Any],
    color: str,
    keep: Callable[[Record, LeastValue], None] | None = None,
) -> Extreme:
    """The answer, with the interval shrinking on a terminal."""
    from gradcli.descent.proofs.proved_extreme import proved_extreme

    return _watched(question, how, lambda wish: proved_extreme(question, wish, keep))


def searched_under_constraints(
    question: BoxQuestion, text: str, links: Sequence[Constraint], how: Mapping[str, Any], color: str
) -> Extreme:
    """The answer under constraints, watched the same way."""
    from gradcli.descent.proofs.constraints.constrained_extreme import constrained_extreme

    return _watched(question, how, lambda wish: constrained_extreme(question, text, links, wish))


def _watched(question: BoxQuestion, how: Mapping[str, Any], search: Callable[[Wish], Extreme]) -> Extreme:
    from gradcli.descent.proofs.branch_and_bound import Wish

    progress: Any = None
    if sys.stderr.isatty():
        from gradcli.output.painters.interval_line import IntervalLine

        progress = IntervalLine(sys.stderr, ascend=question.ascend)
    try:
        most = int(limit_or("boxes", BOXES))
        return search(Wish(how["gap"], most, told=progress and progress.tell))
    finally:
        if progress:
            progress.end()


def check_proof(how: Mapping[str, Any], links: Sequence[Constraint]) -> None:
    """Raises UsageProblem for what a proof under constraints does not have."""
    if links and how["certificate"]:
        raise UsageProblem("--certificate and --subject-to do not go together")
    if links and how["whole"]:
        raise UsageProblem("--integer and --subject-to do not go together")


def _remember(store: Store, session: str, problem: Problem, found: Extreme) -> None:
    """Make the best point the session's."""
    from gradcli.descent.verdicts.outcome import UPHILL, Outcome
    from gradcli.shell.descents.descent_outcomes import remember_outcome
    from gradcli.shell.sessions.command_lines import typed_words

    status = UPHILL.get(found.status, found.status) if found.ascend else found.status
    outcome = Outcome(status, "proved in the box", found.proved, found.at, found.value, {}, 0, 0, 0, 0, "")
    words = typed_words(click.get_current_context())
    remember_outcome(store, session, problem, outcome, {}, ascend=found.ascend, words=words)
