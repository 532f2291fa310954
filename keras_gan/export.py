"""Generators as SavedModels, the format that TensorFlow Serving loads."""

import os
import shutil
import tempfile
from pathlib import Path

import keras


def saved_model(generator, path, version=None, overwrite=False):
    """Write a generator for TensorFlow Serving.

    The folder `path/version/` holds one signature, `serving_default`: latents
    (and labels, for a conditional generator) to float32 images in [-1, 1]. It
    is written under a hidden name beside its place and renamed, so that a server
    that watches the folder never sees half of it.

    Args:
        generator: a built `keras.Model` from latents, or `[latents, labels]`,
            to images.
        path: the folder of the model, `savedmodels/NAME`.
        version: int; None for the next free one.
        overwrite: whether an existing version may be replaced.

    Returns:
        The `pathlib.Path` of the version's folder.

    Raises:
        ValueError: if the version exists, or is not a positive integer.
    """
    if keras.backend.backend() != "tensorflow":
        raise NotImplementedError(
            "A SavedModel is a TensorFlow program, and Keras runs on "
            f"{keras.backend.backend()} here. Save with `gan.save('gan.keras')`, and "
            "in a process with KERAS_BACKEND=tensorflow call "
            "`keras.saving.load_model('gan.keras').export(path)`."
        )
    import tensorflow as tf

    path = Path(path)
    version = _next_version(path) if version is None else version
    if int(version) != version or version < 1:
        raise ValueError(
            f"`version` must be a positive integer, as the server sorts by it. "
            f"Received: {version!r}"
        )
    target = path / str(int(version))
    if target.exists() and not overwrite:
        raise ValueError(
            f"{target} exists, and a server may be using it. Leave `version` out "
            "for the next free number, or pass `overwrite=True`."
        )

    specs = [tf.TensorSpec(x.shape, "float32", "latents") for x in generator.inputs[:1]]
    specs += [tf.TensorSpec((None,), "int32", "labels") for _ in generator.inputs[1:]]

    def images(latents, labels=None):
        inputs = latents if labels is None else [latents, labels]
        images = generator(inputs, training=False)
        return {"images": tf.cast(images, tf.float32)}

    module = tf.Module()
    module.weights = [variable.value for variable in generator.variables]
    module.images = tf.function(images, input_signature=specs)

    path.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".export_", dir=path))
    try:
        signatures = {"serving_default": module.images}
        tf.saved_model.save(module, str(draft), signatures=signatures)
        draft.chmod(0o755)
        if target.exists():
            retired = Path(tempfile.mkdtemp(prefix=".retired_", dir=path))
            os.replace(target, retired / target.name)
            os.replace(draft, target)
            shutil.rmtree(retired)
        else:
            os.replace(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def _next_version(path):
    taken = [int(p.name) for p in path.glob("*") if p.name.isdigit()]
    return max(taken, default=0) + 1
