"""Programs in balls that hold the truth, with exact rationals for as long as numbers are rational."""
