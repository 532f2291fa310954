"""Keras' callbacks that watch results: checked before the first step.

Keras finds out after the first epoch that a result is missing, or that it does not know
whether larger values are better. By then an epoch, and its evaluation, are spent.
"""

import string
from collections.abc import Iterator

import keras

from keras_gan.callbacks import run_state
from keras_gan.callbacks.checkpoint import Checkpoint

_SET_RATES = (
    keras.callbacks.LearningRateScheduler,
    keras.callbacks.ReduceLROnPlateau,
)
_MONITORS = (keras.callbacks.EarlyStopping, keras.callbacks.ReduceLROnPlateau)


def check_monitors(
    callbacks: list[keras.callbacks.Callback],
    results: dict[str, str],
    is_complete: bool = True,
) -> None:
    """Refuse callbacks that could not work, and tell the others their direction.

    Args:
        callbacks: those of a `fit`. Where the mode is `"auto"`, it becomes that of the
            result.
        results: dict from the name of each result of an epoch to `"min"` or `"max"`,
            whichever is better. Names that begin with one of these and an underscore
            exist too.
        is_complete: bool, whether there are no other results.

    Raises:
        ValueError: if a callback watches, or names files by, a result that does not
            exist, writes `.h5` files, or watches `loss`.
    """
    if any(isinstance(callback, _SET_RATES) for callback in callbacks):
        results = {"learning_rate": "min", **results}
    is_complete = is_complete and not any(map(_may_add_results, callbacks))
    for callback in callbacks:
        _check_use(callback)
        for name in _needed(callback):
            if is_complete and _direction(name, results) is None:
                raise _unknown(callback, name, results)
        watched = _watched(callback)
        if watched is not None and callback.mode == "auto":
            callback.mode = _direction(watched, results) or run_state.better(watched)


def sets_rates(callbacks: list[keras.callbacks.Callback]) -> bool:
    """Return whether a callback sets learning rates."""
    return any(isinstance(callback, _SET_RATES) for callback in callbacks)


def _watched(callback):
    """Return the result that a callback compares from epoch to epoch, or None."""
    if isinstance(callback, Checkpoint):
        return callback.best
    if isinstance(callback, keras.callbacks.ModelCheckpoint):
        return callback.monitor if callback.save_best_only else None
    return callback.monitor if isinstance(callback, _MONITORS) else None


def _needed(callback) -> Iterator[str]:
    watched = _watched(callback)
    if watched is not None:
        yield watched
    if isinstance(callback, keras.callbacks.ModelCheckpoint):
        parts = string.Formatter().parse(callback.filepath)
        yield from sorted({part[1] for part in parts} - {None, "epoch", "batch"})


def _direction(name, results):
    if name in results:
        return results[name]
    longer = (known for known in results if name.startswith(f"{known}_"))
    known = max(longer, key=len, default=None)
    return results.get(known)


def _may_add_results(callback):
    """Whether a callback may add results to an epoch's logs: any of the user's."""
    known = type(callback).__module__.startswith(("keras.", "keras_gan.callbacks."))
    return not known or isinstance(callback, keras.callbacks.LambdaCallback)


def _check_use(callback):
    if isinstance(callback, keras.callbacks.TerminateOnNaN):
        raise ValueError(
            "`TerminateOnNaN` watches `loss`, which adversarial models do not have, so "
            "it would do nothing. Leave it out: `compile(nonfinite='raise')`, the "
            "default, stops at the first NaN."
        )
    if (
        isinstance(callback, keras.callbacks.ModelCheckpoint)
        and callback.filepath.endswith(".h5")
        and not callback.save_weights_only
    ):
        raise ValueError(
            f"`ModelCheckpoint({callback.filepath!r})` would write what cannot be "
            "loaded: `.h5` files do not hold adversarial models. Use a name that ends "
            "in `.keras`."
        )


def _unknown(callback, name, results):
    kind = type(callback).__name__
    hint = ""
    if name.startswith("val_"):
        hint = (
            " Results that begin with `val_` need metrics in `compile` and "
            "`validation_data` in `fit`."
        )
    return ValueError(
        f"{kind} watches {name!r}, and an epoch has these results: "
        f"{sorted(results)}. Pass one of them.{hint}"
    )
