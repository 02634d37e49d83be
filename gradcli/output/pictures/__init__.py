"""Pictures: what is to be seen, as records, and a painter for each medium."""
