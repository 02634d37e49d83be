"""Files of data → an answer for each of their rows, or a loss over all of them."""
