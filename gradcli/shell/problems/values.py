"""Values of variables: `--x 5`, `--x=-3`, `--x pi/4`, `--at x=5,y=1/3` → numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gradcli.calculus.program.typed_numbers import TypedDigits, TypedFloat, is_decimal
from gradcli.language.column_names import as_rows, column_of, element, is_element
from gradcli.language.errors import GradcliError, ValueProblem
from gradcli.language.names import checked_name, is_name, normal

#: A value: a float, or a decimal text where more digits are asked for than a float has.
Value = float | str

#: Digits of the largest exponent in a value.
_EXPONENT = 4


def number(name: str, text: str, digits: int = 15) -> Value:
    """The number that *text* spells: a decimal or a constant expression.

    Up to 15 digits a float, beyond them a decimal text with some digits to spare; both remember what they were typed as.
    Raises ValueProblem for what is no finite number; name is the variable, for the message.
    """
    text = text.strip().replace("−", "-")
    if not text:
        raise ValueProblem(f"the value of {name} is empty", hint=_example(name)).about(name)
    if text.startswith("@"):
        raise _not_a_number(name, text, "it is the name of a file", f"--at {text} reads values")
    if "±" in text or "+-" in text or "+/-" in text:
        raise ValueProblem(f"the value of {name} has an uncertainty, which only the variables of grad may have",
                           text=text, span=(0, len(text)), hint=_example(name)).about(name)  # fmt: skip
    if is_decimal(text, _EXPONENT):
        if len(text) > 100:
            _check_length(name, text)
        return text if digits > 15 else TypedFloat(_finite(name, text, float(text)), text)
    from gradcli.calculus.evaluation.gradient_at_point import evaluate, evaluate_digits
    from gradcli.calculus.graph.reverse_sweep import compile_value

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
        if (column := _as_column(text)) is not None and not is_element(name):
            raise ValueProblem(f"the value of {name} is not a number: it is several", text=text,
                               span=(0, len(text)), hint=f'--{name} "{column}"').about(name) from error  # fmt: skip
        if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", text):
            hint = f"--{name} {text.replace(',', '.')}"
            raise _not_a_number(name, text, "the decimal mark is a point", hint) from error
        raise ValueProblem(f"the value of {name} is not a number: {error.message}",
                           text=error.text, span=error.span, hint=error.hint).about(name) from error  # fmt: skip


#: Several numbers as lists are written elsewhere: 1,2,3; (1, 2); {1 2 3}.
_SEVERAL = r"[(\[{]?\s*([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?(?:\s*[,;]\s*|\s+)[-+0-9.eE,;\s]+)[)\]}]?"


def _as_column(text: str) -> str | None:
    """How several numbers are written as a column; None for anything else, and for a decimal comma."""
    match = re.fullmatch(_SEVERAL, text)
    if match is None or re.fullmatch(r"[+-]?[0-9]+,[0-9]+", text):
        return None
    numbers = re.split(r"[,;\s]+", match[1].strip(" ,;"))
    return f"[{', '.join(numbers)}]"


def _check_length(name: str, text: str) -> None:
    from gradcli.language.limits import limit, limit_problem

    if len(text) > limit("number"):
        raise limit_problem("number", f"the value of {name} has {len(text):,} characters: too long a number")


def _finite(name: str, text: str, value: float) -> float:
    if not -1.8e308 < value < 1.8e308:
        raise _not_a_number(name, text, "it is too large for a float")
    return value


def _not_a_number(name: str, text: str, why: str, hint: str | None = None) -> ValueProblem:
    return ValueProblem(f"the value of {name} is not a number: {why}", text=text, span=(0, len(text)),
                        hint=hint or _example(name)).about(name)  # fmt: skip


def _stranger(word: str) -> str:
    """Why a name that is in the place of a number is none."""
    if word.casefold() in ("nan", "inf", "infinity"):
        return "it must be finite"
    return f"{word} is a name"


def _example(name: str) -> str:
    if is_element(name):
        return _COLUMN.format(column_of(name))
    option = f"--{name} 5" if name.isascii() else f"--at {name}=5"
    return f"a value is a number or a constant such as pi/4: {option}"


#: What options whose values are intervals take.
_EXAMPLES = dict.fromkeys(("--box", "--bounds", "--range"), "x=-5:5")


def assignments(text: str, option: str = "--at") -> list[tuple[str, str]]:
    """`x=5,y=max(1,2)` → pairs of name and text; commas inside brackets do not separate."""
    pairs = []
    for piece, start in pieces(text):
        name, equals, value = piece.partition("=")
        if not text.strip():
            raise ValueProblem(
                f"{option} is empty", hint=f"for example {option} {_EXAMPLES.get(option, 'x=5,y=3')}"
            )
        if not equals or not name.strip() or not value.strip():
            raise ValueProblem(f"{option} takes NAME=VALUE,NAME=VALUE", text=text,
                               span=(start, max(start + len(piece), start + 1)),
                               hint=f"for example {option} {_EXAMPLES.get(option, 'x=5,y=3')}")  # fmt: skip
        if (blank := re.search(r"\s+(?=[^\W\d]\w*\s*=[^=])", value.strip())) is not None:
            apart = re.sub(r"\s+(?=[^\W\d]\w*\s*=[^=])", ",", piece.strip())
            place = start + piece.index(value) + len(value) - len(value.lstrip()) + blank.start()
            raise ValueProblem(f"{option}: values are separated by commas", text=text, span=(place, place + 1),
                               hint=f"{option} {apart}")  # fmt: skip
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
    found = words(text, option, example)
    if any(" " in word for word in found) and all(map(is_name, text.replace(",", " ").split())):
        meant = ",".join(text.replace(",", " ").split())
        raise ValueProblem(
            f"{option} takes NAME,NAME",
            text=text,
            span=(0, len(text)),
            hint=f"did you mean {option} {meant}?",
        )
    return tuple(checked_name(word, option) for word in found)


def listed(text: str, option: str = "--wrt") -> list[str]:
    """The names in `x,x,y`, those that come twice as well. Raises ValueProblem for what is no name."""
    return [checked_name(normal(part.strip()), option) for part in text.split(",") if part.strip()]


def gathered(pairs: Iterable[tuple[str, str]], digits: int = 15) -> dict[str, Value]:
    """Pairs of name and text → values; a name given twice is an error."""
    values: dict[str, Value] = {}
    columns = set[str]()
    for name, text in pairs:
        if name in values or name in columns:
            raise ValueProblem(f"{name} is given twice", hint="give each variable one value")
        if text.lstrip().startswith("["):
            columns.add(name)
            values |= as_rows(name, column(name, text.strip(), digits))
        else:
            values[name] = number(name, text, digits)
    return values


def typed_texts(at: Iterable[str], values: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What was typed for each name, and for each number of a column: texts of --at, pairs of names and texts."""
    found: dict[str, str] = {}
    for name, text in [*(pair for one in at for pair in assignments(one)), *values]:
        listed = text.strip()
        if listed.startswith("[") and listed.endswith("]"):
            found |= as_rows(name, [part.strip() for part, _ in pieces(listed[1:-1])])
        else:
            found[name] = text
    return found


def column(name: str, text: str, digits: int = 15) -> list[Value]:
    """The numbers that `[1, 2, 3]` spells. Raises ValueProblem for anything else, and for none."""
    if not text.endswith("]"):
        raise ValueProblem(f"the numbers of {name} have no ] behind them", text=text,
                           span=(0, len(text)), hint=_COLUMN.format(name)).about(name)  # fmt: skip
    parts = pieces(text[1:-1])
    if len(parts) == 1 and not parts[0][0].strip():
        raise ValueProblem(
            f"{name} has no numbers", text=text, span=(0, len(text)), hint=_COLUMN.format(name)
        ).about(name)
    if len(parts) == 1 and (several := _as_column(parts[0][0].strip())) is not None:
        raise ValueProblem(f"the numbers of {name} are separated by commas", text=text, span=(0, len(text)),
                           hint=f'--{name} "{several}"').about(name)  # fmt: skip
    return [number(element(name, row), part, digits) for row, (part, _) in enumerate(parts)]


_COLUMN = 'a column of numbers is written --{} "[1, 2, 3]"'


def pieces(text: str) -> list[tuple[str, int]]:
    """The parts of *text* between commas that stand outside of brackets, each with its start."""
    pieces, depth, start = [], 0, 0
    for index, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if character == "," and depth == 0:
            pieces.append((text[start:index], start))
            start = index + 1
    return [*pieces, (text[start:], start)]
