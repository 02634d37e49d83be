"""Between commands: sessions with their history, and the library of compiled programs."""
