"""Do networks, latents with codes and images fit each other?"""

import numpy as np
from keras import ops

from keras_gan.validation import arguments, data, networks
from keras_gan.validation.logits import check_logits


def check_prior(prior, condition=None) -> None:
    """Check that a prior has codes, and that nothing else is conditional.

    Args:
        prior: what was passed as a prior.
        condition: what was passed as a condition.

    Raises:
        ValueError: if not.
    """
    if not hasattr(prior, "codes_of"):
        raise ValueError(
            "An InfoGAN needs to know which of its latents are codes. Pass `prior="
            "keras_gan.latents.NoiseAndCodes(noise, codes)`, such as "
            f"`keras_gan.latents.default_codes()`. Received: {prior!r}"
        )
    if condition is not None:
        raise ValueError(
            "An InfoGAN learns codes without labels, and takes no condition. Received: "
            f"{condition!r}. With labels, use `keras_gan.models.ACGAN`."
        )


def check_weights(given, codes) -> None:
    """Check the weights of the information of codes.

    Args:
        given: a number or a schedule for all codes, or a dict of these by names.
        codes: the names of the codes.

    Raises:
        ValueError: on an unknown code, and on a number that is negative or none.
    """
    if isinstance(given, dict) and (unknown := sorted(set(given) - set(codes))):
        raise ValueError(
            f"`information_weight` names {', '.join(map(repr, unknown))}, and the "
            f"codes are {', '.join(map(repr, codes))}."
        )
    for weight in weights_by_code(given, codes).values():
        if not callable(weight) and arguments.finite("information_weight", weight) < 0:
            raise ValueError(
                f"`information_weight` must not be negative. Received: {weight}"
            )


def weights_by_code(given, codes) -> dict:
    """Return the weight of each code: that of all, its own, or 1.

    Args:
        given: a number or a schedule for all codes, or a dict of these by names.
        codes: the names of the codes.
    """
    if not isinstance(given, dict):
        return dict.fromkeys(codes, given)
    return {name: given.get(name, 1.0) for name in codes}


def check_networks(generator, discriminator, prior) -> tuple[int, ...]:
    """Check that D gives a logit and the codes of what G makes.

    Args:
        generator: `keras.Model` from latents to data.
        discriminator: `keras.Model` from data to logits and codes.
        prior: a prior with codes.

    Returns:
        The shape of one generated example.

    Raises:
        ValueError: if they do not fit.
    """
    shape, outputs = networks.put_together(generator, discriminator, prior.latent_dim)
    shapes = [tuple(output.shape) for output in outputs]
    expected = [(None, 1), (None, prior.code_dim)]
    if shapes != expected:
        raise ValueError(
            f"The discriminator's outputs have the shapes {shapes}. Expected "
            f"{expected}: a logit, and the codes {', '.join(prior.codes)}. See "
            f"`keras_gan.architectures.infogan_discriminator(code_dim="
            f"{prior.code_dim})`, or `keras_gan.architectures.heads.recognized_codes`."
        )
    check_logits(discriminator, shape)
    return shape


def checked_images(images, shape: tuple[int, ...]) -> np.ndarray:
    """Return images as float32 in [-1, 1], if they are of a shape.

    Args:
        images: array or tensor, uint8 or float.
        shape: that of one image.

    Raises:
        ValueError: on images of another shape or range.
    """
    images = np.asarray(ops.convert_to_numpy(images))
    data.check_images(images, shape)
    if images.dtype == np.uint8:
        images = images / 127.5 - 1.0
    return images.astype("float32")
