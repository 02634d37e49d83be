"""Descents under constraints: problems with published answers, and what must not change a verdict."""
