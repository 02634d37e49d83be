"""Files of data → the columns that texts name, their rows, and what a session keeps of them."""
