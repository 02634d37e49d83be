"""Value and two partials of a formula over a file, as a person writes it: table_by_hand.py duckdb|polars|numpy IN OUT [csv]."""

import sys

MODE, SOURCE, TARGET = sys.argv[1:4]
BELL, TURN = "exp(-x*x)", "x*y"
SQL = f"""SELECT *, {BELL}*sin({TURN}) + ln(1 + x*x + y*y) AS value,
 {BELL}*(y*cos({TURN}) - 2*x*sin({TURN})) + 2*x/(1 + x*x + y*y) AS gx,
 {BELL}*x*cos({TURN}) + 2*y/(1 + x*x + y*y) AS gy"""

if MODE == "duckdb":
    import duckdb

    reader, form = ("read_csv", "csv") if SOURCE.endswith("csv") else ("read_parquet", "parquet")
    duckdb.sql("SET threads=2")
    duckdb.sql(f"COPY ({SQL} FROM {reader}('{SOURCE}')) TO '{TARGET}' (FORMAT {form})")
elif MODE == "polars":
    import polars as pl

    lazy = pl.scan_csv(SOURCE) if SOURCE.endswith("csv") else pl.scan_parquet(SOURCE)
    x, y = pl.col("x"), pl.col("y")
    bell, turn, whole = (-x * x).exp(), x * y, 1 + x * x + y * y
    found = lazy.with_columns(
        (bell * turn.sin() + whole.log()).alias("value"),
        (bell * (y * turn.cos() - 2 * x * turn.sin()) + 2 * x / whole).alias("gx"),
        (bell * x * turn.cos() + 2 * y / whole).alias("gy"),
    )
    found.sink_csv(TARGET) if SOURCE.endswith("csv") else found.sink_parquet(TARGET)
else:
    import numpy as np
    import pyarrow as pa
    from pyarrow import parquet

    writer = None
    for batch in parquet.ParquetFile(SOURCE).iter_batches(batch_size=250_000):
        x, y = (batch.column(name).to_numpy() for name in ("x", "y"))
        bell, turn, whole = np.exp(-x * x), x * y, 1 + x * x + y * y
        wave, slope = np.sin(turn), np.cos(turn)
        table = pa.table({
            "x": x, "y": y, "value": bell * wave + np.log(whole),
            "gx": bell * (y * slope - 2 * x * wave) + 2 * x / whole, "gy": bell * x * slope + 2 * y / whole,
        })  # fmt: skip
        writer = writer or parquet.ParquetWriter(TARGET, table.schema, use_dictionary=False)
        writer.write_table(table)
    writer.close()
