"""Train your own networks: any pair of Keras models will do.

    python examples/own_models.py

A generator goes from latents to data, a discriminator from data to LOGITS: no
sigmoid at its end. Here one is functional and one a subclass.
"""

import argparse
from pathlib import Path

import keras_gan

import keras
from keras import layers

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--epochs", type=int, default=5)
parser.add_argument("--steps-per-epoch", type=int, help="fewer, for a quick try")
parser.add_argument("--output", type=Path, default=Path("runs/own_models"))
args = parser.parse_args()

generator = keras.Sequential(
    [
        keras.Input((64,)),
        layers.Dense(7 * 7 * 64, activation="relu"),
        layers.Reshape((7, 7, 64)),
        layers.UpSampling2D(interpolation="bilinear"),  # (batch, 14, 14, 64)
        layers.Conv2D(32, 3, padding="same", activation="relu"),
        layers.UpSampling2D(interpolation="bilinear"),  # (batch, 28, 28, 32)
        layers.Conv2D(1, 3, padding="same", activation="tanh"),
    ]
)


@keras.saving.register_keras_serializable()
class Critic(keras.Model):
    def __init__(self, width=32, **kwargs):
        super().__init__(**kwargs)
        self.width = width
        self.features = keras.Sequential(
            [
                layers.Conv2D(width, 4, strides=2, padding="same"),
                layers.LeakyReLU(0.2),
                layers.Conv2D(2 * width, 4, strides=2, padding="same"),
                layers.LeakyReLU(0.2),
                layers.Flatten(),
            ]
        )
        self.logit = layers.Dense(1)

    def call(self, images, training=False):
        return self.logit(self.features(images, training=training))

    def get_config(self):
        return {**super().get_config(), "width": self.width}


keras.utils.set_random_seed(0)
gan = keras_gan.GAN(generator, Critic())
gan.compile(
    loss="relativistic_pairing",
    discriminator_penalties=[keras_gan.penalties.R1(1.0), keras_gan.penalties.R2(1.0)],
    share_fakes=True,
)
gan.fit(
    keras_gan.datasets.fashion_mnist(batch_size=64),
    epochs=args.epochs,
    steps_per_epoch=args.steps_per_epoch,
    callbacks=[keras_gan.callbacks.SampleGrid(args.output / "samples")],
)
gan.save(args.output / "gan.keras")
print(f"The pictures are in {args.output / 'samples'}.")
