"""Text → expression tree: precedence climbing, then definitions, sums over an index and derivatives written out."""

from gradcli.language.parser.reading import parse

__all__ = ["parse"]
