"""What a call must be: a known function, the right number of arguments, conditions only where they belong."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.language.errors import NameProblem, SyntaxProblem
from gradcli.language.function_table import FUNCTIONS, SPELLINGS
from gradcli.language.names import nearest
from gradcli.language.tokens import Token
from gradcli.language.tree import CONDITIONS, Node, Span

_PIECES = {"where", "piecewise", "and", "or"}


def unknown_function(text: str, name: Token, is_variable: bool) -> NameProblem:
    """The error for a name before a bracket that is no function, with the nearest function as hint."""
    product = f"a product is written {name.text}*(…)"
    if is_variable:
        message, hint = f"{name.text} has a value, so {name.text}(…) is not a call", product
    else:
        found = nearest(name.text, SPELLINGS) if len(name.text) > 1 else None
        message = f"{name.text} is not a function"
        hint = f"did you mean {found}(…)?" if found else f"{product}; `gradcli functions` lists the functions"
    return NameProblem(message, text=text, span=(name.start, name.end), hint=hint)


def check_call(text: str, function: str, arguments: Sequence[Node], span: Span) -> None:
    """Raises NameProblem where *function* does not take that many arguments."""
    row, count = FUNCTIONS[function], len(arguments)
    odd_pieces = function != "piecewise" or count % 2 == 1
    if row.fewest <= count and (row.most is None or count <= row.most) and odd_pieces:
        return
    many = {0: "without arguments", 1: "with 1 argument"}.get(count, f"with {count} arguments")
    raise NameProblem(
        f"{function} is called as {usage(function)}, not {many}", text=text, span=span, hint=row.summary
    )


def overloaded(text: str, function: str, arguments: Sequence[Node], span: Span) -> tuple[str, int]:
    """The function that a call means by its arguments, and how many of them it takes.

    Raises NameProblem for a branch of Lambert's W that is not real.
    """
    if function == "zeta" and len(arguments) == 2:
        return "hurwitz_zeta", 2
    if function != "lambertw" or len(arguments) != 2:
        return function, len(arguments)
    branch = {("number", "0"): "lambertw", ("neg", ""): "lambertw_lower"}.get(
        (arguments[1].op, arguments[1].text)
    )
    typed = text[slice(*arguments[1].span)].replace(" ", "").replace("−", "-")
    if branch is None or typed not in ("0", "-1"):
        hint = "lambertw(x) is the principal branch, lambertw(x, -1) the one below -1"
        raise NameProblem("the branch of lambertw is 0 or -1", text=text, span=arguments[1].span, hint=hint)
    return branch, 1


def usage(function: str) -> str:
    """How a function is called: `log(x[, base])`."""
    row = FUNCTIONS[function]
    if not row.optional:
        return f"{function}({row.parameters})"
    if function == "elliptic_e":
        return "elliptic_e([phi, ]m)"
    needed, extra = row.names[: row.fewest], row.names[row.fewest :]
    return f"{function}({', '.join(needed)}[, {', '.join(extra)}])"


def check_condition(text: str, op: str, arguments: Sequence[Node]) -> None:
    """Raises SyntaxProblem where a comparison stands for a number, or a number for a comparison."""
    for index, argument in enumerate(arguments):
        is_condition = argument.op in CONDITIONS
        if op in _PIECES:
            last = op == "piecewise" and index == len(arguments) - 1
            wanted = op in ("and", "or") or (index == 0 if op == "where" else index % 2 == 0 and not last)
        else:
            wanted = False
        if is_condition != wanted:
            message = "a comparison is expected here" if wanted else "a comparison is not a number"
            hint = "comparisons are conditions: where(x > 0, a, b)"
            raise SyntaxProblem(message, text=text, span=argument.span, hint=hint)
