"""Session rows that lie, tried one after the other in one watched process. Run: forging.py HOME < JOBS."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

ROUNDS = (
    ["session"],
    ["step", "--dry-run", "--timeout", "5"],
    ["session", "history"],
    ["grad", "--no-save", "--timeout", "5"],
)


def tried(home: Path, state: dict[str, Any], forgeries: list[tuple[str, object]]) -> list[str]:
    """What went wrong in any command on any of the forged rows."""
    lines = [json.dumps({**state, field: forgery}) for field, forgery in forgeries]
    done = subprocess.run(
        [sys.executable, "-m", "tests.trust.forging", str(home)], input="\n".join(lines), capture_output=True, text=True,
        check=True, cwd=Path(__file__).parents[2], env={**os.environ, "GRADCLI_HOME": str(home)}, timeout=600,
    )  # fmt: skip
    return [line for line in done.stdout.splitlines() if line]


def main() -> None:
    """Forge, run, look."""
    from tests.trust import guard
    from tests.trust.watching import harm

    home = Path(sys.argv[1])
    import mpmath
    import sympy

    assert mpmath.mp and sympy.S  # loaded before the watch begins
    sys.dont_write_bytecode = True
    sys.addaudithook(guard.watch)
    for line in sys.stdin.read().splitlines():
        guard.watching = False
        with sqlite3.connect(home / "gradcli.db") as connection:
            connection.execute("UPDATE states SET state = ?", [line])
        connection.close()
        guard.watching = True
        for args in ROUNDS:
            answer = guard.run_job({"args": args})
            if problem := harm({"args": args, "row": line[:300]}, answer):
                print(problem)


if __name__ == "__main__":
    main()
