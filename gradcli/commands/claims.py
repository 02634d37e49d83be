"""Claims: `--claim x="2*x + y"`, and files of them, as lines or as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gradcli.commands.values import normal
from gradcli.language.errors import UsageProblem, ValueProblem

Claim = tuple[str, str]


def claims(given: Sequence[str], files: Sequence[str]) -> list[Claim]:
    """Pairs of variable and claimed partial. Raises ValueProblem for a claim that is none, InputProblem for files."""
    found = [_claim(text, "--claim") for text in given]
    for file in files:
        found += _read(_content(file), file)
    return found


def _claim(text: str, where: str) -> Claim:
    name, equals, claim = text.partition("=")
    name = name.strip()
    if not equals or not name or not claim.strip() or claim.startswith("="):
        raise ValueProblem(f"{where} takes NAME=PARTIAL", text=text, span=(0, max(len(text), 1)),
                           hint='for example --claim x="2*x + y"')  # fmt: skip
    return normal(name), claim.strip()


def _content(file: str) -> str:
    if file == "-":
        from gradcli.commands.surroundings import whole_input

        return whole_input()
    from gradcli.commands.reading import text_of_file

    return text_of_file(file, "--claims")


def _read(content: str, file: str) -> list[Claim]:
    if content.lstrip().startswith("{"):
        return _from_json(content, file)
    rows = (row.partition("#")[0].strip() for row in content.splitlines())
    return [_claim(row, f"a line of {file}") for row in rows if row]


def _from_json(content: str, file: str) -> list[Claim]:
    import json

    try:
        data: Any = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UsageProblem(f"--claims {file}: this is not JSON", hint='{"x": "2*x + y", "y": "x"}') from error
    for key in ("claims", "formulas"):
        if isinstance(data.get(key), Mapping):
            data = data[key]
    pairs: Iterable[tuple[Any, Any]] = data.items()
    found = []
    for name, claim in pairs:
        if isinstance(claim, bool) or not isinstance(claim, int | float | str):
            raise UsageProblem(f"--claims {file}: the claim for {name} is neither text nor a number")
        found.append((normal(str(name)), claim if isinstance(claim, str) else repr(claim)))
    return found
