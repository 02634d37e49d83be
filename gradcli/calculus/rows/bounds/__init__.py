"""Bounds of errors over many rows: which rows are in doubt, and second derivatives with their errors."""
