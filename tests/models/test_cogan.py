"""CoGAN: shared layers, pairs, its files, and what it refuses."""

import keras
import numpy as np
import pytest
from few_steps import FEW_STEPS
from keras import layers, ops

import keras_gan
from keras_gan import architectures, datasets, metrics
from keras_gan.models import CoGAN

IMAGES = np.random.default_rng(0).integers(0, 256, (12, 8, 8, 1), "uint8")


def networks(**kwargs):
    return architectures.cogan((8, 16, 1), 6, width=4, units=8, **kwargs)


def new_gan(seed=0, **settings):
    keras.backend.clear_session(free_memory=False)
    keras.utils.set_random_seed(11)
    gan = CoGAN(*networks(), seed=seed)
    gan.compile(**FEW_STEPS, **settings)
    return gan


def data():
    return datasets.coupled(IMAGES, datasets.edges(IMAGES[:5]), batch_size=4, seed=1)


def arrays(model):
    return [ops.convert_to_numpy(weight) for weight in model.weights]


@pytest.mark.backends("torch", reason="names of weights: no backend code")
def test_shared_layers_are_one_and_counted_once():
    generator, discriminator = networks()
    names = [v.path.split("/")[-2] for v in discriminator.trainable_variables]
    for name in ("shared_conv", "shared_dense", "logits"):
        assert names.count(name) == 2, "a kernel and a bias"
    gan = CoGAN(generator, discriminator)
    gan.compile()
    moved = gan.moved_variables("discriminator")
    assert len(moved) == len({id(v) for v in moved}) == len(names)
    slots = gan.optimizer.players["discriminator"].variables
    assert len(slots) <= 2 * len(names) + 3  # Adam's two moments, and its counters


def test_each_logit_is_of_its_image_and_shared_layers_see_both():
    discriminator = networks()[1]
    pairs = np.random.default_rng(0).uniform(-1, 1, (2, 8, 16, 1)).astype("float32")
    pairs[1, :, :8] = pairs[0, :, :8]
    logits = ops.convert_to_numpy(discriminator(pairs))
    assert logits.shape == (2, 2)
    assert logits[0, 0] == pytest.approx(logits[1, 0], abs=1e-6)
    assert logits[0, 1] != pytest.approx(logits[1, 1], abs=1e-6)
    first = discriminator.get_layer("conv_a").get_weights()
    discriminator.get_layer("conv_b").set_weights(first)
    discriminator.get_layer("prelu_b").set_weights(
        discriminator.get_layer("prelu_a").get_weights()
    )
    pairs[:, :, 8:] = pairs[:, :, :8]
    same = ops.convert_to_numpy(discriminator(pairs))
    np.testing.assert_allclose(same[:, 0], same[:, 1], atol=1e-6)


def test_both_images_are_drawn_from_a_few_maps():
    generator = architectures.cogan_generator((8, 16, 1), 6, width=4, shared_maps=1)
    maps = generator.get_layer("maps_norm").output
    draw = keras.Model(maps, generator.output)
    flat = np.zeros((2, 8, 8, 1), "float32")
    flat[1, 0, 0] = 5
    images = ops.convert_to_numpy(draw(flat))
    changed = np.abs(images[1] - images[0])[..., 0] > 1e-6
    # A pixel of the maps is seen by 4 x 4 pixels in its corner of either image.
    for half in (changed[:, :8], changed[:, 8:]):
        assert half.any()
        rows, columns = half.nonzero()
        assert max(rows) <= 3
        assert max(columns) <= 3
    for wrong in (0, 1.5, "two"):
        with pytest.raises(ValueError, match="`shared_maps` must be an integer"):
            architectures.cogan(shared_maps=wrong)


def test_pairs_are_split_and_belong_to_one_latent():
    gan = new_gan(ema=keras_gan.EMA(100))
    gan.fit(data(), verbose=0)
    a, b = gan.generate(5, seed=0)
    assert a.shape == b.shape == (5, 8, 8, 1)
    whole = gan.sampler.generate(5, seed=0)
    np.testing.assert_array_equal(whole, np.concatenate([a, b], axis=2))
    latents = gan.prior.sample(5, seed=0)
    np.testing.assert_allclose(gan.synthesize(latents)[1], b, atol=1e-6)


@pytest.mark.backends(
    "tensorflow", "torch", reason="arrays: no backend code; JAX trains above"
)
def test_fit_takes_two_arrays_of_different_lengths():
    gan = new_gan()
    history = gan.fit(IMAGES, datasets.negatives(IMAGES[:7]), batch_size=4, verbose=0)
    assert set(history.history) == {"d_loss", "g_loss", "real_score", "fake_score"}


@pytest.mark.backends("torch", reason="tests/harness takes a file up on all")
def test_a_file_goes_on_as_if_nothing_had_happened(tmp_path):
    gan = new_gan(
        ema=keras_gan.EMA(50),
        discriminator_penalties=[keras_gan.penalties.R1(0.1)],
    )
    gan.fit(data(), epochs=1, verbose=0)
    gan.save(tmp_path / "gan.keras")
    gan.fit(data(), initial_epoch=1, epochs=2, verbose=0)
    again = keras.saving.load_model(tmp_path / "gan.keras")
    again.fit(data(), initial_epoch=1, epochs=2, verbose=0)
    assert len(arrays(gan)) == len(arrays(again))
    for one, other in zip(arrays(gan), arrays(again), strict=True):
        np.testing.assert_allclose(one, other, atol=2e-6)


@pytest.mark.backends("torch", reason="shapes: no backend code")
def test_metrics_see_pairs():
    gan = new_gan(metrics=[metrics.PixelAgreement("edges")], num_metric_images=8)
    assert 0 <= gan.evaluate(verbose=0)["pixel_agreement"] <= 1


@pytest.mark.backends(
    "tensorflow", "torch", reason="graphs of Keras' layers; JAX trains above"
)
def test_own_parts_are_coupled():
    def part(num_in, *more):
        return keras.Sequential([keras.Input(num_in), *more])

    shared = part((6,), layers.Dense(8, "relu"))
    lasts = [
        part((8,), layers.Dense(64, "tanh"), layers.Reshape((8, 8, 1)))
        for _ in range(2)
    ]
    firsts = [
        part((8, 8, 1), layers.Flatten(), layers.Dense(8, "relu")) for _ in range(2)
    ]
    head = part((8,), layers.Dense(1))
    gan = CoGAN(
        architectures.couple_generators(shared, *lasts),
        architectures.couple_discriminators(*firsts, head),
    )
    gan.compile(**FEW_STEPS)
    gan.fit(data(), verbose=0)
    with pytest.raises(ValueError, match=r"makes features of shape \(8,\), and `sha"):
        architectures.couple_discriminators(*firsts, part((9,), layers.Dense(1)))
    other = part((8,), layers.Dense(16), layers.Reshape((4, 4, 1)))
    with pytest.raises(ValueError, match="Give them one shape"):
        architectures.couple_generators(shared, lasts[0], other)
    flat = part((8,), layers.Dense(16))
    with pytest.raises(ValueError, match=r"`last_a` makes the shape \(16,\)"):
        architectures.couple_generators(shared, flat, flat)
    with pytest.raises(ValueError, match=r"`first_a` takes the shape \(8,\)"):
        architectures.couple_discriminators(flat, flat, part((16,), layers.Dense(1)))


@pytest.mark.backends(
    "torch", reason="messages: no backend code, and torch builds fastest"
)
def test_what_does_not_fit_is_refused():
    generator, discriminator = networks()
    gan = new_gan()
    with pytest.raises(ValueError, match=r"`images_b` have the shape \(4, 8, 1\)"):
        gan.fit(IMAGES, IMAGES[:, :4])
    with pytest.raises(ValueError, match=r"networks work on \('batch', 8, 16, 1\)"):
        gan.fit(IMAGES)
    one = keras.Sequential([keras.Input((8, 16, 1)), layers.Flatten(), layers.Dense(1)])
    with pytest.raises(ValueError, match="two logits"):
        CoGAN(generator, one)
    two = keras.Sequential([keras.Input((8, 16, 1)), layers.Flatten(), layers.Dense(2)])
    with pytest.raises(ValueError, match="changes with the other image"):
        CoGAN(generator, two)
    with pytest.raises(ValueError, match="takes no condition"):
        CoGAN(generator, discriminator, condition=keras_gan.conditions.ClassLabels(3))
    with pytest.raises(ValueError, match="odd width"):
        architectures.cogan((8, 15, 1))
