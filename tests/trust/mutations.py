"""Whether the tests see a broken line: random lines of a wing are broken, and the wing's tests run.

    python -m tests.trust.mutations --wing descent --count 5 --seed 1

breaks five lines of gradcli/descent, one after another, in a copy of the checkout: a comparison or a sign is turned, a
number is off by one or 1,000 times too small, two arguments or operands change places, a call is dropped. Of each it
prints the line before and after, and which test failed; the status is 1 where none did. The same seed breaks the same
lines.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]

#: What is copied: all that the tests read.
COPIED = ("gradcli", "tests", "pyproject.toml", "README.md", "LICENSE", ".ci", ".gitignore")

#: A wing or a room of it -> the folders of its tests, the nearest first. One that is not here has the folder of its name.
TESTS = {
    "language": ("language", "golden"),
    "calculus": ("calculus", "trust/test_rounding.py", "calculus_more", "golden", "commands_more", "trust/test_accuracy.py"),
    "calculus/backends": ("calculus", "trust/test_rounding.py", "trust/test_hard_points.py", "calculus_more", "golden"),
    "calculus/checking": ("checking", "golden"),
    "calculus/deriving": ("explaining", "golden"),
    "calculus/exporting": ("exporting", "golden"),
    "descent": ("descent", "minimizing", "golden"),
    "memory": ("memory", "commands/test_library.py", "trust/test_killed.py", "trust/test_sessions_model.py", "golden"),
    "output": ("output", "golden", "commands/test_illustrating.py", "commands/test_formats.py", "commands/test_report.py"),
    "commands": ("golden", "commands", "commands_more", "output", "trust/test_limits.py", "trust/test_doors.py"),
    "shell": ("golden", "commands", "commands_more", "output", "trust/test_limits.py", "trust/test_doors.py"),
}  # fmt: skip

#: Operators and what they are mistaken for.
_COMPARISONS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_SIGNS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
_JOINTS = {ast.And: ast.Or, ast.Or: ast.And}


class Mutation(NamedTuple):
    """One place of a module, what it said and what it says."""

    kind: str
    start: int
    end: int
    before: str
    after: str


def mutations(source: bytes) -> list[Mutation]:
    """Every mutation of a module, in the order of its text; annotations and what only types need are left alone."""
    begins = [0]
    for line in source.splitlines(keepends=True):
        begins.append(begins[-1] + len(line))
    found = []
    for node in _nodes(ast.parse(source)):
        for kind, other in _others(node):
            start = begins[node.lineno - 1] + node.col_offset
            end = begins[node.end_lineno - 1] + node.end_col_offset
            found.append(Mutation(kind, start, end, source[start:end].decode(), f"({ast.unparse(other)})"))
    return sorted(found)


def _nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """The expressions and statements that run; not those inside of formatted strings, whose places are not told."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list", "bases") or isinstance(tree, ast.JoinedStr):
            continue
        for node in value if isinstance(value, list) else [value]:
            if isinstance(node, ast.AST) and not _typing(node):
                yield node
                yield from _nodes(node)


def _typing(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _path(*operands: ast.expr) -> bool:
    """Whether one is a text: what is joined then are texts and paths, and a difference of these is no mistake of anybody's."""
    return any(
        isinstance(o, ast.JoinedStr) or (isinstance(o, ast.Constant) and isinstance(o.value, str))
        for o in operands
    )


def _others(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """What one node may be broken into."""
    match node:
        case ast.Compare(left, [op], [right]) if type(op) in _COMPARISONS:
            yield "comparison", ast.Compare(left, [_COMPARISONS[type(op)]()], [right])
        case ast.BinOp(left, op, right) if type(op) in _SIGNS and not _path(left, right):
            yield "sign", ast.BinOp(left, _SIGNS[type(op)](), right)
            if isinstance(op, ast.Sub | ast.Div):
                yield "names", ast.BinOp(right, op, left)
        case ast.UnaryOp(ast.USub() | ast.Not(), operand):
            yield "sign", operand
        case ast.BoolOp(op, values):
            yield "comparison", ast.BoolOp(_JOINTS[type(op)](), values)
        case ast.Constant(value) if type(value) is int:
            yield "off by one", ast.Constant(value + 1)
        case ast.Constant(value) if type(value) is float and value:
            yield "size", ast.Constant(value / 1000)
        case ast.Call(ast.Name("isinstance"), _, _):
            return
        case ast.Call(_, [ast.Name() as one, ast.Name() as two, *rest], keywords):
            yield "names", ast.Call(node.func, [two, one, *rest], keywords)
        case ast.Call(_, [argument], []) if not isinstance(argument, ast.Starred | ast.GeneratorExp):
            yield "dropped call", argument
        case ast.Expr(ast.Call()):
            yield "dropped call", ast.Constant(None)


def modules(wing: str) -> list[Path]:
    """The modules of a wing, wherever in it they stand now; `cli` is a module that stands alone."""
    at = ROOT / "gradcli" / wing
    return sorted(at.rglob("*.py")) if at.is_dir() else [at.with_suffix(".py")]


def chosen(wing: str, count: int, seed: int) -> list[tuple[Path, Mutation]]:
    """So many mutations of a wing: first a module, by its length, then a kind, then a place."""
    source = random.Random(f"{wing} {seed}")
    files = [(path, found) for path in modules(wing) if (found := mutations(path.read_bytes()))]
    picked = []
    for path, found in source.choices(files, [len(found) for _, found in files], k=count):
        kind = source.choice(sorted({mutation.kind for mutation in found}))
        picked.append((path, source.choice([mutation for mutation in found if mutation.kind == kind])))
    return picked


def tests_of(path: Path) -> list[str]:
    """The tests of a module, by the longest part of its path that has some."""
    place = path.relative_to(ROOT / "gradcli").with_suffix("")
    for part in (place, *place.parents):
        names = TESTS.get(part.as_posix(), (part.as_posix(),))
        if part.parts and (there := [f"tests/{name}" for name in names if _tests(ROOT / "tests" / name)]):
            return there
    return ["tests/golden", "tests/commands"]


def _tests(place: Path) -> bool:
    return place.is_file() or place.name == "golden" or any(place.glob("test_*.py"))


def ended(house: Path, tests: list[str], limit: int, *options: str) -> tuple[int | None, str]:
    """How the tests ended in *house*: pytest's status, None where a process of theirs took too long; and what was said."""
    command = [sys.executable, "-m", "pytest", "-o", "addopts=-q", "-p", "no:cacheprovider", *options, *tests]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(house)}
    try:
        done = subprocess.run(
            command, cwd=house, capture_output=True, text=True, check=False, env=environment, timeout=6 * limit,
            stdin=subprocess.DEVNULL,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 60)),
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None, ""
    return (done.returncode if done.returncode >= 0 else None), done.stdout


def failing(house: Path, tests: list[str], limit: int) -> list[str]:
    """The tests that fail before anything is broken: they could not tell."""
    _, said = ended(house, tests, limit)
    return re.findall(r"(?m)^(?:FAILED|ERROR) (.*?)(?: - .*)?$", said)


def caught(house: Path, path: Path, mutation: Mutation, options: list[str], limit: int) -> str:
    """What saw that the line is broken: a test, or the time; nothing where none did."""
    broken = house / path.relative_to(ROOT)
    source = path.read_bytes()
    broken.write_bytes(source[: mutation.start] + mutation.after.encode() + source[mutation.end :])
    try:
        status, said = ended(house, tests_of(path), limit, "-x", *options)
    finally:
        broken.write_bytes(source)
    if status is None:
        return "it takes too long"
    seen = re.findall(r"(?m)^(?:FAILED|ERROR) (.*?)(?: - .*)?$", said)
    return "" if status == 0 else seen[0] if seen else f"pytest ended with {status}"


def tried(wing: str, count: int, seed: int, limit: int, green: bool) -> list[str]:
    """Break *count* lines of a wing and print what became of each; those that were not caught."""
    missed, before = [], dict[tuple[str, ...], list[str]]()
    with tempfile.TemporaryDirectory() as folder:
        house = Path(folder) / "house"
        house.mkdir()
        for name in COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, house / name, ignore=shutil.ignore_patterns("__pycache__"))
            elif (ROOT / name).exists():
                shutil.copy(ROOT / name, house / name)
        for path, mutation in chosen(wing, count, seed):
            tests = tuple(tests_of(path))
            if tests not in before:
                before[tests] = [] if green else failing(house, list(tests), limit)
                print(f"{wing}: {len(before[tests])} fail unbroken in {' '.join(tests)}", flush=True)
            options = [f"--deselect={test}" for test in before[tests]]
            seen = caught(house, path, mutation, options, limit)
            line = path.read_bytes()[: mutation.start].count(b"\n") + 1
            told = (
                f"{path.relative_to(ROOT)}:{line} ({mutation.kind}) {mutation.before!r} -> {mutation.after!r}"
            )
            print(f"{'caught' if seen else 'NOT CAUGHT'}: {told}{f' by {seen}' if seen else ''}", flush=True)
            missed += [] if seen else [told]
    return missed


def main() -> None:
    """Break and print."""
    wings = sorted(path.name for path in (ROOT / "gradcli").iterdir() if list(path.glob("*.py")))
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument(
        "--wing", choices=[*wings, "cli"], action="append", help="one wing; every wing without it"
    )
    asked.add_argument("--count", type=int, default=5, help="lines to break in each wing")
    asked.add_argument("--seed", type=int, default=1, help="which lines")
    asked.add_argument(
        "--limit", type=int, default=1800, help="seconds of processor for each process of the tests"
    )
    asked.add_argument(
        "--green", action="store_true", help="the tests are known to pass while nothing is broken"
    )
    options = asked.parse_args()
    missed = [
        told
        for wing in options.wing or wings
        for told in tried(wing, options.count, options.seed, options.limit, options.green)
    ]
    print(f"{len(missed)} not caught", *missed, sep="\n")
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
