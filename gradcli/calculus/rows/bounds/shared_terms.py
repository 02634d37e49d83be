"""Which errors of a program meet themselves again: what is asked once, before `shared_errors` follows them with signs.

The error of a slot that is used more than once is a *term* of the errors of all that is computed from it, with a slope for
each. Where two of these are added the slopes are, and may cancel: of sin(e)*x + cos(e) that of e is x*cos(e) - sin(e).
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from gradcli.calculus.program.program import Program

#: Terms that are followed in a slot, those of the nearest slots.
_MOST = 4


class SharedTerms(NamedTuple):
    """followed: for each slot the terms that its error is made of, as far as these meet themselves again; () for others.

    A slot that is a term is made of itself. slopes: the slot of cos(a) for that of sin(a), if there is one, and of sin(a)
    for that of cos(a).
    """

    followed: tuple[tuple[int, ...], ...]
    slopes: dict[int, int]


def shared_terms(program: Program, exact: frozenset[int]) -> SharedTerms:
    """The terms of a program's errors. exact: the inputs and constants without an error."""
    made = _made(program, exact)
    needed = _needed(program, made)
    followed = tuple(tuple(term for term in terms if term in needed[slot]) for slot, terms in enumerate(made))
    return SharedTerms(followed, _slopes(program))


def _made(program: Program, exact: frozenset[int]) -> list[tuple[int, ...]]:
    """For each slot the terms that it is made of.

    A slot is one of its own where it is used more than once and either puts terms together or is made of none.
    """
    uses = Counter(place for _, *places in program.code for place in set(places))
    made: list[tuple[int, ...]] = [
        () if slot in exact or uses[slot] < 2 else (slot,) for slot in range(program.first)
    ]
    for slot, (_, *places) in enumerate(program.code, program.first):
        met = Counter(term for place in set(places) for term in made[place])
        if uses[slot] > 1 and (not met or max(met.values()) > 1 or len(met) > _MOST):
            made.append((slot,))
        else:
            made.append(tuple(sorted(met)[-_MOST:]))
    return made


def _needed(program: Program, made: list[tuple[int, ...]]) -> list[set[int]]:
    """For each slot the terms of it that meet themselves in a slot that is made from it."""
    needed = [set[int]() for _ in made]
    for slot in range(len(made) - 1, program.first - 1, -1):
        _, *places = program.code[slot - program.first]
        met = Counter(term for place in set(places) for term in made[place])
        for place in set(places):
            needed[place] |= {term for term in made[place] if met[term] > 1 or term in needed[slot]}
    return needed


def _slopes(program: Program) -> dict[int, int]:
    found = {(op, place): slot for slot, (op, place, *_) in enumerate(program.code, program.first)}
    others = {"sin": "cos", "cos": "sin"}
    return {
        slot: found[others[op], place]
        for (op, place), slot in found.items()
        if op in others and (others[op], place) in found
    }
