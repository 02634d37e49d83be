"""Seam of one variable → the places where its sign may change without a zero: poles, and ends of its domain."""

from __future__ import annotations

from gradcli.calculus.critical.one_variable.written_nodes import substituted
from gradcli.language.tree import Expression

#: Operations that are continuous wherever their arguments have values.
CONTINUOUS = frozenset(
    ("number", "constant", "name", "neg", "+", "*", "exp", "expm1", "sin", "cos", "sinh", "cosh", "tanh", "sech", "atan",
     "asinh", "erf", "erfc", "square", "sigmoid", "softplus", "sinc", "sqrt", "log", "log2", "log10", "log1p", "root", "asin",
     "acos", "atanh", "acosh", "hypot", "xlogx", "**")
)  # fmt: skip

#: What vanishes at all poles of an operation, by its last argument.
VANISHING = {
    "/": "{0}", **dict.fromkeys(("tan", "sec"), "cos({0})"), **dict.fromkeys(("cot", "csc"), "sin({0})"),
    **dict.fromkeys(("coth", "csch"), "{0}"), "gamma": "sin(pi*{0})",
}  # fmt: skip


def poles_of(expression: Expression) -> list[str] | None:
    """Texts that vanish at the poles of *expression*; None where an operation may change its sign in other ways as well.

    The ends of domains of roots and logarithms, and what powers that are no whole number are of, are seams by themselves.
    """
    texts = substituted(expression, {})
    found: list[str] = []
    for node in expression.nodes:
        if node.op in VANISHING:
            found.append(VANISHING[node.op].format(texts[node.args[-1]]))
        elif node.op not in CONTINUOUS:
            return None
    return list(dict.fromkeys(found))
