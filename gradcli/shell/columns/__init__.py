"""Answers about columns of many rows, and their formulas in LaTeX."""
