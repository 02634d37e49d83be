"""Texts with columns → their levels."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from gradcli.language.call_signatures import advised, check_variables
from gradcli.language.errors import NameProblem, SyntaxProblem
from gradcli.language.name_meanings import is_plain
from gradcli.language.parser import parse
from gradcli.language.parser.defined_text import DefinedText, defined_text
from gradcli.language.parser.expansion import Typed
from gradcli.language.parser.generator_stack import run
from gradcli.language.parser.node_store import in_written_order, moved, written_size
from gradcli.language.parser.reading import check_length, reading
from gradcli.language.parser.row_columns import Columns
from gradcli.language.parser.shared_definitions import shared
from gradcli.language.rows.level_expansion import LevelExpansion
from gradcli.language.rows.row_levels import Level, Levels, is_inner
from gradcli.language.text_pieces import is_divided
from gradcli.language.tokens import Token, tokens
from gradcli.language.tree import Expression, Node, natural


def levels_of(texts: Sequence[str], columns: Mapping[str, int], given: Collection[str]) -> Levels:
    """The levels of the sum of *texts*, where *columns* have so many rows each and the numbers *given* have values.

    Raises what the parser raises, VariesByRow where a number for each row is left, and NotByLevels where the text must be
    written out.
    """
    held, known = Columns.of(columns), {*given, *columns}
    if len(texts) > 1 and not all(map(is_plain, texts)):
        return shared(texts, columns, lambda text, ends: _defined(text, ends, known, held))
    for text in texts:
        check_length(text)
    if len(texts) > 1:
        for text in texts:
            _read(text, known, held)
    return _read(texts[0] if len(texts) == 1 else " + ".join(f"({text})" for text in texts), known, held)


def _read(text: str, known: Collection[str], held: Columns) -> Levels:
    try:
        found = list(tokens(text, rows=True))
        if is_divided(text, found):
            return _defined(text, [found], known, held)
        nodes, root = reading(held.names)(text, found, known, {})
        expansion = LevelExpansion(text, parse, held)
        typed = Typed(nodes, root)
        expansion.check_one_number(typed, root)
        place = run(expansion.tree(typed, root, {}))
        return _levels(text, expansion, place, known)
    except (SyntaxProblem, NameProblem) as problem:
        raise advised(problem, text) from None


def _defined(text: str, ends: Sequence[Sequence[Token]], known: Collection[str], held: Columns) -> Levels:
    whole, roots = defined_text(text, ends, known, reading(held.names), LevelExpansion(text, parse, held))
    store = whole.expansion.store
    root = roots[0] if len(roots) == 1 else store.add("+", tuple(roots), "", (0, len(text)))
    return _levels(text, whole.expansion, root, known, whole)


def _levels(
    text: str,
    expansion: LevelExpansion | object,
    root: int,
    known: Collection[str],
    whole: DefinedText | None = None,
) -> Levels:
    assert isinstance(expansion, LevelExpansion)  # noqa: S101  (which it was made as)
    expansion.check_whole(root)
    nodes, needed = expansion.store.nodes, set[str]()
    last = _expression(text, nodes, root)
    waiting, kept = list(last.variables), list[Level]()
    named = {one.name: one for one in expansion.reductions}
    while waiting:
        name = waiting.pop()
        if name in needed:
            continue
        needed.add(name)
        if name in named:
            one = named[name]
            kept.append(Level(name, one.kind, _expression(text, nodes, one.root), one.over))
            waiting += kept[-1].expression.variables
    own = {name for name in needed if not is_inner(name)}
    own |= {expansion.elements[name].column for name in needed if name in expansion.elements}
    check_variables(text, own.difference(known), nodes)
    if whole is not None:
        own |= whole.mentioned()
    return Levels(
        text, tuple(sorted(kept, key=lambda level: int(level.name[1:]))), last,
        {name: element for name, element in expansion.elements.items() if name in needed},
        expansion.columns.names, tuple(sorted(own, key=natural)), expansion.less, tuple(expansion.remarks),
    )  # fmt: skip


def _expression(text: str, nodes: Sequence[Node], root: int) -> Expression:
    found = moved(nodes, in_written_order(nodes, root))
    names = {node.text for node in found if node.op == "name"}
    return Expression(text, found, tuple(sorted(names, key=natural)), (), written_size(found))
