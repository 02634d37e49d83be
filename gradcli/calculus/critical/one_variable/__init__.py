"""Functions of one variable, piece by piece: where a piece ends, what is there, and where the slope vanishes between."""
