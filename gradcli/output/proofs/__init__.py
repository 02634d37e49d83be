"""Proofs in a box, their certificates, and ranges: a document each, with its record and its rows."""
