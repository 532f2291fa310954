"""Growth: the schedule, the step of each level, and resumption in mid-fade."""

import keras
import numpy as np
import pytest
from few_steps import FEW_STEPS
from keras import layers, ops

import keras_gan
from keras_gan import architectures, datasets, models, penalties
from keras_gan.models.growth import Growth
from keras_gan.models.progressive import doubled, fades, halved

pytestmark = pytest.mark.usefixtures("eager")

BATCH, FADE, STABLE = 8, 24, 16
SHAPE = (4, 6, 1)  # of two levels


def tiny(num_levels=2):
    """A pair that grows, of dense layers over the channels."""

    def dense(name, units, activation="tanh"):
        return layers.Dense(units, activation, name=name)

    def double(name):
        return layers.UpSampling2D(name=name)

    halve = layers.AveragePooling2D(2)
    x = latents = keras.Input((6,))
    x = layers.Reshape((2, 3, 3))(dense("base", 18)(x))
    plain, faded = [], []
    for level in range(num_levels):
        x = x if level == 0 else double(f"level_{level}_double")(x)
        x = dense(f"level_{level}_dense", 3)(x)
        plain.append(dense(f"level_{level}_to_images", 1)(x))
        if level > 0:
            old = double(f"level_{level}_enlarge")(plain[-2])
            fade = keras_gan.layers.Fade(name=f"level_{level}_fade")
            faded.append(fade([old, plain[-1]]))
    generator = keras.Model(latents, plain + faded, name="generator")

    come_in = [dense(f"level_{level}_from_images", 3) for level in range(num_levels)]
    block = [dense(f"level_{level}_dense", 3) for level in range(num_levels)]
    flatten, logit = layers.Flatten(), dense("logits", 1, None)
    inputs, outputs = [], []
    for level in range(num_levels):
        images = keras.Input((2 * 2**level, 3 * 2**level, 1), name=f"images_{level}")
        x = come_in[level](images)
        if level > 0:
            fade = keras_gan.layers.Fade(name=f"level_{level}_fade")
            x = fade([come_in[level - 1](halve(images)), halve(block[level](x))])
        for below in range(level - 1, 0, -1):
            x = halve(block[below](x))
        inputs.append(images)
        outputs.append(logit(flatten(block[0](x))))
    return generator, keras.Model(inputs, outputs, name="discriminator")


def new_gan(seed=0, networks=tiny, **kwargs):
    """As in a new process: Keras counts its layers' names from one again."""
    keras.backend.clear_session(free_memory=False)
    keras.utils.set_random_seed(11)
    gan = models.ProgressiveGAN(*networks(), seed=seed)
    settings = {
        "loss": "hinge",
        "discriminator_penalties": [penalties.R1(0.1)],
        "fade_images": FADE,
        "stable_images": STABLE,
        "ema": keras_gan.EMA(20),
    }
    gan.compile(adam(), adam(), **settings | kwargs)
    return gan


def adam():
    return keras.optimizers.Adam(1e-2, beta_1=0.5, beta_2=0.99)


def images(num=40, shape=SHAPE):
    return np.random.default_rng(0).integers(0, 256, (num, *shape), "uint8")


def data(shape=SHAPE):
    return datasets.Batches(images(shape=shape), batch_size=BATCH)


def state_of(gan):
    keras_gan.backend.sync_state(gan)
    variables = gan.checkpoint_variables()
    return {n: ops.convert_to_numpy(v) for n, v in variables.items()}


def assert_same_state(a, b):
    tolerance = 1e-6 if keras.backend.backend() == "torch" else 0
    assert sorted(a) == sorted(b)
    for name in a:
        np.testing.assert_allclose(
            a[name], b[name], rtol=tolerance, atol=tolerance, err_msg=name
        )


@pytest.fixture(scope="module", autouse=True)
def deterministic():
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()


def test_schedule():
    growth = Growth(3)
    growth.set_schedule(fade_images=20, stable_images=10)
    found = {}
    for seen in (0, 9, 10, 15, 29, 30, 39, 40, 50, 60, 1000):
        growth.images_seen.assign(seen)
        level = growth.due_level()
        growth.level.assign(level)
        alpha = float(ops.convert_to_numpy(growth.alpha(level)))
        found[seen] = level, round(alpha, 4), growth.is_fading(), growth.images_left()
    assert found == {
        0: (0, 1.0, False, 10),
        9: (0, 1.0, False, 1),
        10: (1, 0.0, True, 30),
        15: (1, 0.25, True, 25),
        29: (1, 0.95, True, 11),
        30: (1, 1.0, False, 10),
        39: (1, 1.0, False, 1),
        40: (2, 0.0, True, None),
        50: (2, 0.5, True, None),
        60: (2, 1.0, False, None),
        1000: (2, 1.0, False, None),
    }


def test_an_image_that_is_halved_and_doubled():
    image = np.arange(8, dtype="float32").reshape(1, 2, 4, 1)
    half = ops.convert_to_numpy(halved(image))
    np.testing.assert_array_equal(half[0, :, :, 0], [[2.5, 4.5]])
    twice = ops.convert_to_numpy(doubled(half))
    np.testing.assert_array_equal(twice[0, :, :, 0], [[2.5, 2.5, 4.5, 4.5]] * 2)


class Levels(keras.callbacks.Callback):
    """What each step was: its level, alpha, and the size of what is drawn."""

    def __init__(self):
        super().__init__()
        self.steps, self.shapes = [], []

    def on_train_batch_end(self, batch, logs=None):
        self.steps.append((round(float(logs["level"]), 4), float(logs["alpha"])))

    def on_epoch_end(self, epoch, logs=None):
        self.shapes.append(self.model.generate(2, seed=0).shape)


def test_levels_begin_in_the_middle_of_an_epoch():
    gan, seen = new_gan(networks=lambda: tiny(3)), Levels()
    gan.fit(data((8, 12, 1)), epochs=2, verbose=0, callbacks=[seen])
    # Logs are means over the epoch so far: recover the steps. 5 steps an epoch.
    steps = []
    for epoch in range(2):
        means = np.array(seen.steps[5 * epoch : 5 * epoch + 5])
        sums = means * np.arange(1, 6)[:, None]
        steps += np.diff(sums, axis=0, prepend=0).tolist()
    # Level 0 for 16 images, two steps. Level 1: three steps of fade, two stable.
    expected = [[0, 1], [0, 1]]
    expected += [[1, 0], [1, 1 / 3], [1, 2 / 3], [1, 1], [1, 1]]
    expected += [[2, 0], [2, 1 / 3], [2, 2 / 3]]
    np.testing.assert_allclose(steps, expected, atol=3e-3)
    assert gan.level == 2
    assert seen.shapes == [(2, 4, 6, 1), (2, 8, 12, 1)]


def test_a_level_moves_its_own_layers_and_no_others():
    gan = new_gan(ema=None)
    before = {n: v.copy() for n, v in state_of(gan).items() if "optimizer" not in n}
    gan.fit(data(), epochs=1, steps_per_epoch=2, verbose=0)  # level 0
    after = state_of(gan)
    moved = {n for n in before if not np.array_equal(before[n], after[n])}
    networks = {n for n in moved if n.split("/")[0] in gan.players}
    for name in ("base", "level_0_dense", "level_0_to_images", "logits"):
        assert any(name in each for each in networks), name
    assert not any("level_1" in each for each in networks)
    slots = {n for n in after if "_optimizer" in n and "level_1" in n}
    assert slots
    assert all(not after[n].any() for n in slots)


def test_a_new_level_begins_with_new_moments():
    gan = new_gan()
    gan.fit(data(), epochs=1, steps_per_epoch=2, verbose=0)
    rate = gan.optimizer.players["generator"].learning_rate
    slots = {n: v for n, v in state_of(gan).items() if "_optimizer/" in n}
    assert any(v.any() for n, v in slots.items() if "velocity" in n)
    gan.growth.images_seen.assign(STABLE)
    gan.grow()
    slots = {n: v for n, v in state_of(gan).items() if "_optimizer/" in n}
    rates = [v for n, v in slots.items() if n.endswith("learning_rate")]
    np.testing.assert_allclose(rates, float(ops.convert_to_numpy(rate)))
    assert not any(v.any() for n, v in slots.items() if not n.endswith("learning_rate"))


def test_reals_are_faded_as_fakes_are():
    gan = new_gan()
    batch = images(4)
    full = batch.astype("float32") / 127.5 - 1
    half = full.reshape(4, 2, 2, 3, 2, 1).mean(axis=(2, 4))
    found, _ = gan.unpack(ops.convert_to_tensor(batch))
    np.testing.assert_allclose(ops.convert_to_numpy(found), half, atol=1e-5)
    gan.growth.images_seen.assign(STABLE + FADE // 4)
    gan.grow()
    found, _ = gan.unpack(ops.convert_to_tensor(batch))
    large = half.repeat(2, axis=1).repeat(2, axis=2)
    expected = 0.75 * large + 0.25 * full
    np.testing.assert_allclose(ops.convert_to_numpy(found), expected, atol=1e-5)


def at_third(**kwargs):
    """A model after a step at alpha = 1/3."""
    gan = new_gan(**FEW_STEPS, **kwargs)
    gan.growth.images_seen.assign(STABLE + FADE // 3)
    gan.train_on_batch(images(BATCH))
    return gan


def test_what_is_drawn_in_a_fade_is_faded():
    gan = at_third()
    assert gan.level == 1
    assert gan.growth.is_fading()
    for network in (gan.network_to_sample(), gan.network("discriminator")):
        (fade,) = fades(network)
        assert float(ops.convert_to_numpy(fade.alpha)) == pytest.approx(1 / 3)
    assert gan.generate(3, seed=0).shape == (3, 4, 6, 1)
    gan.train_on_batch(images(BATCH))
    assert fades(gan.network_to_sample()) == [], "a grown level has no fade"


@pytest.fixture(scope="module")
def uninterrupted():
    gan = new_gan()
    gan.fit(data().with_steps_per_epoch(6), verbose=0)
    return state_of(gan)


@pytest.mark.backends("torch", reason="test_killed.py goes on in mid-fade on all")
def test_a_keras_file_goes_on_in_mid_fade(uninterrupted, tmp_path):
    gan = new_gan()
    gan.fit(data().with_steps_per_epoch(4), epochs=1, verbose=0)
    assert gan.growth.is_fading()
    gan.save(tmp_path / "gan.keras")
    keras.backend.clear_session(free_memory=False)
    again = keras.saving.load_model(tmp_path / "gan.keras")
    assert again.level == 1
    assert again.growth.fade_images == FADE
    np.testing.assert_array_equal(again.generate(3, seed=1), gan.generate(3, seed=1))
    rest = data().with_steps_per_epoch(2)
    again.fit(rest, epochs=3, initial_epoch=2, verbose=0)
    # The means of the logs are those of another epoch.
    found, expected = (
        {n: v for n, v in state.items() if not n.startswith("metrics/")}
        for state in (state_of(again), uninterrupted)
    )
    assert_same_state(found, expected)


@pytest.mark.backends("tensorflow", "jax", reason="torch takes one step at a time")
def test_several_steps_at_once():
    gan = new_gan(steps_per_execution=2)
    gan.fit(data().with_steps_per_epoch(4), verbose=0)
    assert gan.level == 1
    assert int(ops.convert_to_numpy(gan.growth.images_seen)) == 4 * BATCH


@pytest.mark.backends("tensorflow", "torch", reason="sizes: no backend code")
def test_metrics_see_the_size_of_the_data():
    gan = new_gan()
    assert gan.generate(2).shape == (2, 2, 3, 1)
    gan.compile(
        adam(),
        adam(),
        metrics=[keras_gan.metrics.FrechetDistance(keras_gan.metrics.RawSamples())],
        num_metric_images=130,
    )
    real = images(130).astype("float32") / 127.5 - 1
    found = gan.evaluate(real, verbose=0, cache_dir=False)
    assert all(np.isfinite(value) for value in found.values())
    drawn = gan.sampler_for_metrics().generate(3, seed=0)
    small = gan.generate(3, seed=0)
    np.testing.assert_array_equal(drawn[:, ::2, ::2], small)
    np.testing.assert_array_equal(drawn[:, 1::2, 1::2], small)


@pytest.mark.backends("tensorflow", reason="a SavedModel is read by TensorFlow")
def test_an_export_has_the_size_that_is_reached(tmp_path):
    import tensorflow as tf

    gan = at_third()
    path = gan.export(tmp_path / "faded", version=1)
    latents = np.random.default_rng(0).normal(size=(3, 6)).astype("float32")
    signature = tf.saved_model.load(str(path)).signatures["serving_default"]
    found = signature(latents=tf.constant(latents))["images"].numpy()
    assert found.shape == (3, 4, 6, 1)
    np.testing.assert_allclose(found, gan.synthesize(latents), atol=1e-5)


@pytest.mark.backends(
    "tensorflow",
    "torch",
    reason="JAX grows above; the networks are graphs of tested layers",
)
def test_the_architecture_grows_with_classes_and_every_setting():
    keras.utils.set_random_seed(0)
    networks = architectures.progressive(
        (8, 8, 3), 6, 3, width=4, max_width=6, group_size=2, growing=True
    )
    gan = models.ProgressiveGAN(*networks, num_classes=3, seed=0)
    gan.compile(
        loss=keras_gan.losses.Wasserstein(drift=0.001),
        discriminator_penalties=[penalties.GradientPenalty(10.0)],
        augment=keras_gan.augment.RandomAugment(0.5),
        fade_images=8,
        stable_images=4,
        **FEW_STEPS,
    )
    batch = images(4, (8, 8, 3))
    for level in (0, 1):
        gan.reset_metrics()  # which Keras 3.13 does not do here
        logs = gan.train_on_batch(batch, np.array([0, 1, 2, 0]), return_dict=True)
        assert logs["level"] == level
    assert gan.level == 1
    assert gan.generate(4, labels=[0, 1, 2, 0], seed=0).shape == (4, 8, 8, 3)


@pytest.mark.backends("tensorflow", "torch", reason="files: no backend code")
def test_it_comes_back_from_a_folder(tmp_path):
    gan = new_gan()
    gan.whole_generator()
    path = gan.save_to_preset(tmp_path / "mine")
    sampler = keras_gan.from_preset(path)
    np.testing.assert_array_equal(sampler.generate(3, seed=1), gan.generate(3, seed=1))


@pytest.mark.backends(
    "torch", reason="messages: no backend code, and torch builds fastest"
)
class TestRefuses:
    def test_networks_without_levels(self):
        plain = architectures.progressive((8, 8, 1), 6, width=4)
        with pytest.raises(ValueError, match=r"growing=True"):
            models.ProgressiveGAN(*plain)

    def test_a_plain_gan_of_levels(self):
        networks = architectures.progressive((8, 8, 1), 6, width=4, growing=True)
        with pytest.raises(ValueError, match="models.ProgressiveGAN"):
            keras_gan.GAN(*networks)

    def test_levels_that_differ(self):
        generator, _ = architectures.progressive((8, 8, 1), 6, width=4, growing=True)
        _, discriminator = architectures.progressive(
            (8, 8, 3), 6, width=4, growing=True
        )
        with pytest.raises(ValueError, match=r"At level 0.*\(4, 4, 3\).*\(4, 4, 1\)"):
            models.ProgressiveGAN(generator, discriminator)

    def test_levels_that_do_not_double(self):
        latents = keras.Input((4,))
        flat = layers.Dense(36)(latents)
        large = layers.Reshape((6, 6, 1))(flat)
        small = layers.AveragePooling2D(3)(large)
        generator = keras.Model(latents, [small, large, large])
        inputs = [keras.Input((2, 2, 1)), keras.Input((6, 6, 1))]
        logits = [layers.Dense(1)(layers.Flatten()(each)) for each in inputs]
        discriminator = keras.Model(inputs, logits)
        with pytest.raises(ValueError, match=r"Level 1 must have twice.*\(6, 6\)"):
            models.ProgressiveGAN(generator, discriminator)

    @pytest.mark.parametrize(
        "schedule", [{"fade_images": -1}, {"stable_images": 0}, {"fade_images": 0.5}]
    )
    def test_schedules_that_cannot_be(self, schedule):
        (name,) = schedule
        with pytest.raises(ValueError, match=f"`{name}` must be an integer"):
            new_gan(**schedule)

    def test_images_of_a_level(self):
        gan = new_gan()
        with pytest.raises(ValueError, match=r"\(16, 2, 3, 1\).*4, 6, 1\)"):
            gan.fit(images(16, (2, 3, 1)), verbose=0)
