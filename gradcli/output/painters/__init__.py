"""A document or a record → text: plain, for terminals, JSON, CSV, one picked value."""
