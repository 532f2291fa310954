"""Hold some rows of a table out of training, to measure with."""

from collections.abc import Iterator

import numpy as np

from keras_gan.tables.reading import concatenated, read_parts, smallest
from keras_gan.validation import arguments


class HeldOut:
    """A table in two parts: rows to train on, and rows that are held out.

    Which rows these are depends on their places and the seed alone. A `HeldOut` stands
    for its rows to train on where `keras_gan.tables.fit_codec` and `batches` take data.

    Args:
        data: `pandas.DataFrame`, or the path of a CSV or Parquet file.
        share: float, the share of rows that are held out, from 0 to 0.5.
        seed: int.

    Raises:
        ValueError: on another share.

    Example:

    ```python
    import pandas as pd

    frame = pd.DataFrame({"age": [20, 30, 40, 50] * 50, "job": ["cook", "smith"] * 100})
    data = keras_gan.tables.HeldOut(frame, share=0.2)
    codec = keras_gan.tables.fit_codec(data)
    test = data.held_out()
    ```
    """

    def __init__(self, data, share: float = 0.1, seed: int = 0):
        self.data, self.seed = data, arguments.seed(seed)
        self.share = arguments.finite("share", share)
        if not 0 <= share <= 0.5:
            raise ValueError(f"`share` must be from 0 to 0.5. Received: {share}")

    def parts(self) -> Iterator:
        """Yield the rows to train on, as `read_parts` does."""
        return self._parts(is_held_out=False)

    def held_out(self, max_rows: int = 20_000):
        """Return the rows that are held out, as a `pandas.DataFrame`.

        Args:
            max_rows: int; of more rows so many are drawn evenly.
        """
        return some_rows(self._parts(is_held_out=True), max_rows, self.seed)

    def trained_on(self, max_rows: int = 100_000):
        """Return rows to train on as a `pandas.DataFrame`.

        Args:
            max_rows: int; of more rows so many are drawn evenly.
        """
        return some_rows(self.parts(), max_rows, self.seed)

    def _parts(self, is_held_out):
        rng = np.random.default_rng((self.seed, 1))
        for part in read_parts(self.data):
            chosen = rng.random(len(part)) < self.share
            yield part[chosen if is_held_out else ~chosen]


def some_rows(parts, max_rows: int, seed: int = 0):
    """Return at most so many of the rows of parts, drawn evenly, in their order.

    Args:
        parts: iterable of `pandas.DataFrame`s.
        max_rows: int.
        seed: int.
    """
    rng = np.random.default_rng((seed, 2))
    kept, keys = [], []
    for part in parts:
        kept.append(part)
        keys.append(rng.random(len(part)))
        if sum(map(len, kept)) > 2 * max_rows:
            kept, keys = smallest(kept, keys, max_rows)
    if sum(map(len, kept)) > max_rows:
        kept, _ = smallest(kept, keys, max_rows)
    return concatenated(kept).reset_index(drop=True)
