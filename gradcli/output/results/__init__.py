"""One document per kind of result, with its record and its rows."""
