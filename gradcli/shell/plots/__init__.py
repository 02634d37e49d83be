"""A problem and its way → a picture, on the terminal or in a file."""
