"""The language: parser, printer, table of functions."""
