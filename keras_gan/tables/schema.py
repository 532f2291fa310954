"""What kind of values each column of a table has."""

import warnings
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from keras_gan.validation import arguments

KINDS = ("number", "integer", "category", "boolean", "date", "drop")
DATE_FORMATS = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d")
MIN_ROWS = 20
LARGEST_INTEGER = 2**53  # beyond, a float64 does not hold every integer
# A text column with so many different values is taken for names or numbers of things.
MANY_LEVELS, MANY_ROWS = 0.5, 100


@dataclass
class Column:
    """One column: its name, the kind of its values, and how they are stored.

    Args:
        name: str.
        kind: `"number"`, `"integer"`, `"category"`, `"boolean"`, `"date"`, or `"drop"`
            for a column that is left out.
        dtype: str, the pandas dtype.
        has_missing: bool.
        settings: dict, what else is needed: the unit and the format of dates, the
            order of a categorical dtype, why a column is left out.

    Example:

    ```python
    column = keras_gan.tables.Column("age", "integer", "int64")
    column.is_number  # True
    ```
    """

    name: str
    kind: str
    dtype: str = "object"
    has_missing: bool = False
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def is_number(self) -> bool:
        """Whether values are coded as ranks."""
        return self.kind in ("number", "integer", "date")

    def get_config(self) -> dict[str, Any]:
        return asdict(self)


def infer_columns(
    frame, schema: dict[str, str] | None = None, num_rows: int | None = None
) -> list[Column]:
    """Return what kind of values each column of a table has.

    Whole numbers are `"integer"`; with at most two values, `"category"`. Text is
    `"category"`, or `"date"` where all of it reads as a date, year first. A column that
    numbers the rows is left out, with a warning.

    Args:
        frame: `pandas.DataFrame`.
        schema: dict from names of columns to kinds, for what is not recognised as it
            is meant.
        num_rows: int, the number of all rows, where `frame` is a sample in their order.

    Returns:
        A list of `Column`, one for each column of the table.

    Raises:
        ValueError: on a column that cannot be learned from, such as one of names that
            are all different, or of numbers and text; and on an unknown name or kind.

    Example:

    ```python
    import pandas as pd

    frame = pd.DataFrame({"age": [20, 30] * 10, "job": ["cook", "smith"] * 10})
    columns = keras_gan.tables.infer_columns(frame, {"age": "integer"})
    [column.kind for column in columns]  # ["integer", "category"]
    ```
    """
    schema = _checked_schema(frame, schema)
    num_rows = num_rows or len(frame)
    columns = [
        _column(frame[name], str(name), schema, num_rows) for name in frame.columns
    ]
    if all(column.kind == "drop" for column in columns):
        raise ValueError("All columns are left out: there is nothing to learn.")
    return columns


def column_names(frame) -> list[str]:
    """Return the names of the columns of a table.

    Raises:
        ValueError: if two are the same.
    """
    names = [str(name) for name in frame.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"Several columns have the same name: {twice}. Rename them.")
    return names


def _checked_schema(frame, schema):
    names = column_names(frame)
    schema = {str(name): kind for name, kind in (schema or {}).items()}
    unknown = sorted(set(schema) - set(names))
    if unknown:
        raise ValueError(f"`schema` names {unknown}, and the columns are {names}.")
    for name, kind in schema.items():
        arguments.one_of(f"schema[{name!r}]", kind, KINDS)
    return schema


def _column(series, name, schema, num_rows):
    import pandas as pd

    wanted, dtype = schema.get(name), str(series.dtype)
    if wanted == "drop":
        return Column(name, "drop", dtype, settings={"why": "as the schema says"})
    has_missing = bool(series.isna().any())
    values = series.dropna()
    settings, found = {}, None
    if isinstance(series.dtype, pd.CategoricalDtype):
        found, dtype = "category", "category"
        settings["categories"] = [_plain(v) for v in series.cat.categories]
        settings["ordered"] = bool(series.cat.ordered)
    elif wanted == "category" and _is_mixed(values):
        found, settings["as_text"] = "category", True
    elif wanted is None:
        found = _found_kind(values, name)
    kind = wanted or found
    column = Column(name, kind, dtype, has_missing, settings)
    if kind in ("number", "integer"):
        _check_numbers(values, name, kind, wanted)
        numbers_rows = not has_missing and _numbers_rows(values, num_rows)
        if wanted is None and kind == "integer" and numbers_rows:
            warnings.warn(
                f"The column {name!r} numbers the rows, and is left out. If it is "
                f'data, pass `schema={{{name!r}: "integer"}}`.',
                stacklevel=2,
            )
            return Column(name, "drop", dtype, settings={"why": "numbers the rows"})
    elif kind == "date":
        column.settings |= date_settings(values, name)
    elif wanted is None and found == "category" and dtype != "category":
        _refuse_identifiers(values, name)
    return column


def _is_mixed(values):
    from pandas.api import types

    return types.infer_dtype(values, skipna=True).startswith("mixed")


def _found_kind(values, name):
    """Return the kind of the values of a column, without what is missing."""
    from pandas.api import types

    if len(values) == 0:
        return "category"
    if types.is_datetime64_any_dtype(values.dtype):
        return "date"
    inferred = types.infer_dtype(values, skipna=True)
    if inferred == "boolean":
        return "boolean"
    if inferred in ("integer", "floating", "mixed-integer-float", "decimal"):
        numbers = values.astype("float64").to_numpy()
        _check_finite(numbers, name)
        if len(np.unique(numbers)) <= 2:
            return "category"
        return "integer" if np.all(numbers == np.round(numbers)) else "number"
    if inferred in ("datetime64", "datetime", "date"):
        return "date"
    if inferred in ("string", "empty"):
        return "date" if date_format(values) is not None else "category"
    if inferred.startswith("mixed"):
        kinds = sorted({type(value).__name__ for value in values})
        if kinds in (["dict"], ["list"], ["ndarray"], ["tuple"]):
            inferred = kinds[0]
    if inferred.startswith("mixed"):
        raise ValueError(
            f"The column {name!r} mixes values of the types {kinds}. Make them one "
            f'type, or pass `schema={{{name!r}: "category"}}` to take all for text, or '
            '"drop".'
        )
    raise ValueError(
        f"The column {name!r} holds values of the type {inferred}. Expected numbers, "
        f'text, booleans or dates. Convert it, or pass `schema={{{name!r}: "drop"}}`.'
    )


def _check_numbers(values, name, kind, wanted):
    try:
        numbers = values.astype("float64").to_numpy()
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"The column {name!r} is to be {kind!r}, and holds what is no number: "
            f"{error}."
        ) from None
    _check_finite(numbers, name)
    if kind == "integer" and np.any(numbers != np.round(numbers)):
        raise ValueError(
            f"The column {name!r} is to be 'integer', and holds "
            f'{numbers[numbers != np.round(numbers)][0]:g}. Pass "number".'
        )
    if kind == "integer" and np.any(np.abs(numbers) > LARGEST_INTEGER):
        raise ValueError(
            f"The column {name!r} holds integers above 2**53, which look like "
            f'identifiers. Pass `schema={{{name!r}: "drop"}}`.'
        )


def _check_finite(numbers, name):
    if not np.isfinite(numbers).all():
        raise ValueError(
            f"The column {name!r} holds infinity. Replace it by a number, or by a "
            "missing value."
        )


def _numbers_rows(values, num_rows):
    """Whether integers count the rows up, some of which may have been left out."""
    if len(values) < MIN_ROWS:
        return False
    numbers = values.astype("float64").to_numpy()
    is_dense = numbers[-1] - numbers[0] < 2 * num_rows
    return bool(is_dense and np.all(np.diff(numbers) > 0))


def _refuse_identifiers(values, name):
    num_levels = values.nunique()
    if len(values) >= MANY_ROWS and num_levels > MANY_LEVELS * len(values):
        raise ValueError(
            f"The column {name!r} has {num_levels:,} different texts in {len(values):,}"
            " rows: names of things, it seems, which a synthetic table must not copy. "
            f'Pass `schema={{{name!r}: "drop"}}`, or "category" if it is data.'
        )


def date_format(values) -> str | None:
    """Return the format of texts that are dates; None if they are not."""
    import pandas as pd

    first = str(values.iloc[0])
    for each in DATE_FORMATS:
        if pd.isna(pd.to_datetime(first, format=each, errors="coerce")):
            continue
        if not pd.to_datetime(values, format=each, errors="coerce").isna().any():
            return each
    return None


def date_settings(values, name) -> dict[str, Any]:
    """Return the format, the time zone and the unit of a column of dates."""
    import pandas as pd
    from pandas.api import types

    settings = {"format": None, "tz": None, "unit": "D", "is_date": False}
    if len(values) == 0:
        return settings
    if not types.is_datetime64_any_dtype(values.dtype):
        inferred = types.infer_dtype(values, skipna=True)
        settings["is_date"] = inferred == "date"
        if inferred == "string":
            settings["format"] = date_format(values)
            if settings["format"] is None:
                raise ValueError(
                    f"The column {name!r} is to be 'date', and its texts, such as "
                    f"{values.iloc[0]!r}, are in none of the formats "
                    f"{list(DATE_FORMATS)}. Convert it with `pandas.to_datetime`."
                )
    times = to_times(values, settings)
    if times.dt.tz is not None:
        settings["tz"] = str(times.dt.tz)
    nanoseconds = _since_epoch(times, pd.Timedelta(1, "ns"))
    for unit, length in (("D", 86_400_000_000_000), ("s", 10**9), ("ms", 10**6)):
        if not np.any(nanoseconds % length):
            return settings | {"unit": unit}
    return settings | {"unit": "us"}


def to_times(series, settings):
    """Return a column of dates as pandas' datetimes."""
    import pandas as pd

    return pd.to_datetime(series, format=settings["format"])


def dates_as_numbers(series, settings) -> np.ndarray:
    """Return dates as a float array: units since 1970, NaN where one is missing."""
    import pandas as pd

    times = to_times(series, settings)
    unit = pd.Timedelta(1, settings["unit"])
    numbers = np.full(len(series), np.nan)
    known = times.notna().to_numpy()
    numbers[known] = _since_epoch(times[known], unit)
    return numbers


def _since_epoch(times, unit):
    if times.dt.tz is not None:
        times = times.dt.tz_convert("UTC").dt.tz_localize(None)
    import pandas as pd

    return ((times - pd.Timestamp(0)) // unit).to_numpy()


def numbers_as_dates(numbers: np.ndarray, settings, dtype: str):
    """Return units since 1970 as a column of dates, as the training rows had them."""
    import pandas as pd

    whole = pd.array(np.where(np.isnan(numbers), 0, numbers).astype("int64"))
    times = pd.Series(pd.to_datetime(whole, unit=settings["unit"]))
    times[np.isnan(numbers)] = pd.NaT
    if settings["format"] is not None:
        texts = times.dt.strftime(settings["format"])
        return texts.astype(dtype)
    if settings["is_date"]:
        return times.dt.date.astype(object).where(times.notna(), None)
    if settings["tz"] is not None:
        times = times.dt.tz_localize("UTC").dt.tz_convert(settings["tz"])
    return times.astype(dtype)


def _plain(value):
    """Return a value as JSON has it."""
    return value.item() if isinstance(value, np.generic) else value
