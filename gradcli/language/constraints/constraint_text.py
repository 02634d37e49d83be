"""A text of constraints → its links: `0 <= x <= 2; x + y = 1` are three, each a comparison of two expressions.

constraints = constraint { (";" | line end) constraint }
constraint  = sum relation sum { relation sum }         relations of one chain point in one direction
relation    = "=" | "==" | "<=" | ">=" | "<" | ">"
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence

from gradcli.language.call_signatures import advised, check_variables
from gradcli.language.constraints.variable_bounds import Bound, bound_of
from gradcli.language.errors import GradcliError, NameProblem, SyntaxProblem
from gradcli.language.parser.reading import check_length, read_piece
from gradcli.language.records import NamedTuple
from gradcli.language.text_pieces import Piece, is_divided, pieces, runs
from gradcli.language.tokens import Token, tokens
from gradcli.language.tree import Node

#: What each relation is, and whether its boundary is left out.
RELATIONS = {"=": "=", "==": "=", "<=": "<=", ">=": ">=", "<": "<=", ">": ">="}

_QUOTED = "quote it: --subject-to 'x >= 0.2' (an unquoted > is the shell's)"
_SEVERAL = "several constraints are separated by ; as in x >= 0; y >= 0"
_FORM = "a constraint compares two expressions: x + y = 1, x >= 0.2, 0 <= x <= 2"


class Constraint(NamedTuple):
    """One link.

    text: as it was typed; of: the whole chain. left, right: the texts of both sides. relation: `=`, `<=` or `>=`.
    strict: whether it was typed `<` or `>`. names: those that occur. constant: which side has none, "left", "right", "both"
    or nothing. limit: the bound of a variable that it is, where that is all.
    """

    text: str
    of: str
    left: str
    relation: str
    right: str
    strict: bool
    names: tuple[str, ...]
    constant: str = ""
    limit: Bound | None = None

    @property
    def bound(self) -> str | None:
        """The variable that it bounds, where that is all."""
        return None if self.limit is None else self.limit.name

    @property
    def difference(self) -> str:
        """The left side less the right one, as a text."""
        if self.right.strip() in ("0", "0.0"):
            return self.left
        return f"({self.left}) - ({self.right})"


def as_typed(problem: GradcliError, constraints: Sequence[Constraint]) -> GradcliError:
    """*problem* about a constraint's difference with the constraint as it was typed; as it was where it is about none."""
    for one in constraints:
        if problem.text != one.difference or problem.text == one.left or problem.span is None:
            continue
        start, end = problem.span
        right = len(one.left) + 6  # (left) - (right)
        moved = -1 if start < right else len(one.text) - len(one.right) - right
        problem.text, problem.span = one.text, (start + moved, end + moved)
    return problem


def constraints_of(
    text: str, given: Collection[str] = (), definitions: Sequence[Piece] = ()
) -> list[Constraint]:
    """The links of a text in order. given: names that have values; definitions: those of the expression.

    Raises SyntaxProblem, NameProblem or LimitProblem, which point at the characters at fault.
    """
    check_length(text)
    values = {piece.defined for piece in definitions if piece.parameters is None}
    functions = {
        piece.defined: len(piece.parameters) for piece in definitions if piece.parameters is not None
    }
    try:
        found = [_without_words(run) for run in runs(text, list(tokens(text)))]
        links = [
            link
            for run in found
            if len(run) > 1
            for link in _links(text, run, {*given, *values}, functions, values)
        ]
    except (SyntaxProblem, NameProblem) as problem:
        told = advised(problem, text)
        if told.span is not None and text[slice(*told.span)] == ",":
            told.hint = _SEVERAL
        if (chain := _as_chain(text)) is not None:
            told.hint = chain
        raise told from None
    if not links:
        raise SyntaxProblem("a constraint is empty", hint=_FORM)
    return links


def _as_chain(text: str) -> str | None:
    """The hint for an interval in words or brackets: `x in [1, 2]`, `x between 1 and 2`; None for anything else."""
    import re

    end = r"[^\[\](),;<>=]+?"
    match = re.fullmatch(
        rf"\s*(?P<of>{end})\s+(?:in|∈)\s*[\[(](?P<low>{end})[,;](?P<high>{end})[\])]\s*"
        rf"|\s*(?P<name>{end})\s+(?:between|from)\s+(?P<least>{end})\s+(?:and|to)\s+(?P<most>{end})\s*",
        text,
    )
    if match is None:
        return None
    of, low, high = (one.strip() for one in match.groups() if one is not None)
    return f"write {low} <= {of} <= {high}"


def definitions_of(texts: Sequence[str]) -> list[Piece]:
    """The definitions in the texts of a problem. Raises SyntaxProblem where one has no right form."""
    found: list[Piece] = []
    for text in texts:
        if "=" not in text:
            continue
        several = list(tokens(text))
        if is_divided(text, several):
            found += [piece for piece in pieces(text, several) if piece.name is not None]
    return found


def _without_words(run: list[Token]) -> list[Token]:
    """A constraint without the words before it that files may have."""
    return run[2:] if [token.text for token in run[:2]] == ["subject", "to"] else run


def _links(
    text: str,
    run: Sequence[Token],
    given: Collection[str],
    functions: Mapping[str, int],
    defined: Collection[str],
) -> list[Constraint]:
    places = _relations(text, run)
    ends = [-1, *places, len(run) - 1]
    sides = [_side(text, run, (a, b), given, functions) for a, b in itertools.pairwise(ends)]
    whole = text[run[0].start : run[-1].start].strip()
    found = []
    for place, before, after in zip(places, sides, sides[1:], strict=False):
        sign = run[place].text
        link = text[before.start : after.end]
        fixed = {(True, True): "both", (True, False): "left", (False, True): "right"}
        both = [(text[side.start : side.end], side.nodes) for side in (before, after)]
        names = tuple(dict.fromkeys((*before.names, *after.names)))
        limit = None if not set(names).isdisjoint(defined) else bound_of(RELATIONS[sign], both)
        found.append(
            Constraint(
                link, whole, text[before.start : before.end], RELATIONS[sign], text[after.start : after.end],
                sign in ("<", ">"), names,
                fixed.get((not before.names, not after.names), ""), limit,
            )
        )  # fmt: skip
    return found


def _relations(text: str, run: Sequence[Token]) -> list[int]:
    """The places of the signs of comparison outside of brackets. Raises SyntaxProblem for a chain that has none."""
    depth, places = 0, []
    for place, token in enumerate(run):
        if token.kind == "sign":
            depth += (token.text == "(") - (token.text == ")")
        if depth:
            continue
        if token.kind == "sign" and token.text == "!=":
            message = "!= is no constraint: points may come as near as they like to what it leaves out"
            raise _at(text, token, message, "constraints are written with =, <= or >=")
        if token.text in ("and", "or") and token.kind == "name":
            hint = _SEVERAL if token.text == "and" else None
            raise _at(text, token, f"{token.text} joins conditions, and this is a constraint", hint)
        if token.kind == "sign" and token.text in RELATIONS:
            places.append(place)
    shown = text[run[0].start : run[-1].start].strip()
    if not places:
        message = f"{shown} is no constraint: it has no =, <= or >="
        raise SyntaxProblem(message, text=text, span=(run[0].start, run[-1].start), hint=_QUOTED)
    directions = [run[place].text[:1] for place in places if run[place].text[:1] != "="]
    if len(set(directions)) > 1:
        turned = next(p for p in places if run[p].text[:1] not in ("=", directions[0]))
        raise _at(
            text,
            run[turned],
            "a chain goes in one direction: 0 <= x <= 2",
            "two constraints are separated by ;",
        )
    return places


class _Side(NamedTuple):
    """The characters of a side, its names, and its nodes."""

    start: int
    end: int
    names: tuple[str, ...]
    nodes: Sequence[Node]


def _side(
    text: str,
    run: Sequence[Token],
    ends: tuple[int, int],
    given: Collection[str],
    functions: Mapping[str, int],
) -> _Side:
    inside = list(run[ends[0] + 1 : ends[1]])
    if not inside:
        sign = run[ends[0]] if ends[1] == len(run) - 1 else run[ends[1]]
        where = "right" if ends[1] == len(run) - 1 else "left"
        if ends[0] >= 0 and sign.start == run[ends[0]].end:  # => and =<
            first = run[ends[0]]
            typed, turned = text[first.start : sign.end], text[first.end : sign.end] + first.text
            hint = f"write {text[: first.start]}{turned}{text[sign.end :]}" if turned in RELATIONS else _FORM
            raise _at(text, first._replace(end=sign.end), f"{typed} is not an operator", hint)
        raise _at(text, sign, f"nothing stands on the {where} of {sign.text}", _FORM)
    last = inside[-1].end
    nodes, _ = read_piece(text, [*inside, Token("end", "", last, last)], given, functions)
    names = tuple(dict.fromkeys(node.text for node in nodes if node.op == "name"))
    called = any(node.op == "call" for node in nodes)
    check_variables(text, set(names).difference(given), nodes)
    return _Side(inside[0].start, last, names or (("",) if called else ()), nodes)


def _at(text: str, token: Token, message: str, hint: str | None = None) -> SyntaxProblem:
    return SyntaxProblem(message, text=text, span=(token.start, max(token.end, token.start + 1)), hint=hint)
