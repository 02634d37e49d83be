"""A place of their own for the measured processes: folder, environment, gradcli's command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

PROGRAMS = Path(__file__).parent / "programs"


class Place:
    """A folder with a gradcli memory of its own, and the environment that all measured processes share."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="gradcli-benchmarks-")
        self.folder = Path(self._folder.name)
        # Bytecode is cached, as it is for users: some build machines switch that off.
        without = ("PYTHONDONTWRITEBYTECODE", "PYTHONPROFILEIMPORTTIME", "GRADCLI_SESSION")
        self.environment = {name: value for name, value in os.environ.items() if name not in without}
        self.environment["GRADCLI_HOME"] = str(self.folder / "home")
        script = Path(sys.executable).parent / "gradcli"
        self.gradcli = [str(script)] if script.exists() else [sys.executable, "-m", "gradcli"]

    def __enter__(self) -> Place:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._folder.cleanup()

    def program(self, name: str, *arguments: str, python: str = sys.executable) -> list[str]:
        """The command that runs one of the programs beside this file."""
        return [python, str(PROGRAMS / f"{name}.py"), *arguments]

    def output(self, command: list[str]) -> str:
        """What *command* prints; SystemExit where it fails."""
        ended = subprocess.run(
            command,
            env=self.environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if ended.returncode:
            sys.exit(
                f"{' '.join(command)[:200]} ended with status {ended.returncode}:\n{ended.stderr[-2000:]}"
            )
        return ended.stdout
