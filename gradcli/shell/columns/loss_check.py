"""`gradcli check` of a loss over files of many rows: claims and routes compared over all rows."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.calculus.checking.claims import Subject, Tolerance
from gradcli.calculus.checking.losses.checked_loss import CheckedLoss, ClaimedNumber
from gradcli.calculus.checking.losses.loss_claims import LossVerdict, judged_loss, with_proof
from gradcli.calculus.checking.losses.loss_routes import checked_loss
from gradcli.language.column_names import as_rows
from gradcli.language.errors import GradcliError, ValueProblem
from gradcli.language.function_table import CONSTANTS
from gradcli.language.names import nearest
from gradcli.language.problem_text import divided
from gradcli.language.tokens import tokens
from gradcli.memory.compiled_cache import compiled_or_cached
from gradcli.shell.columns.formulas_by_row import formulas_by_row
from gradcli.shell.problems.claim_files import Claim, silenced
from gradcli.shell.problems.row_problem import file_problem, rows_program
from gradcli.shell.problems.value_checks import check_complete

if TYPE_CHECKING:
    from gradcli.calculus.rows.row_program import RowsProgram
    from gradcli.memory.database import Store
    from gradcli.shell.problems.problem import Problem
    from gradcli.shell.problems.row_problem import RowProblem


class LossCheck:
    """The check of a loss over files. tolerance: how near numbers must be; eps: the step of differences in floats."""

    def __init__(
        self, store: Store, problem: Problem, count: int, tolerance: Tolerance, eps: float | None
    ) -> None:
        assert problem.data is not None  # noqa: S101  (which a loss over files has)
        self.store, self.problem, self.count, self.tolerance, self.eps = store, problem, count, tolerance, eps
        self.rows: RowProblem = file_problem(problem, problem.data)
        variables = [name for name in self.rows.program.variables if name not in self.rows.columns]
        if problem.at:
            check_complete(problem.at, variables, problem.texts)
        formulas = formulas_by_row(store, problem, self.rows.columns, variables)
        self.loss = CheckedLoss(self.rows.program, self.rows.data(), problem.at, formulas)
        parts = [divided(text) for text in problem.texts]
        self._definitions = [one for part in parts for one in part.definitions]

    def found(self, said: Sequence[Claim]) -> list[Mapping[str, Any]]:
        """A record for each claim, or for each number along which there is a slope. Raises what is wrong with a claim."""
        if said:
            return [self._claimed(claim) for claim in said]
        unknown = self.loss.rows.unknown
        names = [name for name in self.rows.chosen if name in self.loss.names and name not in unknown]
        return [
            checked_loss(self.loss, name, self._formula(name), self.count, self.tolerance, self.eps)._asdict()
            for name in names
        ]

    def _formula(self, name: str) -> ClaimedNumber | None:
        """The formula read back as a program of its own: what is printed is what is checked."""
        text = self.loss.formulas.get(name)
        try:
            return None if text is None else ClaimedNumber(self._read(text), self.loss.data)
        except GradcliError:
            return None

    def _read(self, text: str) -> RowsProgram:
        lengths = dict.fromkeys(self.rows.columns, max(self.loss.data.rows, 2))
        return rows_program(self.store, (text,), lengths, dict.fromkeys(self.loss.names, 1.0), ())

    def _claimed(self, claim: Claim) -> Mapping[str, Any]:
        try:
            self._check_name(claim.name)
            text = "; ".join((*self._definitions, claim.text))
            try:
                program = self._read(text)
            except GradcliError:
                self._check_names(claim.text, self._names_in(text))
                raise
            self._check_names(claim.text, program.variables)
            number = ClaimedNumber(program, self.loss.data)
            found = judged_loss(self.loss, claim.name, claim.text, number, self.count, self.tolerance)
            return self._told(found, text)._asdict()
        except GradcliError as error:
            raise silenced(error, claim) from None

    def _told(self, found: LossVerdict, text: str) -> LossVerdict:
        """The verdict with its proof, or with what went wrong, where that can be told."""
        from gradcli.calculus.checking.symbolic_proof import PATIENCE

        if found.verdict == "wrong" and found.tolerance is None:
            return self._with_slip(found, text)

        def proof() -> bool | None:
            from gradcli.calculus.checking.losses.proof_over_rows import proved_over_rows
            from gradcli.language.rows.level_reading import levels_of

            lengths, names = dict.fromkeys(self.rows.columns, 1_000), self.loss.names
            loss = levels_of(self.problem.texts, lengths, names)
            return proved_over_rows(loss, levels_of((text,), lengths, names), found.variable)

        return with_proof(found, proof, PATIENCE)

    def _with_slip(self, found: LossVerdict, text: str) -> LossVerdict:
        """What went wrong, looked for in two rows and in three, whatever numbers these have."""
        two, three = (self._slip(found.variable, text, rows) for rows in (2, 3))
        if two is None or three is None:
            return found
        message, span = two
        if message.replace("divisor 2", "divisor 3") == three[0] != message:
            message = message.replace("constant divisor 2", "divisor count()")
        elif message != three[0]:
            return found
        return found._replace(slip=message, span=span)

    def _slip(self, variable: str, text: str, rows: int) -> tuple[str, tuple[int, int] | None] | None:
        from gradcli.calculus.checking.mistake_search import recognised
        from gradcli.calculus.graph.reverse_sweep import compile_value
        from gradcli.language.parser import parse

        elements = (one for name in self.rows.columns for one in as_rows(name, range(rows)))
        names = [*self.loss.names, *elements]
        try:
            compiled = compiled_or_cached(self.store, self.problem.texts, names, None)
            subject = Subject(parse(compiled.text, names), compiled, {})
            slip = recognised(subject, variable, compile_value(text, compiled.program.variables))
        except GradcliError:
            return None  # it needs more rows
        return slip and (slip.message, slip.span)

    def _check_name(self, name: str) -> None:
        if name in self.rows.columns:
            raise ValueProblem(f"--claim {name}: {name} is a column of files, and claims are about numbers beside them",
                               hint=f"they are {', '.join(self.loss.names)}" if self.loss.names else None)  # fmt: skip
        if name not in self.loss.names:
            near = nearest(name.removeprefix("d"), self.loss.names)
            raise ValueProblem(f"--claim {name}: it is not a variable of the expression",
                               hint=f"did you mean {near}?" if near else None)  # fmt: skip
        if name in self.loss.rows.unknown:
            raise ValueProblem(f"--claim {name}: the derivative along {name} is not known in closed form")

    def _names_in(self, text: str) -> list[str]:
        """The names that stand in a text, but for those that it defines or calls."""
        found = list(tokens(text, rows=True))
        pairs = itertools.pairwise(found)
        return [
            one.text
            for one, after in pairs
            if one.kind == "name" and after.text not in ("(", "=") and one.text not in CONSTANTS
        ]

    def _check_names(self, claim: str, names: Sequence[str]) -> None:
        """Raises ValueProblem for a name of a claim that the loss has not."""
        defined = {one.partition("=")[0].partition("(")[0].strip() for one in self._definitions}
        known = {*self.loss.names, *self.rows.columns, *defined}
        for name in names:
            if name not in known and (start := claim.find(name)) >= 0:
                near = nearest(name, known)
                raise ValueProblem(f"the claim has {name}, which the expression has not", text=claim,
                                   span=(start, start + len(name)), hint=f"did you mean {near}?" if near else None)  # fmt: skip
