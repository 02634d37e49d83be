"""Symmetric matrices: certain signs of eigenvalues, eigenvalues as balls, what they say about a point."""
