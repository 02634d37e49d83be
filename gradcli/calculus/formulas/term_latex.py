"""Terms → LaTeX as they stand: sympy's printer would rearrange them."""

from __future__ import annotations

from gradcli.calculus.formulas.terms import PENDING, Term
from gradcli.language.column_names import column_of, is_element, row_of
from gradcli.language.latex_escapes import latex_name, latex_text

_LEVELS = {"+": 4, "neg": 4, "*": 5, "/": 9, "**": 7, PENDING: 5, "sum over rows": 4, "mean over rows": 4}
_NAMED = frozenset(
    ("sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh", "coth", "exp", "log", "min", "max")
)
#: Functions that have a symbol of their own; of those with an order it is the first argument, below.
_SYMBOLS = {
    "ndtr": r"\Phi", "ndtri": r"\Phi^{-1}", "normpdf": r"\varphi", "gammainc": "P", "gammaincc": "Q", "betainc": "I",
    "dilog": r"\operatorname{Li}_{2}", "e1": "E_{1}", "hyp0f1": "{}_{0}F_{1}", "hyp1f1": "{}_{1}F_{1}",
    "hyp2f1": "{}_{2}F_{1}", "hyperu": "U", "elliptic_pi": r"\Pi", "lambertw_lower": "W_{-1}", "hurwitz_zeta": r"\zeta",
    **{f"{letter}{order}": f"{letter.upper()}_{{{order}}}" for letter in "jyik" for order in (0, 1)},
}  # fmt: skip
_ORDERED = {
    "legendre": "P", "chebyshev_t": "T", "chebyshev_u": "U", "hermite": "H", "hermite_e": r"\mathit{He}", "laguerre": "L",
    "spherical_jn": "j", "spherical_yn": "y", "spherical_in": "i", "spherical_kn": "k", "harmonic": "H",
}  # fmt: skip
_GREEK = frozenset(
    ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
     "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega")
)  # fmt: skip
_COMPARISONS = {
    "<": "<",
    "<=": r"\le",
    ">": ">",
    ">=": r"\ge",
    "==": "=",
    "!=": r"\ne",
    "and": r"\wedge",
    "or": r"\vee",
}


def latex_of(term: Term, variable: str, sign: str) -> str:
    """The LaTeX of a term; sign: `d/d` or `∂/∂` for derivatives that are still to be taken.

    The text of a sum or mean over rows is their index and their number.
    """
    stroke = r"\partial" if sign.startswith("∂") else r"\mathrm{d}"
    return _Writer(rf"\frac{{{stroke}}}{{{stroke} {symbol(variable)}}}").write(term)


def symbol(name: str) -> str:
    """A variable's name: Greek letters by their names, one letter as it is, words upright; an index below."""
    head, _, index = name.partition("_")
    if is_element(name):
        return rf"{symbol(column_of(name))}_{{{row_of(name)}}}"
    if index and head:
        return rf"{symbol(head)}_{{{latex_text(index)}}}"
    if name in _GREEK:
        return rf"\{name}"
    return latex_name(name)


class _Writer:
    def __init__(self, derivative: str) -> None:
        self.derivative = derivative

    def write(self, term: Term, need: int = 0) -> str:
        text = self._text(term)
        return rf"\left({text}\right)" if _LEVELS.get(term.op, 9) < need else text

    def _text(self, term: Term) -> str:
        op, args = term.op, term.args
        if op in ("number", "name", "constant"):
            return self._leaf(term)
        if op == PENDING:
            return rf"{self.derivative}\left({self.write(args[0])}\right)"
        if op == "+":
            return self._sum(term)
        if op == "neg":
            return "-" + self.write(args[0], 5)
        if op == "*":
            return self._product(term)
        if op == "/":
            minus, upper = ("-", args[0].args[0]) if args[0].op == "neg" else ("", args[0])
            return rf"{minus}\frac{{{self.write(upper)}}}{{{self.write(args[1])}}}"
        if op == "**":
            return rf"{self.write(args[0], 9) if args[0].op != '/' else self._bracketed(args[0])}^{{{self.write(args[1])}}}"
        return self._call(term)

    def _bracketed(self, term: Term) -> str:
        return rf"\left({self.write(term)}\right)"

    def _leaf(self, term: Term) -> str:
        if term.op == "name":
            return symbol(term.text)
        if term.op == "constant":
            return r"\pi" if term.text == "pi" else "e"
        mantissa, _, power = term.text.lower().partition("e")
        return rf"{mantissa} \cdot 10^{{{int(power)}}}" if power else mantissa

    def _sum(self, term: Term) -> str:
        text = self.write(term.args[0], 0)
        for part in term.args[1:]:
            text += f" - {self.write(part.args[0], 5)}" if part.op == "neg" else f" + {self.write(part, 5)}"
        return text

    def _product(self, term: Term) -> str:
        first, *rest = term.args
        text = self.write(first, 0 if first.op == "neg" else 5)
        for part in (self.write(part, 5) for part in rest):
            text += (r" \cdot " if part[:1].isdigit() else " ") + part
        return text

    def _call(self, term: Term) -> str:
        op, args = term.op, term.args
        if op in _COMPARISONS:
            return f"{self.write(args[0])} {_COMPARISONS[op]} {self.write(args[1])}"
        if op in ("where", "piecewise"):
            rows = [
                rf"{self.write(v)} & \text{{if }} {self.write(c)}"
                for c, v in zip(args[:-1:2], args[1::2], strict=False)
            ]
            rows.append(rf"{self.write(args[-1])} & \text{{otherwise}}")
            return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"
        if op.endswith(" over rows"):
            letter, _, count = term.text.partition(" ")
            mean = rf"\frac{{1}}{{{count}}} " if op.startswith("mean") else ""
            return rf"{mean}\sum_{{{letter}}} {self.write(args[0], 5)}"
        if op == "sqrt":
            return rf"\sqrt{{{self.write(args[0])}}}"
        if op == "cbrt":
            return rf"\sqrt[3]{{{self.write(args[0])}}}"
        if op == "abs":
            return rf"\left|{self.write(args[0])}\right|"
        if op in _ORDERED:
            index, *args = args  # type: ignore[assignment]  # what is left is only looked through
            order = rf"{_ORDERED[op]}_{{{self.write(index)}}}"
            return rf"{order}\left({', '.join(map(self.write, args))}\right)" if args else order
        name = _SYMBOLS.get(op) or (rf"\{op}" if op in _NAMED else rf"\operatorname{{{latex_text(op)}}}")
        return rf"{name}\left({', '.join(self.write(argument) for argument in args)}\right)"
