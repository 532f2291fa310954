"""`keras-gan convert`."""

from pathlib import Path

import keras
import numpy as np
import pytest
from commands import fail, succeed

pytestmark = pytest.mark.backends("tensorflow", reason="a TensorFlow format")
FILE = Path(__file__).parents[1] / "fixtures" / "pix2pix_unet64.npz"


def test_a_model_and_a_saved_model(tmp_path):
    output, folder = tmp_path / "unet.keras", tmp_path / "savedmodels" / "unet"
    options = ("--part", "generator", "-o", output, "--savedmodel", folder)
    said = succeed("convert", FILE, *options)
    assert "generator: (None, None, None, 3) to (None, None, None, 3), " in said
    network = keras.saving.load_model(output)
    with np.load(FILE) as file:
        x, y = (file[f"io/{name}"].transpose(0, 2, 3, 1) for name in "xy")
    np.testing.assert_allclose(network(x), y, atol=1e-4)
    import tensorflow as tf

    serve = tf.saved_model.load(str(folder / "1")).signatures["serving_default"]
    images = next(iter(serve(images=tf.constant(x)).values()))
    np.testing.assert_allclose(images, y, atol=1e-4)
    said = fail("convert", FILE, "--part", "generator", "-o", output)
    assert "exists. Pass --overwrite to replace it" in said


def test_what_cannot_be_converted(tmp_path):
    assert "Pass --output or --savedmodel" in fail("convert", FILE)
    assert "must end in .keras" in fail("convert", FILE, "-o", tmp_path / "a.h5")
    said = fail("convert", FILE, "-o", tmp_path / "a.keras")
    assert "Say which one: --part" in said
    assert "no file" in fail("convert", "none.pth", "-o", tmp_path / "a.keras")
