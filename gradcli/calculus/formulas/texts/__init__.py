"""Texts and tables → their formulas: the whole way, in one call."""
