"""Programs and formulas: from the library if they are there, else made now and kept."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from gradcli import __version__
from gradcli.calculus.program.compiled_expression import (
    FORMULAS_WRITTEN,
    Compiled,
    compiled_from_data,
    compiled_to_data,
)
from gradcli.language.name_meanings import may_have_remarks, reinterpreted

if TYPE_CHECKING:
    from gradcli.memory.database import Store


#: The limits that decide whether an expression is read.
_LIMITS = ("length", "nodes", "terms", "number", "exponent")


def compiled_or_cached(
    store: Store,
    texts: Sequence[str],
    given: Collection[str],
    wrt: Sequence[str] | None = None,
    *,
    formulas: bool = True,
) -> Compiled:
    """The compiled sum of *texts*: from the library if it is there, else compiled now and kept.

    formulas: whether they will be shown; they are made when they first are. Raises what the parser raises.
    """
    told_remarks(store, texts, given)
    import json

    from gradcli.memory.program_library import keep, lookup

    key = json.dumps(["gradient", *_dependencies(), list(texts), reinterpreted(texts, given), wrt])
    known = lookup(store, key)
    if known is not None:
        try:
            compiled = compiled_from_data(json.loads(known))
            if compiled.has_formulas or not formulas:
                return compiled
        except ValueError:
            pass  # not written by this version: compile it again
    from gradcli.calculus.formulas.texts.compiler import compile_text

    compiled = compile_text(texts, given, wrt, formulas=formulas)
    if compiled.unfinished is None:
        data = compiled_to_data(compiled)
        keep(store, key, json.dumps(data, separators=(",", ":"), check_circular=False))  # a third of its time
    return compiled


def told_remarks(store: Store, texts: Sequence[str], given: Collection[str]) -> None:
    """Add to the store's notices, for the user, what is to be said about *texts* by themselves."""
    store.notices += [remark for remark in text_remarks(store, texts, given) if remark not in store.notices]


def text_remarks(store: Store, texts: Sequence[str], given: Collection[str]) -> list[str]:
    """Sentences about *texts* by themselves: names that are defined and not used, constants that are hidden, empty sums."""
    if not any(map(may_have_remarks, texts)):
        return []

    def make() -> list[str]:
        """The remarks, made anew."""
        if store.beside:
            from gradcli.language.constraints.constraint_names import remarks_beside

            return remarks_beside(texts, store.beside, given)
        from gradcli.language.parser.outputs import total

        return list(total(texts, given).remarks)

    return list(cached(store, "remarks", texts, given, list(store.beside) or None, make))


def latex_formulas(
    store: Store, texts: Sequence[str], given: Collection[str], wrt: Sequence[str] | None
) -> dict[str, str | None]:
    """LaTeX of the expression (under the empty name) and its partials, from the library or made now."""

    def make() -> dict[str, str | None]:
        """The LaTeX, made anew."""
        from gradcli.calculus.formulas.texts.compiler import latex_text

        return latex_text(texts, given, wrt)

    return dict(cached(store, "latex", texts, given, wrt, make))


def cached(
    store: Store,
    kind: str,
    texts: Sequence[str],
    given: Collection[str],
    details: object,
    make: Callable[[], Any],
) -> Any:
    """What *make* answers about *texts*, JSON-ready: from the library, else made now and kept.

    details: all that the answer depends on beside the texts, the meaning of the names and the versions.
    """
    import json

    from gradcli.memory.program_library import keep, lookup

    key = json.dumps([kind, *_dependencies(), list(texts), reinterpreted(texts, given), details])
    known = lookup(store, key)
    if known is not None:
        return json.loads(known)
    made = make()
    keep(store, key, json.dumps(made, separators=(",", ":")))
    return made


def _dependencies() -> list[str | float]:
    """What a compiled program depends on beside its text: the versions of gradcli, its formulas and sympy, and limits."""
    from gradcli.language.limits import limit

    return [__version__, FORMULAS_WRITTEN, _sympy_version(), *map(limit, _LIMITS)]


@cache
def _sympy_version() -> str:
    """sympy's version, read beside it and not asked of it: importing sympy takes half a second."""
    for folder in sys.path:
        release = os.path.join(folder, "sympy", "release.py")
        try:
            with open(release, encoding="utf-8") as file:
                return file.read(200)
        except OSError:
            continue
    return "unknown"
