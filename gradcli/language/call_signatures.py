"""What a call must be: a known function, the right number of arguments, conditions only where they belong."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeVar

from gradcli.language.errors import NameProblem, SyntaxProblem
from gradcli.language.function_table import FUNCTIONS, NEVER_VARIABLES, SPELLINGS
from gradcli.language.name_meanings import may_be_refused
from gradcli.language.tokens import Token
from gradcli.language.tree import CONDITIONS, Node, Span

#: Operations that have comparisons among their arguments.
PIECES = {"where", "piecewise", "and", "or"}

#: How sentences about a token end that are wrong about the characters around it.
_AT_ONE_TOKEN = ("what stands before it", "is not expected here", "ends too early")

#: How the sentences end that a notation from elsewhere may be behind; others say what is wrong themselves.
_GENERAL = (*_AT_ONE_TOKEN, "is not part of the language", "can be read in two ways", "is not a number", "is not a function",
            "needs brackets", "is expected here", "is not one name", "on the left of =", "outside of brackets",
            "no expression after it")  # fmt: skip

_Problem = TypeVar("_Problem", bound=SyntaxProblem | NameProblem)


def unknown_function(text: str, name: Token, is_variable: bool) -> NameProblem:
    """The error for a name before a bracket that is no function, with the nearest function as hint."""
    span = (name.start, name.end)
    if is_variable:
        message = f"{name.text} has a value, so {name.text}(…) is not a call"
        return NameProblem(message, text=text, span=span, hint=f"a product is written {name.text}*(…)")
    from gradcli.language.hints.function_advice import function_advice

    advice = function_advice(name.text, text, text.index("(", name.end), SPELLINGS)
    return NameProblem(
        advice.message or f"{name.text} is not a function", text=text, span=span, hint=advice.hint
    )


def advised(problem: _Problem, text: str) -> _Problem:
    """The same error about *text*; where its notation is known from elsewhere, with what is written here instead."""
    if problem.span is None or problem.text != text or not problem.message.endswith(_GENERAL):
        return problem
    from gradcli.language.hints.notation_advice import notation_advice

    start, end = problem.span
    before = problem.message.endswith("is not one name")  # of what stands before an =
    advice = notation_advice(text, (start, end + 2 * before), SPELLINGS, isinstance(problem, NameProblem))
    if advice is None:
        return problem
    if before:
        return type(problem)(problem.message, text=text, span=problem.span, hint=advice.hint)
    span, message = advice.span or problem.span, advice.message or problem.message
    if not advice.message and span != problem.span and message.endswith(_AT_ONE_TOKEN):
        message = f"{text[slice(*span)].strip()} is not part of the language"
    return type(problem)(message, text=text, span=span, hint=advice.hint)


def check_variables(text: str, names: Collection[str], nodes: Sequence[Node]) -> None:
    """Raises NameProblem for the first of *names*, which have no values, that is a function's, or has one glued to it."""
    suspects = [
        name for name in names if may_be_refused(name) and (name in NEVER_VARIABLES or name not in SPELLINGS)
    ]
    if not suspects:
        return
    from gradcli.language.hints.glued_names import unglued

    for node in nodes:
        if node.op != "name" or node.text not in suspects:
            continue
        name, value = node.text, f"a value makes it a variable: --{node.text} 1"
        if name in NEVER_VARIABLES:
            message = f"{name} is a function, and needs brackets"
            raise NameProblem(message, text=text, span=node.span, hint=f"write {name}(x); {value}")
        if called := unglued(name):
            message = f"{name} looks like a function with its brackets left out"
            raise NameProblem(message, text=text, span=node.span, hint=f"write {called}; {value}")


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
        if op in PIECES:
            last = op == "piecewise" and index == len(arguments) - 1
            wanted = op in ("and", "or") or (index == 0 if op == "where" else index % 2 == 0 and not last)
        else:
            wanted = False
        if is_condition != wanted:
            message = "a comparison is expected here" if wanted else "a comparison is not a number"
            hint = "comparisons are conditions: where(x > 0, a, b)"
            raise SyntaxProblem(message, text=text, span=argument.span, hint=hint)
