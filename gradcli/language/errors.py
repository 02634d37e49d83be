"""What went wrong, as facts: kind, sentence, culprit, hint. Drawing them is the output wing's work."""

from __future__ import annotations

#: Exit statuses, the whole contract: kind of ending -> status. `--help` prints STATUSES.
STATUSES = {
    0: "done",
    1: "the answer is no: a check failed, a descent did not reach a minimum",
    2: "not understood: usage, syntax, names, values",
    3: "understood, but no value there: outside the domain, overflow, a corner",
    4: "the surroundings: no such session, unreadable file, a limit was hit",
    130: "interrupted",
}


class GradcliError(Exception):
    """The one base of every error a user sees.

    kind: a stable word for scripts (`syntax`, `name`, `value`, `usage`, `domain`, `session`, `limit`, ...).
    message: one sentence without the leading `gradcli:`.
    text, span: the text that was read and the culprit's characters in it, [start, end).
    hint: what to do about it. status: the exit status, one of STATUSES. file: where the text was read from, None where it
    was typed; is_shown: whether its line may be shown.
    """

    kind = "error"
    status = 2
    file: str | None = None
    is_shown = True

    def __init__(
        self,
        message: str,
        *,
        text: str | None = None,
        span: tuple[int, int] | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message, self.text, self.span, self.hint = message, text, span, hint


class SyntaxProblem(GradcliError):
    """The text is not an expression."""

    kind = "syntax"


class NameProblem(GradcliError):
    """A name that means nothing here, a call of what is no function, a wrong number of arguments."""

    kind = "name"


class ValueProblem(GradcliError):
    """A value that is missing, unknown, repeated or not a number.

    variable: the name that the value was given for, where a mistyped option may be meant.
    """

    kind = "value"
    variable: str | None = None

    def about(self, variable: str) -> ValueProblem:
        """This error, with the name that the value was given for."""
        self.variable = variable
        return self


class UsageProblem(GradcliError):
    """Options that do not fit together."""

    kind = "usage"


#: The hint of a number that is too large for a float.
MORE_DIGITS = "gradcli grad --digits 20 has no such limit"


class DomainProblem(GradcliError):
    """Understood, but there is no value at this point: outside the domain, overflow, a corner."""

    kind = "domain"
    status = 3


class SessionProblem(GradcliError):
    """What is remembered cannot be read or written, or is not there."""

    kind = "session"
    status = 4


class LimitProblem(GradcliError):
    """A limit that protects the machine was hit; the message names it."""

    kind = "limit"
    status = 4


class InputProblem(GradcliError):
    """A file or a stream that cannot be read."""

    kind = "input"
    status = 4


class EngineProblem(GradcliError):
    """Workers that cannot be started or found, that are lost, or that are others than is said."""

    kind = "engine"
    status = 4


class ExtraProblem(GradcliError):
    """A library that only some commands need is not installed; the hint names the extra that brings it."""

    kind = "extra"
    status = 4

    @classmethod
    def of(cls, why: str, extra: str) -> ExtraProblem:
        """The problem of a missing extra."""
        return cls(f"{why}, which is not installed", hint=f'pip install "gradcli[{extra}]"')
