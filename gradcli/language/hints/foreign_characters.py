"""Characters that the language does not have, and what is typed instead.

They come from word processors, typeset pages and other languages; a character without a row has no hint.
"""

from __future__ import annotations

_MINUS, _PRODUCT, _QUOTES = (
    "type a plain minus: {0}",
    "type a plain *: {0}",
    'straight quotes around the whole are the shell\'s: "{0}"',
)
_INVISIBLE = "delete it: {0}"
_OWN = "grad differentiates by itself; inside of an expression write diff({0}, x)"
_NOTHING = "the language is of real numbers, without sets and logic"

#: What an invisible character is called.
INVISIBLE = {
    "\u200b": "a zero-width space", "\u200c": "a zero-width non-joiner",
    "\u200d": "a zero-width joiner", "\u2060": "a word joiner",
    "\ufeff": "a byte order mark", "\u00ad": "a soft hyphen", "\u2061": "an invisible function application",
    "\u2062": "an invisible times", "\u2063": "an invisible separator", "\u2064": "an invisible plus",
    "\ufe0e": "a variation selector", "\ufe0f": "a variation selector",
    **dict.fromkeys("\u200e\u200f\u202a\u202b\u202c\u202d\u202e", "a mark of writing direction"),
}  # fmt: skip

#: A character -> the hint; `{0}` is the whole text with the characters of that row left out or replaced.
CHARACTERS: dict[str, str] = {
    **dict.fromkeys("—―‒‐‑﹣－⁃➖", _MINUS),
    **dict.fromkeys("∗⋆✕✖⨯⨉＊•∘", _PRODUCT),
    **dict.fromkeys("＋➕", "type a plain +: {0}"),
    **dict.fromkeys("∕⁄／➗", "type a plain /: {0}"),
    **dict.fromkeys("（）［］", "type plain brackets: {0}"),
    **dict.fromkeys("，、", "type a plain comma: {0}"),
    **dict.fromkeys("“”„‟‘’‚‛«»‹›＂＇", _QUOTES),
    **dict.fromkeys(INVISIBLE, _INVISIBLE),
    **dict.fromkeys("∫∬∭∮", "integrals are not computed here: write the integral's own formula"),
    **dict.fromkeys("∂∇", _OWN),
    "∆": _OWN,
    "∑": "a sum over an index is written sum(i**2, i, 1, 5)",
    "∏": "a product over an index is written prod(i, i, 1, 5)",
    "±": "it is two expressions: one with +, one with -",
    "∓": "it is two expressions: one with +, one with -",
    "‰": "a part of a thousand is written x/1000",
    "∜": "a fourth root is written root(x, 4)",
    "⌊": "the whole part is written floor(x)", "⌋": "the whole part is written floor(x)",
    "⌈": "the next integer is written ceil(x)", "⌉": "the next integer is written ceil(x)",
    **dict.fromkeys("‖∥", "a norm is written hypot(x, y), of a column norm(x), of one number abs(x)"),
    "@": "a product of columns is written dot(x, y)",
    **dict.fromkeys("⊗⊙⊕⊖", "an operation of arrays is written out, such as u*x + v*y"),
    **dict.fromkeys("⟨⟩〈〉", "a product of columns is written dot(x, y)"),
    "$": "TeX's dollars and a spreadsheet's are left out: {0}",
    **dict.fromkeys("`´", "backquotes are left out: {0}"),
    "?": "a choice is written where(x > 0, a, b)",
    "∧": "conditions are joined by words: x > 0 and y > 0", "∨": "conditions are joined by words: x > 0 or y > 0",
    "¬": "turn the comparison round: x <= 0 instead of not x > 0",
    "~": "turn the comparison round: x <= 0 instead of not x > 0",
    "≈": "a comparison is one of < <= > >= == !=", "≡": "equal is written ==",
    "⩽": "at most is written <=", "⩾": "at least is written >=",
    "≦": "at most is written <=", "≧": "at least is written >=", "＝": "equal is written ==", "＜": "less is written <",
    "＞": "greater is written >", "≪": "less is written <", "≫": "greater is written >",
    **dict.fromkeys("∈∉∋⊂⊃∪∩∀∃∅⇒⇔⟹", _NOTHING),
    **dict.fromkeys("→↦⟼⟶", "the expression alone is typed, without the arrow and what stands before it"),
    **dict.fromkeys("ⁿ⁻⁺", "a power is written x**n, or x**(-n)"),
    **dict.fromkeys("€£¥", "amounts are numbers without a currency: {0}"),
    **dict.fromkeys("…⋯", "a sum over an index is written sum(i**2, i, 1, 5)"),
    "↑": "a power is written x**2", "℃": "a unit has no meaning here", "℉": "a unit has no meaning here",
}  # fmt: skip

#: What `{0}` has where a row's characters are not left out.
INSTEAD = {
    **dict.fromkeys("—―‒‐‑﹣－⁃➖", "-"), **dict.fromkeys("∗⋆✕✖⨯⨉＊•∘", "*"), **dict.fromkeys("＋➕", "+"),
    **dict.fromkeys("∕⁄／➗", "/"), **dict.fromkeys("（［", "("), **dict.fromkeys("）］", ")"), **dict.fromkeys("，、", ","),
}  # fmt: skip
