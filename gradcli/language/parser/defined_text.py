"""A text of pieces → one expression: its definitions in order, then what it is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from gradcli.language.errors import NameProblem, SyntaxProblem
from gradcli.language.function_table import CONSTANTS, SPELLINGS
from gradcli.language.parser.expansion import Expansion, Read, ReadPiece, Typed, leaves
from gradcli.language.parser.generator_stack import run
from gradcli.language.parser.node_store import in_written_order, moved, written_size
from gradcli.language.parser.row_columns import NONE, Columns, with_all_rows
from gradcli.language.text_pieces import Piece, pieces
from gradcli.language.tokens import Token
from gradcli.language.tree import Definition, Expression, Node, Span, natural


def defined_expression(
    text: str,
    parts: Sequence[Sequence[Token]],
    given: Collection[str],
    read_piece: ReadPiece,
    read: Read,
    columns: Columns = NONE,
) -> Expression:
    """The sum of the expressions of *parts*, the tokens of each part in *text*; all parts share their definitions.

    Raises SyntaxProblem, NameProblem or LimitProblem, which point at the characters at fault.
    """
    whole, roots = defined_text(text, parts, given, read_piece, Expansion(text, read, None, columns))
    return whole.result(roots)


def defined_text(
    text: str,
    parts: Sequence[Sequence[Token]],
    given: Collection[str],
    read_piece: ReadPiece,
    expansion: Expansion,
) -> tuple[DefinedText, list[int]]:
    """What is read of *text* into the nodes of *expansion*, and the position of the expression of each of its *parts*."""
    divided = [_divided(text, pieces(text, part)) for part in parts]
    definitions = [piece for part, _ in divided for piece in part]
    _check_names(text, definitions, given)
    whole = DefinedText(text, definitions, given, read_piece, expansion)
    for piece in definitions:
        whole.define(piece)
    return whole, [whole.expression(piece) for _, piece in divided]


def expanded_expression(
    text: str, nodes: Sequence[Node], root: int, read: Read, given: Collection[str], columns: Columns = NONE
) -> Expression:
    """A text without definitions, its sums, derivatives and chains of comparisons written out.

    Names with values that stand in empty sums alone are variables of it.
    """
    expansion = Expansion(text, read, None, columns)
    typed = Typed(nodes, root)
    expansion.check_one_number(typed, root)
    place = run(expansion.tree(typed, root, {}))
    places = in_written_order(expansion.store.nodes, place)
    found = moved(expansion.store.nodes, places)
    names = with_all_rows({node.text for node in found if node.op == "name"}, columns)
    names |= {leaf.text for leaf in leaves(typed)} & set(given) - columns.names
    return Expression(
        text, found, tuple(sorted(names, key=natural)), (), written_size(found), tuple(expansion.remarks)
    )


def _divided(text: str, found: Sequence[Piece]) -> tuple[list[Piece], Piece]:
    """The definitions, and the one expression behind them. Raises SyntaxProblem for another order."""
    if not found:
        raise SyntaxProblem("the expression is empty")
    named = [piece for piece in found if piece.name is not None]
    bare = [piece for piece in found if piece.name is None]
    if not bare:
        message = (
            "a definition, and no expression after it"
            if len(named) == 1
            else "definitions, and no expression"
        )
        raise SyntaxProblem(message, text=text, span=named[-1].span, hint=_meant(text, named[-1]))
    if len(bare) > 1:
        hint = "several expressions are several arguments; a definition is NAME = expression"
        hint = "a definition is written with =: u = x*y; u**2" if "<-" in text else hint
        raise SyntaxProblem("a second expression: there is one, after the definitions",
                            text=text, span=bare[1].span, hint=hint)  # fmt: skip
    if found[-1].name is not None:
        from gradcli.language.hints.definition_advice import ordered_advice

        message = "a definition behind the expression: definitions come before it"
        typed = [text[slice(*piece.span)].strip() for piece in (*named, bare[0])]
        raise SyntaxProblem(
            message, text=text, span=found[-1].span, hint=ordered_advice(typed[:-1], typed[-1])
        )
    return named, bare[0]


def _meant(text: str, piece: Piece) -> str:
    name = piece.defined
    for before, token in pairwise(piece.body):
        if token.text in ("+", "-") and "\n" in text[before.end : token.start]:
            return f"a line that begins with {token.text} continues the line above: end that one with ;"
    from gradcli.language.hints.definition_advice import alone_advice

    body = text[piece.body[0].start : piece.body[-1].start].strip()
    names = [token.text for token in piece.body if token.kind == "name"]
    function = piece.parameters is not None
    typed = (
        body.isprintable()
        and body[0] not in "*/^>,)"
        and body.count("(") == body.count(")")
        and '"' not in body
    )
    return alone_advice(name, body, names, function=function, typed=typed)


def _check_names(text: str, definitions: Sequence[Piece], given: Collection[str]) -> None:
    """Raises NameProblem for a name that is defined twice, or has a value."""
    seen = set[str]()
    for piece in definitions:
        name = piece.name
        if name is None:
            continue
        if name.text in seen:
            raise NameProblem(f"{name.text} is defined twice", text=text, span=(name.start, name.end))
        if name.text in given:
            message = f"{name.text} is defined here, and is also given a value"
            hint = f"leave out the value, or the definition of {name.text}"
            raise NameProblem(message, text=text, span=(name.start, name.end), hint=hint)
        seen.add(name.text)


class _Layers:
    """Names that are in one of several collections, which are not copied for each definition."""

    def __init__(self, layers: tuple[Collection[str], ...]) -> None:
        self.layers = layers

    def __contains__(self, name: object) -> bool:
        return any(name in layer for layer in self.layers)


class DefinedText:
    """One text while it is read: what is defined so far, and what each definition refers to."""

    def __init__(
        self,
        text: str,
        definitions: Sequence[Piece],
        given: Collection[str],
        read_piece: ReadPiece,
        expansion: Expansion,
    ) -> None:
        self.columns = expansion.columns
        self.text, self.definitions, self.given, self.read_piece = text, definitions, given, read_piece
        self.values = {p.defined for p in definitions if p.parameters is None}
        self.arity = {p.defined: len(p.parameters) for p in definitions if p.parameters is not None}
        self.expansion = expansion
        expansion.later |= {*self.values, *self.arity}
        self.pieces: list[Typed] = []
        self.needs: dict[str, set[str]] = {}
        self.free: dict[str, set[str]] = {}
        self.spans: dict[str, Span] = {}

    def define(self, piece: Piece) -> None:
        """Read a definition."""
        name, span = piece.defined, (piece.body[0].start, piece.body[-1].start)
        self.spans[name] = span
        parameters = tuple(token.text for token in piece.parameters or ())
        typed = self._typed(piece, parameters)
        self.pieces.append(typed)
        self._check_itself(name, typed)
        if parameters:
            self.expansion.define_function(name, typed)
            for leaf in leaves(typed):
                self._check_leaf(leaf)
            self.needs[name] = {leaf.text for leaf in leaves(typed)}
        elif self.expansion.varies(typed, typed.root):
            self.expansion.varying[name] = typed
            self.needs[name] = {leaf.text for leaf in leaves(typed)}
        else:
            self.expansion.used = set()
            self.expansion.values[name] = run(self.expansion.tree(typed, typed.root, {}))
            self.needs[name] = self.expansion.used | {leaf.text for leaf in leaves(typed)}
        self.expansion.later.discard(name)
        self._remark_shadows(name, bool(parameters))

    def _typed(self, piece: Piece, parameters: Sequence[str] = ()) -> Typed:
        values = _Layers((parameters, self.values, self.given))
        arity = self.arity
        if not arity.keys().isdisjoint(parameters):
            arity = {name: count for name, count in arity.items() if name not in parameters}
        nodes, root = self.read_piece(self.text, piece.body, values, arity)
        return Typed(nodes, root, tuple(parameters))

    def _check_itself(self, name: str, typed: Typed) -> None:
        for leaf in leaves(typed):
            if leaf.text == name:
                span = (leaf.span[0], leaf.span[0] + len(name))
                raise NameProblem(f"{name} is defined in terms of itself", text=self.text, span=span)

    def _check_leaf(self, leaf: Node) -> None:
        """What `tree` would raise for the names of a function that nobody calls."""
        span = (leaf.span[0], leaf.span[0] + len(leaf.text))
        self.expansion.check_known(leaf._replace(span=span))

    def _remark_shadows(self, name: str, function: bool) -> None:
        if name in CONSTANTS:
            meaning = CONSTANTS[name].partition(",")[0]
            self.expansion.remarks[f"{name} is what the text defines, and not the constant ({meaning})"] = (
                None
            )
        elif function and name in SPELLINGS:
            self.expansion.remarks[f"{name}(…) is the text's own function, and not that of the table"] = None

    def expression(self, piece: Piece) -> int:
        """Read an expression; its position."""
        typed = self._typed(piece)
        self.expansion.check_one_number(typed, typed.root, self.pieces)
        self.expansion.used = set()
        place = run(self.expansion.tree(typed, typed.root, {}))
        self.needs[""] = (
            self.needs.get("", set()) | self.expansion.used | {leaf.text for leaf in leaves(typed)}
        )
        return place

    def result(self, roots: Sequence[int]) -> Expression:
        """The sum of *roots* as an expression, and what is to be said about it."""
        store = self.expansion.store
        root = roots[0] if len(roots) == 1 else store.add("+", tuple(roots), "", (0, len(self.text)))
        places = in_written_order(store.nodes, root)
        nodes = moved(store.nodes, places)
        names = with_all_rows({node.text for node in nodes if node.op == "name"}, self.columns)
        names |= self.mentioned() - self.columns.names
        return Expression(
            self.text, nodes, tuple(sorted(names, key=natural)), tuple(self._definitions(places, self._used())),
            written_size(nodes), tuple(self.expansion.remarks),
        )  # fmt: skip

    def mentioned(self) -> set[str]:
        """The names with values that stand in the text, also where nothing needs them; remarks say what is not used."""
        used, nodes = self._used(), self.expansion.store.nodes
        for name in self.spans:
            if name not in used:
                self.expansion.remarks[f"{name} is defined, and not used"] = None
        every = {node.text for node in nodes if node.op == "name"}
        return (every | set().union(*self.needs.values())) & set(self.given)

    def _used(self) -> set[str]:
        """The definitions that the expressions refer to, also by way of others."""
        used, waiting = set[str](), [""]
        while waiting:
            for name in self.needs[waiting.pop()]:
                if name in self.spans and name not in used:
                    used.add(name)
                    waiting.append(name)
        return used

    def _definitions(self, places: Mapping[int, int], used: Collection[str]) -> list[Definition]:
        found = []
        for piece in self.definitions:
            name = piece.defined
            place = places.get(self.expansion.values.get(name, -1)) if name in used else None
            parameters = tuple(token.text for token in piece.parameters or ())
            found.append(Definition(name, parameters, place, self.spans[name]))
        return found
