"""The oldest and the newest versions that the bounds allow, read from pyproject.toml itself.

By default part of the suite runs with the oldest versions; the suite itself runs with the newest that there are.
GRADCLI_BOUNDS=all runs all of it at both ends.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable

import pytest

from .conftest import ROOT, Environment, Packages

ALL = os.environ.get("GRADCLI_BOUNDS") == "all"

#: Transcripts of what gradcli reads and says by itself, whatever the versions of the libraries: the suite plays them.
OWN = {
    "connections", "constraints", "hints", "input", "language", "syntax", "values", "columns/data", "columns/refused",
    *(f"typed/{name}" for name in ("arguments", "back", "claims", "curves", "files", "intervals", "lists", "lookalikes",
                                   "meant", "names", "problems", "remembered")),
}  # fmt: skip

#: Random programs in machine code with the oldest LLVM.
PROGRAMS = 40


def transcripts() -> list[str]:
    """The other transcripts: formulas of sympy, numbers of python-flint, options of click, tables of rich, pictures."""
    files = sorted((ROOT / "tests" / "golden").glob("*/*.txt"))
    names = [f"{path.parent.name}/{path.stem}" for path in files if path.parent.name not in OWN]
    test = "tests/golden/test_golden.py::test_the_transcript_is_what_gradcli_prints"
    return [f"{test}[{name}]" for name in names if name not in OWN]


#: What depends most on the libraries: formulas, numbers, code of LLVM, options of click, tables of rich.
PART = [
    *transcripts(),
    "tests/calculus/native/test_machine_code.py",
    "tests/memory/test_sessions.py",
    "tests/commands/test_tutorial.py",
    "tests/commands/test_shell.py::test_a_table_has_a_heading_and_a_rule",
    "tests/commands/test_shell.py::test_colour_is_a_wish",
    "tests/commands/test_shell.py::test_completion_knows_commands_and_options",
    "tests/commands/test_shell.py::test_completion_scripts_are_accepted",
    "tests/commands/test_shell.py::test_an_option_in_the_wrong_place_is_told_where_it_belongs",
]


def bounds() -> dict[str, tuple[str, str]]:
    """Each library that gradcli runs with, its extras' included, and its bounds: >= the first, < the second."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    texts = [*project["dependencies"], *extras["plot"], *extras["scipy"], *extras["native"]]
    found = (re.fullmatch(r"([a-z-]+)>=([0-9.]+),<([0-9.]+)", text) for text in texts)
    return {match[1]: (match[2], match[3]) for match in found if match}


def test_every_library_has_two_bounds() -> None:
    """What is not bounded from both sides cannot be tested at both ends."""
    assert {"sympy", "python-flint", "click", "rich", "numpy", "matplotlib", "scipy", "llvmlite"} <= set(
        bounds()
    )


@pytest.mark.parametrize("end", ["oldest", "newest"] if ALL else ["oldest"])
def test_the_suite_passes_at_the_bounds(
    end: str, packages: Packages, environment: Callable[[str], Environment]
) -> None:
    """In an environment of just these versions, with warnings as errors."""
    own = environment(end)
    chosen = [
        f"{name}=={low}" if end == "oldest" else f"{name}>={low},<{high}"
        for name, (low, high) in bounds().items()
    ]
    own.install(
        f"{packages.wheel}[plot,scipy,native]",
        *chosen,
        *(["mpmath<1.4"] if end == "oldest" else []),  # the sympy of that time warns about later ones
        "pytest",
        "hypothesis",
    )
    installed = own.run(
        "-c", "import importlib.metadata as m; print(*[f'{d.name}=={d.version}' for d in m.distributions()])"
    )
    versions = dict(text.lower().split("==") for text in installed.split())
    for name, (low, _) in bounds().items():
        assert end == "newest" or (versions[name] + ".0").startswith(low + ".")
    tests = ["tests", "--deselect", "tests/packaging"] if ALL else PART
    script = own.python.parent
    path = f"{script}{os.pathsep}{os.environ['PATH']}"
    said = own.run(
        "-m", "pytest", "-o", "addopts=-q", "-p", "no:cacheprovider", *tests, cwd=ROOT,
        env={"PATH": path, **({} if ALL else {"GRADCLI_NATIVE": str(PROGRAMS)})},
    )  # fmt: skip
    summary = said.splitlines()[-1]  # pyproject.toml already says -q; a second one would drop this line
    assert re.search(r"\d+ passed", summary), said[-2000:]
    assert "failed" not in summary
