"""Distances between all pairs of rows, a block at a time."""

import numpy as np

BLOCK_BYTES = 64 * 2**20


def squared_distances(queries, rows):
    """Squared Euclidean distances in blocks, so that memory stays small.

    Both sides are shifted by the mean of `rows`, which changes no distance and
    keeps the expansion `|x|^2 - 2 x.y + |y|^2` from cancelling. What is left of
    rounding is cut off, so that equal rows have the distance 0.

    Args:
        queries: array of shape `(m, d)`.
        rows: array of shape `(n, d)`.

    Yields:
        `(start, block)`, with the block's distances of shape `(block, n)`, float64.
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


def neighbour_radii(rows, k):
    """The squared distance from every row to its k-th nearest other row.

    Returns:
        float64 array of shape `(n,)`.
    """
    radii = np.empty(len(rows))
    for start, block in squared_distances(rows, rows):
        own = np.arange(len(block))
        block[own, start + own] = -1  # a row is no neighbour of itself
        radii[start : start + len(block)] = np.partition(block, k, axis=1)[:, k]
    return radii
