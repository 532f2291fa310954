"""The model card: what a generator is, how it was made, what it may be used for."""

from __future__ import annotations

import json
import pathlib
import platform

import keras

from keras_gan._version import __version__
from keras_gan.conditions import Condition
from keras_gan.export import codes, translation

FACTS = ("data", "training", "metrics", "licence")


def model_card(
    generator,
    specs: dict,
    shape: tuple,
    prior,
    condition: Condition | None,
    given: dict | None,
) -> dict:
    """Describe a generator.

    Args:
        generator: the `keras.Model`.
        specs: dict from the name of an input to its `tf.TensorSpec`.
        shape: the shape of one generated example.
        prior: from `keras_gan.latents`, or None.
        condition: from `keras_gan.conditions`, or None.
        given: dict of what only its maker knows: `data`, `training`, `metrics`,
            `licence`, and anything else for the card.

    Returns:
        A dict that JSON can hold.
    """
    inputs = {name: list(spec.shape) for name, spec in specs.items()}
    return {
        "name": generator.name,
        "architecture": {
            "generator": type(generator).__name__,
            "num_parameters": generator.count_params(),
            "inputs": inputs,
            "output_shape": [None, *shape],
            **_sizes(generator, inputs),
            "prior": _config(prior),
            "condition": _config(condition),
            "num_classes": getattr(condition, "num_classes", None),
            **({"codes": codes.facts(prior)} if codes.of(prior) else {}),
        },
        **dict.fromkeys(FACTS),
        "versions": _versions(),
        **(given or {}),
    }


def check(given: dict | None):
    """Check that JSON can hold what goes into the card.

    Raises:
        ValueError: if not.
    """
    try:
        json.dumps(given, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"The model card must be what JSON can hold, and is not: {error}. "
            f"Received: {given!r}"
        ) from error


def write(card: dict, folder: pathlib.Path):
    """Write `model_card.json` into a folder."""
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    (folder / "model_card.json").write_text(text, encoding="utf-8")


def _sizes(generator, inputs):
    """Return what the sides of pictures must be multiples of, where they are free."""
    taken = inputs.get("images", ())
    if len(inputs) != 1 or None not in taken[1:]:
        return {}
    return {"size_multiple": translation.size_multiple(generator, tuple(taken[1:]))}


def _config(value):
    """Return the class name and the arguments of a prior or a condition."""
    if value is None:
        return None
    return {"class_name": type(value).__name__, **value.get_config()}


def _versions():
    import tensorflow as tf

    return {
        "keras_gan": __version__,
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
        "python": platform.python_version(),
    }
