"""Tests of what is packed and installed."""
