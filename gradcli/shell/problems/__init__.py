"""What a command is asked about: an expression and a point, typed, piped or remembered."""
