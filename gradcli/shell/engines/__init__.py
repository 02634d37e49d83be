"""Files in parts for the workers of an engine: cut, described as data, read and answered where a worker is, and merged here."""
