"""Constraints: comparisons of expressions, link by link, with the characters that each came from."""
