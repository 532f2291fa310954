"""The moving-average generator: a copy that follows the trained one slowly.

The weights of a player in a game circle around a solution more than they come
to rest at it; their average lies nearer the middle.
"""

import keras
from keras import ops

from keras_gan import backend
from keras_gan.optimizers.schedules import check_setting, value_at


@keras.saving.register_keras_serializable(package="keras_gan")
class EMA:
    """An exponential moving average of the generator's weights.

    After a step on a batch of B images the average moves by

        average = decay * average + (1 - decay) * weights,
        decay = 1/2 ** (B / half_life).

    What the generator does not train, such as the moving mean and variance of
    batch normalisation, is an average or a count already, and is copied.

    Args:
        half_life: float, the number of training IMAGES after which a weight
            counts half. In images and not in steps, so that it keeps its
            meaning when the batch size changes. Or a schedule
            (`keras_gan.optimizers`) of the number of steps that the generator has
            taken. Where its value is 0, the average is the generator itself.

    Example:

    ```python
    gan.compile(ema=keras_gan.EMA(half_life=10_000))
    gan.fit(dataset)
    gan.generate(16)  # by the average; gan.generator is the trained one
    ```

    Yazici et al. 2019, "The Unusual Effectiveness of Averaging in GAN
    Training", arXiv:1806.04498; the half-life in images from Karras et al.
    2018, arXiv:1710.10196.
    """

    def __init__(self, half_life=10_000):
        self.half_life = check_setting("half_life", half_life)
        if half_life == 0:
            raise ValueError(
                "`half_life` counts training images and must be positive. "
                f"Received: {half_life}"
            )

    def clone(self, model, inputs):
        """A copy of a model, with the same weights now, that is not trained.

        Args:
            model: the `keras.Model` to follow.
            inputs: symbolic inputs, `keras.KerasTensor`s, to build a subclassed
                model with.
        """
        try:
            clone = keras.models.clone_model(model)
        except ValueError:  # a subclassed model
            clone = type(model).from_config(model.get_config())
            clone(inputs)
        clone.trainable = False
        clone.set_weights(model.get_weights())
        return clone

    def update(self, average, model, num_images, step=0):
        """Move the average towards the model, as after a batch of images.

        Args:
            average: the model that `clone` made.
            model: the model it was made of.
            num_images: int, the size of the batch: under `tf.distribute`, of this
                replica's part, and all parts are equal.
            step: int, how many steps the model had taken before, for a half-life
                that is a schedule.
        """
        num_images = num_images * backend.num_replicas()
        half_life = ops.maximum(value_at(self.half_life, step), 1e-6)
        decay = 0.5 ** (ops.cast(num_images, "float32") / half_life)
        trained = {id(variable) for variable in model.trainable_variables}
        pairs = list(zip(average.weights, model.weights, strict=True))
        moved = [pair for pair in pairs if id(pair[1]) in trained]
        backend.move_averages([a for a, _ in moved], [v for _, v in moved], decay)
        for mean, variable in pairs:
            if id(variable) not in trained:
                mean.assign(variable.value)

    def get_config(self):
        return {"half_life": keras.saving.serialize_keras_object(self.half_life)}

    @classmethod
    def from_config(cls, config):
        return cls(keras.saving.deserialize_keras_object(config["half_life"]))
