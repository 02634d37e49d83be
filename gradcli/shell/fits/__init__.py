"""`fit`: a command line → a model and its rows; what was found → streams, files, pictures."""
