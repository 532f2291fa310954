"""R3GAN: sizes, gradients to every weight, files, exports and the start."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan
from keras_gan import architectures, penalties

pytestmark = pytest.mark.usefixtures("eager")

PAIRS = {
    "28": lambda: architectures.r3gan((28, 28, 1), 8, width=8, num_blocks=1),
    "32 colour": lambda: architectures.r3gan((32, 32, 3), 8, width=(16, 8)),
    "64 x 48": lambda: architectures.r3gan((64, 48, 3), 8, None, (24, 16, 8), 1),
    "patches of 2": lambda: architectures.r3gan(
        (32, 24, 3), 8, width=8, num_blocks=1, patch_size=2
    ),
    "conditional": lambda: architectures.r3gan(
        (8, 8, 1), 8, 3, width=(16, 8), num_blocks=(1, 2), group_size=8
    ),
}


on_torch = pytest.mark.backends(
    "torch",
    reason="every size; TensorFlow and JAX have one of each kind",
)
not_on_jax = pytest.mark.backends(
    "tensorflow", "torch", reason="JAX compiles every size anew: one of each kind"
)
MARKS = dict.fromkeys(PAIRS, on_torch) | {"conditional": (), "patches of 2": not_on_jax}
PLAYED = [pytest.param(name, marks=marks) for name, marks in MARKS.items()]
# What files and exports have to hold: labels, and patches that are taken apart.
FILED = [case for case in PLAYED if case.values[0] in ("conditional", "patches of 2")]
in_files = pytest.mark.parametrize("played", FILED, indirect=True)


@pytest.fixture(scope="module", params=PLAYED)
def played(request):
    """A game after two steps, with its first weights and its history.

    The first step moves only the last convolution of a block, from 0; the second
    reaches behind it.
    """
    keras.utils.set_random_seed(1234)
    num_classes = 3 if request.param == "conditional" else None
    gan = keras_gan.GAN(*PAIRS[request.param](), num_classes=num_classes, seed=0)
    before = [ops.convert_to_numpy(v) for v in gan.trainable_variables]
    gan.compile(
        keras.optimizers.SGD(0.05),
        keras.optimizers.SGD(0.05),
        loss="relativistic_pairing",
        discriminator_penalties=[penalties.R1(1.0), penalties.R2(1.0)],
    )
    images, labels = some_data(gan, 8)
    history = gan.fit(images, labels, batch_size=4, verbose=0).history
    return gan, before, history


def some_data(gan, num):
    rng = np.random.default_rng(0)
    images = rng.uniform(-1, 1, (num, *gan.image_shape)).astype("float32")
    return images, None if gan.num_classes is None else np.arange(num) % 3


def discriminate(gan):
    images, labels = some_data(gan, 3)
    inputs = images if labels is None else [images, labels]
    return gan.discriminator.predict(inputs, verbose=0)


@pytest.mark.backends("tensorflow", "torch", reason="tests/harness has shapes on JAX")
def test_shapes_and_ranges(played):
    gan, _, _ = played
    images = gan.generate(3, seed=0)
    assert images.shape == (3, *gan.image_shape)
    assert np.abs(images).max() <= 1
    assert images.std() > 0.1
    assert discriminate(gan).shape == (3, 1)


def test_images_are_clipped_for_users_and_not_in_training(played):
    gan, _, _ = played
    latents = 10 * ops.convert_to_numpy(gan.prior.sample(3, seed=0))
    labels = None if gan.num_classes is None else np.arange(3)
    inputs = latents if labels is None else [latents, labels]
    raw = ops.convert_to_numpy(gan.generator(inputs, training=True))
    assert np.abs(raw).max() > 1
    shown = gan.synthesize(latents, labels)
    np.testing.assert_allclose(shown, np.clip(raw, -1, 1), atol=1e-4)


def test_every_parameter_learns_under_r1_and_r2(played):
    gan, before, history = played
    assert history["d_loss"][0] == pytest.approx(np.log(2), abs=0.5)
    assert 0 < history["penalty"][0] < 10
    for old, variable in zip(before, gan.trainable_variables, strict=True):
        change = np.abs(ops.convert_to_numpy(variable) - old).max()
        assert 0 < change < 10, f"{variable.path} moved by {change}"


@in_files
def test_keras_file_round_trip(played, tmp_path):
    gan, _, _ = played
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(again.generate(3, seed=5), gan.generate(3, seed=5))
    np.testing.assert_array_equal(discriminate(again), discriminate(gan))


@in_files
@pytest.mark.backends("tensorflow", reason="a TensorFlow format")
def test_saved_model_equals_keras(played, tmp_path):
    import tensorflow as tf

    gan, _, _ = played
    folder = gan.export(tmp_path / "model", version=1)
    serve = tf.saved_model.load(str(folder)).signatures["serving_default"]
    latents = ops.convert_to_numpy(gan.prior.sample(6, seed=1))
    labels = None if gan.num_classes is None else np.arange(6, dtype="int32") % 3
    inputs = {"latents": tf.constant(latents)}
    if labels is not None:
        inputs["labels"] = tf.constant(labels)
    (served,) = serve(**inputs).values()
    assert np.abs(served.numpy()).max() <= 1
    np.testing.assert_allclose(
        served.numpy(), gan.synthesize(latents, labels), atol=1e-5
    )


@pytest.mark.backends(
    "tensorflow", "torch", reason="first weights, which Keras draws on all"
)
def test_residual_blocks_start_as_the_identity():
    """G is linear in z at first, and D in x: nothing but the shortcuts."""
    generator, discriminator = architectures.r3gan((28, 28, 1), 8, width=8)
    z = np.random.default_rng(0).normal(size=(2, 8)).astype("float32")
    a, b, both = ops.convert_to_numpy(
        generator(np.stack([*z, z.sum(0)]), training=True)
    )
    np.testing.assert_allclose(a + b, both, atol=1e-4)
    logits = discriminator(np.stack([a, b, both]))
    a, b, both = ops.convert_to_numpy(logits)
    np.testing.assert_allclose(a + b, both, rtol=1e-3, atol=1e-4)


def test_initial_gains():
    # 3 stages of 2 blocks: L = 6; LeakyReLU(0.2) has the gain sqrt(2 / 1.04).
    gain = np.sqrt(2 / 1.04) * 6**-0.25
    for model in architectures.r3gan((28, 28, 1), 64, width=64):
        layers = [x for x in model.layers if hasattr(x, "kernel_size")]
        inner = [x for x in layers if x.use_bias]
        last = [x for x in layers if not np.any(ops.convert_to_numpy(x.kernel))]
        assert len(inner) == 12
        assert len(last) == 6
        for layer in inner:
            kernel = ops.convert_to_numpy(layer.kernel)
            fan_in = np.prod(kernel.shape[:-1])
            assert fan_in == (
                9 * 16 if layer.kernel_size == (3, 3) else kernel.shape[2]
            )
            assert kernel.std() == pytest.approx(gain / np.sqrt(fan_in), rel=0.05)


def test_stages_follow_the_size():
    def shape_of_basis(*args, **kwargs):
        generator, _ = architectures.r3gan(*args, **kwargs)
        return next(w.shape for w in generator.weights if w.path.endswith("basis"))

    assert shape_of_basis((28, 28, 1), width=8) == (7, 7, 32)
    assert shape_of_basis((32, 32, 1), width=8) == (4, 4, 32)
    assert shape_of_basis((64, 64, 1), width=8, num_blocks=1) == (4, 4, 32)
    assert shape_of_basis((4, 6, 1), width=8) == (4, 6, 8)
    assert shape_of_basis((16, 24, 1), width=(16, 8)) == (8, 12, 16)
    assert shape_of_basis((28, 28, 1), width=8, patch_size=2) == (7, 7, 16)


@not_on_jax
def test_patches_are_of_the_size_of_single_pixels():
    """At first the last map of G and the first of D give what pixels alone give."""
    rng = np.random.default_rng(0)
    latents = rng.normal(size=(64, 64)).astype("float32")
    images = rng.normal(size=(64, 32, 32, 3)).astype("float32")
    spreads = []
    for patch_size in (1, 2, 4):
        keras.utils.set_random_seed(1)
        generator, discriminator = architectures.r3gan(
            (32, 32, 3), width=(64, 64), patch_size=patch_size
        )
        stem = keras.Model(discriminator.input, discriminator.layers[1].output)
        made = ops.convert_to_numpy(generator(latents, training=True))
        spreads.append((made.std(), ops.convert_to_numpy(stem(images)).std()))
    np.testing.assert_allclose(spreads, [spreads[0]] * 3, rtol=0.2)


@not_on_jax
@pytest.mark.parametrize("patch_size", [2, 4])
def test_smooth_patches_have_no_pattern_of_their_own(patch_size):
    """Features that are equal everywhere give one colour, but for the border."""
    networks = architectures.r3gan(
        (32, 32, 3), width=(16, 16), patch_size=patch_size, smooth_patches=True
    )
    generator, discriminator = networks
    size = 32 // patch_size
    last = generator.get_layer("to_images_upsample_1")
    ends = keras.Model(last.input, generator.get_layer("to_images").output)
    colours = ops.convert_to_numpy(ends(np.ones((1, size, size, 16), "float32")))
    inner = colours[:, 4:-4, 4:-4]
    np.testing.assert_allclose(inner, inner[:, :1, :1] + 0 * inner, atol=1e-5)
    # An impulse at the edge of a patch of D is seen in the patch beside it too.
    stem = keras.Model(discriminator.input, discriminator.layers[1].output)
    impulse = np.zeros((1, 32, 32, 3), "float32")
    impulse[:, 16, 16] = 1.0
    seen = np.abs(ops.convert_to_numpy(stem(impulse))).sum(axis=(0, 3)) > 0
    assert seen.sum() == 4


@pytest.mark.backends("tensorflow", reason="it counts parameters: run once")
def test_published_networks():
    """Counted by hand from the widths: see the paper's table of CIFAR-10."""
    generator, discriminator = architectures.r3gan(
        (32, 32, 3), 64, num_classes=10, width=(768,) * 4
    )
    inner = 2 * 768
    block = 768 * inner + inner + 9 * 16 * inner + inner + inner * 768
    ends = 4 * 4 * 768 + 3 * 768
    assert generator.count_params() == 8 * block + ends + 128 * 768 + 10 * 64
    assert discriminator.count_params() == 8 * block + ends + 768 * 768 + 10 * 768


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"image_shape": (28, 28)}, r"\(height, width, channels\)"),
        (
            {"image_shape": (30, 28, 1), "width": (8, 8, 8)},
            r"divisible by 4.*30 x 28.*32 x 28",
        ),
        ({"width": 4}, "`group_size` must divide twice the width.*group_size=16"),
        ({"smooth_patches": True}, "needs patches to smooth.*patch_size=1"),
        (
            {"smooth_patches": True, "patch_size": 7, "width": (8, 8)},
            "power of 2.*patch_size=7",
        ),
        ({"patch_size": 0}, "`patch_size` must be an integer of at least 1"),
        ({"patch_size": 3}, r"patches of 3 x 3 .*divisible by 3.*28 x 28.* 30 x 30"),
        (
            {"output_activation": "relu"},
            '`output_activation` must be "linear" or "tanh',
        ),
        ({"num_blocks": (1, 2)}, "`num_blocks` must be .* 3 of them"),
        ({"num_blocks": 0}, "`num_blocks` must be an integer of .* Received: 0"),
        ({"num_blocks": 1.5}, "`num_blocks` must be an integer of .* Received: 1.5"),
        ({"width": ()}, "`width` must be a positive integer, or a tuple"),
        ({"width": ("a", "b")}, "`width` must be a positive integer, or a tuple"),
        ({"group_size": 0}, "`group_size` must be an integer of at least 1"),
    ],
)
def test_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        architectures.r3gan(**arguments)
