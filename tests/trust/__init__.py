"""Hostile texts, limits, the edges of the domain, accuracy, fuzzing: what gradcli may be trusted with."""
