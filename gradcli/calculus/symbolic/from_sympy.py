"""sympy objects → text in gradcli's own language, so that what is printed can be read back."""

from __future__ import annotations

from typing import Any

from sympy.printing.str import StrPrinter

from gradcli.calculus.symbolic.decimal_fractions import decimal_places
from gradcli.language.function_table import FUNCTIONS

#: sympy's class names → the names of the table.
NAMES = {row.sympy: name for name, row in FUNCTIONS.items() if row.sympy} | {
    "Max": "max", "Min": "min", "Heaviside": "heaviside", "Mod": "mod", "ceiling": "ceil",
}  # fmt: skip


class Unwritable(ValueError):
    """sympy answered with something that the language has no words for."""


class _Writer(StrPrinter):  # type: ignore[misc]  # sympy is not typed
    """Writes decimals where the user wrote decimals, and avoids names that the user took."""

    def __init__(self, decimal: bool, taken: frozenset[str]) -> None:
        super().__init__({"order": None})
        self.decimal, self.taken = decimal, taken

    def _print_Function(self, expr: Any) -> str:
        name = type(expr).__name__
        name = NAMES.get(name, name)
        if name not in FUNCTIONS or name in self.taken:
            raise Unwritable(name)
        return f"{name}({self.stringify(expr.args, ', ')})"

    _print_LatticeOp = _print_Function

    def _print_Heaviside(self, expr: Any) -> str:
        return f"heaviside({self._print(expr.args[0])})"

    def _print_Rational(self, expr: Any) -> str:
        text = _decimal(expr) if self.decimal else None
        return text or f"{expr.p}/{expr.q}"

    def _print_Exp1(self, expr: Any) -> str:
        return "exp(1)" if "e" in self.taken else "e"

    def _print_Pi(self, expr: Any) -> str:
        return "4*atan(1)" if "pi" in self.taken else "pi"

    def _print_Piecewise(self, expr: Any) -> str:
        pieces = [f"{self._print(cond)}, {self._print(value)}" for value, cond in expr.args[:-1]]
        value, last = expr.args[-1]
        if last != True:  # noqa: E712  (sympy's true is not Python's)
            raise Unwritable("piecewise without a last piece")
        name = "where" if len(pieces) == 1 else "piecewise"
        return f"{name}({', '.join([*pieces, self._print(value)])})"

    def _print_Relational(self, expr: Any) -> str:
        return f"{self._print(expr.lhs)} {expr.rel_op} {self._print(expr.rhs)}"

    def _print_And(self, expr: Any) -> str:
        return " and ".join(sorted(self._bracketed(arg) for arg in expr.args))

    def _print_Or(self, expr: Any) -> str:
        return " or ".join(sorted(self._bracketed(arg) for arg in expr.args))

    def _bracketed(self, arg: Any) -> str:
        text = self._print(arg)
        return f"({text})" if arg.is_Boolean and not arg.is_Relational else text

    def _refuse(self, expr: Any) -> str:
        raise Unwritable(type(expr).__name__)

    _print_Derivative = _print_Subs = _print_ImaginaryUnit = _print_NaN = _print_Infinity = _refuse
    _print_NegativeInfinity = _print_ComplexInfinity = _print_Integral = _print_DiracDelta = _refuse
    _print_EulerGamma = _print_Catalan = _print_GoldenRatio = _print_TribonacciConstant = _refuse
    _print_meijerg = _print_hyper = _print_Float = _print_BooleanTrue = _print_BooleanFalse = _refuse
    _print_ITE = _print_Not = _print_Xor = _print_Implies = _refuse
    emptyPrinter = _refuse


def _decimal(expr: Any) -> str | None:
    """A fraction whose decimal expansion ends, as that decimal; None for others."""
    places = decimal_places(int(expr.q))
    if places is None or places > 20:
        return None
    digits = str(abs(int(expr.p)) * 10**places // int(expr.q)).rjust(places + 1, "0")
    return ("-" if expr.p < 0 else "") + f"{digits[:-places]}.{digits[-places:]}"


def write(expr: Any, *, decimal: bool = False, taken: frozenset[str] = frozenset()) -> str:
    """The text of a sympy expression; raises Unwritable where the language has no words for it."""
    return str(_Writer(decimal, taken).doprint(expr))
