"""Sources of a trained model: a preset, the folder of a run, a .keras file."""

from pathlib import Path

import click

source_argument = click.argument("source", metavar="SOURCE")


def open_source(source: str) -> tuple:
    """Load the trained model that a user names.

    Args:
        source: str, the name of a preset with trained weights, the folder of a
            run or of `gan.save_to_preset`, or a `.keras` file.

    Returns:
        `gan, run`: the model, and the `keras_gan.runs.Run` or None.

    Raises:
        ValueError: if `source` is none of these.
    """
    from keras_gan import presets, runs
    from keras_gan.runs import layout

    path = Path(source)
    if path.is_file() and path.suffix == ".keras":
        return _load(path), None
    if presets.folder.is_one(path):
        return presets.from_preset(path), None
    if (path / layout.SETTINGS).is_file():
        run = runs.Run.open(path)
        return run.restore(), run
    if path.is_dir() and any(path.glob("**/saved_model.pb")):
        raise ValueError(
            f"{source!r} holds a SavedModel, which is for servers: "
            f"`keras-gan serve {source}` shows its images. Here, name a preset, the "
            "folder of a run or a .keras file."
        )
    if path.exists() or path.suffix or len(path.parts) > 1:
        raise ValueError(
            f"{source!r} is no run, no .keras file and no preset. A run's folder is "
            "what `keras-gan train --output` wrote; `keras-gan presets` lists presets."
        )
    return presets.from_preset(source), None


def preset_of(source: str, run):
    """Return the preset of a source, or None if it is unknown."""
    from keras_gan import presets

    if run is not None:
        return run.preset
    return presets.get(source) if source in presets.names() else None


def _load(path):
    import keras_gan  # registers the classes that the file names
    from keras_gan.runs import model_file

    gan = model_file.load(path, "Expected a file that `gan.save` wrote.")
    is_gan = isinstance(gan, keras_gan.AdversarialModel)
    if not (is_gan and hasattr(gan, "generate")):
        raise ValueError(
            f"{str(path)!r} holds a {type(gan).__name__}. Expected a model that "
            "`gan.save` wrote, which has a generator and a prior."
        )
    return gan
