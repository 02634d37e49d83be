"""Answers about columns of many rows; their formulas in LaTeX, their code, their derivations."""
