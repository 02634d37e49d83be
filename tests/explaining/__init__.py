"""Derivations whose every line is checked again here, by other means."""
