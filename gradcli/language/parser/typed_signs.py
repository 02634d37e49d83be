"""What people write beside operators and calls: |x|, x!, 30°, chains of comparisons, calls with a name of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gradcli.language.errors import NameProblem, SyntaxProblem
from gradcli.language.parser.indexed_calls import INDEXED, REDUCING
from gradcli.language.tokens import Token
from gradcli.language.tree import Node, Span

#: Calls that are no functions of the table.
OWN_NAMES = frozenset((*REDUCING, "diff"))

_DIRECTIONS = (frozenset(("<", "<=", "==")), frozenset((">", ">=", "==")))


def chained(text: str, operators: Sequence[str], sign: Token) -> None:
    """Raises SyntaxProblem where comparisons that follow each other do not all go in one direction."""
    if not any(set(operators) <= direction for direction in _DIRECTIONS):
        raise SyntaxProblem("comparisons in a row go in one direction", text=text, span=(sign.start, sign.end),
                            hint="a chain is 0 < x <= 2; others are joined by and: a < b and b > c")  # fmt: skip


def check_factorial(text: str, op: str, sign: Token, after: Token, before: Token | None) -> None:
    """Raises SyntaxProblem where it can be read in two ways what the sign is the factorial of."""
    beside = (
        before is not None
        and (before.kind in ("number", "name", "power") or before.text in (")", "**", "|", "!", "°"))
        and before.text not in ("and", "or")
    )
    if beside or (after.kind == "sign" and after.text == "!"):
        mark = after if after.text == "!" else sign
        raise SyntaxProblem("this factorial can be read in two ways", text=text, span=(mark.start, mark.end),
                            hint="write what is meant with brackets: 2*(x!), (2x)!, 2**(3!), (x!)!")  # fmt: skip


def degree(leaf: Callable[[str, str, int, int], int], node: Callable[..., int], token: Token) -> int:
    """One degree: pi/180, written where *token* stands."""
    pi = leaf("constant", "pi", token.start, token.end)
    return node("/", pi, leaf("number", "180", token.start, token.end), start=token.start, end=token.end)


def own_call(text: str, name: Token, arity: int, count: int, span: Span) -> None:
    """Raises NameProblem where a function of the text's own has another number of arguments."""
    if count != arity:
        takes = "1 argument" if arity == 1 else f"{arity} arguments"
        raise NameProblem(f"{name.text} takes {takes}, not {count}", text=text, span=span)


def indexed_call(text: str, name: Token, args: Sequence[Node], span: Span) -> tuple[str, tuple[int, ...]]:
    """The local name of sum(e, i, low, high), prod or diff(e, x, n), and which arguments are trees.

    Raises NameProblem for another form.
    """
    if name.text in INDEXED and len(args) == 4:
        _check_name(text, args[1], f"the index of {name.text} is a name: {name.text}(i**2*x, i, 1, 3)")
        return args[1].text, (0, 2, 3)
    if len(args) not in (2, 3):
        raise NameProblem(
            "diff is called as diff(e, x[, n])", text=text, span=span, hint="for example diff(x*exp(x), x)"
        )
    _check_name(text, args[1], "diff goes along a name: diff(x*exp(x), x)")
    return args[1].text, (0, 2) if len(args) == 3 else (0,)


def _check_name(text: str, node: Node, message: str) -> None:
    if node.op not in ("name", "constant"):
        raise NameProblem(message, text=text, span=node.span)


def sign_problem(text: str, token: Token, before: Token) -> SyntaxProblem | None:
    """The error for a sign that has a meaning elsewhere; None for any other token."""
    found = _MISPLACED.get(token.text) if token.kind == "sign" else None
    if found is not None:
        message, hint = found
        return SyntaxProblem(message, text=text, span=(token.start, token.end), hint=hint)
    if before.kind == "sign" and before.text in ("|", "!", "°") and token.kind != "sign":
        message = f"{token.text} does not follow what stands before it"
        return SyntaxProblem(
            message, text=text, span=(token.start, token.end), hint=product_hint(text, before, token)
        )
    return None


def product_hint(text: str, before: Token, token: Token) -> str:
    """How two operands side by side are multiplied, which are repeated where they are names and numbers."""
    import re

    left = re.search(r"\w+!?$", text[: before.end])
    alone = token.kind == "number" or (
        token.kind == "name" and not text[token.end :].lstrip().startswith("(")
    )
    if (
        left is None
        or not alone
        or (token.kind == before.kind == "number")
        or len(left[0]) + len(token.text) > _SHOWN
    ):
        return "a product is written with *"
    return f"a product is written {left[0]}*{token.text}"


#: Characters of both operands that a hint repeats.
_SHOWN = 40

_MISPLACED = {
    "=": ("= defines a name, outside of brackets", "a comparison is written ==, and a value is given as an option: --x 5"),
    ";": ("; is not expected here", "definitions come before the expression: u = x*y; u**2"),
    "|": ("| closes nothing here", "a product with an absolute value is written with *: 2*|x|"),
    "!": ("! is not expected here", "the factorial is written behind its argument: x!"),
    "°": ("° is not expected here", "degrees are written behind a number: 30°"),
}  # fmt: skip
