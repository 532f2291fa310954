"""A semi-supervised GAN: its losses by hand, its data, what it refuses."""

import keras
import numpy as np
import pytest
from few_steps import FEW_STEPS, as_one
from keras import ops

import keras_gan
from keras_gan import architectures, datasets
from keras_gan.models import SemiSupervisedGAN

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (24, 6), "uint8").astype("float32") / 127.5 - 1
CLASSES = np.arange(24) % 3
LABELS = datasets.hide_labels(CLASSES, per_class=2)


def new_gan(**settings):
    keras.backend.clear_session(free_memory=False)
    keras.utils.set_random_seed(3)
    generator, discriminator = architectures.mlp((6,), 4, None, (8,), (8,))
    discriminator = architectures.semi_supervised_discriminator(discriminator, 3)
    gan = SemiSupervisedGAN(generator, discriminator, seed=0)
    gan.compile(**FEW_STEPS, **settings)
    return gan


def outputs_of(gan, images):
    found = gan.discriminator(ops.convert_to_tensor(images), training=True)
    return [ops.convert_to_numpy(each) for each in found]


def softplus(x):
    return np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0)


def test_the_losses_by_hand():
    gan = new_gan(class_weight=2.0, feature_weight=3.0, loss_weight=0.5)
    fakes = RNG.uniform(-1, 1, (24, 6)).astype("float32")
    given = [ops.convert_to_tensor(each) for each in (IMAGES, fakes, LABELS)]
    d_loss, d_logs = as_one(gan.discriminator_loss)(*given)
    g_loss, _ = as_one(gan.generator_loss)(*given)
    (real, features), (fake, made) = (outputs_of(gan, x) for x in (IMAGES, fakes))
    real_logit, fake_logit = (np.log(np.exp(x).sum(axis=1)) for x in (real, fake))
    known = LABELS >= 0
    log_p = real - real_logit[:, None]
    class_loss = -log_p[known, LABELS[known]].mean()
    expected = softplus(-real_logit).mean() + softplus(fake_logit).mean()
    number = float(ops.convert_to_numpy(d_loss))
    assert number == pytest.approx(expected + 2 * class_loss, rel=1e-5)
    accuracy = (real.argmax(axis=1) == LABELS)[known].mean()
    found = float(ops.convert_to_numpy(d_logs["accuracy"]))
    assert found == pytest.approx(accuracy, abs=1e-6)
    distance = ((features.mean(axis=0) - made.mean(axis=0)) ** 2).sum()
    expected = 3 * distance + 0.5 * softplus(-fake_logit).mean()
    assert float(ops.convert_to_numpy(g_loss)) == pytest.approx(expected, rel=1e-4)


def test_learns_from_few_labels():
    centres = np.eye(3, 6) * 1.6 - 0.8
    points = centres[CLASSES] + RNG.normal(0, 0.05, (24, 6))
    points = np.clip(points, -1, 1).astype("float32")
    gan = new_gan(discriminator_optimizer=keras.optimizers.Adam(0.03))
    gan.run_eagerly = False  # 25 steps are more than a trace
    data = datasets.PartlyLabelled(points, LABELS, batch_size=24)
    history = gan.fit(data, epochs=25, verbose=0).history
    assert {"class_loss", "accuracy", "d_loss", "g_loss"} <= set(history)
    assert (gan.classify(points).argmax(axis=1) == CLASSES).mean() > 0.9


def test_arrays_and_batches_without_a_label():
    gan = new_gan()
    gan.fit(IMAGES, LABELS, batch_size=8, epochs=1, verbose=0)
    logs = gan.train_on_batch(IMAGES, np.full(24, -1), return_dict=True)
    assert np.isfinite(list(logs.values())).all()


@pytest.mark.backends("torch", reason="tests/harness takes a file up on all")
def test_a_file_keeps_all_of_it(tmp_path):
    gan = new_gan(class_weight=2.0)
    gan.fit(IMAGES, LABELS, batch_size=8, epochs=1, verbose=0)
    gan.save(tmp_path / "gan.keras")
    again = keras.models.load_model(tmp_path / "gan.keras")
    np.testing.assert_allclose(again.classify(IMAGES), gan.classify(IMAGES), rtol=1e-5)
    assert again.loss_weights == gan.loss_weights
    more = [g.train_on_batch(IMAGES[:8], LABELS[:8]) for g in (gan, again)]
    np.testing.assert_allclose(*more, rtol=1e-5)


def test_what_is_drawn_has_no_class():
    gan = new_gan()
    assert gan.generate(2, seed=0).shape == (2, 6)
    with pytest.raises(ValueError, match="label"):
        gan.generate(2, labels=1)


@pytest.mark.backends(
    "torch", reason="messages: no backend code, and torch builds fastest"
)
def test_wrong_networks_weights_and_labels():
    generator, plain = architectures.mlp((6,), 4, None, (8,), (8,))
    with pytest.raises(ValueError, match="semi_supervised_discriminator"):
        SemiSupervisedGAN(generator, plain)
    discriminator = architectures.semi_supervised_discriminator(plain, 3)
    with pytest.raises(ValueError, match="takes no condition"):
        SemiSupervisedGAN(
            generator, discriminator, condition=keras_gan.conditions.ClassLabels(3)
        )
    with pytest.raises(ValueError, match="must not be negative"):
        new_gan(class_weight=-1.0)
    with pytest.raises(ValueError, match="both 0"):
        new_gan(feature_weight=0.0)
    with pytest.raises(ValueError, match="compares pairs"):
        new_gan(loss="relativistic_pairing")
    gan = new_gan()
    with pytest.raises(ValueError, match="Received: none"):
        gan.fit(IMAGES, batch_size=8, verbose=0)
    with pytest.raises(ValueError, match="labels from -1 to 3"):
        gan.fit(IMAGES, np.where(LABELS == 2, 3, LABELS), batch_size=8, verbose=0)
    with pytest.raises(ValueError, match="labels from -2 to 1"):
        gan.fit(IMAGES, np.where(LABELS == 2, -2, LABELS), batch_size=8, verbose=0)


@pytest.mark.backends(
    "torch", reason="messages: no backend code, and torch builds fastest"
)
@pytest.mark.parametrize("num_classes", [None, 3])
def test_networks_without_a_dense_logit(num_classes):
    inputs = keras.Input((6,))
    features = keras.layers.Dense(4)(inputs)
    network = keras.Model(inputs, keras.layers.Dense(1)(features))
    if num_classes:
        network = architectures.mlp_discriminator((6,), num_classes, (8,))
    with pytest.raises(ValueError, match="dense layer named 'logits'"):
        architectures.semi_supervised_discriminator(network, 3)
