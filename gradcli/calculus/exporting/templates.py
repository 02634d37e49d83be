"""Templates of operations: each decides for every operand whether brackets go around it, and how tight its result is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

#: How tightly texts bind: what stands alone, products, sums, comparisons, and what always needs brackets.
ATOM, PRODUCT, SUM, COMPARISON, LOOSE = 9, 5, 4, 3, 0

_OPERAND = re.compile(r"\{(\d)\}")
_HEAD = re.compile(r"[A-Za-z_][\w.:]*")


class Template(NamedTuple):
    """Text with `{0}`, `{1}`, … for its operands; how tight each operand must be, and how tight the result is."""

    text: str
    needs: tuple[int, ...]
    level: int


def template(text: str, level: int | None = None, needs: tuple[int, ...] | None = None) -> Template:
    """The template of *text*: an operand that is a whole argument of a call needs no brackets, any other one does."""
    tightest: dict[int, int] = {}
    for found in _OPERAND.finditer(text):
        before, after = text[: found.start()], text[found.end() :]
        whole = before.endswith(("(", ", ")) and after.startswith((")", ","))
        place = int(found[1])
        tightest[place] = max(tightest.get(place, LOOSE), LOOSE if whole else ATOM)
    own = tuple(tightest.get(place, ATOM) for place in range(max(tightest, default=-1) + 1))
    return Template(text, needs or own, (ATOM if _stands_alone(text) else LOOSE) if level is None else level)


def templates(texts: Mapping[str, str]) -> dict[str, Template]:
    """A template of each text."""
    return {name: template(text) for name, text in texts.items()}


def _stands_alone(text: str) -> bool:
    """Whether the text is one call, one bracket, or one operand with its method."""
    head = _OPERAND.match(text) or _HEAD.match(text)
    rest = text[head.end() :] if head else text
    if head and head[0].startswith("{"):
        method = re.match(r"\.\w+", rest)
        if method is None:
            return not rest
        rest = rest[method.end() :]
    return _is_bracketed(rest.removesuffix("[0]").removesuffix("[1]").removesuffix("[2]").removesuffix("[3]"))


def bare(text: str) -> str:
    """The text without a bracket around all of it."""
    return text[1:-1] if text.startswith("(") and _is_bracketed(text) else text


def _is_bracketed(text: str) -> bool:
    """Whether the bracket that opens first closes last."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth <= 0:
            return place > 0 and place == len(text) - 1
    return False


#: Operators that look the same nearly everywhere.
OPERATORS = {
    "neg": Template("-{0}", (PRODUCT,), SUM),
    "add": Template("{0} + {1}", (SUM, PRODUCT), SUM),
    "sub": Template("{0} - {1}", (SUM, PRODUCT), SUM),
    "mul": Template("{0}*{1}", (PRODUCT, PRODUCT + 1), PRODUCT),
    "div": Template("{0}/{1}", (PRODUCT, PRODUCT + 1), PRODUCT),
    "square": Template("{0}*{0}", (PRODUCT + 1,), PRODUCT),
    **{
        name: Template(f"{{0}} {sign} {{1}}", (SUM, SUM), COMPARISON)
        for name, sign in {"lt": "<", "le": "<=", "eq": "==", "ne": "!="}.items()
    },
}


def joined(both: str, either: str, choice: str) -> dict[str, Template]:
    """Templates of `and`, `or` and of the choice between two numbers, all of them in brackets of their own.

    both, either: the words between two conditions. choice: the text, in brackets.
    """
    conditions = {
        "and": f"({{0}} {both} {{1}})", "or": f"({{0}} {either} {{1}})"
    }  # fmt: skip
    made = {name: Template(text, (COMPARISON, COMPARISON), ATOM) for name, text in conditions.items()}
    return made | {"select": Template(choice, (COMPARISON, COMPARISON + 1, COMPARISON + 1), ATOM)}


def named(pattern: str, names: str | Mapping[str, str]) -> dict[str, Template]:
    """Templates of functions of one or two arguments: `named("math.{}", "sin cos")`; a mapping renames."""
    pairs = names.items() if isinstance(names, Mapping) else [(name, name) for name in names.split()]
    two = ("hypot", "atan2", "min", "max", "mod", "pow", "beta", "binomial")
    return {
        ours: template(pattern.format(theirs) + ("({0}, {1})" if ours in two else "({0})"))
        for ours, theirs in pairs
    }
