"""Train a preset on arrays from a file of NumPy."""

from keras_gan import datasets, presets

import click
import numpy as np

from tables import runs

KEYS = {"images": "uint8 (n, height, width, channels)", "labels": "integers (n,)"}


def train_on_arrays(name, path, folder, changes, policy, checkpoint_every, seed=0):
    """Train, or go on where a run in the folder stopped.

    Args:
        name: str, of a preset that makes images.
        path: path of the `.npz` file.
        folder: path of the run.
        changes: dict of fields of the preset; None stands for the preset's own.
        policy: str, the Keras dtype policy.
        checkpoint_every: int, the steps between checkpoints.
        seed: int, of weights, latents and data.

    Returns:
        The finished `keras_gan.runs.Run`.
    """
    preset = presets.get(name)
    preset = preset.replace(**{k: v for k, v in changes.items() if v is not None})
    arrays = read(path, has_labels=preset.num_classes is not None)
    data = datasets.Batches(
        *arrays,
        batch_size=preset.batch_size,
        seed=seed,
        augment=preset.data.get("augment"),
    )
    num_classes = None if len(arrays) == 1 else data.num_classes
    preset = preset.replace(data.image_shape, num_classes, dataset=str(path))
    settings = {"checkpoint_every": checkpoint_every}
    run = runs.trained(folder, preset, seed, policy, data=data, **settings)
    click.echo(f"Finished: {folder}")
    return run


def read(path, has_labels):
    """Return the images, and the labels where the preset has classes.

    Raises:
        click.UsageError: if the file does not hold them.
    """
    wanted = tuple(KEYS)[: 1 + has_labels]
    with np.load(path) as file:
        missing = [key for key in wanted if key not in file.files]
        if missing:
            keys = "; ".join(f"{key}, {KEYS[key]}" for key in wanted)
            held = ", ".join(file.files) or "nothing"
            raise click.UsageError(f"{path} must hold {keys}. It holds: {held}.")
        return [file[key] for key in wanted]
