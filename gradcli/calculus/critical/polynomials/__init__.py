"""Systems of polynomials: read, counted in the quotient algebra, solved as balls."""
