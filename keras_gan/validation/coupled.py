"""Are coupled networks two, side by side?"""

import keras
import numpy as np
from keras import ops

from keras_gan.validation import networks
from keras_gan.validation.logits import check_logits

# How much the logit of one image may change with the other, by rounding.
TOLERANCE = 1e-3


def check_networks(generator, discriminator, prior) -> tuple[int, ...]:
    """Check that G makes pairs of images, and D gives a logit for each.

    Args:
        generator: `keras.Model` from latents to pairs side by side.
        discriminator: `keras.Model` from pairs to two logits, and perhaps more.
        prior: from `keras_gan.latents`.

    Returns:
        The shape of a pair.

    Raises:
        ValueError: if they do not fit.
    """
    shape, outputs = networks.put_together(generator, discriminator, prior.latent_dim)
    if len(shape) != 3 or shape[1] % 2:
        raise ValueError(
            f"The generator makes examples of shape {shape}. Expected pairs of images "
            "of one shape side by side, (height, 2 * width, channels). See "
            "`keras_gan.architectures.couple_generators`."
        )
    if tuple(outputs[0].shape) != (None, 2):
        raise ValueError(
            f"The discriminator's first output has the shape {tuple(outputs[0].shape)}."
            " Expected two logits, (batch, 2): one for each image of a pair. See "
            "`keras_gan.architectures.couple_discriminators`."
        )
    check_logits(discriminator, shape)
    _check_independence(discriminator, shape)
    return shape


def _check_independence(discriminator, shape):
    """Check that each logit is of its own image."""
    images = np.random.default_rng(0).uniform(-1, 1, (3, *shape)).astype("float32")
    first, second = np.s_[:, : shape[1] // 2], np.s_[:, shape[1] // 2 :]
    images[1][first] = images[0][first]  # row 1 has the first image of row 0
    images[2][second] = images[0][second]  # row 2 has its second image
    outputs = discriminator(ops.convert_to_tensor(images), training=False)
    logits = ops.convert_to_numpy(ops.cast(keras.tree.flatten(outputs)[0], "float32"))
    size = max(float(np.abs(logits).max()), 1.0)
    changes = abs(logits[1, 0] - logits[0, 0]), abs(logits[2, 1] - logits[0, 1])
    for name, change in zip(("first", "second"), changes, strict=True):
        if change > TOLERANCE * size:
            raise ValueError(
                f"The logit of the {name} image of a pair changes with the other "
                "image. Coupled discriminators see one image each. See "
                "`keras_gan.architectures.couple_discriminators`."
            )


def check_pair(images_a, images_b, shape: tuple[int, ...]) -> None:
    """Check that images of two domains have the shape of one image of a pair.

    Args:
        images_a: array of images.
        images_b: array of images.
        shape: that of a pair.

    Raises:
        ValueError: if they have another shape.
    """
    expected = (shape[0], shape[1] // 2, shape[2])
    for name, images in (("images_a", images_a), ("images_b", images_b)):
        found = tuple(np.shape(images)[1:])
        if found != expected:
            raise ValueError(
                f"`{name}` have the shape {found}, and the networks make images of "
                f"{expected}. Resize them, and give grey images a last axis of 1."
            )
