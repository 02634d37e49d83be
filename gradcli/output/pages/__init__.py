"""Formulas, tables and pictures → one page: HTML, Markdown or LaTeX."""
