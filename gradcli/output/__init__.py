"""Results → text: one document of words with roles, and the painters that draw it."""
