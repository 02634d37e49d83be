"""What `fit` was asked: its options, its names, and the rows of its files."""
