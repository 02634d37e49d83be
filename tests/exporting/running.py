"""Each language's compiler or interpreter, and how a file with a test in it is run."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

#: More Python interpreters that may have array libraries, separated by colons.
INTERPRETERS = os.environ.get("GRADCLI_TEST_PYTHONS", "")
MODULES = {"numpy": "numpy", "jax": "jax", "torch": "torch", "tensorflow": "tensorflow"}
TOOLS = {"c": "gcc", "c++": "g++", "rust": "rustc", "fortran": "gfortran", "javascript": "node", "octave": "octave-cli",
         "julia": "julia"}  # fmt: skip
FILES = {"c": "code.c", "c++": "code.cpp", "rust": "code.rs", "fortran": "code.f90", "javascript": "code.js",
         "octave": "code.m", "julia": "code.jl"}  # fmt: skip
BUILDS = {
    "c": ["gcc", "-std=c99", "-Wall", "-Werror", "-o", "code", "code.c", "-lm"],
    "c++": ["g++", "-std=c++17", "-Wall", "-Werror", "-o", "code", "code.cpp"],
    "rust": ["rustc", "--edition", "2021", "-A", "warnings", "-o", "code", "code.rs"],
    "fortran": ["gfortran", "-Wall", "-ffpe-summary=none", "-o", "code", "code.f90"],
}
RUNS = {
    "javascript": ["node", "code.js"],
    "octave": ["octave-cli", "--norc", "-q", "code.m"],
    "julia": ["julia", "code.jl"],
}


@cache
def interpreter(language: str) -> str | None:
    """A Python that has the library, or None."""
    if language == "python":
        return sys.executable
    candidates = [sys.executable, *filter(None, INTERPRETERS.split(":"))]
    for candidate in candidates:
        asked = [
            candidate,
            "-c",
            f"import importlib.util as u; print(bool(u.find_spec('{MODULES[language]}')))",
        ]
        if subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() == "True":
            return candidate
    return None


def missing(language: str) -> str | None:
    """Why the language cannot be tried here, or None."""
    if language == "python" or language in MODULES:
        return None if interpreter(language) else f"no Python at hand has {language}"
    if language == "sql":
        return None if _has_mathematics() else "this SQLite was built without mathematical functions"
    if language not in TOOLS:
        return f"{language} cannot be run: its programs are tested as Octave's"
    return None if shutil.which(TOOLS[language]) else f"{TOOLS[language]} is not installed"


def run(language: str, code: str, folder: Path) -> None:
    """Compile and run a file with a test in it. Fails where the numbers differ, skips where that cannot be tried."""
    if reason := missing(language):
        pytest.skip(reason)
    if language == "python" or language in MODULES:
        (folder / "code.py").write_text(code, encoding="utf-8")
        _done([str(interpreter(language)), "code.py"], folder)
        return
    (folder / FILES[language]).write_text(code, encoding="utf-8")
    if language in BUILDS:
        _done(BUILDS[language], folder, says="")
    _done(RUNS.get(language, [str(folder / "code")]), folder)


def _done(command: list[str], folder: Path, says: str = "ok") -> None:
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.strip().endswith(says)


def _has_mathematics() -> bool:
    try:
        sqlite3.connect(":memory:").execute("SELECT sin(1.0), atanh(0.5), ln(2.0)")
    except sqlite3.OperationalError:
        return False
    return True


def rows(code: str, **points: list[float]) -> list[tuple[float, ...]]:
    """What a query answers on SQLite, with its own points or with a table of the given columns."""
    if reason := missing("sql"):
        pytest.skip(reason)
    connection = sqlite3.connect(":memory:")
    if points:
        columns = ", ".join(f'"{name}"' for name in points)
        connection.execute(f"CREATE TABLE points ({columns})")
        marks = ", ".join("?" * len(points))
        connection.executemany(f"INSERT INTO points VALUES ({marks})", zip(*points.values(), strict=True))
    return connection.execute(code).fetchall()
