"""A NaN moves nothing, and is named."""

import re

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan

pytestmark = pytest.mark.usefixtures("eager")

BATCH = 8


class Points(keras_gan.datasets.SeededDataset):
    """Batches of points, some of them with a value that is no number."""

    def __init__(self, num_batches=6, bad=(), value=np.nan):
        super().__init__(steps_per_epoch=num_batches)
        self.bad, self.value = bad, value

    def batch(self, step):
        points = np.random.default_rng(step).normal(size=(BATCH, 6))
        if step in self.bad:
            points[3, 2] = self.value
        return points.astype("float32")


def new_gan(nonfinite="raise", **settings):
    keras.utils.set_random_seed(0)
    latents, points = keras.Input((4,)), keras.Input((6,))
    x = layers.Dense(8)(latents)
    x = layers.LeakyReLU()(keras_gan.layers.BatchNormalization()(x))
    generator = keras.Model(latents, layers.Dense(6)(x))
    y = layers.BatchNormalization()(layers.Dense(8)(points))
    discriminator = keras.Model(points, layers.Dense(1)(layers.LeakyReLU()(y)))
    gan = keras_gan.GAN(generator, discriminator, seed=1)
    gan.compile(ema=keras_gan.EMA(20), nonfinite=nonfinite, **settings)
    return gan


def fit(gan, points, **settings):
    return gan.fit(points, **{"verbose": 0} | settings)


def numbers(gan):
    """All that training moves, except for the states of random generators."""
    variables = (*gan.weights, *gan.optimizer.variables)
    return {
        v.path: ops.convert_to_numpy(v).copy()
        for v in variables
        if "float" in v.dtype or v.name == "iteration"
    }


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_raise_names_the_player_and_the_batch(value):
    gan = new_gan()
    with pytest.raises(
        FloatingPointError,
        match="discriminator's loss.* batch 3 of epoch 1 .*No weight",
    ):
        fit(gan, Points(bad=[3], value=value))
    assert max(np.abs(number).max() for number in numbers(gan).values()) < 10


def test_in_a_later_epoch():
    with pytest.raises(FloatingPointError, match="batch 1 of epoch 2"):
        fit(new_gan(), Points(3, bad=[4]), epochs=4)


def test_in_a_run_taken_up_in_mid_epoch(tmp_path):
    class Stop(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 2:
                raise KeyboardInterrupt

    def checkpoint():
        return keras_gan.callbacks.Checkpoint(tmp_path, every=1)

    with pytest.raises(KeyboardInterrupt):
        fit(new_gan(), Points(), callbacks=[checkpoint(), Stop()])
    with pytest.raises(FloatingPointError, match="batch 4 of epoch 1"):
        fit(new_gan(), Points(bad=[4]), callbacks=[checkpoint()])
    history = fit(new_gan(), Points(), callbacks=[checkpoint()]).history
    assert history["d_loss"][0] == pytest.approx(2 * np.log(2), abs=4.0)


@pytest.mark.backends(
    "tensorflow", "jax", reason="Keras has no steps_per_execution on torch"
)
def test_among_steps_of_one_execution():
    gan = new_gan(steps_per_execution=3)
    with pytest.raises(FloatingPointError, match="batch 4 of epoch 1"):
        fit(gan, Points(bad=[4]))


def test_the_step_moves_nothing():
    """Of two steps, the second of them bad: all is as after the first."""
    good, bad = new_gan(), new_gan("skip")
    fit(good, Points(1))
    with pytest.warns(UserWarning, match="1 steps of epoch 1 were not finite"):
        fit(bad, Points(2, bad=[1]))
    expected, found = numbers(good), numbers(bad)
    assert len(expected) > 20
    for one, other in zip(expected.values(), found.values(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)


def test_skip_goes_on():
    gan = new_gan("skip")
    with pytest.warns(UserWarning, match="2 steps of epoch 1"):
        history = fit(gan, Points(bad=[1, 4])).history
    assert history["d_loss"][0] == pytest.approx(2 * np.log(2), abs=4.0)
    iterations = gan.optimizer.players["discriminator"].iterations
    assert int(ops.convert_to_numpy(iterations)) == 4
    assert 0 < np.abs(gan.generate(3, seed=0)).max() < 10


def test_a_gradient_that_is_not_finite_though_the_loss_is():
    class Root(keras_gan.losses.NonSaturating):
        def generator_loss(self, fake_logits, real_logits=None):
            distance = fake_logits - ops.stop_gradient(fake_logits)
            return ops.mean(ops.sqrt(ops.square(distance)))  # its slope is 0 * inf

    gan = new_gan(loss=Root())
    with pytest.raises(
        FloatingPointError, match="generator's loss or gradient.*batch 0"
    ):
        fit(gan, Points())


def test_training_goes_on_after_the_data_are_mended():
    gan = new_gan()
    with pytest.raises(FloatingPointError):
        fit(gan, Points(bad=[2]))
    history = fit(gan, Points()).history
    assert history["d_loss"][0] == pytest.approx(2 * np.log(2), abs=4.0)


def test_unknown_setting():
    with pytest.raises(ValueError, match='"raise" or "skip". Received: .ignore'):
        new_gan("ignore")


@pytest.mark.backends("jax", reason="it reads what XLA compiles")
def test_it_is_computed_once_and_not_beside_each_variable():
    import jax

    from keras_gan.backend.scopes import Scope

    variables = [keras.Variable(np.ones(8, "float32")) for _ in range(20)]
    optimizer = keras_gan.optimizers.AdversarialOptimizer(
        {"player": keras.optimizers.SGD(0.1)}
    )
    optimizer.build({"player": variables})

    def update(values, gradients):
        with Scope(zip(variables, values, strict=True)) as scope:
            optimizer.apply_gradients("player", gradients, gradients[0][0])
        return [scope.get_current_value(v) for v in variables]

    values = [v.value for v in variables]
    program = jax.jit(update).lower(values, values).compile().as_text()
    # One sum of each gradient. Were the sums added up, all of them would be in the
    # operation of each variable: 20 * 20.
    assert len(re.findall(r"= f32\[\] add\(", program)) < 2 * len(variables)
