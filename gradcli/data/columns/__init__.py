"""What a file says → numbers: names of columns, spellings of what is missing, cells that are floats or refused."""
