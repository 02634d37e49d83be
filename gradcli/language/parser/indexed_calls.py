"""Which calls run over an index, and which would bring the rows of a column to one number: read with every text."""

from __future__ import annotations

from gradcli.language.errors import NameProblem
from gradcli.language.tree import Span

#: The functions over an index, and what they join their terms with.
INDEXED = {"sum": "+", "prod": "*"}

#: Calls that bring the rows of a column to one number, and how they are called.
REDUCING = {
    "sum": "sum(e)", "prod": "prod(e, i, low, high)", "mean": "mean(e)", "var": "var(e[, less])", "std": "std(e[, less])",
    "norm": "norm(e)", "dot": "dot(e, g)", "count": "count()",
}  # fmt: skip

#: Functions of the table that bring rows to one number where their only argument varies by row.
ROWS_OR_ONE = ("min", "max", "logsumexp")

_ARGUMENTS = {"var": (1, 2), "std": (1, 2), "dot": (2, 2), "count": (0, 0)}


def check_reduction(text: str, name: str, count: int, span: Span, columns: bool) -> None:
    """Raises NameProblem for a call that reduces a column in another form, or where no name has many numbers."""
    fewest, most = _ARGUMENTS.get(name, (1, 1))
    hint: str | None
    over_index = f"a sum over an index is {name}(i**2*x, i, 1, 3)"
    if name == "prod":
        message, hint = (
            "prod runs over an index: prod(e, i, low, high)",
            "over the rows of a column: exp(sum(log(e)))",
        )
    elif not columns:
        message = f"{name}(…) brings the rows of a column to one number, and no name has many numbers here"
        hint = 'a column is given as --x "[1, 2, 3]", or named for formulas alone: --columns x' + (
            f"; {over_index}" if name in INDEXED else ""
        )
    elif not fewest <= count <= most:
        many = {0: "without arguments", 1: "with 1 argument"}.get(count, f"with {count} arguments")
        message, hint = (
            f"{name} is called as {REDUCING[name]}, not {many}",
            over_index if name in INDEXED else None,
        )
    else:
        return
    raise NameProblem(message, text=text, span=span, hint=hint)
