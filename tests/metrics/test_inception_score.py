import numpy as np
import pytest

from keras_gan.metrics import InceptionScore, RawSamples, inception_score
from keras_gan.metrics.features import Extractor


class Logits(Extractor):
    def __init__(self):
        super().__init__("logits")

    def outputs(self, images, batch_size=128):
        return {"logits": np.asarray(images)}


def test_bounds():
    assert inception_score(1000.0 * np.eye(10)) == pytest.approx(10)
    assert inception_score(np.zeros((5, 10))) == pytest.approx(1)
    assert inception_score(1000.0 * np.eye(10)[[3] * 8]) == pytest.approx(1)


def test_by_hand():
    # p = (1/2, 1/2) and (1, 0): the marginal is (3/4, 1/4).
    logits = np.array([[0.0, 0.0], [800.0, 0.0]])
    first = 0.5 * np.log(0.5 / 0.75) + 0.5 * np.log(0.5 / 0.25)
    expected = np.exp((first + np.log(1 / 0.75)) / 2)
    assert inception_score(logits) == pytest.approx(expected)


def test_no_image_is_dropped_from_the_splits():
    # One image of class 1 among 23 of class 0 is in exactly one split.
    logits = 1000.0 * np.eye(2)[[0] * 22 + [1]]
    metric = InceptionScore(Logits(), num_splits=10)
    metric.update_state(None, logits)
    result = metric.result()
    assert result["inception_score"] > 1
    assert result["inception_score_std"] > 0


def test_too_few_images_and_no_classifier():
    metric = InceptionScore(Logits(), num_splits=10)
    metric.update_state(None, np.zeros((19, 2)))
    with pytest.raises(ValueError, match="Received 19 generated samples"):
        metric.result()
    with pytest.raises(ValueError, match="has no classifier"):
        RawSamples().logits(np.zeros((2, 2)))
