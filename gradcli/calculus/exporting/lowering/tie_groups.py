"""Program → where its ties are, and which variables are looked along at once."""

from __future__ import annotations

from functools import reduce
from operator import or_

from gradcli.calculus.backends import float_backend
from gradcli.calculus.exporting.held_steps import HELD
from gradcli.calculus.exporting.lowering.tie_answers import JUMPS, SEAMS, TIED
from gradcli.calculus.exporting.meanings.removable_singularities import is_side, written
from gradcli.calculus.program.program import Program, made_of

#: For so many kinds of partials, by the ties that stand still along their variables, the program is written out.
MOST_GROUPS = 8

_SEAMS = SEAMS.keys() | {f"{op}_side" for op in SEAMS}

#: What takes one number for many, and also what has a corner: of what jumps, it may hide the jump.
_STEPS = JUMPS | SEAMS.keys()
_STEPS_AND_CORNERS = _STEPS | {"abs", "min", "max", "relu", "leaky_relu", "elu"}

#: What jumps, and what stands still in some places: steps of these are answered by the way they go.
JUMPING = JUMPS | {"select"}
STOPPING = frozenset(("min", "max", "relu"))


def influences_of(program: Program) -> list[int]:
    """The variables that move each slot: the bits of a number."""
    found = [1 << n for n in range(len(program.variables))] + [0] * len(program.constants)
    for op, *places in program.code:
        found.append(0 if op in HELD else reduce(or_, (found[place] for place in places)))
    return found


def groups_by_ties(program: Program, apart: bool) -> list[dict[int, int]]:
    """The variables with a partial, and its slot; together those that the same ties depend on. apart: whether that matters."""
    found = {n: place for n, place in enumerate(program.gradient) if place is not None}
    ties = [slot for slot, (op, *_) in enumerate(program.code, program.first) if op in JUMPS | _SEAMS]
    if not apart or not ties:
        return [found]
    influences, groups = influences_of(program), dict[tuple[int, ...], dict[int, int]]()
    for variable, place in found.items():
        groups.setdefault(tuple(slot for slot in ties if influences[slot] >> variable & 1), {})[variable] = (
            place
        )
    return list(groups.values()) if len(groups) <= MOST_GROUPS else [found]


def groups_by_variable(program: Program, asked: set[int]) -> list[dict[int, int]]:
    """Each variable with a partial that moves a tied quantity by itself, and those together that move none."""
    influences = influences_of(program)
    moved = reduce(or_, (influences[slot] for slot in asked), 0)
    found = {n: place for n, place in enumerate(program.gradient) if place is not None}
    groups = [{n: place} for n, place in found.items() if moved >> n & 1]
    rest = {n: place for n, place in found.items() if not moved >> n & 1}
    return [*groups, rest] if rest else groups


def tied_quantities(program: Program) -> set[int]:
    """The slots that ties are ties of, and all that they are computed from."""
    asked = set[int]()
    for op, *places in program.code:
        if op in JUMPS or op in _SEAMS:
            asked.update(places)
        elif op in TIED:
            asked.update(places)
            word, *sides = written(program, places[0])
            asked.update(sides if word == "div" else ())
    return made_of(program, asked)


def has_steps_of(program: Program, sources: frozenset[str]) -> bool:
    """Whether f takes a step of what comes out of *sources*; of what jumps, a corner as well."""
    steps = _STEPS_AND_CORNERS if sources == JUMPING else _STEPS
    forward, influences, reached = made_of(program, (program.value,)), influences_of(program), set[int]()
    for slot, (op, *places) in enumerate(program.code, program.first):
        if slot not in forward or not influences[slot]:
            continue
        fed = any(place in reached for place in places)
        if fed and op in steps:
            return True
        if fed or (op in sources and (op != "select" or influences[places[0]])):
            reached.add(slot)
    return False


def are_plain(program: Program) -> bool:
    """Whether ties reach the partials through sums and constant factors alone: then NaN says all there is to say."""
    first, tied = len(program.variables), set[int]()
    for slot, (op, *places) in enumerate(program.code, program.first):
        if op.removesuffix("_side") in SEAMS:
            return False
        reached = [place for place in places if place in tied]
        if op in TIED or (op == "div" and is_side(program, *places)):
            tied.add(slot)
        elif reached:
            others = [place for place in places if place not in tied]
            whole = [
                p
                for p in others
                if first <= p < program.first and float_backend.constant(program.constants[p - first])
            ]
            kept = op == "neg" or (op in ("add", "sub") and len(others) == 1)
            if not kept and not (
                op in ("mul", "div") and whole and places[0 if op == "div" else -1] in (*tied, *whole)
            ):
                return False
            tied.add(slot)
    return True
