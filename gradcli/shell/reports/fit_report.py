"""`report` where the session's problem is that of a fit: the fit carried out again, and its page."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from gradcli.shell.files.session_files import remembered_request
from gradcli.shell.fits.fit_answer import answered
from gradcli.shell.fits.fit_page import write_page
from gradcli.shell.fits.kept_question import asked_again, command_line, kept_record

if TYPE_CHECKING:
    from gradcli.memory.database import Store
    from gradcli.memory.session_record import State


def write_fit_report(store: Store, state: State, session: str, out: str) -> None:
    """Write the page of the fit that *state* keeps.

    Raises SessionProblem where it was not this user who asked it, InputProblem where a file cannot be read any more.
    """
    record = kept_record(store, state.settings["fit"], session)
    asked = asked_again(record, remembered_request(store, state, session))
    one = answered(store, asked)
    again = [
        command_line(record, state.settings["data"]),
        shlex.join(["gradcli", "report", "--out", Path(out).name]),
    ]
    write_page(store, one.fit, one.answer, out, again)
