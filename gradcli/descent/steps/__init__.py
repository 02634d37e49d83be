"""One step or a million of an optimizer at its own rate."""
