"""Expression tree → text that parses to the same tree."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.language.tree import BINDING, CONDITIONS, Expression, Node

_ATOM = 9
_LEVEL = {**BINDING, "neg": 6, "number": _ATOM, "name": _ATOM, "constant": _ATOM}


def text_of(expression: Expression) -> str:
    """The canonical text of *expression*."""
    texts: list[str] = []
    for node in expression.nodes:
        arguments = [expression.nodes[i] for i in node.args]
        if node.op == "+":
            texts.append(_sum(arguments, [texts[i] for i in node.args], expression.nodes))
        else:
            texts.append(_text(node, arguments, [texts[i] for i in node.args]))
    return texts[-1]


def _text(node: Node, arguments: Sequence[Node], texts: Sequence[str]) -> str:
    levels = [_level(argument) for argument in arguments]
    if node.op in ("number", "name", "constant"):
        return node.text
    if node.op == "neg":
        return "-" + _bracketed(texts[0], levels[0] < 6)
    if node.op == "*":
        rest = (_bracketed(text, level < 6) for text, level in zip(texts[1:], levels[1:], strict=True))
        return "*".join([_bracketed(texts[0], levels[0] <= 5 and arguments[0].op != "/"), *rest])
    if node.op == "/":
        return f"{_bracketed(texts[0], levels[0] < 5)}/{_bracketed(texts[1], levels[1] < 6)}"
    if node.op == "**":
        return f"{_bracketed(texts[0], levels[0] <= 7)}**{_bracketed(texts[1], levels[1] < 6)}"
    if node.op in CONDITIONS:
        level = _LEVEL[node.op]
        return (
            f"{_bracketed(texts[0], levels[0] < level)} {node.op} {_bracketed(texts[1], levels[1] <= level)}"
        )
    return f"{node.op}({', '.join(texts)})"


def _sum(arguments: Sequence[Node], texts: Sequence[str], nodes: Sequence[Node]) -> str:
    pieces = [_bracketed(texts[0], _level(arguments[0]) <= 4)]
    for argument, text in zip(arguments[1:], texts[1:], strict=True):
        if argument.op != "neg":
            pieces.append(f" + {_bracketed(text, _level(argument) <= 4)}")
        elif _level(nodes[argument.args[0]]) == 5:
            pieces.append(f" - {text[2:-1]}")  # -(a*b) needs no brackets as a difference
        else:
            pieces.append(f" - {text[1:]}")
    return "".join(pieces)


def _level(node: Node) -> int:
    return _LEVEL.get(node.op, _ATOM)


def _bracketed(text: str, needed: bool) -> str:
    return f"({text})" if needed else text
