"""Programs in floats with a bound of their rounding error, one point at a time or arrays of them."""
