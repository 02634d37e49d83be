"""Files → blocks of columns: delimited text and JSON lines by the standard library; Parquet, Arrow and speed by PyArrow."""
