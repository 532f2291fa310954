"""What is learned, not only run: a ring of Gaussians, and real clothes."""

import keras
import numpy as np
import pytest

import keras_gan
from keras_gan import architectures, datasets, metrics

pytestmark = pytest.mark.slow


def test_distance_to_real_clothes_falls(tmp_path):
    """A short real training on real images, measured on images held out."""
    keras.utils.set_random_seed(0)
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
    history = gan.fit(images, batch_size=64, epochs=10, verbose=0).history
    after = measure()
    assert np.isfinite(history["d_loss"]).all()
    assert after < 0.25 * before, f"from {before:.1f} only to {after:.1f}"
