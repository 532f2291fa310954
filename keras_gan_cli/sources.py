"""Where a generator comes from: a preset, the folder of a run, a .keras file."""

from pathlib import Path

import click

source_argument = click.argument("source", metavar="SOURCE")


def open_source(source):
    """The trained GAN that a user names.

    Args:
        source: str, the name of a preset with trained weights, the folder of a
            run, or a `.keras` file.

    Returns:
        `gan, run`: the model, and the `keras_gan.runs.Run` or None.

    Raises:
        ValueError: if it is none of these.
    """
    from keras_gan import presets, runs
    from keras_gan.runs.report import files

    path = Path(source)
    if path.is_file() and path.suffix == ".keras":
        return _load(path), None
    if (path / files.SETTINGS).is_file():
        run = runs.Run.open(path)
        return run.restore(), run
    if path.is_dir() and any(path.glob("**/saved_model.pb")):
        raise ValueError(
            f"{source!r} holds a SavedModel, which is for servers: see what it draws "
            f"by `keras-gan serve {source}`. Here, name a preset, the folder of a run "
            "or a .keras file."
        )
    if path.exists() or path.suffix or len(path.parts) > 1:
        raise ValueError(
            f"{source!r} is no run, no .keras file and no preset. A run's folder is "
            "what `keras-gan train --output` wrote; `keras-gan presets` lists presets."
        )
    return presets.from_preset(source), None


def preset_of(source, run):
    """The preset by which a source was trained, or None where nobody knows."""
    from keras_gan import presets

    if run is not None:
        return run.preset
    return presets.get(source) if source in presets.names() else None


def _load(path):
    import keras

    from keras_gan import GAN

    gan = keras.saving.load_model(path)
    if not isinstance(gan, GAN):
        raise ValueError(
            f"{str(path)!r} holds a {type(gan).__name__}. Expected a model that "
            "`gan.save` wrote, which has a generator and a prior."
        )
    return gan
