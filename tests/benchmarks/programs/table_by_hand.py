"""Value and partials of a formula over a file, as a person writes it: table_by_hand.py duckdb|polars|numpy IN OUT [nest].

nest: e = sin(e)*x + cos(e), thirty times from e = x, and its slope.
"""

import sys

MODE, SOURCE, TARGET, *KIND = sys.argv[1:]
BELL, TURN = "exp(-x*x)", "x*y"
SQL = f"""SELECT *, {BELL}*sin({TURN}) + ln(1 + x*x + y*y) AS value,
 {BELL}*(y*cos({TURN}) - 2*x*sin({TURN})) + 2*x/(1 + x*x + y*y) AS gx,
 {BELL}*x*cos({TURN}) + 2*y/(1 + x*x + y*y) AS gy"""

if KIND and MODE == "duckdb":
    import duckdb

    nested = f"SELECT *, x AS e, 1.0 AS d FROM read_parquet('{SOURCE}')"
    for _ in range(30):
        turned = f"SELECT * EXCLUDE (e, d), e, d, sin(e) AS s, cos(e) AS c FROM ({nested})"
        nested = f"SELECT * EXCLUDE (e, d, s, c), s*x + c AS e, (c*x - s)*d + s AS d FROM ({turned})"
    duckdb.sql("SET threads=2")
    duckdb.sql(f"COPY ({nested}) TO '{TARGET}' (FORMAT parquet)")
elif KIND and MODE == "polars":
    import polars as pl

    x = pl.col("x")
    lazy = pl.scan_parquet(SOURCE).with_columns(x.alias("e"), pl.lit(1.0).alias("d"))
    for _ in range(30):
        lazy = lazy.with_columns(pl.col("e").sin().alias("s"), pl.col("e").cos().alias("c"))
        s, c = pl.col("s"), pl.col("c")
        lazy = lazy.with_columns((s * x + c).alias("e"), ((c * x - s) * pl.col("d") + s).alias("d"))
    lazy.drop("s", "c").sink_parquet(TARGET)
elif MODE == "duckdb":
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
