"""Generators as SavedModels, the format that TensorFlow Serving loads."""

from keras_gan.export import card as cards
from keras_gan.export import images, signatures, warmup, worker
from keras_gan.export.versions import check_version, new_version


def saved_model(
    generator,
    path,
    version=None,
    overwrite=False,
    prior=None,
    num_classes=None,
    card=None,
    weights_dtype=None,
):
    """Write a generator for TensorFlow Serving.

    The folder `path/version/` is written under a hidden name and renamed, so
    that a server that watches `path` never sees half of it. Its signatures:

    - `serving_default`: latents (and labels) to float32 images in [-1, 1], by
      arithmetic alone, which every runtime loads.
    - `sample`: for each row a `seed`, a `truncation` (0 for none) and, where
      conditional, a `label` (-1 for any), to images. The noise is made inside,
      from the row's seed alone, so that a row is the same picture in any batch.
    - `png`: as `sample`, to `image_bytes`, PNG files.
    - `walk`: as `png`, with an `end_seed` and a `position` from 0 to 1 between
      the two.

    Without a prior there is `serving_default` alone. A generator that takes
    images has `serving_default`, images to images, and `png`, files to files.

    `assets.extra/` holds a request for each signature, which the server warms up
    with, and `model_card.json`. Under JAX and torch the file is written by a
    second Python process that runs Keras on TensorFlow.

    Args:
        generator: a built `keras.Model` from latents, or `[latents, labels]`, or
            images, to images.
        path: the folder of the model, `savedmodels/NAME`.
        version: int; None for the next free one.
        overwrite: whether an existing version may be replaced.
        prior: from `keras_gan.latents`, where the generator takes latents.
        num_classes: int, where the generator is conditional.
        card: dict for the model card: `data`, `training`, `metrics`, `licence`,
            or whatever a user should know.
        weights_dtype: `"float16"` stores the weights in half the size. They are
            made float32 again when they are used.

    Returns:
        The `pathlib.Path` of the version's folder.

    Raises:
        ValueError: if the version exists or is not a positive integer, or the
            generator is not built or does not fit the prior.
        OSError: if the folder cannot be written to.

    Example:

    ```python
    prior = keras_gan.latents.Normal(128)
    keras_gan.export.saved_model(generator, "savedmodels/fashion", prior=prior)
    ```
    """
    check_generator(generator, prior)
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
            generator, prior, num_classes, weights_dtype
        )
        tf.saved_model.save(module, str(draft), signatures=functions)
        extra = draft / "assets.extra"
        extra.mkdir()
        warmup.write(functions, extra)
        cards.write(_card(generator, prior, num_classes, card), extra)
    return finished[0]


def _card(generator, prior, num_classes, given):
    specs = signatures.input_specs(generator, prior, num_classes)
    shape = signatures.output_shape(generator, specs)
    picture = images.is_picture(shape)
    card = cards.model_card(generator, specs, shape, prior, num_classes, given)
    ranges = signatures.value_ranges(prior, num_classes, specs, picture)
    return {**card, "value_ranges": ranges}


def check_generator(generator, prior):
    """See that a generator can be exported.

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
    taken = getattr(generator, "inputs", None)
    if not taken and prior is None:
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
