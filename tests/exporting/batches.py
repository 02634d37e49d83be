"""Many expressions at many points in one go of each language: what the functions answer, number by number."""

from __future__ import annotations

import json
import math
import os
import sqlite3
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from gradcli.calculus.exporting.languages.export import LANGUAGES, Wish, exported
from gradcli.calculus.graph.reverse_sweep import program_of, swept
from gradcli.calculus.program.compiled_expression import Compiled
from gradcli.language.parser import parse
from tests.exporting.running import BUILDS, FILES, RUNS, interpreter

Numbers = tuple[float, ...]


class Case(NamedTuple):
    """An expression, and the points at which it is asked for: each in the order of its variables."""

    text: str
    compiled: Compiled
    points: tuple[Numbers, ...]


def function(language: str, case: Case, name: str = "f_and_gradient") -> str:
    """The source of the case's function. Raises what `exported` raises."""
    return _source(language, case.text).replace("f_and_gradient", name)


@cache
def _source(language: str, text: str) -> str:
    """The source, written once for who asks whether the language has it and for who runs it."""
    made = compiled(text)
    wish = Wish("f_and_gradient", "none", made.program.variables)
    return exported(LANGUAGES[language], made.program, made.formulas, text, wish).code


@cache
def compiled(text: str) -> Compiled:
    """The compiled expression, without its formulas: they take longer than all the rest."""
    expression = parse(text)
    return Compiled(text, program_of(swept(expression), expression.variables), {})


def answers(language: str, cases: Sequence[Case], folder: Path) -> list[list[Numbers]]:
    """For every case and every point of it: value and gradient as the language computes them."""
    if language == "sql":
        return [_rows(case) for case in cases]
    if language == "python" or LANGUAGES[language].name in ("numpy", "jax", "torch", "tensorflow"):
        return _asked_of_python(language, cases, folder)
    names = [f"case_{k}" for k in range(len(cases))]
    sources = [function(language, case, name) for case, name in zip(cases, names, strict=True)]
    (folder / FILES[language]).write_text(_DRIVERS[language](sources, names, cases), encoding="utf-8")
    if language in BUILDS:
        _run([part for part in BUILDS[language] if part not in ("-Wall", "-Werror")], folder)
    return _parted(_run(RUNS.get(language, [str(folder / "code")]), folder), cases)


def _rows(case: Case) -> list[Numbers]:
    connection = sqlite3.connect(":memory:")
    variables = case.compiled.program.variables
    code = function("sql", case)
    if not variables:
        found = connection.execute(code).fetchall() * len(case.points)
    else:
        columns = ", ".join(f'"{name}"' for name in variables)
        connection.execute(f"CREATE TABLE points ({columns})")
        marks = ", ".join("?" * len(variables))
        connection.executemany(f"INSERT INTO points VALUES ({marks})", case.points)
        found = connection.execute(code).fetchall()
    return [tuple(math.nan if n is None else float(n) for n in row[len(variables) :]) for row in found]


_ASKER = """
import json, sys
{setup}
found = []
for source, points in json.load(open("cases.json")):
    names = {{"__name__": "case"}}
    exec(source, names)
    for point in points:
        value, gradient = names["f_and_gradient"](*point)
        found.append([float(part) for part in (value, *gradient)])
json.dump(found, sys.stdout)
"""


def _asked_of_python(language: str, cases: Sequence[Case], folder: Path) -> list[list[Numbers]]:
    data = [[function(language, case), case.points] for case in cases]
    (folder / "cases.json").write_text(json.dumps(data), encoding="utf-8")
    setup = 'import jax\njax.config.update("jax_enable_x64", True)' if language == "jax" else ""
    (folder / "asker.py").write_text(_ASKER.format(setup=setup), encoding="utf-8")
    found = iter(json.loads(_run([str(interpreter(language)), "asker.py"], folder)))
    return [[tuple(next(found)) for _ in case.points] for case in cases]


def _run(command: list[str], folder: Path) -> str:
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)
    assert ended.returncode == 0, (ended.stdout + ended.stderr)[-3000:]
    return ended.stdout


def _parted(text: str, cases: Sequence[Case]) -> list[list[Numbers]]:
    """A line of numbers for each point."""
    lines = iter(text.split("\n"))
    return [
        [tuple(float(n.replace("D", "e")) for n in next(lines).split()) for _ in case.points]
        for case in cases
    ]


def _calls(cases: Sequence[Case], names: Sequence[str]) -> list[tuple[str, Numbers, int]]:
    return [
        (name, point, len(case.compiled.program.variables))
        for case, name in zip(cases, names, strict=True)
        for point in case.points
    ]


def _c(sources: Sequence[str], names: Sequence[str], cases: Sequence[Case]) -> str:
    rows = [*sources, "#include <stdio.h>", "static double g[9];"]
    rows += ["static void say(double v, int k) { printf(\"%.17g\", v); for (int i = 0; i < k; i++) "
             "printf(\" %.17g\", g[i]); puts(\"\"); }", "int main(void) {"]  # fmt: skip
    rows += [
        f"say({name}({', '.join([*map(repr, point), 'g'])}), {count});"
        for name, point, count in _calls(cases, names)
    ]
    return "\n".join([*rows, "return 0; }"])


def _cpp(sources: Sequence[str], names: Sequence[str], cases: Sequence[Case]) -> str:
    rows = [*sources, "#include <cstdio>", "template <class T> void say(const T &r) { std::printf(\"%.17g\", r.first); "
            "for (double part : r.second) std::printf(\" %.17g\", part); std::puts(\"\"); }", "int main() {"]  # fmt: skip
    rows += [f"say({name}({', '.join(map(repr, point))}));" for name, point, _ in _calls(cases, names)]
    return "\n".join([*rows, "}"])


def _rust(sources: Sequence[str], names: Sequence[str], cases: Sequence[Case]) -> str:
    rows = [*sources, "fn say(v: f64, g: &[f64]) { print!(\"{:e}\", v); for p in g { print!(\" {:e}\", p); } println!(); }",
            "fn main() {"]  # fmt: skip
    for name, point, _ in _calls(cases, names):
        rows.append(f"{{ let (v, g) = {name}({', '.join(f'{n!r}_f64' for n in point)}); say(v, &g); }}")
    return "\n".join([*rows, "}"])


def _javascript(sources: Sequence[str], names: Sequence[str], cases: Sequence[Case]) -> str:
    rows = [*sources, "const say = ({ value, gradient }) => console.log([value, ...gradient].join(' '));"]
    rows += [f"say({name}({', '.join(map(repr, point))}));" for name, point, _ in _calls(cases, names)]
    return "\n".join(rows)


def _octave(sources: Sequence[str], names: Sequence[str], cases: Sequence[Case]) -> str:
    rows = ["1;", *sources]
    for name, point, _ in _calls(cases, names):
        rows += [f"[v, g] = {name}({', '.join(map(repr, point))});", "printf('%.17g ', v, g); printf('\\n');"]
    return "\n".join(rows)


def _fortran(sources: Sequence[str], names: Sequence[str], cases: Sequence[Case]) -> str:
    rows = [*sources, "program all", "    implicit none", "    double precision :: v, g(9)"]
    for name, point, count in _calls(cases, names):
        numbers = [n.replace("e", "d") if "e" in n else f"{n}d0" for n in map(repr, point)]
        rows += [
            f"    call {name}({', '.join([*numbers, 'v', 'g'])})",
            f'    print "(9es26.16e3)", v, g(1:{count})',
        ]
    return "\n".join([*rows, "end program all"]) + "\n"


_DRIVERS = {
    "c": _c,
    "c++": _cpp,
    "rust": _rust,
    "javascript": _javascript,
    "octave": _octave,
    "fortran": _fortran,
}
