"""Session rows that lie, tried one after the other in one watched process. Run: forging.py HOME < JOBS.

The first line of JOBS is the commands and the status that each has to end with, if any; then a row a line.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.prepared import run

ROUNDS = (
    ["session"],
    ["step", "--dry-run", "--timeout", "5"],
    ["session", "history"],
    ["grad", "--no-save", "--timeout", "5"],
)


def tried(
    home: Path,
    state: dict[str, Any],
    forgeries: list[tuple[str, object]],
    rounds: Sequence[list[str]] = ROUNDS,
    status: int | None = None,
) -> list[str]:
    """What went wrong in any command on any of the forged rows, which have no checksum, as those of older versions."""
    plain = {field: value for field, value in state.items() if field != "crc"}
    lines = [json.dumps([rounds, status])]
    lines += [json.dumps({**plain, field: forgery}) for field, forgery in forgeries]
    done = run(
        "tests.trust.forging", str(home), text="\n".join(lines), env={**os.environ, "GRADCLI_HOME": str(home)}
    )
    assert done.returncode == 0, done.stderr
    return [line for line in done.stdout.splitlines() if line]


def main() -> None:
    """Forge, run, look."""
    from tests.trust import guard
    from tests.trust.watching import harm

    home = Path(sys.argv[1])
    import flint
    import mpmath
    import sympy

    assert flint.arb and mpmath.mp and sympy.S  # loaded before the watch begins
    sys.dont_write_bytecode = True
    sys.addaudithook(guard.watch)
    first, *lines = sys.stdin.read().splitlines()
    rounds, status = json.loads(first)
    for line in lines:
        guard.watching = False
        with sqlite3.connect(home / "gradcli.db") as connection:
            connection.execute("UPDATE states SET state = ?", [line])
        connection.close()
        guard.watching = True
        for args in rounds:
            answer = guard.run_job({"args": args})
            if problem := harm({"args": args, "row": line[:300]}, answer):
                print(problem)
            elif status is not None and args != ["session", "list"] and answer["status"] != status:
                print(f"status {answer['status']}: {args} {line[:300]}")


if __name__ == "__main__":
    main()
