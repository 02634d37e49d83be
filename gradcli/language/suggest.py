"""A name that is not known → the nearest one that is."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The name in *known* most like *name*, or None where none is like it."""
    from difflib import get_close_matches

    names = sorted(set(known))
    folded = {candidate.casefold(): candidate for candidate in reversed(names)}
    found = get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    return folded[found[0]] if found else None
