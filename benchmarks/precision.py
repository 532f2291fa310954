"""Compare two equal GANs after equal time, one in float32 and one in bfloat16.

    python benchmarks/precision.py
    python benchmarks/precision.py --seconds 300 --seeds 3

Trains a small DCGAN with R1 on all of Fashion-MNIST, once in float32 and once under
`mixed_bfloat16`, alternating after a few seconds so that other work on the machine
affects both, until each has trained for the same time. Prints, for every seed, the
images that each has seen and the Frechet distance over the package's Fashion-MNIST
classifier, 10,000 generated against the 10,000 test images.
"""

import time

import keras_gan

import click
import keras

POLICIES = ("float32", "mixed_bfloat16")


def new_gan(policy, seed, width):
    keras.utils.set_random_seed(seed)
    keras.config.set_dtype_policy(policy)
    generator, discriminator = keras_gan.architectures.dcgan(
        (28, 28, 1), 64, width=width, kernel_size=4, discriminator_batch_norm=False
    )
    keras.config.set_dtype_policy("float32")
    gan = keras_gan.GAN(generator, discriminator, seed=seed)
    extractor = keras_gan.metrics.FashionMNISTClassifier()
    gan.compile(
        discriminator_optimizer=keras.optimizers.Adam(5e-4, beta_1=0.0, beta_2=0.99),
        generator_optimizer=keras.optimizers.Adam(5e-4, beta_1=0.0, beta_2=0.99),
        discriminator_penalties=[keras_gan.penalties.R1(0.1)],
        share_fakes=True,
        ema=keras_gan.EMA(half_life=20_000),
        metrics=[keras_gan.metrics.FrechetDistance(extractor)],
    )
    return gan


def train_alternately(gans, datasets, seconds, num_steps=100):
    """Train each for that many seconds, without the time to compile."""
    spent = dict.fromkeys(gans, 0.0)
    images = dict.fromkeys(gans, 0)
    for name, gan in gans.items():
        gan.fit(datasets[name].with_steps_per_epoch(2), verbose=0)
    epochs = dict.fromkeys(gans, 0)
    while min(spent.values()) < seconds:
        for name, gan in gans.items():
            if spent[name] >= seconds:
                continue
            start = time.perf_counter()
            epoch = epochs[name]
            gan.fit(
                datasets[name].with_steps_per_epoch(num_steps),
                initial_epoch=epoch,
                epochs=epoch + 1,
                verbose=0,
            )
            spent[name] += time.perf_counter() - start
            epochs[name] += 1
            images[name] += num_steps * datasets[name].batch_size
    return images


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--seconds", default=150.0, show_default=True, help="for each of both")
@click.option("--seeds", default=1, show_default=True)
@click.option("--batch-size", default=128, show_default=True)
@click.option("--width", default=32, show_default=True)
def main(seconds, seeds, batch_size, width):
    test = keras_gan.datasets.fashion_mnist(split="test", batch_size=500, shuffle=False)
    print(f"{'seed':>4} {'precision':16} {'images':>9} {'Frechet distance':>17}")
    for seed in range(seeds):
        gans = {policy: new_gan(policy, seed, width) for policy in POLICIES}
        data = {
            policy: keras_gan.datasets.fashion_mnist(batch_size=batch_size, seed=seed)
            for policy in POLICIES
        }
        images = train_alternately(gans, data, seconds)
        for policy, gan in gans.items():
            (distance,) = gan.evaluate(test, verbose=0).values()
            print(f"{seed:4} {policy:16} {images[policy]:9,} {distance:17.2f}")


if __name__ == "__main__":
    main()
