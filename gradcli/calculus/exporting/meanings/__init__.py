"""What instructions and slopes are in other words: for languages that lack them, and where their own lose digits."""
