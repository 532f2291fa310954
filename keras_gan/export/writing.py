"""Generators as SavedModels, the format that TensorFlow Serving loads."""

from __future__ import annotations

import os
import pathlib

from keras_gan.conditions import Condition, Image
from keras_gan.export import card as cards
from keras_gan.export import edits, images, signatures, w_space, warmup, worker
from keras_gan.export.versions import check_version, new_version
from keras_gan.paths import expand


def saved_model(
    generator,
    path: str | os.PathLike,
    version: int | None = None,
    overwrite: bool = False,
    prior=None,
    condition: Condition | None = None,
    card: dict | None = None,
    weights_dtype: str | None = None,
    directions=None,
    output: str = "images",
) -> pathlib.Path:
    """Write a generator for TensorFlow Serving.

    The folder `path/version/` is written under a hidden name and renamed. So a
    server that watches `path` never sees half of it. Its signatures:

    - `serving_default`: `latents`, and the condition's `labels`, `vectors` or
      `images`, to float32 images in [-1, 1]. It is arithmetic alone, which every
      runtime loads.
    - `sample`: for each row a `seed`, a `truncation` (0 for none) and, where
      conditional, a `label` (-1 for any), a `vector` or an `image`, to images. The
      noise is made inside, from the row's seed alone, so that a row is the same
      picture in any batch.
    - `png`: as `sample`, to `image_bytes`, PNG files. A condition that is an image
      comes as `image_bytes`, too.
    - `walk`: as `png`, with an `end_seed` and a `position` from 0 to 1 between
      the two.

    A generator with a mapping network (`keras_gan.architectures.StyleGenerator`) takes
    a `truncation_psi` in the last three, 1 for none. It has two more, both arithmetic:
    `map`, as `serving_default`, to `w`, and `synthesis`, one `w` for each layer, to
    images.

    Without a prior there is `serving_default` alone. A generator that takes
    images and no latents has `serving_default`, images to images, and `png`, PNG or
    JPEG files to PNG files. If it takes any size, `png` continues a picture to what
    the network needs and cuts the result to the picture's own size.

    `assets.extra/` holds a request for each signature, which the server warms up
    with, and `model_card.json`. Under JAX and torch the file is written by a
    second Python process that runs Keras on TensorFlow.

    Args:
        generator: a built `keras.Model` from latents, or `[latents, condition]`, or
            images, to images.
        path: the folder of the model, `savedmodels/NAME`.
        version: int; None for the next free one.
        overwrite: whether an existing version may be replaced.
        prior: from `keras_gan.latents`, where the generator takes latents.
        condition: from `keras_gan.conditions`, where the generator is conditional.
        card: dict for the model card: `data`, `training`, `metrics`, `licence`,
            or whatever a user should know.
        weights_dtype: `"float16"` stores the weights in half the size. They are
            made float32 again when they are used.
        directions: `keras_gan.latents.Directions`. Each is an input of `sample`, `png`
            and `walk` by its name, the amount to move by; 0 or NaN for not at all.
        output: str, the name of what the generator makes.

    Returns:
        The `pathlib.Path` of the version's folder.

    Raises:
        ValueError: if the version exists or is not a positive integer, or the
            generator is not built or does not fit the prior or the condition.
        OSError: if the folder cannot be written to.

    Example:

    ```python
    prior = keras_gan.latents.Normal(128)
    keras_gan.export.saved_model(generator, "savedmodels/fashion", prior=prior)
    ```
    """
    path = expand(path)
    check_generator(generator, prior, condition)
    check_version(path, version, overwrite)
    cards.check(card)
    if weights_dtype not in (None, "float16"):
        raise ValueError(
            "`weights_dtype` must be None, which keeps the weights as they are, or "
            f"'float16'. Received: {weights_dtype!r}"
        )
    if worker.is_needed():
        return worker.run("saved_model", **locals())
    import tensorflow as tf

    with new_version(path, version, overwrite) as (draft, finished):
        module, functions = signatures.build(
            generator, prior, condition, weights_dtype, directions, output
        )
        tf.saved_model.save(module, str(draft), signatures=functions)
        extra = draft / "assets.extra"
        extra.mkdir()
        warmup.write(functions, extra)
        cards.write(_card(generator, prior, condition, card, directions), extra)
        if directions is not None:
            directions.save(extra / "directions.npz")
    return finished[0]


def _card(generator, prior, condition, given, directions):
    specs = signatures.input_specs(generator, prior, condition)
    shape = signatures.output_shape(generator, specs)
    picture = images.is_picture(shape)
    card = cards.model_card(generator, specs, shape, prior, condition, given)
    if directions is not None:
        inputs = card["architecture"].setdefault("codes", {})
        inputs |= edits.facts(directions)
    ranges = signatures.value_ranges(prior, condition, specs, picture)
    ranges |= dict.fromkeys(w_space.specs(generator), w_space.PSI_RANGE)
    ranges |= dict.fromkeys(edits.specs(directions), signatures.FINITE)
    return {**card, "value_ranges": ranges}


def check_generator(generator, prior=None, condition: Condition | None = None):
    """Check that a generator can be exported.

    Raises:
        ValueError: if not.
    """
    import keras

    if not isinstance(generator, keras.Model):
        raise ValueError(
            "The generator must be a `keras.Model`. Received: "
            f"{type(generator).__name__}."
        )
    if not generator.built:
        raise ValueError(
            f"The generator {generator.name!r} is not built, so it has no weights to "
            "export. Call it once: `generator(prior.sample(1))`, or load its weights."
        )
    if condition is not None and not isinstance(condition, Condition):
        raise ValueError(
            "`condition` must be None, or from `keras_gan.conditions`, such as "
            f"`ClassLabels(10)`. Received: {condition!r}"
        )
    taken = getattr(generator, "inputs", None)
    if not taken and prior is None and not isinstance(condition, Image):
        raise ValueError(
            f"The generator {generator.name!r} does not tell what it takes. Pass its "
            "prior: `prior=keras_gan.latents.Normal(latent_dim)`."
        )
    if taken and prior is not None and taken[0].shape[-1] != prior.latent_dim:
        raise ValueError(
            f"The generator takes latents of shape {tuple(taken[0].shape[1:])}, and "
            f"the prior draws ({prior.latent_dim},). Pass the prior that it was "
            "trained with."
        )
    if taken and condition is not None:
        _check_condition(taken, prior, condition)


def _check_condition(taken, prior, condition):
    is_first = prior is None and isinstance(condition, Image) and len(taken) == 1
    if len(taken) < 2 and not is_first:
        raise ValueError(
            f"The generator takes one input, and the condition {condition!r} is a "
            "second. Pass the condition that it was built with."
        )
    shape = tuple(taken[0 if is_first else 1].shape[1:])
    expected = tuple(condition.shape)
    fits = len(shape) == len(expected) and all(
        None in sizes or sizes[0] == sizes[1]
        for sizes in zip(shape, expected, strict=True)
    )
    if expected and not fits:
        raise ValueError(
            f"The generator takes a condition of shape {shape}, and {condition!r} has "
            f"the shape {expected}. Pass the condition that it was built with."
        )
