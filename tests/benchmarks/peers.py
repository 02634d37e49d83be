"""Other programs, as far as they are installed: what is missing is skipped, and said."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from shutil import which

#: The gradient of x**2 + x*y + 3 at (5, 3), asked of other calculators.
CALCULATORS = {
    "qalc": ("qalc", "-t", "[diff(x^2+x*3+3, x, 1, 5), diff(5^2+5*y+3, y, 1, 3)]"),
    "maxima": (
        "maxima", "--very-quiet",
        "--batch-string=f: x^2+x*y+3$ print(subst([x=5,y=3], [f, diff(f,x), diff(f,y)]))$",
    ),
    "giac": ("giac", "subst([x^2+x*y+3, grad(x^2+x*y+3,[x,y])], [x,y], [5,3])"),
    "gp": (
        "sh", "-c",
        "echo 'f=x^2+x*y+3; print([subst(subst(g,x,5),y,3) | g<-[f,deriv(f,x),deriv(f,y)]])' | gp -q -f",
    ),
}  # fmt: skip


class Peers:
    """Where the peers are. skipped: those that are not there, with what would make them be."""

    def __init__(self, pythons: Sequence[str]) -> None:
        self.pythons = [sys.executable, *pythons]
        self.skipped: set[str] = set()

    def calculators(self) -> dict[str, Sequence[str]]:
        """The commands of the calculators that are installed."""
        found = {name: command for name, command in CALCULATORS.items() if which(name)}
        for name in CALCULATORS.keys() - found.keys():
            self.skipped.add(f"{name} is not installed")
        return found

    def python(self, package: str) -> str | None:
        """A Python that has *package*."""
        for python in self.pythons:
            look = f"import sys, importlib.util as u; sys.exit(u.find_spec({package!r}) is None)"
            if subprocess.run([python, "-c", look], check=False, capture_output=True).returncode == 0:
                return python
        self.skipped.add(f"{package} is in none of the Pythons (--peer-python PATH names another)")
        return None
