"""A lowered program → statements of a language: what is used once stands where it is used."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from gradcli.calculus import floats
from gradcli.calculus.exporting.language import Language
from gradcli.calculus.program import Program
from gradcli.language.errors import DomainProblem

#: What is longer than this gets a statement of its own.
LONGEST = 48

_CONDITIONS = frozenset(("lt", "le", "eq", "ne", "and", "or"))
_CALL = re.compile(r"[A-Za-z_][\w.:]*\(.*\)|\(.*\)", re.DOTALL)
_METHOD = re.compile(r"\{0\}\.\w+\(.*\)")

#: How tightly operators bind, and how tightly their operands must.
_ATOM = 9
_LEVELS = {"lt": 3, "le": 3, "eq": 3, "ne": 3, "add": 4, "sub": 4, "neg": 4, "mul": 5, "div": 5}
_NEEDS = {"add": (4, 5), "sub": (4, 5), "mul": (5, 6), "div": (5, 6), "neg": (5,)} | dict.fromkeys(
    ("lt", "le", "eq", "ne"), (4, 4)
)


class _Text(NamedTuple):
    text: str
    level: int
    literal: float | None = None


class Statements(NamedTuple):
    """Targets and texts in order, and the texts of the value and of each partial (None: not connected)."""

    lines: tuple[tuple[str, str], ...]
    value: str
    gradient: Mapping[str, str | None]


def statements(program: Program, language: Language, names: Mapping[str, str], prefix: str) -> Statements:
    """The statements of a program whose instructions the language has. Names are the arguments' names."""
    texts = [_Text(names[name], _ATOM) for name in program.variables]
    texts += [_number(floats.constant(text), language) for text in program.constants]
    texts += [_number(number, language) for number in _folded(program)]
    uses, lines = _uses(program, language), list[tuple[str, str]]()
    for index in range(program.folded, len(program.code)):
        slot, op = program.first + index, program.code[index][0]
        made = _instruction(program, index, texts, language)
        short = uses[slot] == 1 and len(made.text) <= LONGEST
        if op not in _CONDITIONS and not short:
            text = made.text
            if index in program.guarded and language.quiet:
                text = language.quiet.format(text)
            lines.append((f"{prefix}{len(lines) + 1}", text))
            made = _Text(lines[-1][0], _ATOM)
        texts.append(made)
    gradient = {
        name: None if slot is None else texts[slot].text
        for name, slot in zip(program.variables, program.gradient, strict=True)
    }
    return Statements(tuple(lines), texts[program.value].text, gradient)


def _number(number: float, language: Language) -> _Text:
    if math.isinf(number):
        raise DomainProblem("a number in the expression is too large for a float")
    return _Text(language.literal(number), _ATOM, number)


def _folded(program: Program) -> list[float]:
    """The results that depend on constants alone: NaN for pieces without a value, which need not be taken.

    Raises DomainProblem where what is always needed has none.
    """
    slots = [math.nan] * len(program.variables) + [floats.constant(text) for text in program.constants]
    for index, function in enumerate(floats.table(program)[: program.folded]):
        try:
            slots.append(function(*(slots[place] for place in program.code[index][1:])))
        except (ValueError, ArithmeticError):
            raise DomainProblem(
                f"{program.code[index][0]} has no value at a constant of the expression"
            ) from None
    return slots[program.first :]


def _uses(program: Program, language: Language) -> Counter[int]:
    """How often each slot's text would be written."""
    uses = Counter([program.value, *(slot for slot in program.gradient if slot is not None)])
    for op, *places in program.code:
        template = language.operations[op]
        for position, place in enumerate(places):
            uses[place] += template.count(f"{{{position}}}")
    return uses


def _instruction(program: Program, index: int, texts: list[_Text], language: Language) -> _Text:
    op, *places = program.code[index]
    operands = [texts[place] for place in places]
    template = language.operations[op]
    needs: tuple[int, ...]
    if op == "pow":
        template = _power(operands, language) or template
    if _METHOD.fullmatch(template):
        level = _ATOM
        needs = (_ATOM, 0, 0)
    elif _CALL.fullmatch(template):
        level, needs = _ATOM, (0, 0, 0)
        operands = [_argument(operand, language) for operand in operands]
    else:
        level, needs = _LEVELS.get(op, 6), (*_NEEDS.get(op, ()), _ATOM, _ATOM, _ATOM)
    parts = [
        f"({operand.text})" if operand.level < need else operand.text
        for operand, need in zip(operands, needs, strict=False)
    ]
    return _Text(template.format(*parts), level)


def _argument(operand: _Text, language: Language) -> _Text:
    if operand.literal is None:
        return operand
    return _Text(language.call_literal.format(operand.text), _ATOM)


def _power(operands: list[_Text], language: Language) -> str | None:
    """The template for a power with a whole exponent, where the language has one of its own."""
    exponent, template = operands[1].literal, language.operations.get("powi")
    if template is None or exponent is None or not exponent.is_integer() or abs(exponent) > 1000:
        return None
    return template.replace("{n}", str(int(exponent)) if exponent >= 0 else f"({int(exponent)})")
