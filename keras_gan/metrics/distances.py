"""Distances between all pairs of rows, computed in blocks."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

BLOCK_BYTES = 64 * 2**20


def squared_distances(
    queries: ArrayLike, rows: ArrayLike
) -> Iterator[tuple[int, np.ndarray]]:
    """Compute squared Euclidean distances in blocks, with little memory.

    Both sides are shifted by the mean of `rows`. This changes no distance and avoids
    cancellation in the expansion `|x|^2 - 2 x.y + |y|^2`. Values at the size of the
    rounding error become 0, so that equal rows have the distance 0.

    Args:
        queries: array of shape `(m, d)`.
        rows: array of shape `(n, d)`.

    Yields:
        `(start, block)`: the index of the first query, and a float64 array of
        distances of shape `(block, n)`.
    """
    rows = np.asarray(rows, "float64")
    center = rows.mean(axis=0)
    rows = rows - center
    row_norms = (rows**2).sum(axis=1)  # (n,)
    size = max(1, BLOCK_BYTES // (8 * len(rows)))
    for start in range(0, len(queries), size):
        block = np.asarray(queries[start : start + size], "float64") - center
        norms = (block**2).sum(axis=1)[:, None] + row_norms
        squared = norms - 2 * block @ rows.T
        squared[squared < 1e-13 * norms] = 0
        yield start, squared


def neighbour_radii(rows: ArrayLike, k: int) -> np.ndarray:
    """Return the squared distance of every row to its k-th nearest other row.

    Args:
        rows: array of shape `(n, d)`.
        k: int.

    Returns:
        float64 array of shape `(n,)`.
    """
    radii = np.empty(len(rows))
    for start, block in squared_distances(rows, rows):
        own = np.arange(len(block))
        block[own, start + own] = -1  # a row is no neighbour of itself
        radii[start : start + len(block)] = np.partition(block, k, axis=1)[:, k]
    return radii
