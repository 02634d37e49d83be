"""A proof as a file, and the file checked by another way than it was found."""
