"""Rows → mini-batches: an order of rows that is the same on every machine, for files of any size."""
