"""The command line → a problem; an answer → streams and an exit status."""
