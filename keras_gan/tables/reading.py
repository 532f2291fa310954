"""Read tables of any length, a part at a time."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from keras_gan.tables.batches import TableBatches
from keras_gan.tables.codec import TableCodec
from keras_gan.tables.schema import column_names

CHUNK = 100_000  # rows
NUM_SAMPLED = 100_000  # so many rows tell how numbers are distributed
# Texts that pandas reads as missing, without those that are often words.
MISSING = ("", "NA", "N/A", "NaN", "nan", "NULL", "null", "<NA>", "#N/A")


def read_parts(data) -> Iterator:
    """Yield the rows of a table as `DataFrame`s of at most 100,000 rows.

    Args:
        data: `pandas.DataFrame`, or the path of a `.csv`, `.tsv` or `.parquet` file,
            the former also compressed, such as `.csv.gz`.

    Raises:
        ValueError: on what is no table, on a file that is not UTF-8, and on one whose
            rows have not all as many values.

    Example:

    ```python
    import pandas as pd

    frame = pd.DataFrame({"age": [20, 30, 40, 50] * 10})
    num_rows = sum(len(part) for part in keras_gan.tables.read_parts(frame))
    ```
    """
    pandas = _pandas()
    if hasattr(data, "held_out"):  # a `HeldOut`: its rows to train on
        yield from data.parts()
        return
    if isinstance(data, pandas.DataFrame):
        for start in range(0, len(data), CHUNK):
            yield data.iloc[start : start + CHUNK]
        return
    if not isinstance(data, str | os.PathLike):
        raise ValueError(
            "A table is a `pandas.DataFrame`, or the path of a CSV or Parquet file. "
            f"Received: {type(data).__name__}."
        )
    path = Path(data).expanduser()
    if not path.is_file():
        raise FileNotFoundError(f"There is no table at {str(path)!r}.")
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if ".parquet" in suffixes:
        yield from _read_parquet(path)
    elif ".csv" in suffixes or ".tsv" in suffixes:
        yield from _read_csv(path, "\t" if ".tsv" in suffixes else ",")
    else:
        raise ValueError(
            f"{str(path)!r} is neither a .csv, .tsv nor .parquet file. Read it with "
            "pandas, and pass the `DataFrame`."
        )


def _read_csv(path, separator):
    pandas = _pandas()
    try:
        with pandas.read_csv(
            path,
            sep=separator,
            chunksize=CHUNK,
            keep_default_na=False,
            na_values=list(MISSING),
            skipinitialspace=True,
        ) as parts:
            yield from parts
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{str(path)!r} is not in UTF-8 ({error.reason} at byte {error.start}). "
            "Convert it, or read it with its own encoding: "
            '`pandas.read_csv(path, encoding="latin-1")`.'
        ) from None
    except pandas.errors.EmptyDataError:
        raise ValueError(f"{str(path)!r} is empty.") from None
    except pandas.errors.ParserError as error:
        said = str(error).strip()
        raise ValueError(
            f"{str(path)!r} cannot be read as a table: {said}. Every row must have as "
            f"many values as the first, separated by {separator!r}."
        ) from None


def _read_parquet(path):
    try:
        from pyarrow import parquet
    except ImportError:
        raise ImportError(
            'Parquet files need pyarrow: pip install "keras-gan[tables]"'
        ) from None
    import pyarrow

    try:
        file = parquet.ParquetFile(path)
    except pyarrow.ArrowInvalid as error:
        raise ValueError(f"{str(path)!r} is no Parquet file: {error}") from None
    with file:
        for batch in file.iter_batches(CHUNK):
            yield batch.to_pandas()


def fit_codec(data, schema: dict[str, str] | None = None) -> TableCodec:
    """Return the codec of a table that need not fit into memory.

    The distributions of numbers are those of 100,000 rows, drawn evenly; the levels of
    categories and their numbers of rows are those of all.

    Args:
        data: `pandas.DataFrame`, the path of a CSV or Parquet file, or a `HeldOut`.
        schema: dict from names of columns to kinds; see `infer_columns`.

    Returns:
        A `TableCodec`.

    Raises:
        ValueError: on a table that cannot be learned from; see `infer_columns`.

    Example:

    ```python
    import pandas as pd

    frame = pd.DataFrame({"age": [20, 30, 40, 50] * 10, "job": ["cook", "smith"] * 20})
    codec = keras_gan.tables.fit_codec(frame, schema={"age": "integer"})
    ```
    """
    pandas = _pandas()
    # Not the seed of somebody else: what made the data may have drawn the same numbers.
    rng, num_rows = np.random.default_rng(2_907_041_117), 0
    sample, keys, counts, seen = [], [], {}, {}
    for part in read_parts(data):
        column_names(part)
        num_rows += len(part)
        sample.append(part)
        keys.append(rng.random(len(part)))
        keys[-1][_first_of_their_kind(part, seen)] = -1.0  # stay in the sample
        _count(part, counts)
        if sum(map(len, sample)) > 2 * NUM_SAMPLED:
            sample, keys = smallest(sample, keys, NUM_SAMPLED)
    if num_rows == 0:
        raise ValueError("The table has no rows.")
    if num_rows > NUM_SAMPLED:
        sample, _ = smallest(sample, keys, NUM_SAMPLED)
    frame = sample[0] if len(sample) == 1 else pandas.concat(sample, ignore_index=True)
    counts = counts if num_rows > NUM_SAMPLED else None
    codec = TableCodec.fit(frame, schema, counts, num_rows)
    if not isinstance(getattr(data, "data", data), pandas.DataFrame):
        _keep_integers(codec)
    return codec


def smallest(parts: list, keys: list, max_rows: int) -> tuple[list, list]:
    """Return the rows with the smallest keys, in their order.

    Args:
        parts: list of `pandas.DataFrame`s.
        keys: list of float arrays, a number for each row.
        max_rows: int.
    """
    frame, keys = concatenated(parts), np.concatenate(keys)
    chosen = np.sort(np.argsort(keys)[:max_rows])
    return [frame.iloc[chosen]], [keys[chosen]]


def _first_of_their_kind(part, seen):
    """Return the places of the first missing value of each column, and of three others.

    A value that one row in a million lacks is missing in no sample; nor is it known
    that a column of two numbers has a third.
    """
    types, places = _pandas().api.types, []
    for name in part.columns:
        column, known = part[name], seen.setdefault(str(name), set())
        is_missing = column.isna()
        if None not in known and is_missing.any():
            known.add(None)
            places.append(int(is_missing.to_numpy().argmax()))
        if not types.is_numeric_dtype(column) or len(known - {None}) >= 3:
            continue
        for value in column.dropna().unique()[:4]:
            if value not in known and len(known - {None}) < 3:
                known.add(value)
                places.append(int((column == value).fillna(False).to_numpy().argmax()))
    return places


def _count(part, counts):
    """Count the values of the columns that are no numbers."""
    types = _pandas().api.types
    for name in part.columns:
        column = part[name]
        is_number = types.is_numeric_dtype(column) and not types.is_bool_dtype(column)
        if is_number or types.is_datetime64_any_dtype(column):
            continue
        found = counts.setdefault(str(name), {})
        try:
            for value, number in column.value_counts(dropna=True).items():
                found[value] = found.get(value, 0) + int(number)
        except TypeError:  # lists, which `infer_columns` refuses
            continue
        if missing := int(column.isna().sum()):
            found[None] = found.get(None, 0) + missing


def _keep_integers(codec):
    """Write whole numbers without a point, where a file has missing ones."""
    for column in codec.columns:
        if column.kind == "integer" and column.dtype.startswith("float"):
            column.dtype = "Int64"


def batches(
    codec: TableCodec,
    data,
    batch_size: int = 128,
    seed: int = 0,
    conditional_share: float = 0.5,
) -> TableBatches:
    """Return the rows of a table in batches, coded. It need not fit into memory.

    Args:
        codec: a fitted `TableCodec`.
        data: `pandas.DataFrame`, or the path of a CSV or Parquet file.
        batch_size: int.
        seed: int.
        conditional_share: float; see `TableBatches`.

    Returns:
        A `TableBatches`.

    Raises:
        ValueError: on a table that is not as the codec knows it.

    Example:

    ```python
    import pandas as pd

    frame = pd.DataFrame({"age": [20, 30, 40, 50] * 10, "job": ["cook", "smith"] * 20})
    codec = keras_gan.tables.fit_codec(frame)
    rows, conditions = keras_gan.tables.batches(codec, frame, batch_size=8)[0]
    ```
    """
    found = [codec.codes(part) for part in read_parts(data)]
    if not found:
        raise ValueError("The table has no rows.")
    ranks, classes = (np.concatenate(each) for each in zip(*found, strict=True))
    return TableBatches(codec, ranks, classes, batch_size, seed, conditional_share)


def concatenated(parts):
    """Return tables as one, with rows numbered anew."""
    return parts[0] if len(parts) == 1 else _pandas().concat(parts, ignore_index=True)


def _pandas():
    try:
        import pandas
    except ImportError:
        raise ImportError(
            'Tables need pandas: pip install "keras-gan[tables]"'
        ) from None
    return pandas
