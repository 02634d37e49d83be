"""Tests of what is remembered between commands."""
