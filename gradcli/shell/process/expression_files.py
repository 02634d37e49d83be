"""`@FILE` as an expression on the command line: the text of a regular file, and which text came from which."""

from __future__ import annotations

import os
import stat

from gradcli.language.errors import GradcliError, InputProblem

#: Texts that were read in this process -> the files that they came from.
_files: dict[str, str] = {}


def typed_expression(argument: str) -> str:
    """What an argument of the command line stands for: itself, or for `@FILE` what the file holds.

    Raises InputProblem for what is no regular file or no text, and LimitProblem for too large a one.
    """
    if not argument.startswith("@") or argument.startswith("@("):  # a function of Matlab is no file
        return argument
    from gradcli.shell.process.file_reading import text_of_file

    name = argument[1:]
    _check_regular(name)
    text = text_of_file(name, "the file of an expression,")
    _files[text] = name
    return text


def _check_regular(name: str) -> None:
    from gradcli.language.limits import limit, limit_problem

    try:
        found = os.stat(name)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "that is no name of a file"
        raise InputProblem(
            f"@{name}: {reason}", hint="@FILE reads an expression and its definitions"
        ) from error
    if not stat.S_ISREG(found.st_mode):
        raise InputProblem(
            f"@{name}: only regular files are read", hint="cat FILE | gradcli grad - reads a stream"
        )
    if found.st_size > limit("length"):
        raise limit_problem(
            "length", f"@{name} has {found.st_size:,} bytes: at most {limit('length'):,.0f} are read"
        )


def located(error: GradcliError) -> GradcliError:
    """The error with the file that its text came from.

    Where requests of strangers are answered it says no more than the place: the file may be none of expressions.
    """
    from gradcli.language.limits import for_strangers

    if error.text is None or error.text not in _files:
        return error
    error.file = _files[error.text]
    if for_strangers() and error.kind in ("syntax", "name"):
        error.message, error.hint, error.is_shown = "what stands there does not parse", None, False
    return error
