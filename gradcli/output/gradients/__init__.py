"""Gradients, enclosures of them, and tables of points → record, rows, document and LaTeX."""
