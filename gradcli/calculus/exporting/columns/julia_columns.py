"""Julia's functions of arrays: a row's statements stand in a loop over the rows."""

from __future__ import annotations

from gradcli.calculus.exporting.columns.array_frames import ArrayWords
from gradcli.calculus.exporting.columns.column_parts import (
    ColumnParts,
    ColumnTest,
    Entry,
    LevelParts,
    added,
    shown,
)
from gradcli.calculus.exporting.languages.julia import JULIA, REAL
from gradcli.calculus.exporting.reserved_words import words as words_of
from gradcli.calculus.exporting.source_escapes import interpolated
from gradcli.calculus.exporting.target_language import listed

_SETTLED = """# NaN for what is not finite.
settled(number) = isfinite(number) ? number : NaN
"""

_TIES = """# The one slope of the rows that attain an extreme; NaN where they differ.
function shared_slope(slopes, attained)
    low, high = extrema(slopes[attained])
    return low == high ? low : NaN
end

# The slope of the row that attains an extreme along its own number, 0 elsewhere; NaN where several do.
function own_slopes(slopes, attained)
    several = count(attained) > 1
    return [tied ? (several && slope != 0 ? NaN : slope) : 0.0 for (slope, tied) in zip(slopes, attained)]
end
"""

_SPECIAL = words_of(
    """erf erfc erfi erfinv gamma lgamma beta besselj bessely besseli besselk airyai airybi airyaiprime airybiprime
    polygamma ei erfcx erfcinv dawson betainc lowergamma uppergamma hurwitz_zeta spherical_jn spherical_yn"""
)

_TEST = """
value, gradient = {name}({point})
for (found, wanted, allowed) in zip((value, gradient...), ({wanted},), ({allowed},))
    @assert length(found) == length(wanted)
    @assert all(abs.(found .- wanted) .<= allowed) found
end
println("ok")
"""


def _frame(parts: ColumnParts, words: ArrayWords) -> str:
    lines = [line for level in parts.levels for line in _level(level)] + _ending(parts, words)
    rows = ["using SpecialFunctions", ""] if _SPECIAL & parts.operations else []
    rows += [REAL] if "real_number(" in parts.text else []
    rows += [_SETTLED]
    rows += [_TIES] if any("attained" in line for line in lines) else []
    rows += ['"""', *(interpolated(row) for row in parts.doc), '"""']
    rows += [f"function {parts.name}({listed(parts.arguments)})"]
    rows += [f"    {parts.rows} = Float64(length({parts.columns[0]}))"] if parts.counts else []
    rows += [*lines, f"    return value, ({''.join(f'{entry.target}, ' for entry in parts.gradient)})".replace(
        ", )", ",)"), "end"]  # fmt: skip
    return "\n".join(rows) + "\n" + (_tested(parts.name, parts.test) if parts.test else "")


def _level(level: LevelParts) -> list[str]:
    """A level: one pass over the rows that answers the row's number and slopes, and what becomes of them."""
    over = listed(level.columns)
    rows = [f"    {level.row} = map({over}) do {over}",
            *shown([(f"local {target}", text) for target, text in level.lines], " " * 8)]  # fmt: skip
    texts = [level.value, *(slope.text for slope in level.slopes)]
    rows += [f"        return ({listed([f'({text})' for text in texts])},)", "    end"]
    picks = [f"[part[{place}] for part in {level.row}]" for place in range(1, len(texts) + 1)]
    if level.kind == "sum":
        made = [(level.target, f"sum({picks[0]})")]
        made += [(slope.target, pick if slope.column else f"sum({pick})")
                 for slope, pick in zip(level.slopes, picks[1:], strict=True)]  # fmt: skip
    else:
        made = [(level.target, f"{level.kind}imum({picks[0]})")]
        attained = f"{picks[0]} .== {level.target}"
        made += [(slope.target, f"{'own_slopes' if slope.column else 'shared_slope'}({pick}, {attained})")
                 for slope, pick in zip(level.slopes, picks[1:], strict=True)]  # fmt: skip
    return rows + shown(made, "    ")


def _ending(parts: ColumnParts, words: ArrayWords) -> list[str]:
    lines, value = list(parts.lines), parts.value
    if parts.guarded:
        lines.append((parts.known, " && ".join(f"isfinite({level.target})" for level in parts.levels)))
        value = f"{parts.known} ? ({value}) : NaN"
    lines += [("value", f"settled({value})"), *parts.adjoints]
    lines += [(entry.target, _entry(entry)) for entry in parts.gradient]
    return shown(lines, "    ")


def _entry(entry: Entry) -> str:
    terms = [*([entry.alone] if entry.alone else []), *(f"{a}*{b}" for a, b in entry.terms)] or ["0.0"]
    if not entry.column:
        return f"settled(isfinite(value) ? ({added(terms)}) : NaN)"
    if not entry.terms:
        return f"fill(isfinite(value) ? ({added(terms)}) : NaN, length({entry.column}))"
    return f"isfinite(value) ? settled.({added(terms)}) : fill(NaN, length({entry.column}))"


def _tested(name: str, test: ColumnTest) -> str:
    point, wanted, allowed = (
        listed(["Float64[" + listed([repr(x) for x in part]) + "]" if isinstance(part, tuple) else repr(part)
                for part in row])
        for row in test
    )  # fmt: skip
    return _TEST.format(name=name, point=point, wanted=wanted, allowed=allowed)


JULIA_COLUMNS = ArrayWords(JULIA, _frame, "", "", "", "")
