"""Long programs as functions of linear forms, and their value, gradient and Hessian as numbers, in two sweeps."""
