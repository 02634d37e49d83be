"""The programs of a text with columns in a language's own instructions, under names that no text of a user's has."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from gradcli.calculus.corners.framework_answers import FRAMEWORKS, answers
from gradcli.calculus.exporting.exported_program import exported_program
from gradcli.calculus.exporting.graph_building import Lacking
from gradcli.calculus.exporting.lowering.lowered_program import lowered
from gradcli.calculus.exporting.reserved_words import words
from gradcli.calculus.exporting.target_language import Language
from gradcli.calculus.program.program import Program, made_of
from gradcli.calculus.rows.row_program import RowsProgram
from gradcli.language.errors import UsageProblem
from gradcli.language.expression_text import text_of
from gradcli.language.rows.row_levels import ROWS, Levels
from gradcli.language.tree import Expression

#: Nodes of a row's expression up to which it is looked through for roots of powers.
_READ_AGAIN = 2_000

#: Instructions out of which nothing finite comes where something infinite or NaN went in.
_PASSING = words("add sub mul neg square sqrt log log10 log2 log1p abs")


class RowPrograms(NamedTuple):
    """The lowered programs of each level, by name, and of what is made of them at last, whose name is empty.

    variables of the programs are the text's own and `inner`: by the names of levels, and of the number of rows.
    guarded: whether something finite may come of a level that has no number.
    """

    kinds: Mapping[str, str]
    programs: Mapping[str, Program]
    inner: Mapping[str, str]
    guarded: bool


def row_programs(language: Language, rows: RowsProgram, levels: Levels, corner: str) -> RowPrograms:
    """Every program of *rows* in the instructions of *language*. Raises Lacking, and UsageProblem for corners of extremes."""
    inner = _inner_names(rows)
    named = [*((level.name, level.program) for level in rows.levels), ("", rows.last)]
    kinds = {level.name: level.kind for level in rows.levels}
    expressions = {level.name: level.expression for level in levels.levels} | {"": levels.last}
    programs, live = dict[str, Program](), _live(named)
    for name, program in named:
        kept = program if name in live else program._replace(gradient=(None,) * len(program.variables))
        if corner != "none" and kinds.get(name, "sum") != "sum" and any(s is not None for s in kept.gradient):
            raise UsageProblem(f"--corner {corner}: min and max of rows are written without answers to ties",
                               hint="without --corner a tie is NaN")  # fmt: skip
        programs[name] = _lowered(language, kept, expressions[name], inner, (rows.text, corner))
    guarded = any(_hides(program, kinds.keys()) for _, program in named)
    return RowPrograms(kinds, programs, inner, guarded)


def _hides(program: Program, levels: Collection[str]) -> bool:
    """Whether the value may be finite where a level has no number."""
    reached = made_of(program, (program.value,))
    of_levels = {place for place, name in enumerate(program.variables) if name in levels}
    for slot, (op, *places) in enumerate(program.code, program.first):
        if slot not in reached or not of_levels.intersection(places):
            continue
        of_levels.add(slot)
        if op not in _PASSING and not (op == "div" and places[1] not in of_levels):
            return True
    return False


def _inner_names(rows: RowsProgram) -> dict[str, str]:
    mark = "level"
    while any(name.startswith(mark) for name in rows.variables):
        mark += "_"
    return {level.name: f"{mark}{level.name[1:]}" for level in rows.levels} | {ROWS: f"{mark}0"}


def _live(named: Sequence[tuple[str, Program]]) -> set[str]:
    """The levels on which the value depends where it has slopes."""
    live = {""}
    for name, program in reversed(named):
        if name in live:
            paired = zip(program.variables, program.gradient, strict=True)
            live |= {variable for variable, slot in paired if slot is not None}
    return live


def _lowered(
    language: Language,
    program: Program,
    expression: Expression,
    inner: Mapping[str, str],
    asked: tuple[str, str],
) -> Program:
    """One program, its inner names replaced. asked: the text of which its spans are, and what is answered at corners."""
    text, corner = asked
    along = [name for name, slot in zip(program.variables, program.gradient, strict=True) if slot is not None]
    program = program._replace(variables=tuple(inner.get(name, name) for name in program.variables))
    if expression.size <= _READ_AGAIN:
        own = _text(expression, inner)
        rewritten = exported_program(program, own, [inner.get(name, name) for name in along])
        if rewritten is not program:
            program, text = rewritten, own
    return lowered(program, language, answers(program, text, corner) if corner in FRAMEWORKS else None)


def _text(expression: Expression, inner: Mapping[str, str]) -> str:
    nodes = tuple(
        node._replace(text=inner.get(node.text, node.text)) if node.op == "name" else node
        for node in expression.nodes
    )
    return text_of(expression._replace(nodes=nodes))


def has_all(language: Language, rows: RowsProgram, levels: Levels, corner: str) -> bool:
    """Whether the language has what the programs need."""
    try:
        row_programs(language, rows, levels, corner)
    except Lacking:
        return False
    return True
