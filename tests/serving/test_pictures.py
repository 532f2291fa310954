"""Headers of PNG files."""

import struct

import pytest

from keras_gan.serving import ServingError, pictures

pytestmark = pytest.mark.backends("tensorflow", reason="the server runs TensorFlow")


def header(width, height):
    return pictures.START + struct.pack(">II", width, height) + b"\x08\x02"


def test_the_size_must_be_the_models():
    shape = [-1, 8, 4, 3]
    pictures.check("image_bytes", [header(4, 8)] * 5000, shape)
    with pytest.raises(ServingError, match="row 1: the PNG must be 8 pixels high. Rec"):
        pictures.check("image_bytes", [header(4, 8), header(4, 9)], shape)
    with pytest.raises(ServingError, match="must be 4 pixels wide. Received: 40000"):
        pictures.check("image_bytes", [header(40000, 8)], shape)


def test_a_free_size_is_bounded():
    shape = [-1, -1, -1, 3]
    pictures.check("image_bytes", [header(2048, 2048)] * 4, shape)
    with pytest.raises(ServingError, match="a request may have 16777216. Send smaller"):
        pictures.check("image_bytes", [header(30000, 30000)], shape)
    with pytest.raises(ServingError, match="pixels together"):
        pictures.check("image_bytes", [header(2048, 2048)] * 5, shape)
