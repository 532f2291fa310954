"""How the values of one column become numbers for a network, and come back."""

from typing import Any

import numpy as np

# A number that so few rows share is not kept as it is, but as part of a range.
MIN_ROWS = 5
MAX_RANGES = 512
MAX_LEVELS = 128
# A network sees points of so many rows, and ranges between them.
MIN_POINT = 0.01
NUM_INTERVALS = 16
EDGE = 1e-5  # of a piece


class NumberColumn:
    """A column of numbers, integers or dates, as ranks among the training rows.

    The rank of a value is the share of rows below it, from 0 to 1. Values that many
    rows share, such as 0 in a column of debts, are *points*: a point is an interval of
    ranks, and every rank in it stands for exactly this value. All other values lie in
    ranges of at least `min_rows` rows where there are as many between two points. A
    rank in a range stands for a value between its ends, rounded as the data are.

    So the distribution of the column is kept, its point masses, tails and bounds too,
    and hardly a value that only one row has is remembered.

    Args:
        lows: float array `(num_pieces,)`, the smallest value of each piece.
        highs: float array `(num_pieces,)`, the largest; that of a point is its `low`.
        shares: float array `(num_pieces,)`, the share of rows in each piece.
        digits: int, to how many digits behind the point values are rounded; None for
            not at all.

    Example:

    ```python
    values = np.array([0.0] * 80 + list(range(1, 21)))
    column = keras_gan.tables.NumberColumn.fit(values)
    column.rank(np.array([0.0]))  # 0.4, the middle of the point at 0
    column.value(np.array([0.79, 0.81]))  # 0 and 1
    ```
    """

    def __init__(self, lows, highs, shares, digits: int | None):
        self.lows, self.highs, self.shares = (
            np.asarray(each, "float64") for each in (lows, highs, shares)
        )
        self.digits = digits
        self._tops = np.cumsum(self.shares)
        self._tops[-1] = 1.0
        self._bottoms = np.concatenate([[0.0], self._tops[:-1]])

    @classmethod
    def fit(cls, values: np.ndarray, min_rows: int = MIN_ROWS) -> "NumberColumn":
        """Return the column of the values of training rows.

        Args:
            values: float array `(num_rows,)`, without missing values.
            min_rows: int, how many rows must share a value to make it a point.
        """
        values = np.asarray(values, "float64")
        digits = _digits(values)
        distinct, counts = np.unique(values, return_counts=True)
        # Where the rows are so many, a point is what a range would hold, too.
        is_point = counts >= max(min_rows, len(values) / MAX_RANGES / 2)
        size = max(min_rows, -(-len(values) // MAX_RANGES))
        pieces = []  # (first, last) among the distinct values
        for first, last in _runs(is_point):
            if is_point[first]:
                pieces += [(i, i) for i in range(first, last + 1)]
                continue
            below = np.cumsum(counts[first : last + 1])
            num_ranges = max(1, int(below[-1]) // size)
            which = np.minimum((below - 1) * num_ranges // below[-1], num_ranges - 1)
            starts = first + np.flatnonzero(np.diff(which, prepend=-1))
            ends = [*(starts[1:] - 1), last]
            pieces += list(zip(starts, ends, strict=True))
        first, last = np.array(pieces).T
        totals = np.concatenate([[0], np.cumsum(counts)])
        shares = (totals[last + 1] - totals[first]) / len(values)
        return cls(distinct[first], distinct[last], shares, digits)

    @property
    def is_point(self) -> np.ndarray:
        """Whether each piece is a single value: bool array `(num_pieces,)`."""
        return self.lows == self.highs

    def points(self) -> np.ndarray:
        """Return the intervals of ranks, from 0 to 1, of points: `(num_points, 2)`."""
        return np.stack([self._bottoms, self._tops], 1)[self.is_point]

    def intervals(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the intervals of ranks in which a network sees values.

        Points of at least 1% of the rows are intervals of their own; between them are
        ranges of about 1/16 of the rows.

        Returns:
            `edges, is_point`: a rising float array `(num_intervals + 1,)`, from 0 to 1,
            and a bool array `(num_intervals,)`.
        """
        chosen = self.is_point & (self.shares >= MIN_POINT)
        points = np.stack([self._bottoms[chosen], self._tops[chosen]], 1)
        own = np.unique(np.concatenate([[0.0, 1.0], points.ravel()]).round(6))
        own = own[np.r_[True, np.diff(own) > 1e-5]]
        own[-1] = 1.0
        even = np.linspace(0, 1, NUM_INTERVALS + 1)[1:-1]
        gaps = np.abs(even[:, None] - own[None]).min(1)
        inside = ((even[:, None] > points[:, 0]) & (even[:, None] < points[:, 1])).any(
            1
        )
        edges = np.sort(np.concatenate([own, even[(gaps > MIN_POINT) & ~inside]]))
        middles = (edges[:-1] + edges[1:]) / 2
        is_inside = (middles[:, None] > points[:, 0]) & (
            middles[:, None] < points[:, 1]
        )
        return edges, is_inside.any(1)

    def rank(self, values: np.ndarray) -> np.ndarray:
        """Return the ranks of values; that of a point is the middle of its interval.

        Args:
            values: float array `(num_rows,)`. What lies outside of the training rows
                is taken for the nearest that does not.
        """
        piece = np.minimum(np.searchsorted(self.highs, values), len(self.highs) - 1)
        low, width = self.lows[piece], (self.highs - self.lows)[piece]
        inside = (values - low) / np.where(width > 0, width, 1.0)
        # Not on the edge of another piece, where the last bit would decide.
        least, most = EDGE * (piece > 0), 1 - EDGE * (piece < len(self.highs) - 1)
        inside = np.where(width > 0, np.clip(inside, least, most), 0.5)
        return self._bottoms[piece] + self.shares[piece] * inside

    def value(self, ranks: np.ndarray) -> np.ndarray:
        """Return the values that ranks stand for.

        Args:
            ranks: float array `(num_rows,)`, from 0 to 1.
        """
        piece = np.minimum(np.searchsorted(self._tops, ranks), len(self._tops) - 1)
        inside = (ranks - self._bottoms[piece]) / self.shares[piece]
        low, high = self.lows[piece], self.highs[piece]
        values = low + np.clip(inside, 0.0, 1.0) * (high - low)
        if self.digits is not None:
            values = np.round(values, self.digits)
        return np.clip(values, low, high)

    def get_config(self) -> dict[str, Any]:
        return {
            "lows": self.lows.tolist(),
            "highs": self.highs.tolist(),
            "shares": self.shares.tolist(),
            "digits": self.digits,
        }


class CategoryColumn:
    """A column of categories, as class numbers; the most frequent is 0.

    A column of very many levels keeps the frequent ones, each with a class of its own.
    All others share the last class, and are drawn from it as often as they were.

    Args:
        levels: list of the levels, the most frequent first; None is "missing".
        counts: int array, how many training rows have each level.
        max_levels: int, how many classes there are at most.

    Example:

    ```python
    column = keras_gan.tables.CategoryColumn.fit(["a", "b", "a", None])
    column.levels  # ["a", None, "b"]
    column.code(["b", None])  # [2, 1]
    ```
    """

    def __init__(self, levels, counts, max_levels: int = MAX_LEVELS):
        self.levels, self.max_levels = list(levels), int(max_levels)
        self.counts = np.asarray(counts, "int64")
        self._codes = {level: i for i, level in enumerate(self.levels)}

    @classmethod
    def fit(cls, values, max_levels: int = MAX_LEVELS) -> "CategoryColumn":
        """Return the column of the values of training rows.

        Args:
            values: sequence of hashable values; None where one is missing.
            max_levels: int, how many classes there are at most.
        """
        counts: dict = {}
        for value in values:
            counts[value] = counts.get(value, 0) + 1
        return cls.of_counts(counts, max_levels)

    @classmethod
    def of_counts(cls, counts: dict, max_levels: int = MAX_LEVELS) -> "CategoryColumn":
        """Return the column of a dict from each level to its number of rows."""
        # The names break ties, so that the order of the rows does not matter.
        levels = sorted(counts, key=lambda level: (-counts[level], str(level)))
        return cls(levels, [counts[level] for level in levels], max_levels)

    @property
    def num_classes(self) -> int:
        """The number of classes; the last one may hold many levels."""
        return min(len(self.levels), self.max_levels)

    @property
    def class_counts(self) -> np.ndarray:
        """How many training rows each class has: int array `(num_classes,)`."""
        counts = self.counts[: self.num_classes].copy()
        counts[-1] += self.counts[self.num_classes :].sum()
        return counts

    def code(self, values) -> np.ndarray:
        """Return the classes of values, `(num_rows,)`.

        Raises:
            ValueError: on a level that no training row had.
        """
        try:
            codes = np.array([self._codes[value] for value in values], "int32")
        except KeyError as error:
            known = ", ".join(repr(level) for level in self.levels[:8])
            more = ", ..." if len(self.levels) > 8 else ""
            raise ValueError(
                f"No training row has the value {error.args[0]!r}. There are: "
                f"{known}{more}"
            ) from None
        return np.minimum(codes, self.num_classes - 1)

    def value(self, codes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return the levels of classes: object array `(num_rows,)`.

        Args:
            codes: int array `(num_rows,)`.
            rng: draws the levels that share a class.
        """
        codes = np.asarray(codes).copy()
        last = self.num_classes - 1
        shared = codes == last
        if len(self.levels) > self.num_classes and shared.any():
            weights = self.counts[last:] / self.counts[last:].sum()
            drawn = rng.choice(len(weights), int(shared.sum()), p=weights)
            codes[shared] = last + drawn
        levels = np.empty(len(self.levels), object)
        levels[:] = self.levels
        return levels[codes]

    def get_config(self) -> dict[str, Any]:
        return {
            "levels": self.levels,
            "counts": self.counts.tolist(),
            "max_levels": self.max_levels,
        }


def _are_inside(ranks, intervals):
    """Return which ranks lie in one of some intervals."""
    inside = (ranks[:, None] > intervals[:, 0]) & (ranks[:, None] < intervals[:, 1])
    return inside.any(1)


def _runs(flags):
    """Return the first and last index of each run of equal values."""
    edges = np.flatnonzero(np.diff(flags)) + 1
    return list(zip([0, *edges], [*(edges - 1), len(flags) - 1], strict=True))


def _digits(values):
    """Return how many digits behind the point values have, up to 6; None for more."""
    for digits in range(7):
        if np.allclose(values, np.round(values, digits), rtol=0, atol=1e-9):
            return digits
    return None
