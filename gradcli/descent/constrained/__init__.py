"""A point and constraints → an outcome: elastic sequential quadratic programs, what stands behind them, and the verdict."""
