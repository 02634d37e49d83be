"""Where a derivative is missing: slopes on both sides, ties, the subgradient of least norm."""
