"""Numbers as balls that hold the truth, or exact rationals for as long as they are rational."""
