"""What a person reads: partial derivatives as text and as LaTeX."""
