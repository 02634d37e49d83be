"""Models and rows → parameters, and how sure they are: least squares, and what follows from it."""
