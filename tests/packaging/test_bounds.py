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

#: What depends most on the libraries: formulas of sympy, numbers of python-flint, options of click, tables of rich.
PART = [
    "tests/golden",
    "tests/memory/test_sessions.py",
    "tests/commands/test_tutorial.py",
    "tests/commands/test_shell.py",
]


def bounds() -> dict[str, tuple[str, str]]:
    """Each library that gradcli runs with, its extras' included, and its bounds: >= the first, < the second."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    texts = [*project["dependencies"], *extras["plot"], *extras["scipy"]]
    found = (re.fullmatch(r"([a-z-]+)>=([0-9.]+),<([0-9.]+)", text) for text in texts)
    return {match[1]: (match[2], match[3]) for match in found if match}


def test_every_library_has_two_bounds() -> None:
    """What is not bounded from both sides cannot be tested at both ends."""
    assert {"sympy", "python-flint", "click", "rich", "numpy", "matplotlib", "scipy"} <= set(bounds())


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
    own.run(
        "-m",
        "pip",
        "install",
        "-q",
        "--upgrade",
        f"{packages.wheel}[plot,scipy]",
        *chosen,
        *(["mpmath<1.4"] if end == "oldest" else []),  # the sympy of that time warns about later ones
        "pytest",
        "hypothesis",
    )
    versions = dict(
        line.lower().split("==") for line in own.run("-m", "pip", "freeze").splitlines() if "==" in line
    )
    for name, (low, _) in bounds().items():
        assert end == "newest" or (versions[name] + ".0").startswith(low + ".")
    tests = ["tests", "--deselect", "tests/packaging"] if ALL else PART
    script = own.python.parent
    path = f"{script}{os.pathsep}{os.environ['PATH']}"
    said = own.run(
        "-m", "pytest", "-o", "addopts=-q", "-p", "no:cacheprovider", *tests, env={"PATH": path}, cwd=ROOT
    )
    summary = said.splitlines()[-1]  # pyproject.toml already says -q; a second one would drop this line
    assert re.search(r"\d+ passed", summary), said[-2000:]
    assert "failed" not in summary
