"""Expression tree ↔ sympy."""
