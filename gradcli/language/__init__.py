"""Text → expression tree: the grammar, the table of functions, and errors that point at characters."""
