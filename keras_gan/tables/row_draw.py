"""Draw rows by a seed: what a generator is given, and what is kept of its rows."""

from __future__ import annotations

import numpy as np

from .refinement import Refinement
from .row_decoder import RowDecoder
from .where import Where

# So many candidates are drawn at a time, whatever the number of rows: the first rows of
# a seed are the same for every number.
CHUNK = 4096
# How many candidates are drawn for each row before `where` is given up.
PATIENCE = 2_000


class RowDraw:
    """One draw of rows, a chunk of candidates at a time.

    Args:
        decoder: a `RowDecoder`, such as a `TableCodec`.
        refinement: a `Refinement`.
        latent_dim: int, how many latents a row has.
        num_rows: int, how many rows are wanted.
        where: dict or None; see `Where`.
        seed: int.

    Call `inputs`, run the generator, and pass its rows to `take`, until `is_done`.

    Raises:
        ValueError: on a condition that no row can meet.
    """

    def __init__(
        self,
        decoder: RowDecoder,
        refinement: Refinement,
        latent_dim: int,
        num_rows: int,
        where: dict | None = None,
        seed: int = 0,
    ):
        self.decoder, self.refinement = decoder, refinement
        self.latent_dim, self.num_rows = latent_dim, num_rows
        self.asked, self.where, self.seed = where, Where(decoder, where), seed
        self.num_made = self.num_chunks = 0

    @property
    def is_done(self) -> bool:
        """Whether there are as many rows as were wanted."""
        return self.num_made >= self.num_rows

    @property
    def num_candidates(self) -> int:
        """How many candidates were drawn so far."""
        return self.num_chunks * CHUNK

    def inputs(self) -> tuple[np.ndarray, np.ndarray]:
        """Return standard normal noise and conditions for the next candidates.

        Returns:
            Two float32 arrays, `(4096, latent_dim)` and `(4096, num_classes)`.
        """
        self._rng = np.random.default_rng((self.seed, self.num_chunks))
        conditions = self.where.conditions(CHUNK, self._rng)
        return self._rng.standard_normal(
            (CHUNK, self.latent_dim), "float32"
        ), conditions

    def take(self, rows: np.ndarray, logits: np.ndarray | None) -> dict:
        """Return the values of the rows that are kept.

        Args:
            rows: float array `(4096, width)`, what the generator made of the inputs.
            logits: float array `(4096,)`, the discriminator's; or None.

        Returns:
            A dict from a column's name to an array; see `RowDecoder.values`.

        Raises:
            ValueError: if hardly any row meets the condition.
        """
        ranks, classes = self.decoder.parse(rows)
        kept = self.refinement.keeps(classes, logits, self._rng.random(CHUNK))
        adjusted = self.refinement.adjust(ranks[kept])
        values = self.decoder.values(adjusted, classes[kept], self._rng)
        if self.where.is_filter:
            chosen = self.where.matches(values)
            values = {name: column[chosen] for name, column in values.items()}
        values = {n: c[: self.num_rows - self.num_made] for n, c in values.items()}
        self.num_made += len(next(iter(values.values())))
        self.num_chunks += 1
        patience = PATIENCE * (self.num_made + 10) * self.refinement.num_candidates
        if not self.is_done and self.num_candidates > patience:
            self.give_up()
        return values

    def give_up(self):
        """Raise a `ValueError` that tells how few rows meet the condition."""
        raise ValueError(
            f"Of {self.num_candidates:,} rows drawn {self.num_made:,} meet "
            f"`where={self.asked!r}`. Ask for less."
        )
