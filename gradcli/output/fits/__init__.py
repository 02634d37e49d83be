"""Fits, their predictions and comparisons → a document each, with its record, its rows and its LaTeX."""
