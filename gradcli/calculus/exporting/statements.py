"""A lowered program → statements of a language: what is used once stands where it is used."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from gradcli.calculus.backends import float_backend
from gradcli.calculus.exporting.target_language import Language
from gradcli.calculus.exporting.templates import ATOM, LOOSE, Template, bare
from gradcli.calculus.program.program import Program

#: What is longer than this gets a statement of its own.
LONGEST = 48

#: Instructions whose results are no numbers: they stand where they are used.
_CONDITIONS = frozenset(("lt", "le", "eq", "ne", "and", "or", "finite"))

#: The largest whole exponent for which a language's own notation is taken: it may multiply one factor at a time.
_LARGEST_POWER = 16


class _Text(NamedTuple):
    text: str
    level: int
    literal: float | None = None


class Statements(NamedTuple):
    """Targets and texts in order, and the texts of the value, of each partial, and of one along what f does not depend on."""

    lines: tuple[tuple[str, str], ...]
    value: str
    gradient: Mapping[str, str]
    nothing: str


def statements(
    program: Program,
    language: Language,
    names: Mapping[str, str],
    prefix: str,
    named: Mapping[int, str] | None = None,
) -> Statements:
    """The statements of a program whose instructions the language has.

    names: the arguments' names. named: slots that have a statement of their own, with this target.
    """
    named = named or {}
    texts = [_Text(language.argument.format(names[name]), ATOM) for name in program.variables]
    numbers = [float_backend.constant(text) for text in program.constants]
    texts += [_Text(language.literal(number), ATOM, number) for number in numbers]
    uses, lines = _uses(program, language), list[tuple[str, str]]()
    for slot, (op, *places) in enumerate(program.code, program.first):
        made = _instruction(op, [texts[place] for place in places], language)
        short = uses[slot] == 1 and len(made.text) <= LONGEST
        if op not in _CONDITIONS and (not short or slot in named):
            target = named.get(slot) or f"{prefix}{len(lines) + 1}"
            lines.append((target, bare(made.text)))
            made = _Text(language.variable.format(target), ATOM)
        texts.append(made)
    zero, nan = (_Text(language.literal(number), ATOM, number) for number in (0.0, math.nan))
    known = _instruction("finite", [texts[program.value]], language)
    nothing = _instruction("select", [known, zero, nan], language)
    gradient = {
        name: bare(texts[slot].text)
        for name, slot in zip(program.variables, program.gradient, strict=True)
        if slot is not None
    }
    return Statements(tuple(lines), bare(texts[program.value].text), gradient, bare(nothing.text))


def _uses(program: Program, language: Language) -> Counter[int]:
    """How often each slot's text would be written."""
    uses = Counter([program.value, *(slot for slot in program.gradient if slot is not None)])
    for op, *places in program.code:
        text = language.operations[op].text
        for position, place in enumerate(places):
            uses[place] += text.count(f"{{{position}}}")
    for slot, (op, *places) in reversed(list(enumerate(program.code, program.first))):
        if op in _CONDITIONS:  # written as often as what it is part of
            for place in places:
                uses[place] += max(uses[slot] - 1, 0)
    return uses


def _instruction(op: str, operands: list[_Text], language: Language) -> _Text:
    template = _variant(op, operands, language)
    parts = []
    for operand, need in zip(operands, template.needs, strict=False):
        text = bare(operand.text) if need == LOOSE else operand.text
        if need == LOOSE and operand.literal is not None:
            text = language.call_literal.format(text)
        parts.append(f"({text})" if operand.level < need else text)
    return _Text(template.text.format(*parts), template.level)


def _variant(op: str, operands: list[_Text], language: Language) -> Template:
    """The template of an operation: of a power with a whole exponent, or a division by a number, there may be another."""
    template = language.operations[op]
    literal = operands[-1].literal
    if literal is None:
        return template
    if op == "div" and literal:
        return language.operations.get("div_by_number", template)
    if (
        op == "pow"
        and literal.is_integer()
        and abs(literal) <= _LARGEST_POWER
        and "powi" in language.operations
    ):
        whole = language.operations["powi"]
        text = whole.text.replace("{n}", str(int(literal)) if literal >= 0 else f"({int(literal)})")
        return Template(text, whole.needs, whole.level)
    return template
