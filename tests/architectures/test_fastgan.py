"""FastGAN: skip-layer excitation, decoders, and a game that trains them."""

import keras
import numpy as np
import pytest
from few_steps import FEW_STEPS
from keras import ops

from keras_gan import architectures, models
from keras_gan.layers import Quadrant

SHAPE = (32, 32, 3)
on_torch = pytest.mark.backends(
    "torch", reason="no backend code: shapes and messages, and torch builds fastest"
)


def some(*shape):
    return np.random.default_rng(0).uniform(-1, 1, shape).astype("float32")


def gan(width=1, **settings):
    keras.utils.set_random_seed(0)
    made = models.FastGAN(*architectures.fastgan(SHAPE, 4, width), seed=0)
    rates = [keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.0)]
    made.compile(*rates, loss="hinge", **FEW_STEPS, **settings)
    return made


def test_quadrants_go_round():
    images = np.arange(5 * 4 * 6).reshape((5, 4, 6, 1)).astype("float32")
    found = ops.convert_to_numpy(Quadrant()(images))
    for i, (top, left) in enumerate([(0, 0), (0, 3), (2, 0), (2, 3), (0, 0)]):
        expected = images[i, top : top + 2, left : left + 3]
        np.testing.assert_array_equal(found[i], expected)


@on_torch
def test_an_odd_side_has_no_quadrant():
    with pytest.raises(ValueError, match=r"even sides .*Received: shape \(1, 3, 4, 1"):
        Quadrant()(np.ones((1, 3, 4, 1), "float32"))


@on_torch
def test_small_maps_scale_the_channels_of_large_ones():
    """By a factor in (0, 1), equal at every pixel, of maps four stages earlier."""
    generator = architectures.fastgan_generator((64, 64, 3), 4, width=2)
    excitation = generator.get_layer("stage_4_excitation")
    x, factor = excitation.input
    assert x.shape == (None, 64, 64, 4)
    assert factor.shape == (None, 1, 1, 4)
    parts = keras.Model(generator.input, [*excitation.input, excitation.output])
    x, factor, product = (ops.convert_to_numpy(v) for v in parts(some(2, 4)))
    assert ((factor > 0) & (factor < 1)).all()
    np.testing.assert_allclose(product, x * factor, rtol=1e-5)
    # At a width of 64, the published channels of every stage.
    wide = architectures.fastgan_generator((64, 64, 3), 256, width=64)
    widths = [
        wide.get_layer(f"stage_{i}_upsample").output.shape[-1] for i in range(1, 5)
    ]
    assert widths == [1024, 512, 256, 128]


@pytest.mark.backends(
    "tensorflow",
    "torch",
    reason="eager JAX compiles every size; it takes a step below",
)
def test_the_loss_by_hand():
    """Hinge, and the mean absolute error of both reconstructions of real images."""
    made = gan(reconstruction_weight=3.0)
    real, fakes = some(4, *SHAPE), -some(4, *SHAPE)
    u = {w.path: np.array(w) for w in made.discriminator.weights}
    loss, logs = made.discriminator_loss(*map(ops.convert_to_tensor, (real, fakes)))
    loss, drawn = (
        float(ops.convert_to_numpy(x)) for x in (loss, logs["reconstruction_loss"])
    )
    for weight in made.discriminator.weights:
        weight.assign(u[weight.path])
    found = [made.discriminator(x, training=True) for x in (real, fakes)]
    (logits, whole, quadrant), (fake_logits, *_) = (
        [ops.convert_to_numpy(each) for each in outputs] for outputs in found
    )
    half = real.reshape((4, 16, 2, 16, 2, 3)).mean((2, 4))
    corners = [(0, 0), (0, 16), (16, 0), (16, 16)]
    seen = np.stack(
        [
            x[top : top + 16, left : left + 16]
            for x, (top, left) in zip(real, corners, strict=True)
        ]
    )
    error = np.abs(whole - half).mean() + np.abs(quadrant - seen).mean()
    hinge = np.maximum(0, 1 - logits).mean() + np.maximum(0, 1 + fake_logits).mean()
    assert drawn == pytest.approx(error, rel=1e-4)
    assert loss == pytest.approx(hinge + 3 * error, rel=1e-4)


@pytest.mark.slow  # tests/harness has a smaller one
@pytest.mark.backends("jax", reason="on the others tests/presets trains it")
def test_a_step_moves_both_networks():
    made = gan()
    for optimizer in made.optimizer.players.values():
        optimizer.learning_rate = 0.1
    before = [np.array(v) for v in made.trainable_variables]
    logs = made.train_on_batch(some(4, *SHAPE), return_dict=True)
    assert logs["d_loss"] == pytest.approx(2, abs=1)  # hinge, of logits near 0
    assert 0.1 < logs["reconstruction_loss"] < 2
    pairs = zip(before, made.trainable_variables, strict=True)
    still = [v.path for old, v in pairs if np.array_equal(old, np.array(v))]
    assert all("bias" in path for path in still), still


@on_torch
def test_it_learns_to_reconstruct():
    made = gan(width=4)
    rates = [keras.optimizers.Adam(2e-3), keras.optimizers.Adam(1e-4)]
    made.compile(*rates, loss="hinge", **FEW_STEPS)
    images = np.repeat(some(4, 4, 4, 3), 8, axis=1).repeat(8, axis=2)
    errors = made.fit(images, epochs=10, batch_size=4, verbose=0).history
    errors = errors["reconstruction_loss"]
    assert errors[-1] < 0.85 * errors[0]


@on_torch
def test_a_discriminator_without_decoders_is_any_gans():
    networks = architectures.fastgan(SHAPE, 4, 1, reconstruct=False)
    made = models.GAN(*networks, seed=0)
    made.compile(loss="hinge", **FEW_STEPS)
    logs = made.train_on_batch(some(4, *SHAPE), return_dict=True)
    assert np.isfinite(list(logs.values())).all()


@on_torch
@pytest.mark.parametrize(
    ("shape", "mended"),
    [
        ((28, 28, 1), "32 x 32"),
        ((36, 36, 3), "40 x 40"),
        ((200, 200, 3), "224 x 224"),
    ],
)
def test_sizes_that_do_not_fit(shape, mended):
    with pytest.raises(ValueError, match=f"halved three times.*to {mended}"):
        architectures.fastgan(shape)
    sides = [int(side) for side in mended.split(" x ")]
    architectures.fastgan_generator((*sides, 1), 4, width=1)


@on_torch
def test_what_a_game_refuses():
    generator, discriminator = architectures.fastgan(SHAPE, 4, 1)
    plain = architectures.fastgan_discriminator(SHAPE, 1, reconstruct=False)
    with pytest.raises(ValueError, match="two reconstructions .*fastgan_discriminator"):
        models.FastGAN(generator, plain)
    with pytest.raises(ValueError, match="no place for a condition"):
        models.FastGAN(generator, discriminator, num_classes=3)
    with pytest.raises(ValueError, match="must not be negative. Received: -1"):
        gan(reconstruction_weight=-1)
