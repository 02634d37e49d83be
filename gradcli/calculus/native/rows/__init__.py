"""Rows as machine code: blocks of them, their sums without an error, and the order of mini-batches."""
