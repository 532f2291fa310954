"""Validate training data before the first step.

`fit` on data in the wrong range trains to nothing without an error. So the first
batch is checked, and the error tells how to mend it.
"""

import warnings

import numpy as np


def check_images(images, shape, may_have_nan=False):
    """Say what is wrong with a batch of images (or of other data).

    Args:
        images: array `(batch, ...)`.
        shape: tuple, the shape of one example that the networks work on.
        may_have_nan: bool, whether NaN is left to the training step, which names the
            batch, moves nothing, and goes on where `nonfinite` says so.

    Pictures are float in [-1, 1], or uint8, which is trained on and measured as
    `keras_gan.pixels.from_uint8` scales it, x / 127.5 - 1. Floats in [0, 255] are
    refused: nothing says that they are not meant as they are.

    Raises:
        ValueError: on a wrong shape, dtype or range, and on NaN.
    """
    if images.shape == shape:
        raise ValueError(
            f"The dataset yields single examples of shape {images.shape}. Expected "
            f"batches, {('batch', *shape)}. Call `.batch(128, drop_remainder=True)`."
        )
    if images.ndim != len(shape) + 1 or any(
        expected not in (None, given)
        for expected, given in zip(shape, images.shape[1:], strict=True)
    ):
        hint = ""
        if (*images.shape[1:], 1) == shape:
            hint = " Grey images need a last axis of 1: `images[..., None]`."
        elif images.ndim == 4 and (*images.shape[2:], images.shape[1]) == shape:
            hint = " Images are channels last: `np.moveaxis(images, 1, -1)`."
        elif len(images.shape) == len(shape) + 2:
            hint = (
                " Of a list of batches make one array: `np.concatenate(batches)`; a "
                "list of one array is that array: `data[0]`."
            )
        raise ValueError(
            f"The data have the shape {images.shape}, and the networks work on "
            f"{('batch', *shape)}.{hint}"
        )
    if len(images) == 0:
        raise ValueError(f"The data are empty: an array of shape {images.shape}.")
    is_picture = len(shape) == 3
    if is_picture and images.dtype == np.uint8:
        return
    if "float" not in str(images.dtype):
        expected = "float32 in [-1, 1], or uint8" if is_picture else "float32"
        raise ValueError(
            f"The data are {images.dtype}. Expected {expected}. Where they are levels "
            "from 0 to 255, scale them: `images.astype('float32') / 127.5 - 1`."
        )
    low, high = float(images.min()), float(images.max())
    if not (may_have_nan or np.isfinite(low + high)):
        raise ValueError(
            "The data contain NaN or infinity. Clean them first, for instance with "
            "`images = images[np.isfinite(images).all(axis=(1, 2, 3))]`."
        )
    if is_picture and (low < -1.001 or high > 1.001):
        scaling = "`images / 127.5 - 1`" if high > 2 else "`np.clip(images, -1, 1)`"
        raise ValueError(
            f"The images lie in [{low:.4g}, {high:.4g}]. Expected [-1, 1], the range "
            f"of the generator's tanh. Scale them: {scaling}."
        )


def check_scale(images, shape, is_whole):
    """Look for pictures on another scale than [-1, 1], or [0, 255] for bytes.

    The generator makes pictures in [-1, 1]. Where all the data are seen, and no value
    is below 0, they are refused. One batch may be bright by chance: it is warned of.

    Args:
        images: array that `check_images` accepts.
        shape: tuple, the shape of one example that the networks work on.
        is_whole: bool, whether these are all the data, or their first batch.

    Raises:
        ValueError: on bytes that hold only 0 and 1, and on all data in [0, 1].
    """
    if len(shape) != 3:
        return
    low, high = float(images.min()), float(images.max())
    if images.dtype == np.uint8:
        if high == 1:
            raise ValueError(
                "The images are uint8 and hold only 0 and 1, of which 1 is all but "
                "black: white is 255. Scale them: `images * 255`."
            )
    elif 0 <= low < high:
        seen = "The images" if is_whole else "The images of the first batch"
        message = (
            f"{seen} lie in [{low:.4g}, {high:.4g}]: no value is below 0. Expected "
            "[-1, 1], the range of the generator's tanh. Scale them: `2 * images - 1`, "
            "or `keras_gan.datasets.Batches(images, value_range=(0, 1))`."
        )
        if is_whole:
            raise ValueError(message)
        warnings.warn(message, stacklevel=4)


def check_split(batch_size, num_parts, num_devices=1):
    """See that a batch splits into a minibatch for each step, and for each device.

    Raises:
        ValueError: if it does not.
    """
    over_devices = f" times {num_devices} devices" if num_devices > 1 else ""
    num_parts *= num_devices
    if batch_size % num_parts:
        smaller = max(batch_size // num_parts, 1) * num_parts
        raise ValueError(
            f"The batch of {batch_size} does not split into {num_parts} equal parts "
            "(one for each of discriminator_steps, and one for "
            "fresh_reals_for_generator, times gradient_accumulation_steps"
            f"{over_devices}). "
            f"Use a batch size such as {smaller} or {smaller + num_parts}."
        )


def last_batch_size(data, batch_size, settings):
    """The size of the last batch of an epoch, or None where it cannot be told.

    Args:
        data: what `fit` trains on.
        batch_size: int, that of the other batches.
        settings: dict, the further arguments of `fit`.
    """
    if hasattr(data, "num_samples") and hasattr(data, "drop_remainder"):
        num_images = batch_size if data.drop_remainder else data.num_samples
    elif hasattr(data, "shape"):
        others = ("steps_per_epoch", "validation_split")
        num_images = None if any(map(settings.get, others)) else len(data)
    else:
        return None
    return num_images and (num_images % batch_size or batch_size)


def check_packs(batch_size, last_size, num_parts, num_packed):
    """See that batches are made of whole packs, where several examples share a logit.

    Args:
        batch_size: int.
        last_size: int, the size of an epoch's last batch, or None if not known.
        num_parts: int, into how many parts a step splits a batch.
        num_packed: int, how many examples share a logit.

    Raises:
        ValueError: if they are not.
    """
    if num_packed == 1:
        return
    whole = num_parts * num_packed
    packs = (
        f"The discriminator packs {num_packed} examples for one logit, and a step "
        f"takes {num_parts} part{'s' * (num_parts > 1)} of a batch "
        "(discriminator_steps times gradient_accumulation_steps times devices)"
    )
    if batch_size % whole:
        smaller = max(batch_size // whole, 1) * whole
        raise ValueError(
            f"{packs}: {whole} must divide the batch size. Received: {batch_size}. "
            f"Use a batch size such as {smaller} or {smaller + whole}."
        )
    if last_size is not None and last_size % whole:
        raise ValueError(
            f"{packs}: {whole} must divide every batch, and the last one of an epoch "
            f"has {last_size} examples. Leave it out: "
            "`keras_gan.datasets.Batches(images, batch_size="
            f"{batch_size}, drop_remainder=True)`."
        )
