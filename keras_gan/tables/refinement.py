"""What follows the generator: choose among its rows, and adjust their columns."""

from __future__ import annotations

from typing import Any

import numpy as np

from .row_decoder import RowDecoder

NUM_KNOTS = 512
# D's logits tell little about rows that are very unlikely or very likely.
LOWEST, HIGHEST = -4.0, 1.5
NUM_ROUNDS = 30


class Refinement:
    """Choose among generated rows, and give their columns the training distribution.

    Three things, each a function of a large reference sample of the generator:

    - *Rejection*: a row is kept with a probability that rises with the
      discriminator's odds that it is real.
    - *Raking*: these probabilities are multiplied by a factor for each class, so that
      the kept rows have the classes as often as the training rows.
    - *Ranks*: a number's rank among generated rows is made its rank among training
      rows. This is monotone, and changes no order.

    Args:
        codec: a fitted `TableCodec`, or another `RowDecoder`.
        ranks: float array `(num_rows, num_numbers)`, of the reference sample.
        classes: int array `(num_rows, num_blocks)`, likewise.
        logits: float array `(num_rows,)`, D's for these rows; None for no rejection.
        num_candidates: float, how many rows are generated for each one that is kept;
            1 for keeping all.

    Example:

    ```python
    import numpy as np
    import pandas as pd

    frame = pd.DataFrame({"age": [20, 30, 40, 50] * 10, "job": ["cook", "smith"] * 20})
    codec = keras_gan.tables.fit_codec(frame)
    ranks, classes = codec.codes(frame)
    refinement = keras_gan.tables.Refinement(codec, ranks, classes)
    kept = refinement.keeps(classes, None, np.linspace(0, 1, 40))
    ```

    Azadi et al. 2019, "Discriminator Rejection Sampling", arXiv:1810.06758; Deming and
    Stephan 1940, "On a Least Squares Adjustment of a Sampled Frequency Table".
    """

    def __init__(
        self,
        codec: RowDecoder,
        ranks: np.ndarray,
        classes: np.ndarray,
        logits: np.ndarray | None = None,
        num_candidates: float = 4.0,
    ):
        self.num_candidates = num_candidates
        self._factors, self._scale, self._middle = [], np.inf, 0.0
        chances = np.ones(len(ranks))
        if num_candidates > 1:
            self._middle = 0.0 if logits is None else float(np.median(logits))
            self._rake(codec, classes, logits)
            weights = self._weights(classes, logits)
            self._scale = _scale(weights, 1 / num_candidates)
            chances = np.minimum(1.0, self._scale * weights)
        self._knots = []
        for column in ranks.T:
            known = ~np.isnan(column)
            self._knots.append(_knots(column[known], chances[known]))

    def _rake(self, codec, classes, logits):
        """Find the factor of each class, by turns, until all shares are met."""
        weights = self._weights(classes, logits)
        blocks = list(codec.categories.values())
        wanted = [b.class_counts / b.class_counts.sum() for b in blocks]
        factors = [np.ones(len(each)) for each in wanted]
        for _ in range(NUM_ROUNDS):
            for index, share in enumerate(wanted):
                codes = classes[:, index]
                found = np.bincount(codes, weights, len(share)) / weights.sum()
                change = np.clip(share / np.maximum(found, 1e-9), 0.5, 2.0)
                factors[index] *= change
                weights = weights * change[codes]
        self._factors = [np.clip(each, 0.05, 20.0) for each in factors]

    def _weights(self, classes, logits):
        weights = np.ones(len(classes))
        if logits is not None:
            weights = np.exp(np.clip(logits - self._middle, LOWEST, HIGHEST))
        if self._factors:
            for index, factors in enumerate(self._factors):
                weights = weights * factors[classes[:, index]]
        return weights

    def keeps(self, classes, logits, uniform) -> np.ndarray:
        """Return which rows are kept: bool array `(num_rows,)`.

        Args:
            classes: int array `(num_rows, num_blocks)`.
            logits: float array `(num_rows,)`, or None.
            uniform: float array `(num_rows,)` of uniform random numbers.
        """
        if self._scale == np.inf:
            return np.ones(len(classes), bool)
        return uniform < self._scale * self._weights(classes, logits)

    def adjust(self, ranks: np.ndarray) -> np.ndarray:
        """Return ranks that are distributed as those of the training rows.

        Args:
            ranks: float array `(num_rows, num_numbers)`.
        """
        adjusted = [
            np.interp(column, *knots)
            for column, knots in zip(ranks.T, self._knots, strict=True)
        ]
        return np.stack(adjusted, 1) if adjusted else ranks

    def get_config(self) -> dict[str, Any]:
        """Return all numbers, as JSON can hold them; see `from_config`.

        A row is kept with the chance `scale` times exp(its logit minus `middle`, cut to
        `lowest` and `highest`) times the factor of each of its classes; all rows are
        kept where `scale` is None. `generated` has for each number the ranks, among
        generated rows, of the ranks from -1 to 1 that are `NUM_KNOTS` steps apart.
        """
        return {
            "num_candidates": self.num_candidates,
            "scale": None if self._scale == np.inf else float(self._scale),
            "middle": self._middle,
            "lowest": LOWEST,
            "highest": HIGHEST,
            "factors": [each.round(6).tolist() for each in self._factors],
            "generated": [knots.tolist() for knots, _ in self._knots],
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Refinement:
        """Return the refinement of a `get_config`.

        Args:
            config: dict.
        """
        self = cls.__new__(cls)
        self.num_candidates, self._middle = config["num_candidates"], config["middle"]
        self._scale = np.inf if config["scale"] is None else config["scale"]
        self._factors = [np.array(each) for each in config["factors"]]
        knots = [np.array(each) for each in config["generated"]]
        self._knots = [(each, np.linspace(-1, 1, len(each))) for each in knots]
        return self


def _scale(weights, share):
    """Return c such that min(1, c * weight) has the mean `share`."""
    low, high = 0.0, 1.0 / max(weights.min(), 1e-12)
    for _ in range(60):
        middle = (low + high) / 2
        if np.minimum(1.0, middle * weights).mean() < share:
            low = middle
        else:
            high = middle
    return high


def _knots(ranks, weights):
    """Return ranks of generated rows and what they become, to interpolate between."""
    wanted = np.linspace(0, 1, NUM_KNOTS + 1)
    if not len(ranks) or not weights.sum():
        return 2 * wanted - 1, 2 * wanted - 1
    order = np.argsort(ranks, kind="stable")
    ranks, weights = ranks[order].astype("float64"), weights[order]
    below = (np.cumsum(weights) - weights / 2) / weights.sum()
    generated = np.interp(wanted, below, ranks)
    generated[0], generated[-1] = -1.0, 1.0
    # Rising strictly, where many rows have one rank.
    generated = np.maximum.accumulate(generated) + 1e-9 * np.arange(len(generated))
    return generated, 2 * wanted - 1
