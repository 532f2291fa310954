"""A table as arrays for networks, and back."""

from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gan.tables.columns import CategoryColumn, NumberColumn
from keras_gan.tables.row_decoder import RowDecoder, missing_block
from keras_gan.tables.schema import (
    MIN_ROWS,
    Column,
    dates_as_numbers,
    infer_columns,
    numbers_as_dates,
)

NUM_CORRELATED = 20_000  # so many rows tell how columns go together


@keras.saving.register_keras_serializable(package="keras_gan")
class TableCodec(RowDecoder):
    """Code the rows of a table as vectors, and decode vectors to rows.

    A number, integer or date has a *rank* among the training rows, from -1 to 1, and
    becomes a piecewise linear code of it; see `keras_gan.layers.RankCode`. Everything
    else becomes a *block* of a one-hot vector: a category, a boolean, and, for numbers
    of which some are missing, whether this one is. The code of a missing number is
    zero. So a row is a vector of codes and then the blocks, `width` values in all. A
    decoded table has the columns, the order, the dtypes, the bounds and the rounding of
    the training rows.

    `TableCodec.fit` makes one.

    Args:
        columns: list of `Column`, or their configs.
        numbers: dict from a column's name to its `NumberColumn`, or its config.
        categories: dict from the name of a block to its `CategoryColumn`, or config.
        correlations: float array, the correlations of the normal scores of all numbers
            and of the blocks; see `scores`.
        num_rows: int, the number of training rows.

    Example:

    ```python
    import pandas as pd

    frame = pd.DataFrame({"age": [20, 30, 40, 50] * 10, "job": ["cook", "smith"] * 20})
    codec = keras_gan.tables.TableCodec.fit(frame)
    rows = codec.encode(frame)  # a code and a block of two
    print(codec.describe())
    table = codec.decode(rows)
    ```
    """

    def __init__(self, columns, numbers, categories, correlations, num_rows: int):
        super().__init__(
            [_made(Column, each) for each in columns],
            {k: _made(NumberColumn, v) for k, v in numbers.items()},
            {k: _made(CategoryColumn, v) for k, v in categories.items()},
        )
        self.correlations = np.asarray(correlations, "float64").round(5)
        self.num_rows = int(num_rows)

    @classmethod
    def fit(cls, frame, schema=None, counts=None, num_rows=None) -> "TableCodec":
        """Return the codec of a table.

        Args:
            frame: `pandas.DataFrame`, all training rows or a sample of them.
            schema: dict from names of columns to kinds; see `infer_columns`.
            counts: dict from a column's name to a dict from each value to its number
                of rows, where `frame` is a sample: rare values may not be in it.
            num_rows: int, the number of all rows, where `frame` is a sample.

        Raises:
            ValueError: on fewer than 20 rows, and as `infer_columns`.
        """
        if len(frame) < MIN_ROWS:
            raise ValueError(
                f"The table has {len(frame)} rows. A model of so few could only repeat "
                f"them. Expected at least {MIN_ROWS}, and better a thousand."
            )
        frame = _named_by_text(frame)
        columns = infer_columns(frame, schema, num_rows)
        self = cls(columns, {}, {}, [], num_rows or len(frame))
        for column in self.kept:
            if column.is_number:
                values = self._as_numbers(frame, column)
                known = values[~np.isnan(values)]
                if len(known) == 0:
                    column.kind = "category"
                    continue
                self.numbers[column.name] = NumberColumn.fit(known)
                if column.has_missing:
                    levels = np.isnan(values).tolist()
                    self.categories[missing_block(column.name)] = CategoryColumn.fit(
                        levels
                    )
        for column in self.kept:
            if not column.is_number:
                counted = (counts or {}).get(column.name)
                if counted is None:
                    found = CategoryColumn.fit(_levels(frame, column))
                else:
                    found = CategoryColumn.of_counts(counted)
                column.has_missing = None in found.levels
                self.categories[column.name] = found
        # The rows may be sorted: those that are looked at are spread over the table.
        chosen = frame.iloc[:: -(-len(frame) // NUM_CORRELATED)]
        found = _correlations(self.scores(*self.codes(chosen)))
        kept = np.array([*map(_kept_by_number, self.numbers.values())])
        blocks = self.categories.values()
        kept = [*kept, *(_kept_by_classes(self.class_edges(b)) for b in blocks)]
        self.correlations = _latent_correlations(found, np.array(kept))
        return self

    @property
    def is_point(self) -> list[bool]:
        """For each value of a row whether it codes a point, that many rows share."""
        flags = [flag for n in self.numbers.values() for flag in n.intervals()[1]]
        return [*map(bool, flags), *[False] * sum(self.block_sizes)]

    def codes(self, frame) -> tuple[np.ndarray, np.ndarray]:
        """Return a table as ranks and class numbers, the short form of its rows.

        Args:
            frame: `pandas.DataFrame` with the columns of the training rows.

        Returns:
            `ranks, classes`: a float32 array `(num_rows, num_numbers)`, from -1 to 1
            and NaN for what is missing; and an int32 array `(num_rows, num_blocks)`.

        Raises:
            ValueError: if columns are missing, or hold values of another kind.
        """
        frame = _named_by_text(frame)
        absent = [c.name for c in self.kept if c.name not in frame.columns]
        if absent:
            raise ValueError(
                f"The table lacks the columns {absent}. It has {list(frame.columns)}."
            )
        ranks = np.zeros((len(frame), self.num_numbers), "float32")
        classes = np.zeros((len(frame), len(self.categories)), "int32")
        names, blocks = list(self.numbers), list(self.categories)
        for column in self.kept:
            name = column.name
            if name not in self.numbers:
                values = _levels(frame, column)
                try:
                    classes[:, blocks.index(name)] = self.categories[name].code(values)
                except ValueError as error:
                    raise ValueError(f"In the column {name!r}: {error}") from None
                continue
            values = self._as_numbers(frame, column)
            is_missing, block = np.isnan(values), missing_block(name)
            if block in blocks:
                coded = self.categories[block].code(is_missing.tolist())
                classes[:, blocks.index(block)] = coded
            elif is_missing.any():
                raise ValueError(
                    f"Values of the column {name!r} are missing, and no training "
                    "row lacked one."
                )
            found = 2 * self.numbers[name].rank(values) - 1
            ranks[:, names.index(name)] = np.where(is_missing, np.nan, found)
        return ranks, classes

    def rows(self, ranks: np.ndarray, classes: np.ndarray) -> np.ndarray:
        """Return the vectors of what `codes` returned: float32 `(num_rows, width)`.

        Args:
            ranks: float32 array `(num_rows, num_numbers)`.
            classes: int32 array `(num_rows, num_blocks)`.
        """
        rows = np.zeros((len(ranks), self.width), "float32")
        start = 0
        for index, edges in enumerate(self.edges):
            lows, widths = np.array(edges[:-1], "float32"), np.diff(edges)
            inside = (ranks[:, index, None] - lows) / widths.astype("float32")
            code = 2 * np.clip(inside, 0.0, 1.0) - 1
            rows[:, start : start + len(lows)] = np.nan_to_num(code, nan=0.0)
            start += len(lows)
        if self.categories:
            starts = start + np.cumsum([0, *self.block_sizes[:-1]])
            np.put_along_axis(rows, classes + starts.astype("int32"), 1.0, axis=1)
        return rows

    def encode(self, frame) -> np.ndarray:
        """Return the rows of a table as vectors; see `codes`.

        Args:
            frame: `pandas.DataFrame` with the columns of the training rows.

        Returns:
            A float32 array `(num_rows, width)`.
        """
        return self.rows(*self.codes(frame))

    def scores(self, ranks: np.ndarray, classes: np.ndarray) -> np.ndarray:
        """Return normal scores of rows: each column as if it were standard normal.

        A class is an interval of ranks, as a point of a number is, and gets the score
        of its middle; a missing number that of the median.

        Args:
            ranks: float array `(num_rows, num_numbers)`.
            classes: int array `(num_rows, num_blocks)`.

        Returns:
            A float array `(num_rows, num_numbers + num_blocks)`.
        """
        uniform = [(np.nan_to_num(ranks, nan=0.0) + 1) / 2]
        for index, block in enumerate(self.categories.values()):
            edges = self.class_edges(block)
            middles = (edges[:-1] + edges[1:]) / 2
            uniform.append(middles[classes[:, index], None])
        return normal_score(np.concatenate(uniform, 1))

    @staticmethod
    def class_edges(block: CategoryColumn) -> np.ndarray:
        """Return the ranks at which the classes of a block begin and end."""
        counts = block.class_counts
        return np.concatenate([[0.0], np.cumsum(counts) / counts.sum()])

    def decode(self, rows: np.ndarray, seed=0):
        """Return the table of encoded rows.

        Args:
            rows: float array `(num_rows, width)`.
            seed: int or `numpy.random.Generator`, for the levels that share a class;
                see `CategoryColumn`.

        Returns:
            A `pandas.DataFrame`.
        """
        return self.table(*self.parse(rows), seed)

    def table(self, ranks: np.ndarray, classes: np.ndarray, seed=0):
        """Return the table of ranks and classes; see `codes` and `decode`.

        Args:
            ranks: float array `(num_rows, num_numbers)`.
            classes: int array `(num_rows, num_blocks)`.
            seed: int or `numpy.random.Generator`.
        """
        return self.frame(self.values(ranks, classes, np.random.default_rng(seed)))

    def frame(self, values: dict):
        """Return what `values` returned as a `pandas.DataFrame`, with its dtypes.

        Args:
            values: dict from a column's name to an array.
        """
        import pandas as pd

        table = {}
        for column in self.kept:
            convert = _as_numbers if column.name in self.numbers else _as_levels
            table[column.name] = convert(values[column.name], column)
        return pd.DataFrame(table)

    def number_of(self, name: str, value):
        """Return a value of a number or a date as the column holds it.

        Args:
            name: str, of the column.
            value: a number; for dates, what `pandas.Timestamp` takes.
        """
        import pandas as pd

        column = next(c for c in self.kept if c.name == name)
        if column.kind != "date":
            return value
        time, zone = pd.Timestamp(value), column.settings["tz"]
        if time.tzinfo is None:
            time = time.tz_localize(zone or "UTC")
        return (time - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(
            1, column.settings["unit"]
        )

    def describe(self) -> str:
        """Return a line for each column: its name, its kind, and what it holds."""
        lines = []
        for column in self.columns:
            if column.kind == "drop":
                said = f"left out: {column.settings['why']}"
            elif column.name in self.numbers:
                said = self._described_number(column)
            else:
                block = self.categories[column.name]
                said = f"{len(block.levels):,} values"
                if len(block.levels) > block.num_classes:
                    said += f", of which {block.num_classes - 1} have their own class"
                rarest = block.counts.min()
                said += f", the rarest in {rarest:,} rows"
            if column.has_missing:
                said += ", some missing"
            lines.append((column.name, column.kind, said))
        width = max(len(name) for name, *_ in lines)
        return "\n".join(f"{name:<{width}}  {kind:<8}  {s}" for name, kind, s in lines)

    def _described_number(self, column):
        number = self.numbers[column.name]
        ends = (number.lows[0], number.highs[-1])
        low, high = (self.text_of(column.name, end) for end in ends)
        said = f"{low} to {high}"
        widest = np.argmax(np.where(number.is_point, number.shares, 0))
        if number.is_point[widest] and number.shares[widest] > 0.05:
            value = self.text_of(column.name, number.lows[widest])
            said += f", {100 * number.shares[widest]:.0f}% are {value}"
        return said

    @staticmethod
    def _as_numbers(frame, column):
        """Return the values of a column as floats, NaN where one is missing."""
        series = frame[column.name]
        try:
            if column.kind == "date":
                return dates_as_numbers(series, column.settings)
            values = series.astype(
                "Float64" if series.dtype == object else series.dtype
            )
            return values.to_numpy("float64", na_value=np.nan)
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"The column {column.name!r} holds what is no {column.kind}: {error}"
            ) from None

    def get_config(self) -> dict[str, Any]:
        return {
            "columns": [column.get_config() for column in self.columns],
            "numbers": {k: v.get_config() for k, v in self.numbers.items()},
            "categories": {k: v.get_config() for k, v in self.categories.items()},
            "correlations": self.correlations.tolist(),
            "num_rows": self.num_rows,
        }

    @classmethod
    def from_config(cls, config) -> "TableCodec":
        return cls(**config)


def normal_score(ranks: np.ndarray) -> np.ndarray:
    """Return the standard normal quantiles of ranks from 0 to 1."""
    centred = 2 * np.clip(np.asarray(ranks, "float32"), 1e-4, 1 - 1e-4) - 1
    return 2**0.5 * np.asarray(ops.convert_to_numpy(ops.erfinv(centred)), "float64")


def _named_by_text(frame):
    names = [str(name) for name in frame.columns]
    return frame if names == list(frame.columns) else frame.set_axis(names, axis=1)


def _levels(frame, column):
    """Return the values of a column as a list, None where one is missing."""
    series = frame[column.name]
    values = series.astype(object).where(series.notna(), None).tolist()
    if column.settings.get("as_text"):
        values = [value if value is None else str(value) for value in values]
    return values


def _as_levels(levels, column):
    """Return levels as a column of the dtype of the training rows."""
    import pandas as pd

    if column.dtype == "category":
        settings = column.settings
        dtype = pd.CategoricalDtype(settings["categories"], settings["ordered"])
        return pd.Series(levels, dtype=dtype)
    return pd.Series(levels, dtype=object).astype(column.dtype)


def _as_numbers(values, column):
    import pandas as pd

    if column.kind == "date":
        return numbers_as_dates(values, column.settings, column.dtype)
    if column.dtype.startswith(("int", "uint")) or column.dtype[:1] in "IU":
        return pd.array(values, dtype="Float64").astype(column.dtype)
    return pd.Series(values).astype(column.dtype)


def _correlations(scores):
    """Return the correlations of columns; 0 for one that is constant."""
    deviations = scores - scores.mean(0)
    spreads = np.sqrt((deviations**2).mean(0))
    scaled = deviations / np.where(spreads > 0, spreads, 1.0)
    found = scaled.T @ scaled / len(scores)
    np.fill_diagonal(found, 1.0)
    return found.round(5)


def _latent_correlations(correlations, kept):
    """Return the correlations of latents whose scores have these correlations.

    A class or a point has one score for a whole interval of latents, which keeps a part
    of their variance. So the correlations of scores are smaller.

    Args:
        correlations: float array `(size, size)`, of scores.
        kept: float array `(size,)`, the standard deviations of what scores keep.
    """
    found = correlations / np.maximum(np.outer(kept, kept), 0.05)
    found = np.clip(found, -0.95, 0.95)
    np.fill_diagonal(found, 1.0)
    return found.round(5)


def _kept_by_classes(edges):
    """Return the standard deviation of the mean normal scores of intervals of ranks."""
    return np.sqrt(max(0.0, 1.0 - _lost(edges[:-1], edges[1:]).sum()))


def _kept_by_number(number):
    points = number.points()
    return np.sqrt(max(0.0, 1.0 - _lost(*points.T).sum()))


def _lost(lows, highs):
    """Return the variance of a standard normal within each interval of ranks."""
    shares = highs - lows
    ends = [normal_score(lows), normal_score(highs)]
    heights = [np.exp(-(end**2) / 2) / np.sqrt(2 * np.pi) for end in ends]
    with np.errstate(divide="ignore", invalid="ignore"):
        means = (heights[0] - heights[1]) / shares
        lost = shares + ends[0] * heights[0] - ends[1] * heights[1] - shares * means**2
    return np.where(shares > 0, lost, 0.0)


def _made(kind, value):
    return kind(**value) if isinstance(value, dict) else value
