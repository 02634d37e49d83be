"""Sums as they are defined here: exact sums of given terms, correctly rounded, whatever the order and the blocks."""
