"""What an adversarial model checks before the first step."""

import inspect
import os
from collections.abc import Callable
from typing import Any

import keras

from keras_gan import datasets, metrics
from keras_gan.callbacks.columns import with_columns
from keras_gan.callbacks.monitors import check_monitors
from keras_gan.callbacks.run_state import better
from keras_gan.datasets.inputs import as_rows, is_array, num_samples
from keras_gan.models.minibatches import refuse_weights
from keras_gan.pixels import as_array
from keras_gan.validation import arguments


def checked_players(players: dict) -> dict[str, list[keras.Model]]:
    """Return the networks of each player as lists, after a check of them."""
    checked = {}
    for name, networks in players.items() if isinstance(players, dict) else ():
        networks = list(networks) if isinstance(networks, list | tuple) else [networks]
        for network in networks:
            if not isinstance(network, keras.Model):
                raise ValueError(
                    f"The {name} must be a `keras.Model`. Received: {network!r} of "
                    f"type {type(network).__name__}."
                )
            if not network.built:
                raise ValueError(
                    f"The {name}, {network.name!r}, has no weights yet. Build it: "
                    "begin it with `keras.Input(shape)`, or call it on data once."
                )
        checked[name] = networks
    if not checked or not all(checked.values()):
        raise ValueError(
            f"`players` must be a dict from names to networks. Received: {players!r}"
        )
    return checked


def optimizers_of(
    players: dict[str, list[keras.Model]], optimizers: dict
) -> dict[str, keras.optimizers.Optimizer]:
    """Return the optimizer of each player, with a loss scale under float16."""
    if not isinstance(optimizers, dict) or set(optimizers) != set(players):
        raise ValueError(
            "`optimizers` must be a dict with one optimizer for each player, "
            f"{list(players)}. Received: {optimizers!r}"
        )
    return {name: _scaled(optimizers[name], players[name]) for name in players}


def _scaled(optimizer, networks):
    optimizer = keras.optimizers.get(optimizer)
    layers = [layer for network in networks for layer in network._flatten_layers()]
    scales = isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
    if not scales and any(layer.compute_dtype == "float16" for layer in layers):
        return keras.optimizers.LossScaleOptimizer(optimizer)
    return optimizer


def refuse_unknown(
    model: keras.Model, method: Callable, unknown: dict[str, Any]
) -> None:
    """Refuse arguments that a method does not have, with the names of similar ones."""
    if not unknown:
        return
    if "optimizer" in unknown and method.__name__ == "compile":
        taken = inspect.signature(method).parameters
        own = [name for name in taken if name.endswith("_optimizer")]
        own = own or [f"{name}_optimizer" for name in model.players]
        mend = ", ".join(f"{name}=..." for name in own)
        raise ValueError(
            "`optimizer` is one optimizer, and every player needs its own. Pass "
            f"`compile({mend})`, or for a model of your own `compile(optimizers={{"
            '"player": ...})`.'
        )
    raise ValueError(
        f"`{type(model).__name__}.{method.__name__}` has no argument "
        f"{sorted(unknown)}. {arguments.similar_names(method, unknown)}"
    )


def validation_metrics(
    x: Any, settings: dict[str, Any], eval_metrics: list, num_images: int
) -> list:
    """Return the metrics that `fit` measures on validation data, none without data.

    Args:
        x: what is trained on, of which `validation_split` holds out a part.
        settings: the other arguments of `fit`.
        eval_metrics: list, the metrics of `compile`.
        num_images: int, how many images are generated for them.

    Raises:
        ValueError: if there are data and no metrics, or too few images for these, or
            weights of examples, or if `validation_split` is no share.
    """
    data = settings.get("validation_data")
    if isinstance(data, tuple) and len(data) == 3:
        refuse_weights(sample_weight=data[2])
    if data is None and not settings.get("validation_split"):
        return []
    if not eval_metrics:
        raise ValueError(
            "Validation data were passed, and there is nothing to measure on them: "
            "adversarial losses say little. Pass metrics to `compile`, such as "
            "`metrics=[keras_gan.metrics.FrechetDistance(extractor)]`."
        )
    metrics.check_num_images(eval_metrics, num_images)
    if data is None:
        num_real = _num_held_out(x, settings["validation_split"])
    else:
        num_real = num_samples(data)
    metrics.check_num_real(eval_metrics, num_real)
    return eval_metrics


def _num_held_out(x, validation_split):
    """Return how many samples Keras holds out, or None where that is not known."""
    share = arguments.finite("validation_split", validation_split)
    if not 0 < share < 1:
        raise ValueError(
            "`validation_split` is the share of the data that is held out, a number "
            f"between 0 and 1. Received: {validation_split}"
        )
    number = num_samples(x)
    return None if number is None else number - int(number * (1 - share))


def checked_callbacks(
    callbacks: list[keras.callbacks.Callback], log_names: list[str], measured: list
) -> list[keras.callbacks.Callback]:
    """Return callbacks that can work on the results of the epochs.

    Args:
        callbacks: those of a `fit`.
        log_names: the names of what each step reports.
        measured: list of metrics that are measured on validation data.

    Raises:
        ValueError: if a callback watches what does not exist.
    """
    logs = {name: better(name) for name in log_names}
    directions = {
        f"val_{name}": direction
        for metric in measured
        for name, direction in metric.result_directions().items()
    }
    # A metric of the user's may have results that it did not declare.
    is_complete = all(type(m).__module__.startswith("keras_gan.") for m in measured)
    check_monitors(callbacks, logs | directions, is_complete)
    return with_columns(callbacks, directions) if measured else callbacks


def translation_data(
    x: Any,
    y: Any,
    settings: dict[str, Any],
    is_paired: bool,
    seed: int | None,
    check: Callable[[Any, Any], None],
) -> Any:
    """Return what `fit` of a model that translates was given, as batches `(a, b)`.

    Args:
        x: two arrays in a tuple, the first of two arrays, or a dataset.
        y: the second array, or None.
        settings: the further arguments of `fit`. The batch size of arrays, 1 by
            default, is taken out of it.
        is_paired: whether the model learns from pairs. Otherwise the arrays may be of
            any lengths.
        seed: int, the seed of the order of arrays.
        check: function that raises an error on two arrays that are no such images.

    Raises:
        ValueError: on one array, on paths, and on unpaired data for a model that needs
            pairs.
    """
    make = "pairs" if is_paired else "unpaired"
    mend = f"`fit(images_a, images_b)`, or `keras_gan.datasets.{make}(a, b, size=64)`"
    if isinstance(x, tuple | list) and len(x) == 2 and y is None:
        x, y = x
    given = [each for each in (x, y) if each is not None]
    if any(isinstance(each, str | os.PathLike) for each in given):
        raise ValueError(
            f"`fit` takes images, not paths. Received: {given}. Load them: "
            f"`keras_gan.datasets.{make}(folder_a, folder_b, size=64)`."
        )
    x, y = (each if each is None else as_rows(each, "images") for each in (x, y))
    are_arrays = [is_array(each) for each in (x, y)]
    if all(are_arrays):
        if settings.get("validation_split"):
            raise ValueError(
                "`validation_split` was passed, and nothing says which rows of two "
                "arrays to hold out. Pass `validation_data=(images_a, images_b)`."
            )
        x, y = as_array(x), as_array(y)
        check(x, y)
        return getattr(datasets, make)(
            x,
            y,
            batch_size=settings.pop("batch_size", None) or 1,
            seed=seed if isinstance(seed, int) else 0,
        )
    if any(are_arrays) or y is not None or x is None:
        kinds = " and ".join(type(each).__name__ for each in given) or "nothing"
        raise ValueError(
            f"Translation is learned from images of two kinds. Received: {kinds}. Pass "
            f"both: {mend}."
        )
    if is_paired and not getattr(x, "is_paired", True):
        raise ValueError(
            "The data are unpaired, and this model learns from pairs of an input and "
            "its target. Pass `keras_gan.datasets.pairs(inputs, targets)`, or train a "
            "`keras_gan.models.CycleGAN`, which needs no pairs."
        )
    return x
