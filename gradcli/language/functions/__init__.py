"""The rows of the table of functions, a module for each field that they come from."""
