"""Sources of a trained model: a preset, the folder of a run, a .keras file."""

import functools
from pathlib import Path

import click

from keras_gan_cli.types import PATH_OR_NAME

source_argument = click.argument("source", metavar="SOURCE", type=PATH_OR_NAME)

direction_option = click.option(
    "--direction",
    metavar="NAME",
    help="Of a model with two directions, such as b_to_a. Default: a_to_b.",
)


def open_source(source: str) -> tuple:
    """Load the trained model that a user names, to generate from noise.

    Args:
        source: str, the name of a preset with trained weights, the folder of a
            run or of `gan.save_to_preset`, `hf://user/name`, or a `.keras` file.

    Returns:
        `sampler, run`: a `keras_gan.Sampler`, and the `keras_gan.runs.Run` or None.

    Raises:
        ValueError: if `source` is none of these, or translates pictures.
    """
    gan, run = open_model(source)
    _check_generates(gan, source)
    return getattr(gan, "sampler", gan), run


def open_translator(source: str, direction: str | None = None):
    """Load the trained translator that a user names.

    Args:
        source: str, as for `open_source`; or the folder of a SavedModel.
        direction: str, such as `"b_to_a"`; None for the first.

    Returns:
        A `keras_gan.Sampler` or a `keras_gan.export.SavedTranslator`: both have a
        `condition` and `translate`.

    Raises:
        ValueError: if `source` is none of these, or generates from noise.
    """
    if _is_saved_model(Path(source)):
        from keras_gan import export

        _refuse_direction(source, direction)
        return export.SavedTranslator(source)
    model, _ = open_model(source, direction)
    return _translator_of(model, source, direction)


def open_export(source: str, direction: str | None = None) -> tuple:
    """Load what a user names, to export what it generates or translates with.

    Args:
        source: str, as for `open_source`.
        direction: str, such as `"b_to_a"`; None for the first.

    Returns:
        `export, run`: the function that writes files, and the `keras_gan.runs.Run` or
        None.
    """
    model, run = open_model(source, direction)
    if hasattr(model, "directions"):
        direction = _checked_direction(model, source, direction)
        return functools.partial(model.export, direction=direction), run
    if direction is not None and getattr(model, "prior", None) is not None:
        _refuse_direction(source, direction)
    return model.export, run


def open_whole(source: str) -> tuple:
    """Load the trained model that a user names, to measure it.

    Args:
        source: str, as for `open_source`.

    Returns:
        `model, run`: what generates, or a model that translates in all its directions;
        and the `keras_gan.runs.Run` or None.

    Raises:
        ValueError: if `source` is none of these, or a network alone that translates.
    """
    import keras_gan

    preset = preset_of(source, None)
    if preset is not None and preset.directions and not Path(source).exists():
        return keras_gan.AdversarialModel.from_preset(preset), None
    model, run = open_model(source)
    if not hasattr(model, "directions"):
        _check_generates(model, source)
    return model, run


def open_model(source: str, direction: str | None = None) -> tuple:
    """Load what a user names, whatever it is.

    Args:
        source: str, as for `open_source`.
        direction: str, which translator of a preset; None for the first.

    Returns:
        `model, run`: an adversarial model, a `keras_gan.Sampler` or a `keras.Model`,
        and the `keras_gan.runs.Run` or None.

    Raises:
        ValueError: if `source` is none of these.
    """
    from keras_gan import presets, runs
    from keras_gan.runs import layout

    path = Path(source)
    if path.is_file() and path.suffix == ".keras":
        return _load(path, direction), None
    if presets.folder.is_one(source):
        return presets.from_preset(source, direction=direction), None
    if runs.TableRun.is_one(path):
        return runs.TableRun.open(path).restore(), None
    if (path / layout.SETTINGS).is_file():
        run = runs.Run.open(path)
        return run.restore(), run
    if _is_saved_model(path):
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
    return presets.from_preset(source, direction=direction), None


def preset_of(source: str, run):
    """Return the preset of a source, or None if it is unknown."""
    from keras_gan import presets

    if run is not None:
        return run.preset
    return presets.get(source) if source in presets.names() else None


def _is_saved_model(path):
    return path.is_dir() and any(path.glob("**/saved_model.pb"))


def _load(path, direction):
    import keras_gan  # registers the classes that the file names
    from keras_gan.runs import model_file

    model = model_file.load(path, "Expected a file that `gan.save` wrote.")
    if isinstance(model, keras_gan.AdversarialModel):
        return model
    _refuse_direction(path, direction)
    try:
        return keras_gan.Sampler(model)
    except ValueError as error:
        raise ValueError(
            f"{str(path)!r} holds {_described(model)}. Expected a model that "
            "`gan.save` wrote, or a network from images to images."
        ) from error


def _check_generates(model, source):
    if hasattr(model, "codec"):
        raise ValueError(
            f"{source!r} makes the rows of a table, not images: keras-gan generate "
            f"{source} -n 1000 -o rows.csv"
        )
    if getattr(model, "prior", None) is None or not hasattr(model, "generate"):
        raise ValueError(
            f"{source!r} holds {_described(model)}, which has no noise to generate "
            f"from. A translator takes pictures: keras-gan translate {source} FOLDER"
        )


def _translator_of(model, source, direction):
    """Return the translator of a game, or the sampler if it is one."""
    import keras_gan

    if hasattr(model, "directions"):
        return model.translator(_checked_direction(model, source, direction))
    condition = getattr(model, "condition", None)
    is_image = isinstance(condition, keras_gan.conditions.Image)
    if not is_image or model.prior is not None:
        raise ValueError(
            f"{source!r} holds {_described(model)} that starts from noise and "
            f"translates no pictures: keras-gan generate {source}"
        )
    return model


def _checked_direction(model, source, direction):
    """Return the direction of a model, the first if none was passed."""
    if direction not in (None, *model.directions):
        raise ValueError(
            f"{source!r} has the directions {', '.join(model.directions)}. "
            f"Received: --direction {direction}"
        )
    return direction or model.directions[0]


def _refuse_direction(source, direction):
    if direction is not None:
        raise ValueError(f"{str(source)!r} has one direction. Leave out --direction.")


def _described(model):
    return f"a {type(model).__name__}"
