"""f and constraints as functions of the vector that moves, in floats and in balls; the linear algebra of their steps."""
