"""A text that was refused at some characters → what its notation means elsewhere, and how it is written here."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gradcli.language.hints.advice import Advice
from gradcli.language.hints.foreign_notations import NOTATIONS, Notation
from gradcli.language.hints.typed_arguments import Piece, is_showable
from gradcli.language.hints.unbracketed_calls import two_ways_advice, unbracketed_advice

Span = tuple[int, int]

#: Characters on both sides of the refused ones that are looked at.
_NEAR = 80

#: Endings of files, which are no names behind a module.
_FILES = (".txt", ".py", ".tex", ".csv", ".json", ".md", ".dat")

#: Characters of TeX that are repeated in a hint.
_TEX = 100


def notation_advice(text: str, span: Span, known: Mapping[str, str], called: bool = False) -> Advice | None:
    """What to say about *text*, refused at the characters *span*; None where its notation is not known.

    known: every spelling of a function → the function. called: whether it was refused for a name that is called.
    """
    begin = max(span[0] - _NEAR, 0)
    part = text[begin : span[1] + _NEAR]
    near = (span[0] - begin, span[1] - begin)
    found = _found(part, near, known, called, whole=len(part) == len(text))
    if found is None or found.span is None:
        return found
    return found._replace(span=(found.span[0] + begin, found.span[1] + begin))


def _found(text: str, span: Span, known: Mapping[str, str], called: bool, whole: bool) -> Advice | None:
    character = text[span[0] : span[0] + 1]
    if character in (".", ":") and not text.rstrip().endswith(_FILES):
        from gradcli.language.hints.dotted_names import dotted_advice

        if found := dotted_advice(text, span, known):
            return found
    if found := unbracketed_advice(text, span, known):
        return found
    if not called and whole and character and character in "\\{}$" and (found := _tex(text)):
        return found
    for row in NOTATIONS:
        if not any(sign in text for sign in row.signs):
            continue
        if whole or not (row.pattern.startswith("^") or row.pattern.endswith("$")):
            found = _row_advice(row, text, span, known, called)
            if found is not None:
                return found
    return None if called else two_ways_advice(text, span) or _character(character, text, whole, span)


def _row_advice(
    row: Notation, text: str, span: Span, known: Mapping[str, str], called: bool
) -> Advice | None:
    """What *row* says, where its culprit is the one at *span*."""
    for match in re.finditer(row.pattern, text):
        bad = _without_blanks(text, match.span("bad"))
        touches = bad[0] < span[1] and span[0] <= bad[1] + 1
        if not touches or (called and span[0] <= bad[0] and bad[1] <= span[1]):
            continue
        groups = {name: piece for name, piece in match.groupdict().items() if piece is not None}
        if any(piece.count("(") != piece.count(")") for name, piece in groups.items() if name != "bad"):
            continue
        if row.hint == "{call}":
            return _call(groups, known)
        if row.hint == "{element}":
            return _call(groups, known) or _element(groups)
        message = row.message.format(bad=groups.get("bad", "").strip())
        if hint := _repeated(row, groups):
            return Advice(hint, message, bad if bad[1] > bad[0] else None)
    return None


def _without_blanks(text: str, span: Span) -> Span:
    """*span* without the blanks at its ends."""
    piece = text[slice(*span)]
    return (span[0] + len(piece) - len(piece.lstrip()), span[1] - len(piece) + len(piece.rstrip()))


def _repeated(row: Notation, groups: Mapping[str, str]) -> str:
    """The row's hint with what was typed, or the other one."""
    used = re.findall(r"\{(\w)", row.hint)
    if all(name in groups and is_showable(groups[name].strip()) for name in used):
        return row.hint.format(**{name: Piece(groups[name].strip()) for name in used})
    return row.otherwise


def _call(groups: Mapping[str, str], known: Mapping[str, str]) -> Advice | None:
    """sin[x], max{x, y}: a call in other brackets."""
    from gradcli.language.hints.foreign_answers import ANSWERS
    from gradcli.language.hints.foreign_functions import DEFINED, RENAMED, SPELLED
    from gradcli.language.hints.function_advice import function_advice

    name = groups["a"] if groups["a"] in known else groups["a"].casefold()
    if name == "d" and is_showable(groups["b"]):
        return Advice(f"grad differentiates by itself; inside of an expression write diff({groups['b']})")
    if name not in known:
        called = f"{groups['a']}({groups['b']})"
        asked = any(name in table for table in (ANSWERS, RENAMED, SPELLED, DEFINED))
        return function_advice(groups["a"], called, len(groups["a"]), known) if asked else None
    typed = groups["b"] if is_showable(groups["b"]) and groups["b"].strip() else "x"
    return Advice(f"a call has round brackets: {name}({typed})")


def _element(groups: Mapping[str, str]) -> Advice | None:
    """x[i], x[0]: one number of a column, where x is none."""
    name, row = groups["a"], groups["b"].strip()
    if not row or not is_showable(name) or not is_showable(row):
        return None
    return Advice(f'{name}[{row}] is one number of a column, whose numbers are given: --{name} "[1, 2, 3]"')


def _tex(text: str) -> Advice | None:
    """Pasted TeX, where all of it can be written here."""
    if not re.search(r"\\[A-Za-z(\[]|\$|[\^_]\{", text):
        return None
    from gradcli.language.hints.tex_text import text_of_tex

    written = text_of_tex(text) if len(text) <= _TEX else None
    if not written or not all(map(is_showable, _pieces(written))):
        return None
    signs = "TeX's signs" if re.search(r"[\\{]", text) else "the dollars"
    return Advice(f"without {signs}: {written}")


def _pieces(text: str) -> list[str]:
    """A text that is longer than what is shown at once, in pieces with their brackets left out."""
    bare = re.sub(r"[()]", "", text)
    return [bare[i : i + 40] for i in range(0, len(bare), 40)]


def _character(character: str, text: str, whole: bool, span: Span) -> Advice | None:
    """What is typed instead of a character."""
    from gradcli.language.hints.foreign_characters import CHARACTERS, INSTEAD, INVISIBLE

    hint = CHARACTERS.get(character)
    if hint is None:
        return None
    row = [other for other, said in CHARACTERS.items() if said == hint]
    plain = text.translate({ord(other): INSTEAD.get(other, "") for other in row}).strip()
    if "{0}" in hint:
        shown = whole and is_showable(plain)
        hint = hint.format(plain) if shown and hint.count("diff") == 0 else _without_text(hint)
    if character in INVISIBLE:
        return Advice(hint, f"there is {INVISIBLE[character]} here, U+{ord(character):04X}", span)
    return Advice(hint)


def _without_text(hint: str) -> str:
    """The hint about a text that cannot be repeated."""
    return hint.replace("{0}", "x^2") if "diff" in hint or '"' in hint else hint.rpartition(":")[0].strip()
