"""Write tables of any length, a part at a time."""

import os
from collections.abc import Iterable
from pathlib import Path

from keras_gan.files import atomic_write


def write_parts(parts: Iterable, path: str | os.PathLike) -> None:
    """Write tables, one below the other, to a CSV or Parquet file.

    The file appears when it is whole.

    Args:
        parts: iterable of `pandas.DataFrame`s with the same columns.
        path: a `.csv`, `.tsv` or `.parquet` file.

    Raises:
        ValueError: on another suffix.

    Example:

    ```python
    import pandas as pd

    keras_gan.tables.write_parts([pd.DataFrame({"age": [20, 30]})], "rows.csv")
    ```
    """
    path = Path(path).expanduser()
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".tsv", ".parquet"):
        raise ValueError(f"{str(path)!r} must end in .csv, .tsv or .parquet.")
    with atomic_write(path) as draft:
        if suffix == ".parquet":
            _write_parquet(parts, draft)
            return
        separator = "\t" if suffix == ".tsv" else ","
        with open(draft, "w", encoding="utf-8", newline="") as file:
            for index, part in enumerate(parts):
                part.to_csv(file, index=False, header=index == 0, sep=separator)


def _write_parquet(parts, path):
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise ImportError(
            'Parquet files need pyarrow: pip install "keras-gan[tables]"'
        ) from None
    writer = None
    try:
        for part in parts:
            schema = None if writer is None else writer.schema
            table = pyarrow.Table.from_pandas(part, schema, preserve_index=False)
            writer = writer or parquet.ParquetWriter(path, table.schema)
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()
