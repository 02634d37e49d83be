"""Values of variables: `--x 5`, `--x=-3`, `--x pi/4`, `--at x=5,y=1/3` → numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from gradcli.calculus.backends.texts import TypedDigits, TypedFloat
from gradcli.language.errors import GradcliError, ValueProblem
from gradcli.language.names import checked_name

#: A value: a float, or a decimal text where more digits are asked for than a float has.
Value = float | str

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")


def number(name: str, text: str, digits: int = 15) -> Value:
    """The number that *text* spells: a decimal or a constant expression.

    Up to 15 digits a float, beyond them a decimal text with some digits to spare; both remember what they were typed as.
    Raises ValueProblem for what is no finite number; name is the variable, for the message.
    """
    text = text.strip().replace("−", "-")
    if not text:
        raise ValueProblem(f"the value of {name} is empty", hint=_example(name)).about(name)
    if "±" in text or "+-" in text or "+/-" in text:
        raise ValueProblem(f"the value of {name} has an uncertainty, which only the variables of grad may have",
                           text=text, span=(0, len(text)), hint=_example(name)).about(name)  # fmt: skip
    if _DECIMAL.fullmatch(text):
        if len(text) > 100:
            _check_length(name, text)
        return text if digits > 15 else TypedFloat(_finite(name, text, float(text)), text)
    from gradcli.calculus.compile import compile_value
    from gradcli.calculus.evaluate import evaluate, evaluate_digits

    try:
        program = compile_value(text)
        if program.variables:
            raise _not_a_number(name, text, _stranger(program.variables[0]))
        if digits > 15:
            return TypedDigits(str(evaluate_digits(program, text, {}, digits + 20).value), text)
        return TypedFloat(_finite(name, text, float(evaluate(program, text, {}).value)), text)
    except GradcliError as error:
        if isinstance(error, ValueProblem):
            raise
        if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", text):
            raise _not_a_number(name, text, "the decimal mark is a point") from error
        raise ValueProblem(f"the value of {name} is not a number: {error.message}",
                           text=error.text, span=error.span, hint=error.hint).about(name) from error  # fmt: skip


def _check_length(name: str, text: str) -> None:
    from gradcli.language.limits import limit, limit_problem

    if len(text) > limit("number"):
        raise limit_problem("number", f"the value of {name} has {len(text):,} characters: too long a number")


def _finite(name: str, text: str, value: float) -> float:
    if not -1.8e308 < value < 1.8e308:
        raise _not_a_number(name, text, "it is too large for a float")
    return value


def _not_a_number(name: str, text: str, why: str) -> ValueProblem:
    return ValueProblem(f"the value of {name} is not a number: {why}", text=text, span=(0, len(text)),
                        hint=_example(name)).about(name)  # fmt: skip


def _stranger(word: str) -> str:
    """Why a name that is in the place of a number is none."""
    if word.casefold() in ("nan", "inf", "infinity"):
        return "it must be finite"
    return f"{word} is a name"


def _example(name: str) -> str:
    option = f"--{name} 5" if name.isascii() else f"--at {name}=5"
    return f"a value is a number or a constant such as pi/4: {option}"


def assignments(text: str, option: str = "--at") -> list[tuple[str, str]]:
    """`x=5,y=max(1,2)` → pairs of name and text; commas inside brackets do not separate."""
    pairs = []
    for piece, start in pieces(text):
        name, equals, value = piece.partition("=")
        if not text.strip():
            raise ValueProblem(f"{option} is empty", hint=f"for example {option} x=5,y=3")
        if not equals or not name.strip() or not value.strip():
            raise ValueProblem(f"{option} takes NAME=VALUE,NAME=VALUE", text=text,
                               span=(start, max(start + len(piece), start + 1)),
                               hint=f"for example {option} x=5,y=3")  # fmt: skip
        begin = start + len(name) - len(name.lstrip())
        span = (begin, begin + len(name.strip()))
        pairs.append((checked_name(normal(name.strip()), option, text=text, span=span), value.strip()))
    return pairs


def words(text: str, option: str, example: str) -> tuple[str, ...]:
    """`sgd,adam` → words, each once. Raises ValueProblem, about *option*, where there are none."""
    found = dict.fromkeys(normal(part.strip()) for part in text.split(",") if part.strip())
    if not found:
        raise ValueProblem(f"{option} names nothing", hint=f"for example {option} {example}")
    return tuple(found)


def names(text: str | None, option: str = "--wrt", example: str = "x,y") -> tuple[str, ...] | None:
    """`x,y` → names, or None for None. Raises ValueProblem, about *option*, where there are none, or one is none."""
    if text is None:
        return None
    return tuple(checked_name(word, option) for word in words(text, option, example))


def listed(text: str, option: str = "--wrt") -> list[str]:
    """The names in `x,x,y`, those that come twice as well. Raises ValueProblem for what is no name."""
    return [checked_name(normal(part.strip()), option) for part in text.split(",") if part.strip()]


def normal(name: str) -> str:
    """A name in the form in which the language compares names."""
    if name.isascii():
        return name
    import unicodedata

    return unicodedata.normalize("NFC", name)


def gathered(pairs: Iterable[tuple[str, str]], digits: int = 15) -> dict[str, Value]:
    """Pairs of name and text → values; a name given twice is an error."""
    values: dict[str, Value] = {}
    for name, text in pairs:
        if name in values:
            raise ValueProblem(f"{name} is given twice", hint="give each variable one value")
        values[name] = number(name, text, digits)
    return values


def check_names(at: Mapping[str, object], variables: Sequence[str]) -> None:
    """Raises ValueProblem for a value whose name is not a variable of the expression."""
    for name in at:
        if name not in variables:
            from gradcli.language.suggest import nearest

            message = f"{name} is not a variable of the expression"
            product = next(
                (v for v in variables if len(v) > 1 and name in v and all(c in at for c in v)), None
            )
            if product:
                raise ValueProblem(
                    message, hint=f"{product} is one name: a product is written {'*'.join(product)}"
                )
            found = nearest(name, variables)
            hint = f"did you mean --{found}?" if found else _listing(variables)
            raise ValueProblem(message, hint=hint).about(name)


def check_complete(at: Mapping[str, object], variables: Sequence[str]) -> None:
    """Raises ValueProblem for a variable that has no value."""
    missing = [name for name in variables if name not in at]
    if not missing:
        return
    name = missing[0]
    if len(name) > 1 and all(letter in at or letter in variables for letter in name):
        hint = f"a product is written {'*'.join(name)}"
    else:
        hint = f"give it one: --{name} 1" if name.isascii() else f"give it one: --at {name}=1"
    others = f"{', '.join(missing[1:4])}{', …' if len(missing) > 4 else ''}"
    more = f", and neither {'has' if len(missing) == 2 else 'have'} {others}" if others else ""
    raise ValueProblem(f"{name} has no value{more}", hint=hint)


def check_wrt(wrt: Sequence[str] | None, variables: Sequence[str], at: Mapping[str, object]) -> None:
    """Raises ValueProblem for a name in --wrt that is neither in the expression nor given a value."""
    for name in wrt or ():
        if name not in variables and name not in at:
            from gradcli.language.suggest import nearest

            found = nearest(name, variables)
            hint = f"did you mean {found}?" if found else _listing(variables)
            raise ValueProblem(f"--wrt {name}: it is not a variable of the expression", hint=hint)


def connected(wrt: Sequence[str] | None, variables: Sequence[str]) -> tuple[str, ...] | None:
    """The names of --wrt that can move: those that occur in the expression. Raises ValueProblem for none of them."""
    if not wrt:
        return None if wrt is None else ()  # --stop may hold all of them constant
    found = tuple(name for name in wrt if name in variables)
    if not found:
        raise ValueProblem(f"--wrt {','.join(wrt[:8])}: nothing of it is in the expression, so nothing would move",
                           hint=_listing(variables))  # fmt: skip
    return found


def _listing(variables: Sequence[str]) -> str:
    if not variables:
        return "the expression has no variables"
    if len(variables) == 1:
        return f"its only variable is {variables[0]}"
    shown = ", ".join(variables[:8])
    return f"its variables are {shown}{', …' if len(variables) > 8 else ''}"


def pieces(text: str) -> list[tuple[str, int]]:
    """The parts of *text* between commas that stand outside of brackets, each with its start."""
    pieces, depth, start = [], 0, 0
    for index, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            pieces.append((text[start:index], start))
            start = index + 1
    return [*pieces, (text[start:], start)]
