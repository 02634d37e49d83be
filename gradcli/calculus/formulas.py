"""Expression → formulas: what the partial derivatives are, as mathematics, by sympy."""

from __future__ import annotations

from collections.abc import Sequence

from gradcli.language.parser import parse
from gradcli.language.tree import Expression


def derivative_text(text: str, name: str, given: Sequence[str]) -> str | None:
    """The derivative of the expression *text* along *name* in gradcli's language; None if sympy knows none."""
    from gradcli.calculus.symbolic import symbol, to_sympy
    from gradcli.calculus.writing import Unwritable, write

    try:
        return write(to_sympy(parse(text, given)).diff(symbol(name)), taken=frozenset(given))
    except Unwritable:
        return None
