"""Start, resume, read and save runs of presets."""

import csv
import shutil
import time

from keras_gan import plotting, presets, runs
from keras_gan.presets.trained import in_single_precision
from keras_gan.runs import layout

import click
import keras
import numpy as np
from keras_gan_cli.train import PRECISIONS

from steps.report import machine

precision_option = click.option(
    "--precision",
    type=click.Choice(list(PRECISIONS)),
    default="auto",
    show_default=True,
)


def trained(folder, preset, seed, precision, data=None, **settings):
    """Return the finished run of a folder; start or resume it if needed.

    Args:
        folder: path of the run.
        preset: the `Preset` to train, if there is no run yet.
        seed: int, likewise.
        precision: as for `keras-gan train`, or a dtype policy, likewise.
        data: the batches to train on; None for those that the run loads.
        **settings: further arguments of `keras_gan.runs.Run`, likewise.

    Returns:
        The finished `keras_gan.runs.Run`.
    """
    keras.utils.clear_session()
    if (folder / layout.SETTINGS).exists():
        run = runs.Run.open(folder)
    else:
        policy = PRECISIONS.get(precision, precision)
        run = runs.Run(folder, preset, seed=seed, precision=policy, **settings)
        run.begin()
    if not run.is_finished:
        start = time.perf_counter()
        run.train(data=data, progress=False)
        passed = time.perf_counter() - start
        print(f"{folder.name}: {passed / 60:.0f} min", flush=True)
    return run


def seconds(folder):
    """Return how long a run trained, over all its starts, from its log."""
    with open(folder / layout.LOG, newline="") as file:
        *_, last = csv.DictReader(file)
    return float(last["seconds"])


def save_trained(folder, savedmodels, further=()):
    """Save the generator of a run in `savedmodels`, with a grid of its images.

    Args:
        folder: path of the finished run.
        savedmodels: path of the folder of trained generators.
        further: list of str, what else was measured.
    """
    run = runs.Run.open(folder)
    model = run.restore()
    gan = in_single_precision(model.sampler, run.preset)
    measures, real = run.preset.make_metrics(), run.load_data("test")
    num_evaluated = run.settings["num_evaluated"]
    facts = runs.evaluation.measure(measures, real, gan, num_evaluated)
    path = presets.save_trained(
        model,
        run.preset,
        savedmodels,
        overwrite=True,
        metrics=[*facts["described"], *further],
        **origin(run),
    )
    labels = np.arange(100) % 10 if run.preset.num_classes else None
    images = gan.generate(100, seed=0, labels=labels)
    plotting.image_grid(images, path=path.parent / "grid.png")
    keras.utils.clear_session()


def save_translators(folder, savedmodels, grid):
    """Save the networks of a run that translates, one in each direction.

    Args:
        folder: path of the finished run.
        savedmodels: path of the folder of trained generators.
        grid: path of a picture of their translations.
    """
    run = runs.Run.open(folder)
    model = run.restore()
    for direction in model.directions:
        path = presets.save_trained(
            model,
            run.preset,
            savedmodels,
            overwrite=True,
            direction=direction,
            metrics=[line for line in run.results() if direction in line],
            **origin(run),
        )
        shutil.copyfile(grid, path.parent / "grid.png")
    keras.utils.clear_session()


def origin(run):
    """Return what a model card says of how a run was trained."""
    names = {policy: name for name, policy in PRECISIONS.items()}
    precision = names[run.settings["precision"] or "float32"]
    options = ["--seed", str(run.settings["seed"]), "--precision", precision]
    return {
        "training": {
            "command": " ".join(["keras-gan", "train", run.preset.name, *options]),
            "images": run.preset.num_images,
            "machine": machine(),
        },
        "data": {"dataset": run.preset.dataset, "split": "train"},
    }
