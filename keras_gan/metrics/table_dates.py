"""Dates in tables as numbers, to be compared as such."""

import re

_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def dates_as_numbers(frame):
    """Return a table in which dates are numbers: seconds since 1970.

    Args:
        frame: `pandas.DataFrame`.
    """
    import pandas as pd

    changed = {}
    for name in frame.columns:
        times = _times(frame[name])
        if times is not None:
            seconds = (times - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(1, "s")
            changed[name] = seconds.astype("float64")
    return frame.assign(**changed) if changed else frame


def _times(column):
    """Return a column of dates, or of texts that all are, in UTC; else None."""
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        return None
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return pd.to_datetime(column, utc=True)
    known = column.dropna()
    if not len(known) or not _DATE.match(str(known.iloc[0])):
        return None
    objects = column.astype(object).where(column.notna(), None)
    times = pd.to_datetime(objects, format="ISO8601", errors="coerce", utc=True)
    return times if times.notna().sum() == len(known) else None
