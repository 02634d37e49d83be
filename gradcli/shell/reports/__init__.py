"""A problem and its session → one page."""
