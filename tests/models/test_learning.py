"""What is learned, not only run: a ring of Gaussians, and real clothes."""

import keras
import pytest

import keras_gan
from keras_gan import architectures, datasets, metrics


@pytest.fixture(autouse=True)
def repeatable():
    """Training is chaotic: let the same seed give the same result every time."""
    keras.backend.clear_session(free_memory=False)
    keras.utils.set_random_seed(0)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()


@pytest.mark.backends(
    "tensorflow", reason="learning in full; test_backends_agree.py compares steps"
)
@pytest.mark.usefixtures("optimized")
def test_distance_to_real_clothes_falls(tmp_path):
    """A short real training on real images, measured on images held out."""
    images = datasets.fashion_mnist(shuffle=True, batch_size=1024)[0]
    held_out = datasets.fashion_mnist(shuffle=True, batch_size=1024)[1]
    pair = architectures.dcgan((28, 28, 1), 32, width=8, kernel_size=4)
    gan = keras_gan.GAN(*pair, seed=0)
    distance = metrics.FrechetDistance(metrics.FashionMNISTClassifier())
    gan.compile(
        keras.optimizers.Adam(1e-3, beta_1=0.5),
        keras.optimizers.Adam(1e-3, beta_1=0.5),
        share_fakes=True,
        ema=keras_gan.EMA(500),
        metrics=[distance],
        num_metric_images=1024,
    )

    def measure():
        result = gan.evaluate(held_out, verbose=0, cache_dir=False)
        return result["frechet_distance"]

    before = measure()
    gan.fit(images, batch_size=64, epochs=10, verbose=0)
    after = measure()
    assert after < 0.25 * before, f"from {before:.1f} only to {after:.1f}"


def learn_the_ring(steps_per_epoch=500, num_epochs=6):
    """The recipe of examples/mixture_of_gaussians.py, in a third of its steps."""
    pair = architectures.mlp(
        (2,), 2, generator_units=(128,) * 6, discriminator_units=(128,) * 3
    )
    gan = keras_gan.GAN(*pair, prior=keras_gan.latents.Uniform(2, -5.0, 5.0), seed=0)

    def adam():
        rate = keras.optimizers.schedules.CosineDecay(
            2e-3, steps_per_epoch * num_epochs
        )
        return keras.optimizers.Adam(rate, beta_1=0.5, beta_2=0.99)

    ring = datasets.ring(batch_size=256, steps_per_epoch=steps_per_epoch)
    gan.compile(
        adam(),
        adam(),
        loss="relativistic_pairing",
        discriminator_penalties=[
            keras_gan.penalties.R1(0.01),
            keras_gan.penalties.R2(0.01),
        ],
        share_fakes=True,
        ema=keras_gan.EMA(20_000),
        metrics=[metrics.MixtureCoverage(ring.centers, ring.std)],
        num_metric_images=2500,
        steps_per_execution=50,
    )
    gan.fit(ring, epochs=num_epochs, verbose=0)
    return gan.evaluate(ring, verbose=0, cache_dir=False)


@pytest.mark.slow
@pytest.mark.backends("tensorflow", reason="3,000 steps: run once")
def test_the_ring_is_learned():
    result = learn_the_ring()
    assert result["modes"] == 8, result
    assert result["high_quality"] >= 0.9, result
