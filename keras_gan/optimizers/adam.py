"""Adam with a schedule for its second moment."""

from typing import Any

import keras

from keras_gan._typing import Config, Setting, Tensor
from keras_gan.optimizers.schedules import value_at


@keras.saving.register_keras_serializable(package="keras_gan")
class ScheduledAdam(keras.optimizers.Adam):
    """Adam whose `beta_2` can be a schedule, like its learning rate.

    Each step uses the current value of the schedule, both for the average of squared
    gradients and for its bias correction. If `beta_2` is a number, this is
    `keras.optimizers.Adam`.

    Args:
        learning_rate: float, or a schedule.
        beta_1: float.
        beta_2: float, or a schedule, such as `keras_gan.optimizers.CosineBurnIn`.
        **kwargs: as in `keras.optimizers.Adam`.

    Example:

    ```python
    optimizer = keras_gan.optimizers.ScheduledAdam(
        keras_gan.optimizers.CosineBurnIn(2e-4, 5e-5, num_images=2_000_000),
        beta_1=0.0,
        beta_2=keras_gan.optimizers.CosineBurnIn(0.9, 0.99, num_images=2_000_000),
    )
    ```

    Kingma and Ba 2014, "Adam: A Method for Stochastic Optimization",
    arXiv:1412.6980; the schedule from Huang et al. 2024, arXiv:2501.05441.
    """

    def __init__(
        self,
        learning_rate: Setting = 0.001,
        beta_1: float = 0.9,
        beta_2: Setting = 0.999,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("name", "scheduled_adam")
        super().__init__(learning_rate, beta_1, beta_2, **kwargs)

    @property
    def beta_2(self) -> Tensor:
        return value_at(self._beta_2, self.iterations)

    @beta_2.setter
    def beta_2(self, beta_2: Setting) -> None:
        self._beta_2 = beta_2

    def get_config(self) -> Config:
        beta_2 = keras.saving.serialize_keras_object(self._beta_2)
        return {**super().get_config(), "beta_2": beta_2}

    @classmethod
    def from_config(
        cls, config: Config, custom_objects: dict[str, Any] | None = None
    ) -> "ScheduledAdam":
        config = dict(config)
        config["beta_2"] = keras.saving.deserialize_keras_object(
            config["beta_2"], custom_objects
        )
        return super().from_config(config, custom_objects)
