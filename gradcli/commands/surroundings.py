"""What a command finds around itself: the place of its memory, the terminal, the library of programs."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from gradcli import __version__
from gradcli.calculus.known import Compiled, compiled_from_data, compiled_to_data
from gradcli.calculus.parentage import look
from gradcli.commands.places import home

if TYPE_CHECKING:
    from gradcli.memory.store import Store

#: Names that mean numbers or calls unless they have values: whether they have one is part of a library key.
_MEANING = ("pi", "e", "π")

#: The limits that decide whether an expression is read.
_LIMITS = ("length", "nodes", "number", "exponent")

#: What stands before an opening bracket: a name, or more than a name. Linear in the length of the text.
_CALLED = r"(?<![^\s()+*/^,<>=-])([^\s()+*/^,<>=-]++)\s*+\("


def standard_input() -> TextIO:
    """Standard input. Raises InputProblem where it was closed."""
    if sys.stdin is None:
        from gradcli.language.errors import InputProblem

        raise InputProblem("standard input is closed: there is nothing to read from")
    return sys.stdin


def whole_input() -> str:
    """All that standard input has, however long that takes, without a byte order mark.

    Raises InputProblem where it was closed, LimitProblem where there is too much of it.
    """
    from gradcli.commands.timing import waiting

    stream = standard_input()
    with waiting():
        return _bounded(getattr(stream, "buffer", stream), "standard input", "surrogateescape")


def _bounded(stream: Any, what: str, errors: str) -> str:
    """The rest of *stream*, never more of it than the limit on what is read at once."""
    from gradcli.language.limits import limit, limit_problem

    most = int(limit("input"))
    content = stream.read(most + 1)
    if len(content) > most:
        raise limit_problem("input", f"{what} has more than {most:,} bytes")
    text = content if isinstance(content, str) else content.decode("utf-8", errors)
    return text.removeprefix("\ufeff")


def open_memory() -> Store:
    """The memory in its place."""
    from gradcli.memory.store import open_store

    return open_store(home(), before_commit=look)


def prepared(
    store: Store, texts: Sequence[str], given: Collection[str], wrt: Sequence[str] | None = None
) -> Compiled:
    """The compiled sum of *texts*: from the library if it is there, else compiled now and kept.

    Raises what the parser raises.
    """
    import json

    from gradcli.memory.library import keep, lookup

    key = json.dumps(["gradient", *_dependencies(), list(texts), _reinterpreted(texts, given), wrt])
    known = lookup(store, key)
    if known is not None:
        try:
            return compiled_from_data(json.loads(known))
        except ValueError:
            pass  # not written by this version: compile it again
    from gradcli.calculus.compile import compile_text

    compiled = compile_text(texts, given, wrt)
    if compiled.unfinished is None:
        keep(store, key, json.dumps(compiled_to_data(compiled), separators=(",", ":")))
    return compiled


def latex_formulas(
    store: Store, texts: Sequence[str], given: Collection[str], wrt: Sequence[str] | None
) -> dict[str, str | None]:
    """LaTeX of the expression (under the empty name) and its partials, from the library or made now."""

    def make() -> dict[str, str | None]:
        from gradcli.calculus.compile import latex_text

        return latex_text(texts, given, wrt)

    return dict(kept_data(store, "latex", texts, given, wrt, make))


def kept_data(
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

    from gradcli.memory.library import keep, lookup

    key = json.dumps([kind, *_dependencies(), list(texts), _reinterpreted(texts, given), details])
    known = lookup(store, key)
    if known is not None:
        return json.loads(known)
    made = make()
    keep(store, key, json.dumps(made, separators=(",", ":")))
    return made


def _dependencies() -> list[str | float]:
    """What a compiled program depends on beside its text: the versions of gradcli and of sympy, and limits."""
    from gradcli.language.limits import limit

    return [__version__, _sympy_version(), *map(limit, _LIMITS)]


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


def _reinterpreted(texts: Sequence[str], given: Collection[str]) -> list[str]:
    """The given names that change what the text means: constants, and names that are called."""
    from gradcli.commands.values import normal

    called = {name for text in texts if "(" in text for name in re.findall(_CALLED, normal(text))}
    return sorted(n for n in given if n in _MEANING or any(name.endswith(n) for name in called))
