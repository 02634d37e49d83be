"""How a descent ended, as a word and a sentence with its evidence."""
