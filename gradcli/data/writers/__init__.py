"""Rows → files of columns."""
