"""Generators that end in a tanh where the paper's ends in a sum."""

import numpy as np
import pytest
from keras import ops

from keras_gan import architectures

GENERATORS = {
    "r3gan": lambda **end: architectures.r3gan((8, 8, 1), 8, width=8, **end),
    "stylegan2, skip": lambda **end: style(synthesis="skip", **end),
    "stylegan2, resnet": lambda **end: style(synthesis="resnet", **end),
    "progressive": lambda **end: architectures.progressive((8, 8, 1), 8, **end),
    "progressive, growing": lambda **end: architectures.progressive(
        (8, 8, 1), 8, growing=True, **end
    ),
}


def style(**kwargs):
    plain = {"width": 4, "w_dim": 8, "num_mapping_layers": 1, "noise": "none"}
    return architectures.stylegan2((8, 8, 1), 8, style_mixing=0.0, **plain, **kwargs)


def images_of(generator, latents, training):
    found = generator(latents, training=training)
    found = found if isinstance(found, list) else [found]
    return [ops.convert_to_numpy(images) for images in found]


@pytest.mark.backends(
    "tensorflow", "torch", reason="an activation; JAX compiles each generator anew"
)
@pytest.mark.parametrize("name", GENERATORS)
def test_one_is_the_tanh_of_the_other(name):
    """The same weights with both ends, while training too; every level has one."""
    linear, tanh = (
        GENERATORS[name](output_activation=activation)[0]
        for activation in ("linear", "tanh")
    )
    tanh.set_weights([3 * weights for weights in linear.get_weights()])
    linear.set_weights(tanh.get_weights())
    latents = 10 * np.random.default_rng(0).normal(size=(4, 8)).astype("float32")
    raw = images_of(linear, latents, training=True)
    assert all(np.abs(images).max() > 1 for images in raw)
    for training in (True, False):
        made = images_of(tanh, latents, training=training)
        assert len(made) == len(raw)
        for images, sums in zip(made, raw, strict=True):
            np.testing.assert_allclose(images, np.tanh(sums), atol=1e-5)


@pytest.mark.backends("torch", reason="an argument; no network is built")
@pytest.mark.parametrize("family", ["r3gan", "stylegan2", "progressive"])
def test_another_activation_is_refused(family):
    with pytest.raises(ValueError, match='must be "linear" or "tanh".*relu'):
        getattr(architectures, family)((8, 8, 1), 8, output_activation="relu")
