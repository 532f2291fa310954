"""Helpers that make data for the tests of this folder."""

import numpy as np
from PIL import Image


def levels(num_samples=10, shape=(2, 3, 1)):
    """Return uint8 images; image i is filled with the level i."""
    levels = np.arange(num_samples, dtype=np.uint8)
    return np.broadcast_to(levels.reshape(-1, 1, 1, 1), (num_samples, *shape)).copy()


def levels_read(data):
    """Return the levels read in one pass, in order."""
    batches = [np.round((images + 1) * 127.5)[:, 0, 0, 0] for images in data]
    return np.concatenate(batches).astype(int).tolist()


def save(path, pixels, mode=None, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.fromarray(np.asarray(pixels, dtype=np.uint8))
    (picture.convert(mode) if mode else picture).save(path, **options)


def stored(data):
    """Return all images as uint8."""
    return np.round((data.arrays() + 1) * 127.5).astype(np.uint8)


class Lazily:
    """A source that makes its images when they are requested."""

    def __init__(self, length=5, dtype=np.uint8):
        self.length, self.dtype = length, dtype

    def __len__(self):
        return self.length

    def __getitem__(self, indices):
        images = np.asarray(indices).reshape(-1, 1, 1, 1) * np.ones((1, 2, 2, 1))
        return images.astype(self.dtype)
