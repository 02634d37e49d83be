"""From a place to where there is something to judge: sequential quadratic programs, SciPy's methods, steps of optimizers."""
