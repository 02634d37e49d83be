"""The plain records: program, compiled expression, table of derivatives, answer at a point."""
