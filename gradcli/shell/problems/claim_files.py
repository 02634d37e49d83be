"""Claims: `--claim x="2*x + y"`, and files of them, as lines or as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gradcli.calculus.program.typed_numbers import text_of
from gradcli.language.errors import GradcliError, UsageProblem, ValueProblem
from gradcli.language.names import checked_name, is_name, normal
from gradcli.shell.problems.json_numbers import json_value
from gradcli.shell.problems.values import pieces
from gradcli.shell.writers.shell_words import shell_word

_NAMED = re.compile(r"\s*[^\W\d]\w*\s*=(?!=)")
_SHOWN = 40
_EXAMPLE = 'for example --claim x="2*x + y"'


class Claim(NamedTuple):
    """A variable and its claimed partial. place: the line of a file it comes from, whose text no error shows."""

    name: str
    text: str
    place: str = ""


def claims(given: Sequence[str], files: Sequence[str]) -> list[Claim]:
    """All claims. Raises ValueProblem and UsageProblem for a claim that is none, InputProblem for files."""
    found = [claim for text in given for claim in _several(text)]
    for file in files:
        found += _read(_content(file), file)
    return found


def silenced(error: GradcliError, claim: Claim) -> GradcliError:
    """The error about a claim; one from a file is about its place alone, for the file may be none of claims."""
    if not claim.place:
        return error
    if error.kind == "limit":
        return type(error)(f"{claim.place}: a limit was hit", hint=error.hint)
    column = (
        f" (column {error.span[0] + 1} of the partial)" if error.text == claim.text and error.span else ""
    )
    return type(error)(f"{claim.place} is no claim about this expression{column}", hint=_EXAMPLE)


def _several(text: str) -> Iterator[Claim]:
    """`x=2*x*y, y=x**2`: claims between commas, which are nothing else outside of brackets. Raises ValueProblem."""
    parts = [part for part, _ in pieces(text)]
    if len(parts) == 1 or not all(_NAMED.match(part) for part in parts):
        yield _claim(text, "--claim")
        return
    yield from (_claim(part, "--claim") for part in parts)


def _claim(text: str, where: str) -> Claim:
    name, equals, claim = text.partition("=")
    name = name.strip()
    if not equals or not name or not claim.strip() or claim.startswith("="):
        raise ValueProblem(
            f"{where} takes NAME=PARTIAL",
            text=text,
            span=(0, max(len(text), 1)),
            hint=_meant(text, where) or _EXAMPLE,
        )
    if where == "--claim" and (along := _PARTIAL.fullmatch(name)):
        meant = f"{next(filter(None, along.groups()), 'X')}={shell_word(claim.strip())}"
        raise ValueProblem(
            f"{where} takes NAME=PARTIAL",
            text=text,
            span=(0, len(name)),
            hint=f"did you mean {where} {meant}?",
        )
    if ";" in claim and (last := claim.rpartition(";")[2]) and _NAMED.match(last):
        meant = " ".join(f'{where} "{part.strip()}"' for part in text.split(";") if part.strip())
        raise ValueProblem(f"{where} takes one NAME=PARTIAL", text=text, span=(0, len(text)), hint=meant)
    return Claim(checked_name(normal(name), where, text=text, span=(0, len(name))), claim.strip())


#: A partial as it is written in mathematics, which is no name here: df/dx, ∂f/∂x, f', f'(x).
_PARTIAL = re.compile(r"(?:d|∂)\s*\w*\s*/\s*(?:d|∂)\s*([^\W\d]\w*)|[fyg]['′’](?:\(([^\W\d]\w*)\))?")


def _meant(text: str, where: str) -> str | None:
    """A claim without the name that it is about, or with another sign than =."""
    bare = text.strip()
    if where != "--claim" or not bare or len(bare) > _SHOWN or "=" in bare or not bare.isprintable():
        return None
    if len(parts := [part.strip() for part, _ in pieces(bare)]) > 1:
        each = (f"{where} {shell_word('NAME=' + part)}" for part in parts)
        return f"each has its variable: {' '.join(each)}"
    name, colon, claim = bare.partition(":")
    return f"did you mean {where} {name.strip() if colon else 'X'}={shell_word((claim if colon else bare).strip())}?"


def _content(file: str) -> str:
    from gradcli.shell.process.file_reading import text_of_file
    from gradcli.shell.process.standard_streams import whole_input

    return whole_input() if file == "-" else text_of_file(file, "--claims")


def _read(content: str, file: str) -> Iterator[Claim]:
    content = content.removeprefix("\ufeff")
    if content.lstrip().startswith("{"):
        yield from _from_json(content, file)
        return
    for number, row in enumerate(content.splitlines(), 1):
        if not (bare := row.partition("#")[0].strip()):
            continue
        if file == "-":
            yield _claim(bare, "a line of -")
            continue
        try:
            yield _claim(bare, "")._replace(place=f"--claims {file}: line {number}")
        except ValueProblem:
            raise ValueProblem(f"--claims {file}: line {number} is no claim",
                               hint="a claim is NAME=PARTIAL, such as x = 2*x + y") from None  # fmt: skip


def _from_json(content: str, file: str) -> list[Claim]:
    try:
        data: Any = json_value(content)
    except (ValueError, RecursionError) as error:
        raise UsageProblem(f"--claims {file}: this is not JSON", hint='{"x": "2*x + y", "y": "x"}') from error
    for key in ("claims", "formulas"):
        if isinstance(data.get(key), Mapping):
            data = data[key]
    pairs: Iterable[tuple[Any, Any]] = data.items()
    place = "" if file == "-" else f"--claims {file}: one of its claims"
    found = []
    for name, claim in pairs:
        if isinstance(claim, bool) or not isinstance(claim, int | float | str):
            raise UsageProblem(f"--claims {file}: a claim is neither text nor a number")
        if not is_name(normal(name)):
            raise ValueProblem(f"--claims {file}: the claim of what is not a name")
        found.append(Claim(normal(name), text_of(claim) or repr(claim), place))
    return found
