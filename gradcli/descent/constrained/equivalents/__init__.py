"""Constraints written so that steps and slopes can use them, which hold at the same points."""
