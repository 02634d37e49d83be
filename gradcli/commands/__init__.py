"""One module per command: read options, call the wings, hand over to output."""
