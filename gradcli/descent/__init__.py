"""Point → point: update rules, the loop over them, and how a descent ended."""
