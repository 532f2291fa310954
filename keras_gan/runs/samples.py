"""The pictures that a run keeps of its model."""

from pathlib import Path

import keras

from keras_gan import callbacks
from keras_gan.runs import layout

EARLY_STEPS = (10, 30, 100, 300, 1000)  # a first look long before the first epoch ends


def callbacks_for(
    model: keras.Model, data, folder: Path, board: Path | None = None
) -> list[keras.callbacks.Callback]:
    """Return the callbacks that draw what a model makes.

    A model that generates from noise has grids of samples, and a walk through latent
    space if these are images. One that translates has grids of inputs beside outputs.

    Args:
        model: the model.
        data: images to translate.
        folder: the folder of the run.
        board: a log folder of TensorBoard, or None.
    """
    path = folder / layout.SAMPLES
    common = {"tensorboard": board, "early_steps": EARLY_STEPS}
    if hasattr(model, "directions"):
        return [callbacks.TranslationGrid(path, data, **common)]
    chosen = [callbacks.SampleGrid(path, **common)]
    if len(model.image_shape) == 3:
        walk = folder / layout.WALK
        chosen += [callbacks.LatentWalk(walk, num_keys=3, num_steps=12)]
    return chosen
