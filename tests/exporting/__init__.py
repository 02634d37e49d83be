"""Exported code is compiled and run by every compiler and interpreter at hand."""
