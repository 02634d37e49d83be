"""A model and its rows → residuals and their derivatives: in floats row by row, in arrays, in balls."""
