"""A text → its expression: one alone, or definitions and what uses them."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from gradcli.language.call_signatures import advised, check_variables
from gradcli.language.column_names import columns_among
from gradcli.language.errors import NameProblem, SyntaxProblem
from gradcli.language.limits import limit, limit_problem
from gradcli.language.name_meanings import glued_letters, has_divided_power
from gradcli.language.parser.precedence_climbing import Parser
from gradcli.language.text_pieces import is_divided
from gradcli.language.tokens import Token, tokens
from gradcli.language.tree import Expression, Node, natural

if TYPE_CHECKING:
    from gradcli.language.parser.expansion import ReadPiece


def parse(text: str, given: Collection[str] = ()) -> Expression:
    """The expression that *text* spells, where the names in *given* have values and so are variables.

    Raises SyntaxProblem, NameProblem or LimitProblem, which point at the characters at fault.
    """
    check_length(text)
    columns = columns_among(given)
    try:
        expression = _with_columns(text, given, columns) if columns else _read(text, given)
        check_variables(text, set(expression.variables).difference(given), expression.nodes)
    except (SyntaxProblem, NameProblem) as problem:
        raise advised(problem, text) from None
    said = [f"{name} is one name: a product is written {'*'.join(name)}"
            for name in glued_letters(expression.variables) if name not in given]  # fmt: skip
    if has_divided_power(text):
        said += _divided_powers(list(tokens(text, rows=bool(columns))))
    return (
        expression._replace(remarks=tuple(dict.fromkeys((*expression.remarks, *said))))
        if said
        else expression
    )


def _read(text: str, given: Collection[str]) -> Expression:
    found = list(tokens(text))
    if is_divided(text, found):
        from gradcli.language.parser.defined_text import defined_expression

        return defined_expression(text, [found], given, read_piece, parse)
    parser = Parser(text, found, given)
    root = parser.root()
    if parser.expands:
        from gradcli.language.parser.defined_text import expanded_expression

        return expanded_expression(text, parser.nodes, root, parse, given)
    names = {node.text for node in parser.nodes if node.op == "name"}
    return Expression(text, tuple(parser.nodes), tuple(sorted(names, key=natural)))


def _with_columns(text: str, given: Collection[str], columns: Mapping[str, int]) -> Expression:
    from gradcli.language.parser.defined_text import defined_expression, expanded_expression
    from gradcli.language.parser.row_columns import Columns

    held, known = Columns.of(columns), {*given, *columns}
    found = list(tokens(text, rows=True))
    if is_divided(text, found):
        return defined_expression(text, [found], known, reading(columns), parse, held)
    nodes, root = reading(columns)(text, found, known, {})
    return expanded_expression(text, nodes, root, parse, known, held)


def _divided_powers(found: Sequence[Token]) -> Iterator[str]:
    """What is to be said about powers of 1 that are divided, as in x^1/2."""
    for power, one, over, number in zip(found, found[1:], found[2:], found[3:], strict=False):
        if power.text in ("^", "**") and (one.text, over.text) == ("1", "/") and number.text.isdigit():
            typed = f"{power.text}1/{number.text}"
            yield f"{typed} is the power 1, then a division: a root is written {power.text}(1/{number.text})"


def reading(columns: Container[str]) -> ReadPiece:
    """What reads a piece of a text in which these names have many numbers."""
    return partial(read_piece, columns=columns)


def check_length(text: str) -> None:
    """Raises LimitProblem for a text that is too long to be read."""
    if len(text) > limit("length"):
        allowed = f"an expression may have {limit('length'):,.0f} characters"
        raise limit_problem("length", f"{allowed}, this one has {len(text):,}")


def read_piece(
    text: str,
    piece: Sequence[Token],
    given: Container[str],
    functions: Mapping[str, int],
    columns: Container[str] = (),
) -> tuple[Sequence[Node], int]:
    """The tree of a piece of *text*, as it is typed.

    functions: those of the text itself, and how many arguments they take. columns: the names that have many numbers.
    """
    parser = Parser(text, piece, given, functions, columns)
    root = parser.root()
    return parser.nodes, root
