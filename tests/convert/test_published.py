"""The authors' weights give the authors' images and logits."""

import keras
import numpy as np
import pytest
from keras import ops
from published import FIXTURES, assert_close, channels_last

from keras_gan import convert

FILES = {
    "cyclegan": ("cyclegan_resnet9.npz", "logits", ("x",)),
    "pix2pix": ("pix2pix_unet64.npz", "logits_of_x_and_y", ("x", "y")),
}


@pytest.fixture(scope="module", params=FILES)
def published(request):
    """The path of a file, and what its authors' networks made, channels last."""
    name, logits, seen = FILES[request.param]
    with np.load(FIXTURES / name) as file:
        io = {n: channels_last(file[f"io/{n}"]) for n in ("x", "y", logits)}
    return FIXTURES / name, io, io[logits], [io[n] for n in seen]


def test_images(published):
    path, io, _, _ = published
    network = convert.convert(path, part="generator")
    assert network.input_shape == (None, None, None, 3)
    assert_close(network.predict_on_batch(io["x"]), io["y"])


def test_logits(published):
    path, _, logits, seen = published
    network = convert.convert(path, part="discriminator")
    seen = seen if len(seen) > 1 else seen[0]
    assert_close(network.predict_on_batch(seen), logits)


@pytest.mark.backends("tensorflow", reason="a TensorFlow format")
def test_images_through_a_saved_model(tmp_path):
    """That of pix2pix is made by tests/cli/test_convert.py."""
    import tensorflow as tf

    path = FIXTURES / FILES["cyclegan"][0]
    with np.load(path) as file:
        io = {n: channels_last(file[f"io/{n}"]) for n in ("x", "y")}
    network = convert.convert(path, part="generator")
    folder = convert.sampler(network).export(tmp_path / "model")
    serve = tf.saved_model.load(str(folder)).signatures["serving_default"]
    images = next(iter(serve(images=tf.constant(io["x"])).values()))
    assert_close(images.numpy(), io["y"])


def test_a_size_of_its_own(published):
    path, io, _, _ = published
    size = io["x"].shape[1:3]
    network = convert.convert(path, part="generator", size=size)
    assert network.input_shape == (None, *size, 3)


@pytest.mark.backends("tensorflow", "torch", reason="names and axes: NumPy")
@pytest.mark.parametrize("kind", ["unconditional", "conditional"])
def test_r3gan(kind):
    path = FIXTURES / f"r3gan_{kind}.npz"
    with np.load(path) as file:
        io = {n.removeprefix("io/"): file[n] for n in file if n.startswith("io/")}
    generator = convert.convert(path, part="generator")
    discriminator = convert.convert(path, part="discriminator")
    labels = []
    if kind == "conditional":
        labels = [ops.convert_to_tensor(io["labels"])]
    images, z = channels_last(io["fake"]), ops.convert_to_tensor(io["z"])
    # Training leaves out the clip to [-1, 1].
    latents = [z, *labels] if labels else z
    assert_close(generator(latents, training=True), images)
    seen = [images, *labels] if labels else images
    assert_close(discriminator(seen)[:, 0], io["fake_logits"])
    sampler = convert.sampler(generator)
    assert sampler.prior.latent_dim == 10
    assert sampler.num_classes == (3 if labels else None)
    assert sampler.generate(2, seed=0).shape == (2, 16, 16, 3)


def test_no_generator_of_images():
    inputs = keras.Input((4, 4, 3))
    network = keras.Model(inputs, keras.layers.Flatten()(inputs))
    with pytest.raises(ValueError, match="no generator of images"):
        convert.sampler(network)
