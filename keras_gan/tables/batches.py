"""Batches of coded rows, and the conditions under which rows were chosen."""

import numpy as np

from keras_gan.datasets import fingerprints
from keras_gan.datasets.seeded import SeededDataset
from keras_gan.tables.codec import TableCodec
from keras_gan.validation import arguments


class TableBatches(SeededDataset):
    """Batches of the rows of a table, with a condition for some of them.

    Of each batch a share of the rows is drawn as CTGAN does ("training by sampling"):
    a block is chosen, then one of its classes, a rare one nearly as often as a frequent
    one, and then a row of this class. The condition of such a row names the class. All
    other rows are drawn as they come, and their condition is zero. So a generator sees
    rare classes often, and what it makes without a condition is not distorted.

    Args:
        codec: a fitted `keras_gan.tables.TableCodec`.
        ranks: float32 array `(num_rows, num_numbers)`; see `TableCodec.codes`.
        classes: int array `(num_rows, num_blocks)`.
        batch_size: int.
        seed: int.
        conditional_share: float, the share of rows with a condition.
        steps_per_epoch: int; by default as many as make one pass over the rows.

    A batch is `(rows, conditions)`, or `rows` of a table without blocks.

    Example:

    ```python
    import pandas as pd

    frame = pd.DataFrame({"age": [20, 30, 40, 50] * 10, "job": ["cook", "smith"] * 20})
    codec = keras_gan.tables.TableCodec.fit(frame)
    batches = keras_gan.tables.TableBatches(codec, *codec.codes(frame), batch_size=8)
    rows, conditions = batches[0]  # conditions: (8, 2)
    ```

    Xu et al. 2019, "Modeling Tabular data using Conditional GAN", arXiv:1907.00503.
    """

    def __init__(
        self,
        codec: TableCodec,
        ranks: np.ndarray,
        classes: np.ndarray,
        batch_size: int = 128,
        seed: int = 0,
        conditional_share: float = 0.5,
        steps_per_epoch: int | None = None,
    ):
        self.codec = codec
        self.ranks, self.classes = ranks, classes
        self.batch_size = arguments.integer("batch_size", batch_size)
        self.conditional_share = arguments.finite(
            "conditional_share", conditional_share
        )
        if not 0 <= conditional_share <= 1:
            raise ValueError(
                "`conditional_share` must be from 0 to 1. Received: "
                f"{conditional_share}"
            )
        if not codec.categories:
            self.conditional_share = 0.0
        self._odds, self._by_class = [], []
        if self.conditional_share:
            for index, block in enumerate(codec.categories.values()):
                odds = np.log1p(
                    np.bincount(classes[:, index], minlength=block.num_classes)
                )
                self._odds.append(odds / odds.sum())
                order = np.argsort(classes[:, index], kind="stable").astype("int32")
                ends = np.searchsorted(
                    classes[order, index], np.arange(block.num_classes + 1)
                )
                self._by_class.append((order, ends))
        steps_per_epoch = steps_per_epoch or -(-len(ranks) // self.batch_size)
        super().__init__(steps_per_epoch, seed)

    @property
    def num_samples(self) -> int:
        """The number of rows."""
        return len(self.ranks)

    @property
    def image_shape(self) -> tuple[int]:
        """The shape of an encoded row."""
        return (self.codec.width,)

    def batch(self, step):
        rng = self.rng(0, step)
        chosen = rng.integers(0, len(self.ranks), self.batch_size)
        sizes = self.codec.block_sizes
        conditions = np.zeros((self.batch_size, sum(sizes)), "float32")
        starts = np.cumsum([0, *sizes])
        num_conditional = round(self.batch_size * self.conditional_share)
        # Spread over the batch: packs of rows, and parts of the batch, have both kinds.
        places = rng.permutation(self.batch_size)[:num_conditional]
        blocks = rng.integers(0, max(1, len(sizes)), num_conditional)
        draws = rng.random((2, num_conditional))
        for place, block, first, second in zip(places, blocks, *draws, strict=True):
            order, ends = self._by_class[block]
            odds = np.cumsum(self._odds[block])
            kind = min(np.searchsorted(odds, first * odds[-1], "right"), len(odds) - 1)
            low, high = ends[kind], ends[kind + 1]
            chosen[place] = order[low + int(second * (high - low))]
            conditions[place, starts[block] + kind] = 1.0
        rows = self.codec.rows(self.ranks[chosen], self.classes[chosen])
        return (rows, conditions) if sizes else rows

    def fingerprint(self) -> str:
        """Return a digest of the rows."""
        return fingerprints.combined(
            fingerprints.of_array(np.ascontiguousarray(self.ranks)),
            fingerprints.of_array(np.ascontiguousarray(self.classes)),
        )
