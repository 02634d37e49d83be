"""Tests of the painters, and of what they paint."""
