"""Each language's compiler or interpreter, and how a file with a test in it is run."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
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
    assert _said(language, code, folder).endswith("ok")


def run_all(language: str, codes: Sequence[str], folder: Path) -> None:
    """The same of many files in one process, built in one go: the function of file k is named case_k."""
    end = FILES.get(language, "code.py").partition(".")[2]
    for number, code in enumerate(codes):
        (folder / f"{number}.{end}").write_text(code, encoding="utf-8")
    whole = _together(language, codes)
    assert _said(language, whole, folder).split() == ["ok"] * len(codes)


def _together(language: str, codes: Sequence[str]) -> str:
    """A file that runs the files 0, 1, …; or that has all that is in them, their main programs under other names."""
    numbers = range(len(codes))
    if language == "octave":
        return "\n".join(f'source("{k}.m"); clear all' for k in numbers)
    if language == "javascript":
        return "\n".join(f'require("./{k}.js");' for k in numbers)
    if language in ("c", "c++"):
        tests = [_renamed_main(code, k) for k, code in enumerate(codes)]
        return "\n".join([*tests, f"int main({'void' if language == 'c' else ''}) {{",
                          *(f"if (main_{k}()) return 1;" for k in numbers), "return 0; }\n"])  # fmt: skip
    if language == "rust":
        tests = [
            f"mod file_{k} {{\n{code.replace('fn main()', 'pub fn main()')}}}" for k, code in enumerate(codes)
        ]
        return "\n".join([*tests, "fn main() {", *(f"file_{k}::main();" for k in numbers), "}\n"])
    if language == "fortran":
        tests = [code.replace("program test", f"subroutine main_{k}") for k, code in enumerate(codes)]
        return "\n".join([*tests, "program test", *(f"call main_{k}" for k in numbers), "end program test\n"])
    return (
        f"import runpy\nfor k in range({len(codes)}):\n    runpy.run_path(f'{{k}}.py', run_name='__main__')\n"
    )


def _renamed_main(code: str, number: int) -> str:
    """C and C++: the test as a function, which must say that it returns 0."""
    found = re.sub(r"int main\((void)?\)", rf"static int main_{number}(\1)", code).rstrip()
    return f"{found[:-1]}    return 0;\n}}\n" if "return failed;" not in found else found


def _said(language: str, code: str, folder: Path) -> str:
    """What a file prints, compiled and run."""
    if reason := missing(language):
        pytest.skip(reason)
    if language == "python" or language in MODULES:
        (folder / "code.py").write_text(code, encoding="utf-8")
        return _done([str(interpreter(language)), "code.py"], folder)
    (folder / FILES[language]).write_text(code, encoding="utf-8")
    if language in BUILDS:
        assert _done(BUILDS[language], folder) == ""
    return _done(RUNS.get(language, [str(folder / "code")]), folder)


def _done(command: list[str], folder: Path) -> str:
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout.strip()


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
