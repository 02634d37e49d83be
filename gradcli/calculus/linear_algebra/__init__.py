"""Symmetric matrices: certain signs and enclosed eigenvalues."""
