"""Pixel agreement by hand."""

import numpy as np
import pytest

from keras_gan import datasets, metrics


@pytest.mark.parametrize("name", ["edges", "negatives"])
def test_perfect_pairs_agree(name):
    digits = np.zeros((2, 6, 6, 1), "uint8")
    digits[:, 2:4, 2:4] = 255
    transform = getattr(datasets, name)
    metric = metrics.PixelAgreement(name)
    metric.update_state(None, np.concatenate([digits, transform(digits)], axis=2))
    assert metric.result() == 1.0


def test_a_share_of_pixels():
    first, second = np.zeros((1, 4, 4, 1), "uint8"), np.zeros((1, 4, 4, 1), "uint8")
    second[0, 0] = 255  # 4 of 16 pixels, where nothing has an edge
    metric = metrics.PixelAgreement("edges")
    metric.update_state(None, np.concatenate([first, second], axis=2))
    assert metric.result() == 0.75
    assert metric.result_directions() == {"pixel_agreement": "max"}


def test_what_is_no_pair_is_refused():
    metric = metrics.PixelAgreement()
    metric.update_state(None, np.zeros((1, 4, 5, 1), "uint8"))
    with pytest.raises(ValueError, match="side by side"):
        metric.result()
    with pytest.raises(ValueError, match='must be "edges" or "negatives"'):
        metrics.PixelAgreement("blur")
