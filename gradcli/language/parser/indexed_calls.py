"""Which calls run over an index, and which would bring the rows of a column to one number: read with every text."""

from __future__ import annotations

from gradcli.language.errors import NameProblem
from gradcli.language.tree import Span

#: The functions over an index, and what they join their terms with.
INDEXED = {"sum": "+", "prod": "*"}

#: Calls that bring the rows of a column to one number.
REDUCING = ("sum", "prod", "mean", "var", "std", "norm", "dot", "count")


def reducing_refused(text: str, name: str, span: Span) -> NameProblem:
    """The error for a call that reduces a column."""
    if name in INDEXED:
        message = f"{name} runs over an index: {name}(e, i, low, high); {name}(e) over the rows of a column is not part"
        return NameProblem(
            f"{message} of gradcli yet", text=text, span=span, hint=f"for example {name}(i**2*x, i, 1, 3)"
        )
    message = f"{name}(…) brings the rows of a column to one number: columns are not part of gradcli yet"
    return NameProblem(
        message, text=text, span=span, hint="a sum over an index is written sum(i**2*x, i, 1, 3)"
    )
