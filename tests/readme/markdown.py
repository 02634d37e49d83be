"""README as data: sections, transcripts, scripts, and the generated table."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

README = Path(__file__).parent.parent.parent / "README.md"

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SECTION = re.compile(r"^## ", re.MULTILINE)
_FUNCTIONS = re.compile(r"(<!-- functions: .*? -->\n)(.*?)(<!-- end of functions -->)", re.DOTALL)


class Block(NamedTuple):
    """A fenced block: its language, its text, and where the text stands."""

    language: str
    text: str
    start: int
    end: int


def sections(readme: str) -> list[tuple[int, int]]:
    """Where the sections of the second level begin and end; what stands before the first is one too."""
    starts = [0, *(match.start() for match in _SECTION.finditer(readme))]
    return list(zip(starts, [*starts[1:], len(readme)], strict=True))


def blocks(readme: str, start: int = 0, end: int | None = None) -> list[Block]:
    """The fenced blocks between two places."""
    found = _BLOCK.finditer(readme, start, len(readme) if end is None else end)
    return [Block(match.group(1), match.group(2), match.start(2), match.end(2)) for match in found]


def replayed(text: str, environment: dict[str, str], folder: Path) -> str:
    """A transcript with what its commands print now; both streams, as on a terminal."""
    commands = re.findall(r"^\$ (.*(?:\n> .*)*)", text, re.MULTILINE)
    return "".join(f"$ {command}\n{_printed(command, environment, folder)}" for command in commands)


def _printed(command: str, environment: dict[str, str], folder: Path) -> str:
    ended = subprocess.run(
        ["sh", "-c", command.replace("\n> ", "\n")], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL, env=environment, cwd=folder, timeout=120, check=False,
    )  # fmt: skip
    return ended.stdout.decode()


def functions_table() -> str:
    """The functions by group, from the table that the parser reads."""
    from gradcli.language.call_signatures import usage
    from gradcli.language.function_table import FUNCTIONS

    groups: dict[str, list[str]] = {}
    for name, row in FUNCTIONS.items():
        others = f" ({', '.join(f'`{alias}`' for alias in row.aliases)})" if row.aliases else ""
        groups.setdefault(row.group, []).append(f"`{usage(name)}`{others}")
    rows = [f"| {group} | {', '.join(names)} |\n" for group, names in groups.items()]
    return "| group | functions (other spellings) |\n|---|---|\n" + "".join(rows)


def with_functions(readme: str) -> str:
    """README with the table of functions as it is now."""
    return _FUNCTIONS.sub(lambda match: match.group(1) + functions_table() + match.group(3), readme)


def with_block(readme: str, block: Block, text: str) -> str:
    """README with another text in a block."""
    return readme[: block.start] + text + readme[block.end :]
