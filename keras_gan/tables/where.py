"""Rows with given values: what is asked of the generator, and what is checked after."""

from typing import Any

import numpy as np

from keras_gan.tables.codec import TableCodec


class Where:
    """The condition that a user sets on rows to generate.

    The rarest of the classes that are asked for is given to the generator. All other
    conditions are met by leaving out rows that do not.

    Args:
        codec: a fitted `TableCodec`.
        where: dict from a column's name to a value, to a list of values, or, for
            numbers and dates, to a pair `(low, high)`; None for no condition. None as
            a value is "missing".

    Raises:
        ValueError: on an unknown column or value, and on a range without values.
    """

    def __init__(self, codec: TableCodec, where: dict[str, Any] | None):
        self.codec = codec
        self._tests = {}
        self._forced, share = None, 1.0
        for name, wanted in (where or {}).items():
            kinds = {c.name: c.kind for c in codec.columns}
            if kinds.get(name, "drop") == "drop":
                known = [k for k, kind in kinds.items() if kind != "drop"]
                raise ValueError(
                    f"`where` names the column {name!r}. The columns are: {known}"
                )
            if name in codec.numbers:
                self._tests[name] = self._range(name, wanted)
                continue
            block = codec.categories[name]
            values = wanted if isinstance(wanted, list | set) else [wanted]
            try:
                counts = block.counts[[block.levels.index(v) for v in values]]
                codes = block.code(values)
            except (TypeError, ValueError):
                levels = ", ".join(repr(level) for level in block.levels[:8])
                more = ", ..." if len(block.levels) > 8 else ""
                raise ValueError(
                    f"`where` asks for {wanted!r} in the column {name!r}, which no "
                    f"training row has. There are: {levels}{more}"
                ) from None
            self._tests[name] = list(values)
            if counts.sum() / block.counts.sum() < share:
                share = counts.sum() / block.counts.sum()
                self._forced = (name, codes, counts / counts.sum())

    def _range(self, name, wanted):
        number = self.codec.numbers[name]
        if wanted is None:
            column = next(c for c in self.codec.columns if c.name == name)
            if not column.has_missing:
                raise ValueError(
                    f"`where` asks for missing values in the column {name!r}, and none "
                    "of the training rows has any."
                )
            return None
        low, high = wanted if isinstance(wanted, tuple) else (wanted, wanted)
        least, most = self._as_values(name, number.lows[0], number.highs[-1])
        try:
            is_empty = not (low <= high and low <= most and high >= least)
        except TypeError as error:
            raise ValueError(
                f"`where` asks for {wanted!r} in the column {name!r}, whose values run "
                f"from {least} to {most}: {error}"
            ) from None
        if is_empty:
            raise ValueError(
                f"`where` asks for {low} to {high} in the column {name!r}, whose "
                f"values run from {least} to {most}."
            )
        return low, high

    def _as_values(self, name, *numbers):
        from keras_gan.tables.schema import numbers_as_dates

        column = next(c for c in self.codec.columns if c.name == name)
        if column.kind != "date":
            return numbers
        return list(numbers_as_dates(np.array(numbers), column.settings, column.dtype))

    @property
    def is_filter(self) -> bool:
        """Whether rows must be checked after they are generated."""
        return bool(self._tests)

    def conditions(self, num_rows: int, rng: np.random.Generator) -> np.ndarray:
        """Return the conditions for the generator: float32 `(num_rows, num_classes)`.

        Args:
            num_rows: int.
            rng: draws which of several values each row is to have.
        """
        conditions = np.zeros((num_rows, sum(self.codec.block_sizes)), "float32")
        if self._forced is not None:
            name, codes, odds = self._forced
            start = self.codec.block_slice(name).start
            drawn = codes[rng.choice(len(codes), num_rows, p=odds)]
            conditions[np.arange(num_rows), start + drawn] = 1.0
        return conditions

    def matches(self, frame) -> np.ndarray:
        """Return which rows of a table meet the condition: bool array `(num_rows,)`."""
        kept = np.ones(len(frame), bool)
        for name, wanted in self._tests.items():
            column = frame[name]
            if isinstance(wanted, tuple):
                inside = (column >= wanted[0]) & (column <= wanted[1])
                kept &= inside.fillna(False).to_numpy(bool)
                continue
            known = [value for value in wanted or [None] if value is not None]
            found = column.isin(known)
            if wanted is None or None in wanted:
                found = found | column.isna()
            kept &= found.to_numpy(bool)
        return kept
