"""MATLAB's and Octave's functions of arrays: the operations between the numbers of arrays, row by row."""

from __future__ import annotations

from gradcli.calculus.exporting.columns.array_frames import ArrayWords, body, entries
from gradcli.calculus.exporting.columns.column_parts import ColumnParts, ColumnTest
from gradcli.calculus.exporting.languages.matlab import MATLAB, OCTAVE, REMAINDER
from gradcli.calculus.exporting.source_escapes import commented, line_comment
from gradcli.calculus.exporting.target_language import Language, listed
from gradcli.calculus.exporting.templates import PRODUCT, Template, joined, templates

#: Functions that stand behind the generated one where it, or one of them before it, calls them.
_HELPERS = {
    "shared_slope": """function slope = shared_slope(slopes, attained)
% The one slope of the rows that attain an extreme; NaN where they differ.
    slopes = slopes + zeros(size(attained));
    slopes = slopes(attained);
    slope = NaN;
    if all(slopes == slopes(1))
        slope = slopes(1);
    end
end""",
    "own_slopes": """function slopes = own_slopes(slopes, attained)
% The slope of the row that attains an extreme along its own number, 0 elsewhere; NaN where several do.
    slopes = slopes + zeros(size(attained));
    if nnz(attained) > 1
        slopes(slopes ~= 0) = NaN;
    end
    slopes(~attained) = 0;
end""",
    "least": """function y = least(y)
% The least number; NaN where one is NaN.
    y = pick(any(isnan(y)), NaN, min(y));
end""",
    "greatest": """function y = greatest(y)
% The greatest number; NaN where one is NaN.
    y = pick(any(isnan(y)), NaN, max(y));
end""",
    "real_power": """function y = real_power(a, b)
% a.^b; NaN for what is not a real number.
    shape = max(size(a), size(b));
    a = a + zeros(shape);
    b = b + zeros(shape);
    y = NaN(shape);
    known = a >= 0 | b == floor(b);
    y(known) = a(known).^b(known);
end""",
    "real_only": """function y = real_only(y)
% NaN for what is not a real number.
    y(imag(y) ~= 0) = NaN;
    y = real(y);
end""",
    "remainder": """function r = remainder(x, y)
% x - y.*floor(x./y), exactly.
    shape = max(size(x), size(y));
    r = arrayfun(@remainder_of_one, x + zeros(shape), y + zeros(shape));
end

function r = remainder_of_one(x, y)
% What is taken off is never rounded.
"""
    + REMAINDER
    + "end",
    "pick": """function y = pick(condition, a, b)
% a where the condition holds, else b.
    shape = max(max(size(condition), size(a)), size(b));
    condition = condition & true(shape);
    a = a + zeros(shape);
    y = b + zeros(shape);
    y(condition) = a(condition);
end""",
}

#: The operations that are others between arrays.
_BETWEEN_ARRAYS = joined("&", "|", "({0})") | {
    "mul": Template("{0}.*{1}", (PRODUCT, PRODUCT + 1), PRODUCT),
    "div": Template("{0}./{1}", (PRODUCT, PRODUCT + 1), PRODUCT),
    "square": Template("{0}.*{0}", (PRODUCT + 1,), PRODUCT),
} | templates({"select": "pick({0}, {1}, {2})", "pow": "real_power({0}, {1})"})  # fmt: skip


def _function(parts: ColumnParts, words: ArrayWords) -> list[str]:
    rows = [f"function [value, gradient] = {parts.name}({listed(parts.arguments)})",
            *commented(parts.doc, "% ", line_comment)]  # fmt: skip
    rows += [f"    {name} = {name}(:);" for name in parts.columns]
    rows += [f"    {parts.rows} = numel({parts.columns[0]});"] if parts.counts else []
    rows += [*body(parts, words), f"    gradient = {{{listed(entries(parts))}}};", "end"]
    for name, text in _HELPERS.items():
        if any(f"{name}(" in row for row in rows):
            rows += ["", text]
    return rows


def _test(name: str, test: ColumnTest) -> list[str]:
    point, wanted, allowed = (
        [f"[{'; '.join(map(repr, part))}]" if isinstance(part, tuple) else repr(part) for part in row]
        for row in test
    )
    rows = [f"[value, gradient] = {name}({listed(point)});", "found = [{value}, gradient];"]
    rows += [f"wanted = {{{listed(wanted)}}};", f"allowed = {{{listed(allowed)}}};",
             "assert(numel(found) == numel(wanted));", "for k = 1:numel(wanted)",
             "    assert(numel(found{k}) == numel(wanted{k}));",
             "    assert(all(abs(found{k} - wanted{k}) <= allowed{k}));", "end", "disp('ok');"]  # fmt: skip
    return rows


def _octave(parts: ColumnParts, words: ArrayWords) -> str:
    rows = _function(parts, words)
    return "\n".join(["1;", "", *rows, "", *_test(parts.name, parts.test)] if parts.test else rows) + "\n"


def _matlab(parts: ColumnParts, words: ArrayWords) -> str:
    rows = _function(parts, words)
    return "\n".join([*_test(parts.name, parts.test), "", *rows] if parts.test else rows) + "\n"


def _arrays(language: Language) -> Language:
    return language._replace(operations={**language.operations, **_BETWEEN_ARRAYS})


_FULL = "({0}) + zeros(size({1}))"
MATLAB_COLUMNS = tuple(
    ArrayWords(_arrays(language), frame, "sum({0})", "least({0})", "greatest({0})", _FULL, end=";")
    for language, frame in ((MATLAB, _matlab), (OCTAVE, _octave))
)
