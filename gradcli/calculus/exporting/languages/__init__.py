"""A file per language: its templates, and the frame that it puts around the statements."""
