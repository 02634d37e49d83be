"""Expression tree → MathML, which browsers draw by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from gradcli.language.column_names import column_of, is_element, row_of
from gradcli.language.tree import COMPARISONS, Expression, Node

#: Longer expressions are shown as text: nobody reads them as a formula.
LONGEST = 600

#: A piece of MathML and how tightly it binds.
Piece = tuple[int, str]
_OR, _AND, _COMPARE, _SUM, _PRODUCT, _POWER, _ATOM = range(7)

_GREEK = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
)  # fmt: skip
_LETTERS = dict(zip(_GREEK, "αβγδεζηθικλμνξοπρστυφχψω", strict=True))
_SIGNS = {"<": "&lt;", "<=": "≤", ">": "&gt;", ">=": "≥", "==": "=", "!=": "≠"}


def formula(left: str, expression: Expression) -> str:
    """`<math>` of *left* = expression, *left* being MathML itself."""
    return f'<math display="block"><mrow>{left}<mo>=</mo>{mathml(expression)}</mrow></math>'


def partial(name: str) -> str:
    """∂f/∂name."""
    return f"<mfrac><mrow><mo>∂</mo><mi>f</mi></mrow><mrow><mo>∂</mo>{identifier(name)}</mrow></mfrac>"


def gradient(names: Sequence[str]) -> str:
    """The left side for a gradient of these variables."""
    return f"<mrow><mo>∇</mo><mi>f</mi><mo>(</mo>{'<mo>,</mo>'.join(map(identifier, names))}<mo>)</mo></mrow>"


def mathml(expression: Expression) -> str:
    """The expression, without the `<math>` around it."""
    pieces: list[Piece] = []
    for node in expression.nodes:
        pieces.append(_piece(node, [pieces[i] for i in node.args], expression))
    return pieces[-1][1]


def identifier(name: str) -> str:
    """A variable: Greek where it spells a letter, what follows an underscore or is a number at its end below."""
    if is_element(name):
        return f"<msub>{identifier(column_of(name))}<mn>{row_of(name)}</mn></msub>"
    stem, _, below = name.partition("_")
    if not below:
        stem = name.rstrip("0123456789") or name
        below = name[len(stem) :]
    letter = f"<mi>{escape(_LETTERS.get(stem, stem))}</mi>"
    return f"<msub>{letter}<mn>{escape(below)}</mn></msub>" if below and stem else letter


def _piece(node: Node, args: list[Piece], expression: Expression) -> Piece:
    op = node.op
    if op == "number":
        return _number(node.text)
    if op == "constant":
        return _ATOM, f"<mi>{'π' if node.text in ('pi', 'π') else escape(node.text)}</mi>"
    if op == "name":
        return _ATOM, identifier(node.text)
    if op == "neg":
        return _SUM, f"<mrow><mo>−</mo>{_within(args[0], _PRODUCT)}</mrow>"
    if op == "+":
        return _SUM, _sum(args, [expression.nodes[i].op == "neg" for i in node.args])
    if op == "*":
        return _PRODUCT, "<mrow>" + "<mo>⋅</mo>".join(_within(arg, _PRODUCT) for arg in args) + "</mrow>"
    if op == "/":
        return _PRODUCT, f"<mfrac>{_row(args[0][1])}{_row(args[1][1])}</mfrac>"
    if op == "**":
        return _POWER, f"<msup>{_row(_within(args[0], _ATOM))}{_row(args[1][1])}</msup>"
    if op in COMPARISONS:
        return _COMPARE, f"<mrow>{_within(args[0], _SUM)}<mo>{_SIGNS[op]}</mo>{_within(args[1], _SUM)}</mrow>"
    if op in ("and", "or"):
        level = _AND if op == "and" else _OR
        return level, f"<mo>{'∧' if op == 'and' else '∨'}</mo>".join(_within(arg, _COMPARE) for arg in args)
    return _call(op, [text for _, text in args])


def _number(text: str) -> Piece:
    digits, exponent, power = text.lower().partition("e")
    if not exponent:
        return _ATOM, f"<mn>{escape(text)}</mn>"
    sign = "<mo>−</mo>" if power.startswith("-") else ""
    ten = f"<msup><mn>10</mn><mrow>{sign}<mn>{escape(power.lstrip('+-'))}</mn></mrow></msup>"
    return _PRODUCT, f"<mrow><mn>{escape(digits)}</mn><mo>⋅</mo>{ten}</mrow>"


def _sum(args: list[Piece], negated: list[bool]) -> str:
    """Terms with their signs; a negated one brings its own."""
    text = args[0][1]
    for (_, arg), minus in zip(args[1:], negated[1:], strict=True):
        text += arg if minus else f"<mo>+</mo>{arg}"
    return f"<mrow>{text}</mrow>"


def _call(name: str, args: list[str]) -> Piece:
    if name == "sqrt":
        return _ATOM, f"<msqrt>{args[0]}</msqrt>"
    if name == "cbrt":
        return _ATOM, f"<mroot>{_row(args[0])}<mn>3</mn></mroot>"
    if name == "root":
        return _ATOM, f"<mroot>{_row(args[0])}{_row(args[1])}</mroot>"
    if name == "abs":
        return _ATOM, f'<mrow><mo fence="true">|</mo>{args[0]}<mo fence="true">|</mo></mrow>'
    if name == "exp":
        return _POWER, f"<msup><mi>e</mi>{_row(args[0])}</msup>"
    if name in ("where", "piecewise"):
        return _PRODUCT, _cases(args)
    inside = "<mo>,</mo>".join(args)
    return _ATOM, f"<mrow><mi>{escape(name)}</mi><mo>&#x2061;</mo>{_bracketed(inside)}</mrow>"


def _cases(args: list[str]) -> str:
    lines = [
        f"<mtr><mtd>{value}</mtd><mtd><mtext>&#xA0;if&#xA0;</mtext>{condition}</mtd></mtr>"
        for condition, value in zip(args[:-1:2], args[1::2], strict=True)
    ]
    lines.append(f"<mtr><mtd>{args[-1]}</mtd><mtd><mtext>&#xA0;otherwise</mtext></mtd></mtr>")
    return f'<mrow><mo fence="true">{{</mo><mtable columnalign="left">{"".join(lines)}</mtable></mrow>'


def _within(piece: Piece, least: int) -> str:
    """The piece, in brackets where it binds more loosely than its place asks for."""
    level, text = piece
    return text if level >= least else _bracketed(text)


def _bracketed(text: str) -> str:
    return f"<mrow><mo>(</mo>{text}<mo>)</mo></mrow>"


def _row(text: str) -> str:
    return f"<mrow>{text}</mrow>"
