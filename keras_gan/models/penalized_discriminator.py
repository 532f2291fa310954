"""A discriminator with penalties on its gradient."""

import keras
from keras import ops

from keras_gan import penalties


class PenalizedDiscriminator:
    """A part of a model with a player "discriminator": computes its penalties.

    The class of both sets `discriminator_penalties`, a list from `keras_gan.penalties`,
    in its `compile`. What `discriminate` returns first are logits.
    """

    def discriminate(self, data, condition=None):
        """Return D's outputs in training, in float32."""
        inputs = data if condition is None else [data, condition]
        outputs = self.discriminator(inputs, training=True)
        return keras.tree.map_structure(lambda x: ops.cast(x, "float32"), outputs)

    @property
    def discriminator_iterations(self):
        """How many updates the discriminator has had."""
        return self.optimizer.players["discriminator"].iterations

    def discriminate_with_penalties(self, real, fakes, condition=None):
        """Return D's outputs for real and generated data, and the sum of the penalties.

        Returns:
            `real_logits, fake_logits, penalty`: what `discriminate` returns, twice,
            and a float scalar.
        """
        return penalties.discriminate_with_penalties(
            self.discriminator_penalties,
            lambda data: self.discriminate(data, condition),
            *(real, fakes, self.discriminator_iterations, self.seed_generator),
        )

    def constrain_discriminator(self) -> None:
        """Apply the constraints of penalties that change D's weights."""
        for penalty in self.discriminator_penalties:
            penalty.constrain(self.discriminator, self.discriminator_iterations)
