"""Metrics in Keras' grammar: compile, evaluate, fit, ModelCheckpoint."""

import keras
import numpy as np
import pytest

import keras_gan
from keras_gan import architectures, datasets, metrics


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))


def ring():
    return datasets.ring(batch_size=64, steps_per_epoch=4)


def new_gan(num_metric_images=256, **kwargs):
    gan = keras_gan.GAN(*architectures.mlp((2,), 4, None, (8,), (8,)), seed=0)
    distance = metrics.FrechetDistance(metrics.RawSamples())
    gan.compile(metrics=[distance], num_metric_images=num_metric_images, **kwargs)
    return gan


def frechet_of_points(a, b):
    """The closed form for two Gaussians in the plane."""
    mean = ((a.mean(0) - b.mean(0)) ** 2).sum()
    ca, cb = np.cov(a.T), np.cov(b.T)
    root = np.sqrt(np.linalg.eigvals(ca @ cb).astype(complex)).sum().real
    return mean + np.trace(ca) + np.trace(cb) - 2 * root


def test_evaluate_measures_what_generate_makes():
    gan = new_gan(num_metric_images=8000)
    real = ring().arrays()
    result = gan.evaluate(real, verbose=0, cache_dir=False)
    assert set(result) == {"frechet_distance"}
    again = gan.evaluate(real, verbose=0, cache_dir=False)
    assert again == result, "the same seed measures the same images"
    # another draw of the same generator lies near
    expected = frechet_of_points(real, gan.generate(8000, seed=3))
    assert result["frechet_distance"] == pytest.approx(expected, rel=0.15)


def test_evaluate_uses_the_average():
    gan = new_gan(ema=keras_gan.EMA(1e9))
    real = ring().arrays()
    before = gan.evaluate(real, verbose=0, cache_dir=False)
    for weight in gan.generator.weights:
        weight.assign(weight + 1.0)
    assert gan.evaluate(real, verbose=0, cache_dir=False) == before


@pytest.mark.parametrize("as_array", [True, False])
def test_fit_reports_the_distance_of_every_epoch(as_array):
    gan = new_gan(ema=keras_gan.EMA(200))
    real = ring().arrays() if as_array else ring()
    history = gan.fit(ring(), epochs=3, validation_data=real, verbose=0).history
    assert len(history["val_frechet_distance"]) == 3
    assert len(history["d_loss"]) == 3
    last = gan.evaluate(real, verbose=0)["frechet_distance"]
    assert history["val_frechet_distance"][-1] == pytest.approx(last, rel=1e-5)


def test_validation_does_not_disturb_training():
    def weights_after(**kwargs):
        keras.utils.set_random_seed(3)
        gan = new_gan()
        gan.fit(ring(), epochs=2, verbose=0, **kwargs)
        return [keras.ops.convert_to_numpy(weight) for weight in gan.weights]

    quiet, measured = weights_after(), weights_after(validation_data=ring().arrays())
    for a, b in zip(quiet, measured, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_checkpoint_keeps_the_best(tmp_path):
    gan = new_gan()
    path = str(tmp_path / "best.keras")
    best = keras.callbacks.ModelCheckpoint(
        path, monitor="val_frechet_distance", mode="min", save_best_only=True
    )
    real = ring().arrays()
    history = gan.fit(
        ring(), epochs=4, validation_data=real, callbacks=[best], verbose=0
    ).history
    kept = keras.saving.load_model(path)
    value = kept.evaluate(real, verbose=0)["frechet_distance"]
    assert value == pytest.approx(min(history["val_frechet_distance"]), rel=1e-4)


def test_conditional_gan_is_asked_for_the_classes_of_the_data():
    gan = keras_gan.GAN(*architectures.mlp((2,), 4, 8, (8,), (8,)), num_classes=8)
    distance = metrics.ClassFrechetDistance(metrics.RawSamples())
    gan.compile(metrics=[distance], num_metric_images=512)
    data = datasets.ring(batch_size=64, steps_per_epoch=8, labels=True)
    result = gan.evaluate(data, verbose=0, cache_dir=False)
    assert len(result) > 1
    assert all(
        0 < value < 100 for value in result.values()
    )  # points on a ring of radius 2 against those of a new G


def test_nothing_to_measure():
    gan = keras_gan.GAN(*architectures.mlp((2,), 4))
    gan.compile()
    with pytest.raises(ValueError, match="Pass metrics to `compile`"):
        gan.evaluate(ring())
    with pytest.raises(ValueError, match="nothing to measure on them"):
        gan.fit(ring(), validation_data=ring())
    with pytest.raises(ValueError, match="nothing to measure on them"):
        gan.fit(ring().arrays(), validation_split=0.5)
    with pytest.raises(ValueError, match="must be a list of metrics"):
        gan.compile(metrics=["accuracy"])


def test_too_few_images_for_the_metrics_are_refused_before_the_first_step():
    gan = new_gan(num_metric_images=1)
    with pytest.raises(ValueError, match="needs at least 2 generated images"):
        gan.fit(ring(), validation_data=ring())
    assert gan.optimizer.iterations == 0
    gan.evaluate(ring(), num_images=3, verbose=0, cache_dir=False)


def test_too_few_real_images_are_refused_before_the_first_step():
    gan = new_gan()
    with pytest.raises(ValueError, match="needs at least 2 real images. Received: 1"):
        gan.fit(ring(), validation_data=ring().arrays()[:1])
    with pytest.raises(ValueError, match="needs at least 2 real images. Received: 1"):
        gan.fit(ring().arrays()[:64], validation_split=1 / 64)
    with pytest.raises(ValueError, match="needs at least 2 real images. Received: 0"):
        gan.fit(ring(), validation_data=ring().arrays()[:0])
    for split in ("half", 2.0, -0.5):
        with pytest.raises(ValueError, match="`validation_split`"):
            gan.fit(ring().arrays(), validation_split=split)
    assert gan.optimizer.iterations == 0
