"""The invariance of categories: by hand, in a step of InfoGAN, what is refused."""

import keras
import numpy as np
import pytest
from few_steps import FEW_STEPS
from keras import layers, ops

import keras_gan
from keras_gan import architectures, augment
from keras_gan.invariance import CategoryInvariance, mutual_information
from keras_gan.latents import Categorical, NoiseAndCodes, Normal, Uniform

IMAGES = np.random.default_rng(0).uniform(-1, 1, (12, 4, 4, 1)).astype("float32")


def changes():
    return augment.RandomAugment(1.0, ["x_flip"])


def new_gan(**settings):
    keras.backend.clear_session(free_memory=False)
    keras.utils.set_random_seed(3)
    prior = NoiseAndCodes(Normal(2), {"kind": Categorical(3), "size": Uniform(1)})
    images = keras.Input((4, 4, 1))
    trunk = layers.Dense(8, "tanh", name="trunk")(layers.Flatten()(images))
    outputs = [layers.Dense(n, name=f"head_{n}")(trunk) for n in (1, 4)]
    discriminator = keras.Model(images, outputs, name="discriminator")
    generator = architectures.mlp_generator((4, 4, 1), prior.latent_dim, None, (8,))
    gan = keras_gan.models.InfoGAN(generator, discriminator, prior=prior, seed=0)
    sgd = keras.optimizers.SGD
    gan.compile(sgd(0.1), sgd(0.1), **{**FEW_STEPS, **settings})
    return gan


def values(tensors):
    return [float(ops.convert_to_numpy(tensor)) for tensor in tensors]


def nats(first, second):
    arrays = (ops.convert_to_tensor(np.asarray(x, "float32")) for x in (first, second))
    return values(mutual_information(*arrays))


def test_information_of_categories_by_hand():
    sure, log_2 = np.eye(4), np.log(2)
    assert nats(sure, sure) == pytest.approx([2 * log_2, 2 * log_2], rel=1e-6)
    # The second tells nothing of the first.
    even = np.full((4, 4), 0.25)
    assert nats(sure, even) == pytest.approx([0, 2 * log_2], abs=1e-6)
    # One category for all: certain, and without information.
    assert nats(sure[[0, 0, 0]], sure[[0, 0, 0]]) == pytest.approx([0, 0], abs=1e-6)
    # Of two pairs one agrees: P = [[1/2, 1/4], [1/4, 0]].
    found = nats([[1, 0], [1, 0]], [[1, 0], [0, 1]])
    joint = 0.5 * log_2 + 0.5 * np.log(4)
    alone = 0.75 * np.log(4 / 3) + 0.25 * np.log(4)
    assert found == pytest.approx([2 * alone - joint, alone], rel=1e-5)


def test_the_term_is_the_information_and_the_entropy():
    gan = new_gan()
    term = CategoryInvariance(changes(), weight=3.0, balance=0.5, code="kind")
    gan.seed_generator = keras.random.SeedGenerator(0)
    loss, information = values(term(gan, ops.convert_to_tensor(IMAGES)))
    # The same seed gives the same two copies again.
    seed = keras.random.SeedGenerator(0)
    copies = [changes().sample(IMAGES, seed)(IMAGES) for _ in range(2)]
    assert not np.allclose(*map(ops.convert_to_numpy, copies))
    codes = [ops.convert_to_numpy(gan.discriminator(each)[1]) for each in copies]
    expected, entropy = nats(*(ops.softmax(each[:, :3]) for each in codes))
    assert information == pytest.approx(expected, abs=1e-6)
    assert loss == pytest.approx(-3 * (expected + entropy / 2), rel=1e-5)


def test_it_moves_the_head_of_the_category_alone():
    """Nothing else has a weight: of the head the columns of the category move."""
    settings = {"information_weight": 0.0}
    term = CategoryInvariance(changes(), weight=5.0, code="kind")
    gan = new_gan(invariance=term, **settings)
    before = gan.discriminator.get_layer("head_4").get_weights()[0]
    logs = gan.train_on_batch(IMAGES, return_dict=True)
    after = gan.discriminator.get_layer("head_4").get_weights()[0]
    assert np.all(np.any(before[:, :3] != after[:, :3], axis=0))
    np.testing.assert_array_equal(before[:, 3], after[:, 3])
    assert 0 <= logs["invariance"] <= np.log(3)
    assert "invariance" not in new_gan().train_on_batch(IMAGES, return_dict=True)


def test_the_logged_loss_is_that_of_the_game_alone():
    term = CategoryInvariance(changes(), weight=5.0, code="kind")
    plain, with_terms = (
        new_gan(**settings).train_on_batch(IMAGES, return_dict=True)
        for settings in (
            {"information_weight": 0.0},
            {"information_weight": 2.0, "invariance": term},
        )
    )
    assert with_terms["d_loss"] == pytest.approx(plain["d_loss"], abs=1e-6)


@pytest.mark.backends(
    "tensorflow", "torch", reason="one step on JAX is in the test above"
)
def test_categories_become_what_the_changes_leave():
    """Bright and dark images; mirroring leaves that as it is."""
    signs = np.resize([-1.0, 1.0], 64)[:, None, None, None]
    noise = np.random.default_rng(1).normal(0, 0.1, (64, 4, 4, 1))
    images = np.clip(0.7 * signs + noise, -1, 1).astype("float32")
    term = CategoryInvariance(changes(), weight=5.0, code="kind")
    gan = new_gan(invariance=term)
    for _ in range(30):
        logs = gan.train_on_batch(images, return_dict=True)
    read = gan.recognize(images)["kind"].argmax(axis=1)
    assert set(read[::2]).isdisjoint(read[1::2])
    assert logs["invariance"] > 0.6  # log 2 is 0.69


@pytest.mark.backends("torch", reason="configs and names: no backend code")
def test_a_file_brings_it_back(tmp_path):
    term = CategoryInvariance(changes(), weight=5.0, balance=1.0, code="kind")
    gan = new_gan(invariance=term)
    gan.train_on_batch(IMAGES)
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    assert again.invariance.get_config() == term.get_config()
    logs = [one.train_on_batch(IMAGES, return_dict=True) for one in (gan, again)]
    assert logs[0] == pytest.approx(logs[1], abs=1e-5)


@pytest.mark.backends("torch", reason="messages: no backend code")
def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="must be an augmentation"):
        CategoryInvariance("flip")
    with pytest.raises(ValueError, match="AdaptiveAugment changes with training"):
        CategoryInvariance(augment.AdaptiveAugment())
    for wrong in ({"weight": -1.0}, {"balance": -1.0}, {"weight": float("nan")}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            CategoryInvariance(changes(), **wrong)
    with pytest.raises(ValueError, match="needs a categorical code of that name"):
        new_gan(invariance=CategoryInvariance(changes()))
    with pytest.raises(ValueError, match="'size': 'Uniform'"):
        new_gan(invariance=CategoryInvariance(changes(), code="size"))
    with pytest.raises(ValueError, match="needs a categorical code of that name"):
        new_gan(invariance=CategoryInvariance(changes(), code=["kind"]))
    for wrong in (changes(), CategoryInvariance):
        with pytest.raises(ValueError, match="must be a `keras_gan.invariance.Categ"):
            new_gan(invariance=wrong)
