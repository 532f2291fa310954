"""A served model decodes a PNG file as training reads it."""

import io

import numpy as np
import pytest
from PIL import Image

from keras_gan.datasets.pictures import Reader
from keras_gan.export import images

pytestmark = pytest.mark.backends("tensorflow", reason="a TensorFlow graph")

RNG = np.random.default_rng(0)
PICTURES = {
    "RGBA": RNG.integers(0, 256, (8, 6, 4), "uint8"),
    "LA": RNG.integers(0, 256, (8, 6, 2), "uint8"),
    "RGB": RNG.integers(0, 256, (8, 6, 3), "uint8"),
    "L": RNG.integers(0, 256, (8, 6), "uint8"),
    "I;16": RNG.integers(0, 2**16, (8, 6), "uint16"),
}


def decoded(file, channels):
    import tensorflow as tf

    files = tf.constant([file.getvalue()])
    return images.decode_picture(files, (8, 6, channels)).numpy()[0]


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("mode", PICTURES)
def test_every_mode_is_decoded_as_it_is_trained_on(tmp_path, mode, channels):
    picture = Image.fromarray(PICTURES[mode])
    assert picture.mode == mode
    file = io.BytesIO()
    picture.save(file, "png")
    (tmp_path / "a.png").write_bytes(file.getvalue())
    expected = Reader(channels)(tmp_path / "a.png").astype(int)
    image = decoded(file, channels)
    levels = np.round((image + 1) * 127.5).astype(int)
    assert np.abs(levels - expected).max() <= 1  # a rounding


def test_an_alpha_channel_is_kept_where_the_network_takes_it():
    file = io.BytesIO()
    Image.fromarray(PICTURES["RGBA"]).save(file, "png")
    image = decoded(file, 4)
    levels = np.round((image + 1) * 127.5).astype(int)
    np.testing.assert_array_equal(levels, PICTURES["RGBA"])
