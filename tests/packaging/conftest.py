"""A wheel and an sdist of this checkout, all that they need, and new virtual environments: made once for these tests."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]

#: No configuration, no index and no way out: pip has nothing but what it is given.
OFFLINE = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_NO_INDEX": "1",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "HTTP_PROXY": "http://127.0.0.1:9",
}


class Environment(NamedTuple):
    """A virtual environment in a folder of its own."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin") / "python"

    def install(self, *wanted: object, env: dict[str, str] | None = None) -> None:
        """Install with the pip of these tests, which spares a pip of its own; nothing is compiled before it is needed."""
        arguments = [
            sys.executable,
            "-m",
            "pip",
            "--python",
            self.python,
            "install",
            "-q",
            "--no-compile",
            *wanted,
        ]
        done = subprocess.run(
            [str(argument) for argument in arguments], capture_output=True, text=True, check=False, timeout=3000,
            env={**os.environ, **(env or {})}, cwd=self.folder,
        )  # fmt: skip
        assert done.returncode == 0, f"{arguments}\n{done.stdout[-6000:]}\n{done.stderr[-6000:]}"

    def run(self, *arguments: object, env: dict[str, str] | None = None, cwd: Path | None = None) -> str:
        """What its interpreter prints; a status other than 0 fails the test, with all that was said."""
        own = {
            name: text
            for name, text in os.environ.items()
            if not name.startswith(("PYTHON", "GRADCLI", "PYTEST"))
        }
        done = subprocess.run(
            [self.python, *map(str, arguments)], capture_output=True, text=True, check=False, env={**own, **(env or {})},
            cwd=cwd or self.folder, timeout=3000,
        )  # fmt: skip
        assert done.returncode == 0, f"{arguments}\n{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
        return done.stdout


class Packages(NamedTuple):
    """gradcli's own two, and a folder with the wheels of all that they need."""

    wheel: Path
    sdist: Path
    house: Path


@pytest.fixture
def environment(tmp_path: Path) -> Callable[[str], Environment]:
    """`environment("name")`: a new virtual environment with nothing in it."""

    def made(name: str) -> Environment:
        venv.create(tmp_path / name)
        return Environment(tmp_path / name)

    return made


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Packages:
    """The packages built from this checkout; without a package index there is nothing to build them with."""
    folder = tmp_path_factory.mktemp("packages")
    house, dist = folder / "house", folder / "dist"
    _fetch(house, ["hatchling"])
    builder = Environment(folder / "builder")
    venv.create(builder.folder)
    builder.install("hatchling", "--find-links", house, env=OFFLINE)
    builder.run("-m", "hatchling", "build", "-d", dist, cwd=ROOT)
    (wheel,), (sdist,) = dist.glob("*.whl"), dist.glob("*.tar.gz")
    _fetch(house, [str(wheel)])
    return Packages(wheel, sdist, house)


def _fetch(house: Path, wanted: Sequence[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", "-q", "-d", house, *wanted],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"pip cannot download {wanted[0]} here: {done.stderr.strip()[-300:]}")
