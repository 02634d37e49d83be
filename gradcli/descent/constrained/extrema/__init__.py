"""All points where f can be extreme under constraints: Lagrange's systems solved, the points classified and compared."""
