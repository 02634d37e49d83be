"""Tree → formulas → program → numbers: the only wing that imports sympy."""
