"""Is the gradient of a loss over many rows right? Compared over all rows, with bounds, and proved for any number of them."""
