"""README and the pages of the guide as data: sections, transcripts, scripts, and what is generated in them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

import gradcli

ROOT = Path(__file__).parent.parent.parent
README = ROOT / "README.md"
GUIDE = Path(gradcli.__file__).parent / "guide"

#: README first; then the pages that `gradcli help` shows.
DOCUMENTS = [README, *sorted(GUIDE.glob("*.md"))]

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SECTION = re.compile(r"^## ", re.MULTILINE)


class Block(NamedTuple):
    """A fenced block: its language, its text, and where the text stands."""

    language: str
    text: str
    start: int
    end: int


def whole() -> str:
    """What users can read: README and every page."""
    return "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)


def page(topic: str) -> str:
    """A page of the guide."""
    return (GUIDE / f"{topic}.md").read_text(encoding="utf-8")


def sections(readme: str) -> list[tuple[int, int]]:
    """Where the sections of the second level begin and end; what stands before the first is one too.

    A heading that a command prints is none.
    """
    fenced = [(block.start, block.end) for block in blocks(readme)]
    found = (match.start() for match in _SECTION.finditer(readme))
    starts = [0, *(at for at in found if not any(start <= at < end for start, end in fenced))]
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


def with_block(readme: str, block: Block, text: str) -> str:
    """A document with another text in a block."""
    return readme[: block.start] + text + readme[block.end :]
