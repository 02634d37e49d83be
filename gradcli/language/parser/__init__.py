"""Text → expression tree: precedence climbing, then definitions, sums over an index and derivatives written out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradcli.language.parser.reading import parse

__all__ = ["parse"]


def __getattr__(name: str) -> Any:
    """`parse`, loaded where it is first named: tables beside it are asked for by commands that parse nothing."""
    if name != "parse":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from gradcli.language.parser.reading import parse

    return parse
