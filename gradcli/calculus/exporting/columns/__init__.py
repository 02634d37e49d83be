"""Texts with columns → functions of numbers and arrays: what is the same for all rows is written once."""
