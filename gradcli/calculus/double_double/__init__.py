"""Numbers of twice a float's bits: sums of two floats, in arithmetic that is written once for arrays and for machine code."""
