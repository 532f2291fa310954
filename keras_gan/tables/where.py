"""Rows with given values: what is asked of the generator, and what is checked after."""

from __future__ import annotations

from typing import Any

import numpy as np

from .row_decoder import RowDecoder


class Where:
    """The condition that a user sets on rows to generate.

    The rarest of the classes that are asked for is given to the generator. All other
    conditions are met by leaving out rows that do not.

    Args:
        codec: a fitted `TableCodec`, or another `RowDecoder`.
        where: dict from a column's name to a value, to a list of values, or, for
            numbers and dates, to a pair `(low, high)`; None for no condition. None as
            a value is "missing".

    Raises:
        ValueError: on an unknown column or value, and on a range without values.
    """

    def __init__(self, codec: RowDecoder, where: dict[str, Any] | None):
        self.codec = codec
        self._tests = {}
        self._forced, share = None, 1.0
        known = [column.name for column in codec.kept]
        for name, wanted in (where or {}).items():
            if name not in known:
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
            except (TypeError, ValueError, IndexError):
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
        codec = self.codec
        if wanted is None:
            column = next(c for c in codec.kept if c.name == name)
            if not column.has_missing:
                raise ValueError(
                    f"`where` asks for missing values in the column {name!r}, and none "
                    "of the training rows has any."
                )
            return None
        ends = wanted if isinstance(wanted, tuple) else (wanted, wanted)
        number = codec.numbers[name]
        least, most = number.lows[0], number.highs[-1]
        shown = f"{codec.text_of(name, least)} to {codec.text_of(name, most)}"
        try:
            low, high = (codec.number_of(name, end) for end in ends)
            is_empty = not (low <= high and low <= most and high >= least)
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"`where` asks for {wanted!r} in the column {name!r}, whose values run "
                f"from {shown}: {error}"
            ) from None
        if is_empty:
            raise ValueError(
                f"`where` asks for {ends[0]} to {ends[1]} in the column {name!r}, "
                f"whose values run from {shown}."
            )
        return low, high

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

    def matches(self, values: dict[str, np.ndarray]) -> np.ndarray:
        """Return which rows meet the condition: bool array `(num_rows,)`.

        Args:
            values: what `RowDecoder.values` returned.
        """
        kept = np.ones(len(next(iter(values.values()))), bool)
        for name, wanted in self._tests.items():
            column = values[name]
            if wanted is None:
                kept &= np.isnan(column)
            elif isinstance(wanted, tuple):
                kept &= (column >= wanted[0]) & (column <= wanted[1])
            else:
                kept &= np.array([value in wanted for value in column], bool)
        return kept
