"""The local derivatives of every elementary operation: from the table where it has them, else from sympy."""

from __future__ import annotations

from functools import cache

from gradcli.language.functions import FUNCTIONS
from gradcli.language.parser import parse
from gradcli.language.tree import Expression

#: Operations that no function of the table names -> their parameters and their slopes.
_ARITHMETIC: dict[str, tuple[str, ...]] = {
    "neg": ("-1",),
    "add": ("1", "1"),
    "sub": ("1", "-1"),
    "mul": ("y", "x"),
    "div": ("1/y", "-(x/y)/y"),
    "square": ("2*x",),
    "sinc": ("sincprime(x)",),
}

#: Piecewise constant operations: slope 0, but not where they jump.
JUMPS = {"sign": "flat_zero", "heaviside": "flat_zero", "floor": "flat_integer", "ceil": "flat_integer"}

#: Instructions that are a function of the table under another name, with that function's arguments.
_VARIANTS = {"elliptic_e": ("elliptic_e", ("m",)), "elliptic_e2": ("elliptic_e", ("phi", "m"))}


@cache
def slope(op: str, index: int) -> Expression | None:
    """The derivative of operation *op* along argument *index*, in its parameters; None if none is known."""
    texts = _ARITHMETIC[op] if op in _ARITHMETIC else FUNCTIONS[_VARIANTS.get(op, (op,))[0]].slopes
    if texts:
        return parse(texts[index], parameters(op)) if texts[index] else None
    function, names = _VARIANTS.get(op, (op, parameters(op)))
    if not FUNCTIONS[function].sympy:
        return None
    from gradcli.calculus.formulas import derivative_text

    text = derivative_text(f"{function}({', '.join(names)})", names[index], names)
    return None if text is None else parse(text, names)


@cache
def parameters(op: str) -> tuple[str, ...]:
    """The names that an operation's slopes call its arguments by."""
    if op in _ARITHMETIC:
        return ("x", "y")[: len(_ARITHMETIC[op])]
    if op in _VARIANTS:
        return _VARIANTS[op][1]
    if op in ("min", "max"):
        return ("x", "y")
    names = FUNCTIONS[op].names
    return names[:1] if op == "log" else names
