"""How presets write down objects, and how the objects are made.

A preset is data. An object stands in it as its name alone, or as
`(name, arguments)`, such as `("R1", {"weight": 0.1})`; a setting that burns in is a
`BurnIn`, which counts in shares of the training and so keeps its meaning when that
is made longer or shorter.
"""

from typing import NamedTuple

import keras

from keras_gan.optimizers import schedules
from keras_gan.optimizers.adam import ScheduledAdam


class BurnIn(NamedTuple):
    """From one value to another along half a cosine; see `schedules.CosineBurnIn`.

    Args:
        start: float, the first value.
        end: float, the last value.
        share: float, over which share of the training.

    Example:

    ```python
    rate = keras_gan.presets.BurnIn(2e-4, 5e-5, share=0.5)
    ```
    """

    start: float
    end: float
    share: float = 1.0


def settle(value, num_images, batch_size):
    """Every `BurnIn` within a value as the schedule that it stands for.

    Args:
        value: a `BurnIn`, or a dict, list or tuple that may hold some, or else.
        num_images: int, the images of the whole training.
        batch_size: int, the images of one step; 1 for schedules that count images.
    """
    if isinstance(value, BurnIn):
        return schedules.CosineBurnIn(
            value.start, value.end, value.share * num_images, batch_size
        )
    if isinstance(value, dict):
        return {k: settle(v, num_images, batch_size) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(settle(v, num_images, batch_size) for v in value)
    return value


def make(room, spec):
    """The object of a room that `name` or `(name, arguments)` stands for."""
    name, arguments = (spec, {}) if isinstance(spec, str) else spec
    return getattr(room, name)(**arguments)


def optimizer(settings):
    """Adam, or the Adam whose `beta_2` may follow a schedule too."""
    beta_2 = settings.get("beta_2")
    return (ScheduledAdam if callable(beta_2) else keras.optimizers.Adam)(**settings)


def plain(value):
    """The same as what JSON can hold."""
    if isinstance(value, BurnIn):
        return {"burn_in": value._asdict()}
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value
