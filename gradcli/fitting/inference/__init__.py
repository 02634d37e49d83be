"""A minimum → standard errors, intervals, measures of the fit, and what the rows cannot tell."""
