"""Time the training step of presets in float32 and in bfloat16, in turn.

    python benchmarks/step_precision.py
    TF_ENABLE_ONEDNN_OPTS=0 python benchmarks/step_precision.py --num-steps 3

Prints, for every preset, the fastest step of each precision in seconds of processor
time, which other work on the machine disturbs less than the clock, and the second
over the first. The environment variable makes TensorFlow emulate bfloat16, as it does
on a processor without instructions for it.
"""

import time

from keras_gan import GAN, presets

import click
import keras
import numpy as np

from tables import markdown

PRESETS = ("dcgan_fashion_mnist", "r3gan_fashion_mnist", "mlp_mnist")
POLICIES = ("float32", "mixed_bfloat16")


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--preset", "names", multiple=True, type=click.Choice(presets.names()))
@click.option("--num-steps", default=12, show_default=True)
def main(names, num_steps):
    rows = []
    for name in names or PRESETS:
        single, half = fastest(presets.get(name), num_steps)
        rows.append(
            (f"`{name}`", f"{single:.3f}", f"{half:.3f}", f"{half / single:.2f}")
        )
    print(markdown.table(("", "float32, s", "bfloat16, s", "ratio"), rows))


def fastest(preset, num_steps):
    """Return the seconds of the fastest step of each policy."""
    shape = (preset.batch_size, *preset.image_shape)
    images = np.random.default_rng(0).uniform(-1, 1, shape).astype("float32")
    batch = [images]
    if preset.num_classes:
        batch.append(np.arange(len(images)) % preset.num_classes)
    gans = [new_gan(preset, policy) for policy in POLICIES]
    for gan in gans:
        gan.train_on_batch(*batch)
        gan.train_on_batch(*batch)
    return np.min([[seconds(g, batch) for g in gans] for _ in range(num_steps)], axis=0)


def new_gan(preset, policy):
    keras.config.set_dtype_policy(policy)
    try:
        return GAN.from_preset(preset, load_weights=False, seed=0)
    finally:
        keras.config.set_dtype_policy("float32")


def seconds(gan, batch):
    start = time.process_time()
    gan.train_on_batch(*batch)
    return time.process_time() - start


if __name__ == "__main__":
    main()
