"""`subject to` in the text of a problem: the constraints that stand beside its definitions and its expression."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.language.records import NamedTuple
from gradcli.language.text_pieces import runs
from gradcli.language.tokens import Token, tokens

#: The words that begin a constraint in a text.
WORDS = ("subject", "to")


class Separated(NamedTuple):
    """A text without its constraints, and their texts."""

    text: str
    constraints: tuple[str, ...] = ()


def separated(text: str) -> Separated:
    """The constraints of a text, each behind the words `subject to`, apart from the rest. Raises SyntaxProblem."""
    if "subject" not in text:
        return Separated(text)
    kept: list[str] = []
    found: list[str] = []
    for run in runs(text, list(tokens(text))):
        place = _begun(run)
        before = run if place is None else run[:place]
        if len(run) > 1 and before:
            kept.append(text[before[0].start : before[-1].end])
        if place is not None:
            found.append(text[run[place + 1].end : run[-1].start].strip())
    return Separated("; ".join(kept), tuple(found)) if found else Separated(text)


def _begun(run: Sequence[Token]) -> int | None:
    """Where the words stand, outside of brackets."""
    depth = 0
    for place, token in enumerate(run[:-1]):
        depth += (token.text == "(") - (token.text == ")") if token.kind == "sign" else 0
        if not depth and (token.text, run[place + 1].text) == WORDS:
            return place
    return None
