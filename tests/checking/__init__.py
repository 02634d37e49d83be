"""Right claims are never accused, wrong ones always found."""
