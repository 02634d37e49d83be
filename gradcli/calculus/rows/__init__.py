"""Expressions with columns, level by level: programs of one row, passes over the rows, sums that are exact, adjoints back."""
