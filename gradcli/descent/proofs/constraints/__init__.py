"""The least value in a box under constraints: boxes in which they cannot hold are left out, multipliers bound f elsewhere."""
