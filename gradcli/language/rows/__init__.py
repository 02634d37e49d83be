"""Texts with columns → levels: each call that brings rows to one number stands by itself, whatever the number of rows."""
