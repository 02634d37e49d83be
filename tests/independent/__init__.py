"""Answers that do not come from the code under test."""
