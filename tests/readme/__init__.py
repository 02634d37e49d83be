"""README, run to the letter."""
