"""Labels for images that have none: clusters of equal size."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.datasets.arrays import check_images
from keras_gan.datasets.sources import check_source, is_source, read_present
from keras_gan.datasets.transforms import crop_windows
from keras_gan.validation import arguments

CHUNK = 1024  # images that are read at a time
MAX_FEATURES = 1024  # of an image, before the principal components
NUM_COMPONENTS = 40
NUM_ROUNDS = 25
SOFTNESS = 0.02  # of the assignment, as a share of the mean squared distance


def cluster(images: ArrayLike, num_clusters: int, seed: int = 0) -> np.ndarray:
    """Label images by clusters of equal size, for networks that take labels.

    A conditional GAN can learn better than one without labels, even if these are no
    more than clusters: one network need not draw what lies between two kinds of
    images. Clusters of equal size keep the distribution: `generate` without labels
    draws from all classes equally often.

    k-means of the principal components of the pixels, of large images after shrinking
    them. Each round assigns the images by optimal transport, so that all clusters get
    the same number.

    Args:
        images: array `(n, height, width, channels)`, `(n, height, width)` or
            `(n, features)`.
        num_clusters: int, at least 2 and at most `n`.
        seed: int, of the first centres.

    Returns:
        An int32 array `(n,)`, from 0. Cluster sizes differ by one at most.

    Raises:
        ValueError: if there are fewer images than clusters.

    Example:

    ```python
    labels = keras_gan.datasets.cluster(images, num_clusters=2)
    networks = keras_gan.architectures.dcgan((28, 28, 1), num_classes=2)
    gan = keras_gan.GAN(*networks, num_classes=2)
    gan.compile()
    gan.fit(images, labels, batch_size=4)
    pictures = gan.generate(16)  # eight of each cluster
    ```

    Liu et al. 2020, "Diverse Image Generation via Self-Conditioned GANs",
    arXiv:2006.10728; Asano et al. 2020, "Self-labelling via Simultaneous Clustering and
    Representation Learning", arXiv:1911.05371, for the assignment.
    """
    if is_source(images):
        check_source(images)
    else:
        images, _ = check_images(images, None)
    return cluster_samples(images, np.arange(len(images)), num_clusters, None, seed)


def check_clusters(clusters: int | None, labels: Any) -> int | None:
    """Return the number of clusters that labels are asked of, or None.

    Raises:
        ValueError: if there are labels, or it is no integer of at least 2.
    """
    if clusters is None:
        return None
    if labels is not None:
        raise ValueError(
            f"Clusters take the place of labels. Received labels, and clusters="
            f"{clusters!r}. Leave out one of them."
        )
    return arguments.integer("clusters", clusters, at_least=2)


def cluster_samples(
    images: Any,
    samples: np.ndarray,
    num_clusters: int,
    window: tuple[int, int] | None,
    seed: int = 0,
) -> np.ndarray:
    """Return the clusters of some images of an array or a source, centres cut out."""
    num_clusters = arguments.integer("num_clusters", num_clusters, at_least=2)
    if len(samples) < num_clusters:
        raise ValueError(
            f"There are {len(samples)} images. Received: num_clusters={num_clusters}. "
            "Each cluster needs one image at least."
        )
    parts = []
    for start in range(0, len(samples), CHUNK):
        part, _ = read_present(images, samples[start : start + CHUNK])
        part = part if window is None else crop_windows(part, window)
        parts.append(_features(np.asarray(part)))
    points = _principal_components(np.concatenate(parts))
    return _equal_means(points, num_clusters, np.random.default_rng(seed))


def _features(images):
    """Return images as vectors, shrunk to a whole share of their size if large."""
    if images.ndim == 4:
        _, height, width, channels = images.shape
        side = math.ceil(math.sqrt(height * width * channels / MAX_FEATURES))
        side = min(side, height, width)
        shape = (len(images), height // side, side, width // side, side, channels)
        images = images[:, : shape[1] * side, : shape[3] * side]
        images = images.reshape(shape).mean((2, 4))
    return images.reshape(len(images), -1).astype("float32")


def _principal_components(points):
    points = points - points.mean(0)
    covariance = (points.T @ points).astype("float64") / len(points)
    _, vectors = np.linalg.eigh(covariance)
    return points @ vectors[:, ::-1][:, :NUM_COMPONENTS].astype("float32")


def _equal_means(points, num_clusters, rng):
    """Return the clusters of k-means, each of the same size."""
    centres = _first_centres(points, num_clusters, rng)
    labels = prices = None
    for _ in range(NUM_ROUNDS):
        before, distances = labels, _squared_distances(points, centres)
        prices = _prices(distances, prices)
        labels = (distances - prices).argmin(1)
        if before is not None and (before == labels).all():
            break
        for i in range(num_clusters):
            members = points[labels == i]
            centres[i] = members.mean(0) if len(members) else centres[i]
    return _evened(labels, distances - prices)


def _first_centres(points, num_clusters, rng):
    """Choose centres far from each other, by k-means++."""
    centres = points[rng.integers(len(points))][None]
    nearest = _squared_distances(points, centres)[:, 0]
    while len(centres) < num_clusters:
        total = nearest.sum()
        shares = nearest / total if total > 0 else None  # equal images
        new = points[rng.choice(len(points), p=shares)][None]
        centres = np.concatenate([centres, new])
        nearest = np.minimum(nearest, _squared_distances(points, new)[:, 0])
    return centres


def _squared_distances(points, centres):
    products = points.astype("float64") @ centres.T
    norms = (points.astype("float64") ** 2).sum(1, keepdims=True)
    return np.maximum(norms - 2 * products + (centres**2).sum(1), 0.0)


def _prices(distances, prices=None, num_steps=20):
    """Return what is added to a cluster's nearness, so that all are as large.

    Sinkhorn's steps on the dual of entropic optimal transport: row sums 1, and column
    sums n / k.
    """
    softness = SOFTNESS * max(distances.mean(), 1e-12)
    prices = np.zeros(distances.shape[1]) if prices is None else prices
    for _ in range(num_steps):
        logits = (prices - distances) / softness
        logits -= logits.max(1, keepdims=True)
        shares = np.exp(logits)
        shares /= shares.sum(1, keepdims=True)
        sizes = shares.mean(0) * distances.shape[1]
        prices = prices - softness * np.log(np.maximum(sizes, 1e-6))
    return prices


def _evened(labels, costs):
    """Move the images that lose least, until sizes differ by one at most."""
    labels = labels.copy()
    num_samples, num_clusters = costs.shape
    sizes = np.bincount(labels, minlength=num_clusters)
    wanted = np.full(num_clusters, num_samples // num_clusters)
    wanted[np.argsort(-sizes, kind="stable")[: num_samples % num_clusters]] += 1
    losses = costs - costs[np.arange(num_samples), labels][:, None]
    movable = np.flatnonzero((sizes > wanted)[labels])
    receiving = np.flatnonzero(sizes < wanted)
    losses = losses[np.ix_(movable, receiving)]
    for place in np.argsort(losses, axis=None, kind="stable"):
        row, column = divmod(place, len(receiving))
        sample, to = movable[row], receiving[column]
        source = labels[sample]
        if sizes[source] > wanted[source] and sizes[to] < wanted[to]:
            labels[sample] = to
            sizes[source] -= 1
            sizes[to] += 1
    return labels.astype(np.int32)
