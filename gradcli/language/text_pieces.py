"""A text → its pieces: definitions, and the expression; `;` and line ends separate them.

A line end separates only outside of brackets, where the piece before is complete and the next token cannot continue it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from gradcli.language.errors import SyntaxProblem
from gradcli.language.records import NamedTuple
from gradcli.language.tokens import Token

#: Signs that continue a piece on the next line.
_CONTINUING = frozenset(("+", "-", "*", "/", "**", "<", "<=", ">", ">=", "==", "!=", "=", "!", "°", ",", ")"))
_COMPLETE = frozenset((")", "!", "°"))
_WORDS = ("and", "or")


class Piece(NamedTuple):
    """A definition, or an expression where `name` is None.

    parameters: of a function of one's own, None for a value. body: its tokens, with one of kind `end` after them.
    """

    name: Token | None
    parameters: tuple[Token, ...] | None
    body: tuple[Token, ...]

    @property
    def defined(self) -> str:
        """The name that a definition defines."""
        return "" if self.name is None else self.name.text

    @property
    def span(self) -> tuple[int, int]:
        """The characters of the whole piece."""
        first = self.body[0] if self.name is None else self.name
        return first.start, self.body[-1].start


def is_divided(text: str, tokens: Sequence[Token]) -> bool:
    """Whether a text has pieces: an `=`, a `;`, or the beginning of a constraint."""
    if "=" not in text and ";" not in text and "subject" not in text:
        return False
    if any(token.kind == "sign" and token.text in ("=", ";") for token in tokens):
        return True
    return any(one.text == "subject" and two.text == "to" for one, two in pairwise(tokens))


def pieces(text: str, tokens: Sequence[Token]) -> list[Piece]:
    """The pieces of a text in order, empty ones left out. Raises SyntaxProblem where a definition has no right form."""
    return [_piece(text, run) for run in runs(text, tokens) if len(run) > 1]


def runs(text: str, tokens: Sequence[Token]) -> list[list[Token]]:
    """The tokens of each piece, one of kind `end` after them. Raises SyntaxProblem for brackets that do not match."""
    runs: list[list[Token]] = [[]]
    opened: list[Token] = []
    complete = False
    for token in tokens[:-1]:
        run = runs[-1]
        if token.text == ";" and token.kind == "sign":
            if opened:
                raise _not_closed(text, opened[-1])
            runs.append([])
            complete = False
            continue
        if run and complete and not opened and not _continues(token) and _on_a_new_line(text, run[-1], token):
            run, complete = [], False
            runs.append(run)
        if token.text == ")" and token.kind == "sign" and not opened:
            raise _at(text, token, "this bracket closes nothing")
        run.append(token)
        complete = _nested(token, opened, complete)
    if opened:
        raise _not_closed(text, opened[-1])
    return [[*run, Token("end", "", run[-1].end, run[-1].end)] if run else [] for run in runs]


def _not_closed(text: str, opening: Token) -> SyntaxProblem:
    what, closing = ("bar", "|") if opening.text == "|" else ("bracket", ")")
    hint = f"add a {closing}"
    if ";" in text[opening.start :].partition(closing)[0]:
        hint = "the arguments of a call are separated by commas"
    return _at(text, opening, f"this {what} is not closed", hint)


def _continues(token: Token) -> bool:
    return (
        token.kind == "power" or token.text in _WORDS or (token.kind == "sign" and token.text in _CONTINUING)
    )


def _on_a_new_line(text: str, before: Token, token: Token) -> bool:
    between = text[before.end : token.start]
    return "\n" in between or "\r" in between


def _nested(token: Token, opened: list[Token], complete: bool) -> bool:
    """Whether an operand is complete after *token*; *opened* follows brackets and bars."""
    if token.kind != "sign":
        return token.text not in _WORDS
    if token.text == "(" or (token.text == "|" and not complete):
        opened.append(token)
    elif token.text in (")", "|") and opened:
        opened.pop()
        return True
    return token.text in _COMPLETE


def _piece(text: str, run: list[Token]) -> Piece:
    place = next(
        (k for k, (a, b) in enumerate(pairwise(run)) if a.text == "subject" and b.text == "to"), None
    )
    if place is not None:
        message = "subject to: constraints have no place here"
        hint = "gradcli help constraints lists the commands that keep them"
        raise SyntaxProblem(message, text=text, span=(run[place].start, run[-1].start), hint=hint)
    place = _equals(run)
    if place is None:
        return Piece(None, None, tuple(run))
    body = tuple(run[place + 1 :])
    if (second := _equals(body)) is not None:
        from gradcli.language.hints.definition_advice import second_sign_advice

        between = text[body[0].start : body[second].start]
        raise _at(text, body[second], "a definition has one =", second_sign_advice(between))
    if place == 0 or len(body) < 2:
        side = "left" if place == 0 else "right"
        raise _at(text, run[place], f"nothing stands on the {side} of =", _FORM)
    if run[0].kind == "name" and place == 1:
        return Piece(_named(text, run[0]), None, body)
    return Piece(_named(text, run[0]), _parameters(text, run[:place]), body)


_FORM = "a definition is NAME = expression, or NAME(a, b) = expression"


def _equals(run: Sequence[Token]) -> int | None:
    """The position of the first = outside of brackets."""
    depth = 0
    for place, token in enumerate(run):
        if token.kind == "sign":
            depth += (token.text == "(") - (token.text == ")")
            if token.text == "=" and depth <= 0:
                return place
    return None


def _named(text: str, token: Token) -> Token:
    if token.text in _WORDS:
        raise _at(text, token, f"{token.text} joins conditions: it cannot be defined")
    return token


def _parameters(text: str, left: Sequence[Token]) -> tuple[Token, ...]:
    """The parameters of `f(a, b)`. Raises SyntaxProblem for any other left side."""
    called = len(left) > 2 and left[0].kind == "name" and left[1].text == "(" and left[-1].text == ")"
    inside = left[2:-1]
    if not called or any(token.text in ("(", ")") for token in inside):
        hint = f"{_FORM}; a condition on variables is given by --subject-to"
        message = "what stands on the left of = is not one name"
        raise SyntaxProblem(message, text=text, span=(left[0].start, left[-1].end), hint=hint)
    if not inside:
        raise SyntaxProblem(f"{left[0].text}() has no parameter", text=text, span=(left[1].start, left[-1].end),
                            hint=f"a value has no brackets: {left[0].text} = …")  # fmt: skip
    found: dict[str, Token] = {}
    for place, token in enumerate(inside):
        wanted = token.kind == "name" and token.text not in _WORDS if place % 2 == 0 else token.text == ","
        if not wanted or (place % 2 and place == len(inside) - 1):
            raise _at(
                text, token, "a function's parameters are names", f"for example {left[0].text}(a, b) = a + b"
            )
        if token.text in found:
            raise _at(text, token, f"{token.text} is a parameter twice")
        if place % 2 == 0:
            found[token.text] = token
    return tuple(found.values())


def _at(text: str, token: Token, message: str, hint: str | None = None) -> SyntaxProblem:
    return SyntaxProblem(message, text=text, span=(token.start, max(token.end, token.start + 1)), hint=hint)
