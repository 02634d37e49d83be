"""Special functions of exact rationals and balls; what Arb lacks is composed from what it has."""
