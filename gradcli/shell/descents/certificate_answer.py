"""`check --certificate FILE`: a proof that was kept, checked again by another way and without a search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from gradcli.language.errors import GradcliError, InputProblem, UsageProblem
from gradcli.output.proofs.certificate_document import (
    certificate_document,
    certificate_record,
    certificate_rows,
)
from gradcli.shell.options.proof_options import ends_of
from gradcli.shell.problems.values import number
from gradcli.shell.process.file_reading import text_of_file
from gradcli.shell.writers.answer_writer import OutputOptions, Report, write_answer

if TYPE_CHECKING:
    from gradcli.descent.proofs.box_question import BoxQuestion
    from gradcli.descent.proofs.checking.proof_certificate import Certificate


def verify(
    file: str, expressions: Sequence[str], manner: OutputOptions, others: Sequence[object] = ()
) -> None:
    """Say whether the certificate holds; exit with 1 where it does not. others: what does not belong to it.

    Raises InputProblem for what is no certificate, or that of another problem.
    """
    if any(others):
        raise UsageProblem("--certificate is checked by itself: claims, values and --wrt do not belong to it")
    from gradcli.descent.proofs.checking.certificate_check import checked
    from gradcli.descent.proofs.checking.proof_certificate import read_certificate

    name = f"--certificate {file}"
    certificate = read_certificate(text_of_file(file, "--certificate"), name)
    if expressions and _plain(" + ".join(expressions)) != _plain(certificate.expression):
        raise InputProblem(
            f"{name} is of another problem: {certificate.expression}", hint="without EXPR its own is checked"
        )
    try:
        question = question_in(certificate)
        from gradcli.calculus.tables.hessian_table import hessian_of

        table = hessian_of([certificate.expression], list(question.held), question.names, formulas=False)
    except InputProblem:
        raise
    except GradcliError as error:
        raise InputProblem(f"{name}: its problem is none: {error.message}") from error
    found = checked(certificate, question, table)
    write_answer(
        Report(
            record=lambda: certificate_record(certificate, found),
            rows=lambda: certificate_rows(certificate, found),
            document=lambda: certificate_document(certificate, found, manner.digits),
        ),
        manner,
    )
    if found.failed is not None:
        raise click.exceptions.Exit(1)


def _plain(text: str) -> str:
    """A text as it reads: without blanks, and with one sign for powers."""
    return "".join(text.split()).replace("**", "^")


def question_in(certificate: Certificate) -> BoxQuestion:
    """What a certificate is about. Raises GradcliError where that is not understood."""
    from gradcli.calculus.graph.reverse_sweep import compile_value
    from gradcli.descent.proofs.box_question import BoxQuestion

    held = {name: number(name, text) for name, text in certificate.held.items()}
    box = ends_of(",".join(f"{name}={low}:{high}" for name, (low, high) in certificate.box.items()))
    program = compile_value(certificate.expression, list(held))
    missing = [name for name in program.variables if name not in box and name not in held]
    strange = [name for name in box if name not in program.variables]
    if missing or strange:
        raise InputProblem("the box of the certificate is not that of its expression")
    return BoxQuestion(program, box, held, frozenset(certificate.whole), certificate.ascend)
