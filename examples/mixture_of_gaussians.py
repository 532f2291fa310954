"""Train a GAN on eight points on a ring, in about two minutes.

    python examples/mixture_of_gaussians.py

Writes into `runs/mixture_of_gaussians`:
    samples/epoch_0001.png ...  real points, generated points, and where D says real
    history.png                 the losses, and D(x) and D(G(z)) around 1/2
"""

import argparse
from pathlib import Path

import keras_gan

import keras

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--epochs", type=int, default=8)
parser.add_argument("--steps-per-epoch", type=int, default=1250)
parser.add_argument("--output", type=Path, default=Path("runs/mixture_of_gaussians"))
args = parser.parse_args()

keras.utils.set_random_seed(0)
dataset = keras_gan.datasets.ring(batch_size=256, steps_per_epoch=args.steps_per_epoch)

# A deep generator with a wide prior can change quickly from one mode to the next.
generator, discriminator = keras_gan.architectures.mlp(
    (2,), 2, generator_units=(128,) * 6, discriminator_units=(128,) * 3
)
gan = keras_gan.GAN(
    generator, discriminator, prior=keras_gan.latents.Uniform(2, -5.0, 5.0)
)


def adam():
    num_steps = args.epochs * args.steps_per_epoch
    rate = keras.optimizers.schedules.CosineDecay(2e-3, num_steps)
    return keras.optimizers.Adam(rate, beta_1=0.5, beta_2=0.99)


on_torch = keras.backend.backend() == "torch"
gan.compile(
    discriminator_optimizer=adam(),
    generator_optimizer=adam(),
    loss="relativistic_pairing",
    discriminator_penalties=[
        keras_gan.penalties.R1(0.01),
        keras_gan.penalties.R2(0.01),
    ],
    share_fakes=True,
    ema=keras_gan.EMA(half_life=20_000),
    metrics=[keras_gan.metrics.MixtureCoverage(dataset.centers, dataset.std)],
    num_metric_images=2500,
    steps_per_execution=1 if on_torch else 50,  # steps are short: run 50 in one call
)
history = gan.fit(
    dataset,
    epochs=args.epochs,
    callbacks=[
        keras_gan.callbacks.SampleScatter(
            args.output / "samples",
            real=dataset[0],
            discriminator=lambda points: keras.ops.sigmoid(discriminator(points)),
        )
    ],
)
keras_gan.plotting.plot_history(history, args.output / "history.png")

found = gan.evaluate(dataset, verbose=0)
print(
    f"{found['modes']:.0f} of 8 modes found; {found['high_quality']:.1%} of the points "
    "lie within 3 standard deviations of one."
)
