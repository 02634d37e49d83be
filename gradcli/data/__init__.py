"""Files → columns of numbers: what a data file holds, read in blocks, checked cell by cell."""
