"""The frames of functions of arrays whose statements hold for all rows at once: of NumPy, JAX, PyTorch, TensorFlow, Octave.

Each of their libraries is a row of words for what brings rows to one number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from gradcli.calculus.exporting.columns.column_parts import ColumnParts, Entry, LevelParts, added, shown
from gradcli.calculus.exporting.target_language import Language
from gradcli.calculus.exporting.templates import bare

#: Words that the frames use beside those of their libraries.
HELPERS = (
    "shared_slope", "own_slopes", "least", "greatest", "real_only", "real_power", "pick", "remainder", "real_number",
    "settled", "attained", "value", "gradient", "point", "wanted", "allowed", "found", "part",
)  # fmt: skip


class ArrayWords(NamedTuple):
    """What a library calls what a frame needs: each text has {0} and {1} for its parts.

    total, least, greatest: of the numbers of rows. full: a number {0} in each row of {1}. number: what is alone made a
    number. end: of a statement.
    """

    language: Language
    frame: Callable[[ColumnParts, ArrayWords], str]
    total: str
    least: str
    greatest: str
    full: str
    number: str = "{0}"
    end: str = ""

    def written(self, op: str, *texts: str) -> str:
        """An operation of names and calls."""
        return self.language.operations[op].text.format(*texts)

    @property
    def nan(self) -> str:
        """No number, as an argument."""
        return self.language.call_literal.format(self.language.literal(float("nan")))


def body(parts: ColumnParts, words: ArrayWords, indent: str = "    ") -> list[str]:
    """The statements of all levels, of the last expression and of the gradient's entries."""
    rows = [line for level in parts.levels for line in _level(level, parts.rows, words, indent)]
    return rows + ending(parts, words, indent)


def _level(level: LevelParts, count: str, words: ArrayWords, indent: str) -> list[str]:
    rows = shown(level.lines, indent, words.end)
    if level.kind == "sum":
        made = [(level.target, _summed(level.value, level.varies, count, words))]
        made += [
            (slope.target, slope.text if slope.column else _summed(slope.text, slope.varies, count, words))
            for slope in level.slopes
        ]
    else:
        pick = words.least if level.kind == "min" else words.greatest
        made = [(level.row, level.value), (level.target, pick.format(level.row))]
        attained = f"{level.row} == {level.target}"
        made += [
            (slope.target, f"{'own_slopes' if slope.column else 'shared_slope'}({slope.text}, {attained})")
            for slope in level.slopes
        ]
    return rows + shown(made, indent, words.end)


def _summed(text: str, varies: bool, count: str, words: ArrayWords) -> str:
    return words.total.format(text) if varies else added_product(count, text, words)


def added_product(count: str, text: str, words: ArrayWords) -> str:
    """The sum of a text that is the same in all rows."""
    return words.written("mul", count, f"({text})")


def ending(parts: ColumnParts, words: ArrayWords, indent: str) -> list[str]:
    """The statements behind those of the levels: value, adjoints and the entries of the gradient."""
    lines, value = list(parts.lines), parts.value
    if parts.guarded:
        every = words.written("finite", parts.levels[0].target)
        for level in parts.levels[1:]:
            every = words.written("and", every, words.written("finite", level.target))
        lines.append((parts.known, bare(every)))
        value = words.written("select", parts.known, value, words.nan)
    elif any(value == level.target for level in parts.levels):
        value = words.written("settle", value)
    lines.append(("value", words.number.format(value)))
    lines += parts.adjoints
    for entry in parts.gradient:
        lines += _entry(entry, words)
    return shown(lines, indent, words.end)


def _entry(entry: Entry, words: ArrayWords) -> list[tuple[str, str]]:
    terms = [words.written("mul", *term) for term in entry.terms]
    alone = [entry.alone] if entry.alone else []
    text = added([*alone, *terms]) if alone or terms else words.language.literal(0.0)
    if entry.column and not entry.varies:
        text = words.full.format(text, entry.column)
    elif not terms:
        text = words.number.format(text)
    finite = bare(
        words.written("and", words.written("finite", "value"), words.written("finite", entry.target))
    )
    chosen = words.written("select", finite, entry.target, words.nan)
    return [(entry.target, text), (entry.target, chosen if entry.column else words.number.format(chosen))]


def entries(parts: ColumnParts) -> Sequence[str]:
    """What the entries of the gradient are called."""
    return [entry.target for entry in parts.gradient]
