"""Jacobians, Hessians, products with them, higher derivatives, Taylor polynomials."""
