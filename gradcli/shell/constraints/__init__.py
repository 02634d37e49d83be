"""Constraints of a problem: where they come from, descents that keep them, points judged by them."""
