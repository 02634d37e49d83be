"""Notations of other languages, programs and textbooks: patterns, and how the same is written here.

A row holds where its `bad` characters are those at which the text was refused. Its hint and its sentence repeat the named
groups; where one of them is missing or odd, the row says `otherwise`. In the format `b` a group has brackets unless it is
an operand, in `n` it has none.

A row begins with its signs, of which one stands in every text that the pattern matches: a hundred patterns take longer to
compile than all else that an error does, and few of them have a sign in the text at hand.
"""

from __future__ import annotations

from typing import NamedTuple


class Notation(NamedTuple):
    """One row: signs and pattern, the hint, the hint where the text cannot be repeated (empty: none), and a sentence."""

    signs: tuple[str, ...]
    pattern: str
    hint: str
    otherwise: str
    message: str = ""


#: An operand: a call, a bracket, a number or a name; a term: operands with * and / between them; a name.
_A = r"(?:\w+\([^()]*\)|\([^()]*\)|[\w.]+)"
_L = rf"(?:(?:(?<![\w)\s])-)?{_A}(?:\s*(?:\*\*|[*/^·×])\s*-?{_A})*)"
_N = r"[^\W\d⁰¹²³⁴⁵⁶⁷⁸⁹][^\W⁰¹²³⁴⁵⁶⁷⁸⁹]*"


def _row(signs: str, pattern: str, hint: str, otherwise: str = "", message: str = "") -> Notation:
    alone = otherwise or ("" if "{" in hint else hint)
    return Notation(tuple(signs.split()) or ("",), pattern, hint, alone, message)


_DEFINED = (
    "a definition is written with = and ends with a semicolon: {n} = {b}; {a}",
    "a definition is written with = and ends with a semicolon: u = x*y; u**2",
)
_DIGITS, _PRIMES = "0 1 2 3 4 5 6 7 8 9", "' ′ ’ ´"
_SIDES = "write the difference of its sides: {a} - {b:b}; a condition is given by --subject-to"
_ONE = "a function of one's own is typed as its expression alone"
_CELLS = "cells have no ranges here: names are written out, such as a1 + a2"
_EMPTY = "the expression alone is typed, without what announces it"
_INSIDE = "grad differentiates by itself; inside of an expression write "
_SLOPE, _NOT_SO = f"{_INSIDE}diff(x^2, x)", "derivatives are not written so"
_CHOICE, _AND = "a choice is written where(x > 0, a, b)", "conditions are joined by words: x > 0 and y > 0"
_WHERE = ("a choice is written where({c:n}, {a}, {b})", _CHOICE)
_REMAINDER = ("the remainder is written mod({a:n}, {b:n})", "the remainder is written mod(x, 2)")
_WHOLE = ("a whole quotient is written floor({a}/{b})", "a whole quotient is written floor(x/2)")
_VALUE = ("a value is an option: --{n} {v}", "a value is an option: --x 2")
_SEVERAL = 'several expressions are several arguments: "{a}" "{b}"'
_SEVERAL_ALONE = 'several expressions are several arguments: "x" "y"'

NOTATIONS = (
    # powers, quotients, remainders
    _row("^ * ↑", rf"(?P<a>{_A})?\s*(?P<bad>\^\^|\*\*\*+|\^\*\*?|\^\s+\^|\*\*\^|\*\s+\*|\*\^|↑)\s*(?P<b>-?{_A})?",
         "a power is written {a}^{b}",
         "a power is written x^2", "{bad} is not an operator"),
    _row("// %/%", rf"(?P<a>{_L})?\s*(?P<bad>//|%/%)\s*(?P<b>{_A})?", *_WHOLE, "{bad} is not an operator"),
    _row("%", r"(?P<bad>%\s*(?P<a>pi|e)\b)", "write {a}"),
    _row("²√", rf"(?P<bad>²√)\s*(?P<a>{_A})", "a square root is written sqrt({a:n})", "a square root is written sqrt(x)"),
    _row("³√", rf"(?P<bad>³√)\s*(?P<a>{_A})", "a cube root is written cbrt({a:n})", "a cube root is written cbrt(x)"),
    _row("⁴√ ∜",
         rf"(?P<bad>⁴√|∜)\s*(?P<a>{_A})", "a fourth root is written root({a:n}, 4)", "a fourth root is written root(x, 4)"),
    _row(".", r"(?P<bad>[0-9]+\.[0-9]*\.[0-9]+)", "a number has one decimal point"),
    _row("++", rf"(?P<a>{_A})\s*(?P<bad>\+\+)\s*$", "write {a} + 1", "write x + 1"),
    _row("--", rf"(?P<a>{_A})\s*(?P<bad>--)\s*$", "write {a} - 1", "write x - 1"),
    _row("%in%", r"(?P<bad>%in%)", "the language is of real numbers, without sets and logic", "", "{bad} is not an operator"),
    _row("%", r"(?P<bad>%[*o]%)", "a product of vectors is written out: u*x + v*y", "", "{bad} is not an operator"),
    _row("%", rf"(?P<a>[0-9.]+)\s*(?P<bad>%\s*of)\s+(?P<b>{_A})",
         "{a} percent of it is written {a}/100*{b}", "50 percent is written 50/100"),
    _row("%", rf"(?P<a>{_L})\s*(?P<bad>%%?)\s*(?P<b>{_A})", *_REMAINDER),
    _row("%", rf"(?P<a>{_L})\s*(?P<bad>%)", "{a} percent is written {a}/100", "50 percent is written 50/100"),
    # words
    _row("mod rem MOD", rf"(?P<a>{_L})\s+(?P<bad>mod|rem|modulo|MOD)\s+(?P<b>{_A})", *_REMAINDER),
    _row("div DIV", rf"(?P<a>{_L})\s+(?P<bad>div|idiv|DIV)\s+(?P<b>{_A})", *_WHOLE),
    _row("times multiplied",
         rf"(?P<a>{_L})\s+(?P<bad>times|multiplied\s+by)\s+(?P<b>{_A})", "write {a}*{b}", "a product is written x*y"),
    _row("over divided",
         rf"(?P<a>{_L})\s+(?P<bad>over|divided\s+by)\s+(?P<b>{_A})", "write {a}/{b}", "a quotient is written x/y"),
    _row("plus", rf"(?P<a>{_L})\s+(?P<bad>plus)\s+(?P<b>{_A})", "write {a} + {b}", "a sum is written x + y"),
    _row("minus", rf"(?P<a>{_L})\s+(?P<bad>minus)\s+(?P<b>{_A})", "write {a} - {b}", "a difference is written x - y"),
    _row("squared", rf"(?P<a>{_A})\s+(?P<bad>squared)\b", "write {a}^2", "a square is written x^2"),
    _row("cubed", rf"(?P<a>{_A})\s+(?P<bad>cubed)\b", "write {a}^3", "a cube is written x^3"),
    _row("to", rf"(?P<a>{_A})\s+(?P<bad>to\s+the(?:\s+power)?(?:\s+of)?|raised\s+to)\s+(?P<b>{_A})",
         "write {a}^{b}", "a power is written x^2"),
    _row("root", rf"(?P<bad>square\s+root)\s+of\s+(?P<a>{_A})", "write sqrt({a})", "write sqrt(x)"),
    _row("derivative gradient slope", r"(?P<bad>(?:the\s+)?(?:derivative|gradient|slope)\s+of)\s+(?P<a>.+)",
         "grad differentiates by itself: write {a}", _EMPTY),
    _row("integral", r"(?P<bad>(?:the\s+)?integral\s+of)\s+.+",
         "write the integral's own formula", "", "integrals are not computed here"),
    _row("min", r"(?P<bad>(?:minimum|minimi[sz]e|min)\s+(?:of\s+)?)(?P<a>.+)", 'gradcli minimize "{a}"', _EMPTY),
    _row("what compute calculate find evaluate differentiate derive derivative grad",
         r"^(?P<bad>(?:what\s+is|what's|compute|calculate|find|evaluate|differentiate|derive|derivative|gradient|grad)(?:\s+of)?)\s+(?P<a>.+)$",
         "the expression alone is typed: {a}", _EMPTY),
    _row("choose", rf"(?P<a>{_A})\s+(?P<bad>choose)\s+(?P<b>{_A})", "write binomial({a:n}, {b:n})", "write binomial(n, k)"),
    _row("int", r"(?P<bad>\\(?:i*int|oint)\b)", "write the integral's own formula", "", "integrals are not computed here"),
    _row("Σ ∑ sum", r"(?P<bad>(?:Σ|∑|\\sum)(?!\()\S*(?:\s+\w+)?)", "a sum over an index is written sum(i**2, i, 1, 5)"),
    _row("Π ∏ prod", r"(?P<bad>(?:Π|∏|\\prod)(?!\()\S*(?:\s+\w+)?)", "a product over an index is written prod(i, i, 1, 5)"),
    _row("sum", r"(?P<bad>\bsum\s+\w+\s*=)", "a sum over an index is written sum(i**2, i, 1, 5)"),
    _row("sum prod Sum SUM",
         r"\b(?:sum|prod|Sum|SUM)\([^=]*(?P<bad>=)", "the bounds of a sum are arguments: sum(i**2, i, 1, 5)"),
    _row("partial nabla", r"(?P<bad>\\(?:partial|nabla)\b)", _SLOPE),
    _row("lim", r"(?P<bad>(?:\\|\b)lim(?:it)?(?![A-Za-z(])\S*).*",
         "gradcli taylor shows how a function goes on beside a point", "",
         "limits are not computed here"),
    _row("for", r"(?P<bad>\bfor\s+\w+\s+in\b.*)", "a sum over an index is written sum(i**2, i, 1, 5)"),
    _row("for", r"^\s*for\s+\w+\s+in\b[^:]*(?P<bad>:)", "a sum over an index is written sum(i**2, i, 1, 5)"),
    _row("[", r"\b(?:sum|prod)\(\s*(?P<bad>\[).*\bfor\b", "a sum over an index is written sum(i**2, i, 1, 5)"),
    _row("olve", r"(?P<bad>\b[nN]?f?[sS]olve\s*[(\[][^=]*=)",
         "a number where f vanishes makes f**2 least: gradcli minimize", "", "equations are not solved here"),
    _row("of", rf"(?P<a>{_N})\s+(?P<bad>of)\s+(?P<b>{_A})", "write {a:f}({b:n})", "write sin(x)"),
    # derivatives
    _row("/", rf"(?P<bad>\bd(?:\^?2|²)\s*/\s*d(?P<b>[^\W\d]\w*?)(?:\^?2|²))(?!\w)\s*(?P<a>\([^()]*\)|{_N}\([^()]*\))?",
         _INSIDE + "diff({a:n}, {b}, 2)", _INSIDE + "diff(x^2, x, 2)", _NOT_SO),
    _row("∂", r"(?P<bad>∂\s*/\s*∂\s*(?P<b>[^\W\d]\w*))\s*(?P<a>\([^()]*\))", _INSIDE + "diff({a:n}, {b})", _SLOPE),
    _row("/", r"(?P<bad>\bd(?:\^?[23]|[²³])?\s*/\s*d(?P<b>[^\W\d]\w*?)(?:\^?[23]|[²³])?)(?!\w)\s*(?P<a>\([^()]*\)|(?<=\s).+)?",
         _INSIDE + "diff({a:n}, {b})",
         _SLOPE, _NOT_SO),
    _row("/", rf"(?P<bad>\bd\s*(?P<a>\([^()]*\))\s*/\s*d(?P<b>{_N}))", _INSIDE + "diff({a:n}, {b})",
         _SLOPE, _NOT_SO),
    _row("∂", rf"(?P<bad>∂\s*(?P<a>\([^()]*\)|\w+)?\s*/\s*∂\s*(?P<b>{_N}))", _INSIDE + "diff(x^2, {b})",
         _SLOPE),
    _row(_PRIMES, rf"(?P<a>{_N})(?P<bad>['′’´]+)\((?P<b>{_N})\)", _INSIDE + "diff({a}({b}), {b})",
         _SLOPE),
    _row("'' ′′ ’’ ″", rf"(?P<a>{_N})(?P<bad>''|′′|’’|″)\(", _INSIDE + "diff({a}(x), x, 2)"),
    _row(_PRIMES, rf"(?P<a>{_N})(?P<bad>['′’´]+)\(", _INSIDE + "diff({a}(x), x)"),
    _row("″ '' ′′ ’’", r"(?<=\w)(?P<bad>″|''|′′|’’)(?!\()", _INSIDE + "diff(x^2, x, 2)"),
    _row(_PRIMES, r"(?:\w|(?P<a>\([^()]*\)))(?P<bad>['′’´]+)(?!\w)", _INSIDE + "diff({a:n}, x)",
         _SLOPE),
    # a function of one's own, as programs write it
    _row("lambda λ", r"^\s*(?P<bad>(?:\w+\s*=\s*)?lambda\b[\w\s,]*:|λ\w+\.)\s*(?P<a>.+)$", "write {a}", "write x^2", _ONE),
    _row("@", r"^\s*(?P<bad>@\s*\([\w\s,]*\))\s*(?P<a>.+)$", "write {a}", "write x^2", _ONE),
    _row("fn fun",
         r"^\s*(?P<bad>(?:\w+\s*(?:=|<-)\s*)?(?:function|fn|func|fun)\s*\([\w\s,]*\)\s*(?:=>|->|:|\{\s*(?:return)?)?)\s*(?P<a>[^:={}>]+?)\s*[;}]*\s*$",
         "write {a}", "write x^2", _ONE),
    _row("let", rf"^\s*(?P<bad>let)\s+(?P<n>{_N})\s*=\s*(?P<b>.+?)\s+in\s+(?P<a>.+)$",
         "a definition comes first: {n} = {b}; {a}", "a definition comes first: a = 3; a*x", "let is not in the language"),
    _row("let var const val auto double float set def local",
         rf"^\s*(?P<bad>let|var|const|val|auto|double|float|set|def|local)\s+(?P<n>{_N}(?:\([\w, ]*\))?)\s*:?=\s*"
         r"(?P<b>[^=;]+);\s*(?P<a>[^=;]+?)\s*;?\s*$",
         "write {n} = {b}; {a}", "write u = x*y; u**2", "{bad} is not in the language"),
    _row("=",
         rf"^\s*(?P<n>{_N})\s*=(?!>)\s*(?P<b>[^=;,]+?)\s+(?P<bad>(?:(?:and|in|then)\s+)?(?P<a>[^=;\s]*\b(?P=n)\b[^=;]*?))\s*$",
         *_DEFINED),
    _row("where with for if when",
         rf"^(?P<a>[^=;]+?)(?P<bad>[,;]?\s*\b(?:where|with|for|if|when)\s+(?P<n>{_N})\s*=\s*"
         r"(?P<b>[^=;]*[^\W\d_][^=;]*?))\s*$",
         "a definition comes first: {n} = {b}; {a}", "a definition comes first: u = x*y; u**2"),
    _row(":= =: <-",
         rf"^\s*(?P<n>{_N}(?:\([\w, ]*\))?)\s*(?P<bad>:=|=:|<-)\s*(?P<b>[^=;]+);\s*(?P<a>[^=;]+?)\s*;?\s*$",
         *_DEFINED, "{bad} is not in the language"),
    _row(",",
         rf"^\s*(?P<n>{_N}(?:\([\w, ]*\))?)\s*=(?!>)\s*(?P<b>(?:[^=;,()]|\([^()]*\))+)(?P<bad>,)\s*(?P<a>.+?)\s*$", *_DEFINED),
    _row("def fun fn let var const double float return print echo",
         r"^\s*(?P<bad>(?:def|function|fn|func|fun|let|var|const|double|float|return|print|echo)\b(?:.*(?:return\b|[:={>]))?)\s*(?P<a>[^:={}>]+?)\s*[;}]*\s*$",
         "write {a}", "write x^2", _ONE),
    _row("=> -> ↦ → ⟼", r"^\s*(?P<bad>(?:\w+\s*:\s*)?(?:\w+|\([\w, ]*\))\s*(?:=>|\|?->|↦|→|⟼))\s*(?P<a>.*[^\W\d_].*)$",
         "write {a}", "write x^2", _ONE),
    _row("\\", r"^\s*(?P<bad>\\\w+\s*(?:->|\.))\s*(?P<a>.+)$", "write {a}", "write x^2", _ONE),
    # equations, assignments, values
    _row("=", rf"^(?P<a>.+?)(?P<bad>[,;|@]?\s*\b(?:at|for|when|where|with|if|and)\s+(?P<n>{_N})\s*==?\s*(?P<v>-?[\w./]+))\s*$",
         *_VALUE, "a value is not part of the expression"),
    _row("=", rf"^(?P<a>.+?)(?P<bad>[,;|@]\s*(?P<n>{_N})\s*==?\s*(?P<v>-?[\w./]+))\s*$",
         *_VALUE, "a value is not part of the expression"),
    _row("=", rf"(?P<a>{_N})\s*(?P<bad>(?P<o>[-+*/^])=)\s*(?P<b>.+)$",
         "write {a} {o} {b:b}", "write x + 1", "an assignment is not an expression"),
    _row(":= =: <-",
         rf"^\s*{_N}(?:\([\w, ]*\))?\s*(?P<bad>:=|=:|<-(?=.*[^\W\d_]))\s*(?P<b>.+)$", "the expression alone is typed: {b}",
         "the expression alone is typed: x^2", "{bad} is not in the language"),
    _row("=", r"^\s*(?P<bad>=)(?!=)\s*(?P<a>.+)$", "without the = at its beginning: {a}", "without the = at its beginning"),
    _row("=", r"(?P<bad>===|!==)", "a comparison is one of < <= > >= == !=", "", "{bad} is not an operator"),
    _row("<> ~= /=", r"(?P<bad><>|~=|/=)(?=\s*\w)", "is not equal is written !=", "", "{bad} is not an operator"),
    _row("=<", r"(?P<bad>=<)", "at most is written <=", "", "{bad} is not an operator"),
    _row("=>", r"(?P<bad>=>)", "at least is written >=", "", "{bad} is not an operator"),
    _row("==", r"(?P<bad>==)\s*$", "the other side of the comparison is missing"),
    _row("=", r"^(?P<a>[^=<>!:;?]*[^=<>!:;?\s])\s*(?P<bad>==?)(?!=)\s*0(?:\.0*)?\s*$",
         "write its left side: {a}; a condition is given by --subject-to", "write its left side: x^2 - 4",
         "an equation is not an expression"),
    _row("=",
         r"^(?!\s*[^\W\d]\w*\s*(?:\([\w\s,]*\)\s*)?=[^=])(?P<a>[^=<>!:;?]*[^=<>!:;?\s])\s*(?P<bad>==?)(?!=)\s*(?P<b>[^=<>!:;?]+)$",
         _SIDES, "write the difference of its sides: x^2 - 4",
         "an equation is not an expression"),
    # choices and conditions
    _row("?", r"^(?P<c>[^?<>=!]+?)\s*(?P<bad>\?)(?!\?)\s*(?P<a>[^?:]+?)\s*:\s*(?P<b>[^?:]+)$",
         "a choice is written where({c:n} != 0, {a}, {b})", _CHOICE),
    _row("?", r"^(?P<c>[^?]+?)\s*(?P<bad>\?)(?!\?)\s*(?P<a>[^?:]+?)\s*:\s*(?P<b>[^?:]+)$", *_WHERE),
    _row("?", r"(?P<c>[^()?,]+?)\s*(?P<bad>\?)\s*(?P<a>[^()?:,]+?)\s*:\s*(?P<b>[^()?:,]+)(?=\s*[),])", *_WHERE),
    _row("if", r"^\s*(?P<bad>if\s*\((?P<c>[^()]+)\))\s*(?P<a>[^,]+?)\s*;?\s*\belse\s+(?P<b>.+)$", *_WHERE),
    _row("iecewise", r"(?P<bad>\b[Pp]iecewise\(\([^()]*\))",
         "the condition stands first: piecewise(x < 0, a, x < 1, b, c)", "", "cases have no brackets of their own"),
    _row("if", r"^(?P<a>.+?)\s+(?P<bad>if)\s+(?P<c>.+?)\s+else\s+(?P<b>.+)$", *_WHERE),
    _row("< >", r"(?<!\w)(?P<bad>[(\[](?P<a>[^()\[\],]*[<>][^()\[\],]*)[)\]])",
         "a condition as a number is written where({a}, 1, 0)", _CHOICE),
    _row("{", r"(?P<bad>\{[^{}]*[<>][^{}]*\})", "cases are written piecewise(x < 0, a, x < 1, b, c)"),
    _row(";", r"\([^();]*(?P<bad>;)", "the arguments of a call are separated by commas"),
    _row("if when where",
         r"^(?P<bad>\s*(?:if|case\s+when|when|where)\b\s*(?P<c>.+?)\s*(?:\bthen\b|:))\s*(?P<a>.+?)\s*(?:;|,)?\s*\belse\b:?\s*(?P<b>.+?)\s*(?:\bend\b|\bfi\b)?\s*$",
         *_WHERE),
    _row("if when", r"^\s*(?P<bad>(?:if|when)\b\s*(?P<c>.+?)\s*(?:\bthen\b|:))\s*(?P<a>.+)$",
         "a choice is written where({c}, {a}, 0)", _CHOICE),
    _row("where", r"^(?P<bad>where)\s+(?P<a>[^=]+)$", "write where({a})", "write where(x > 0, a, b)", "a call needs brackets"),
    _row("< >", r"^(?P<a>.+?)\s*(?P<bad>\bif|\bfor|,)\s+(?P<c>[^,]*[<>][^,]*)$",
         "a choice is written where({c}, {a}, 0)", _CHOICE),
    _row("&", r"(?P<bad>&&?)", _AND, "", "{bad} is not an operator"),
    _row("||", r"(?P<bad>\|\|)", "conditions are joined by words: x > 0 or y > 0", "", "{bad} is not an operator"),
    _row("not !", r"(?P<bad>\bnot\b|!(?=\())", "turn the comparison round: x <= 0 instead of not x > 0"),
    _row("AND And OR Or Xor nor nand", r"(?P<bad>\b(?:AND|And|OR|Or|XOR|Xor|nand|nor)\b)", "conditions are joined by and, or"),
    _row("xor", r"(?P<bad>\bxor\b)", "conditions are joined by and and or"),
    _row("⌊", r"(?P<bad>⌊\s*(?P<a>[^⌊⌋]*?)\s*⌋)", "the whole part is written floor({a})", "the whole part is written floor(x)"),
    _row("⌈", r"(?P<bad>⌈\s*(?P<a>[^⌈⌉]*?)\s*⌉)",
         "the next integer is written ceil({a})", "the next integer is written ceil(x)"),
    _row("[", rf"(?P<f>{_N})\(\s*(?P<bad>\[)\s*(?P<a>[^\[\]]+?)\s*\]\s*\)",
         "arguments need no brackets of their own: {f}({a})", "arguments need no brackets of their own"),
    _row("/.", rf"(?P<bad>/\.)\s*\{{?\s*(?P<n>{_N})\s*->\s*(?P<v>-?[\w./]+)", *_VALUE, "a value is not part of the expression"),
    _row("->", rf"^(?P<a>.+?)\s*(?P<bad>->)\s*{_N}\s*$", "the expression alone is typed: {a}", _EMPTY),
    _row("[", r"^\s*(?P<bad>\[)\s*\{", "a list of problems is taken apart before: jq -c '.[]'"),
    _row('"', r'^\s*(?P<bad>")(?P<a>[^"]+)"\s*$', "without the quotes: {a}", "without the quotes"),
    _row(".", r"^\s*(?P<a>[\w./-]+(?P<bad>\.)(?:txt|py|tex|csv|json|md|dat))\s*$", "a file is read with an @: @{a}"),
    # brackets, dots, commas, colons
    _row("[", rf"(?P<bad>(?P<a>{_N})\[(?P<b>[^\[\]]*)\])", "{element}", ""),
    _row("{", r"(?P<bad>\blog_?\{(?P<b>\w+)\})\s*(?P<a>\([^()]*\)|\w+)?",
         "a logarithm to a base is written log({a:n}, {b})", "a logarithm to a base is written log(x, 2)"),
    _row("{", rf"(?P<bad>(?P<a>{_N})\{{(?P<b>[^{{}}]*)\}})", "{call}", ""),
    _row("{", rf"(?P<a>{_N})_(?P<bad>\{{(?P<b>\w+)\}})", "an index is part of the name: {a}_{b}"),
    _row("{", rf"(?P<a>{_A})\s*(?P<o>\^|\*\*)\s*(?P<bad>\{{(?P<b>[^{{}}]*)\}})", "write {a}{o}{b:b}", "write x^(2*y)"),
    _row(".", rf"(?P<bad>(?P<a>{_N})\.)\((?P<b>[^()]*)\)",
         "a dot before a bracket is not needed: {a}({b})", "a dot before a bracket is not needed: sin(x)"),
    _row(".", rf"(?P<a>{_A})?\s*(?P<bad>\.(?P<o>\*\*|[-*/^+]))\s*(?P<b>{_A})?",
         "numbers need no dot before an operator: {a}{o}{b}",
         "numbers need no dot before an operator: x*y", "{bad} is not an operator"),
    _row(",", r"(?<![\w.])(?P<a>[1-9][0-9]{0,2}(?P<bad>,)[0-9]{3}(?:,[0-9]{3})*)(?![\w.,])",
         "numbers have no commas: {a:d}", "numbers have no commas"),
    _row(_DIGITS, r"(?<![\w.])(?P<a>[1-9][0-9]{0,2}(?P<bad>['\s][0-9]{3}(?:['\s][0-9]{3})*))(?![\w.,])",
         "numbers have no blanks: {a:d}", "nothing parts the digits of a number"),
    _row(",", r"(?P<bad>\b[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+)",
         "the decimal mark is a point, and nothing parts the digits before it"),
    _row(",", r"^\s*(?P<bad>,)(?P<a>[0-9]+)", "the decimal mark is a point: 0.{a}"),
    _row("√", rf"(?P<bad>√\s*-)\s*(?P<a>{_A})", "write sqrt(-{a})", "write sqrt(-x)"),
    _row("√ ∛", rf"(?P<a>{_N})\s*(?P<bad>(?P<o>[√∛]))\s*(?P<b>{_A})",
         "a product is written {a}*{o}{b}", "a product is written with *"),
    _row(",", r"(?<![\w.,])(?P<a>[0-9]+)(?P<bad>,)(?P<b>[0-9]+)(?![\w.,])", "the decimal mark is a point: {a}.{b}"),
    _row(":", r"(?P<bad>\b[A-Za-z]{1,2}[0-9]+:[A-Za-z]{1,2}[0-9]+\b)", _CELLS),
    _row(":", rf"(?P<a>{_A})\s*(?P<bad>:)\s*(?P<b>{_A})\s*$", "a quotient is written {a}/{b}", "a quotient is written x/y"),
    _row("$", r"^(?P<bad>\*\*|\^)[^$]*\$$", "inside of double quotes the shell takes $x away: leave the dollars out"),
    _row("and or AND OR", r"(?P<bad>\b(?:and|or|AND|OR))\s*\(", _AND),
    _row(",", r"^(?P<a>[^,()]+)(?P<bad>,)\s*(?P<b>[^,()]+)$", _SEVERAL, _SEVERAL_ALONE),
    _row("[", r"^\s*(?P<bad>\[)\s*(?P<a>[^,\[\]]+),\s*(?P<b>[^,\[\]]+)\]\s*$", _SEVERAL, _SEVERAL_ALONE),
    _row(",", r"^\((?P<a>[^,()]+)(?P<bad>,)\s*(?P<b>[^,()]+)\)$", _SEVERAL, _SEVERAL_ALONE),
    _row("",
         rf"(?:(?P<c>[0-9.]+)\s*)?(?P<a>\bpi|π|\b[^\W\d_]{{1,2}}[0-9]?)\s+(?=(?P<b>{_N}(?:\^\w+|[²³])?)(?!\w|\s*\())(?!(?:for|in|if|then|else|with|where|and|or|to)\b)(?P<bad>{_N})",
         "a product is written {a}*{b}", "a product is written with *"),
)  # fmt: skip
