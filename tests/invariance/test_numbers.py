"""Numbers that follow a change: by hand, in a step of InfoGAN, what is refused."""

import keras
import numpy as np
import pytest
from few_steps import FEW_STEPS
from keras import layers, ops

import keras_gan
from keras_gan import architectures, augment
from keras_gan.invariance import CategoryInvariance, NumberEquivariance
from keras_gan.invariance.terms import Terms
from keras_gan.latents import Categorical, NoiseAndCodes, Normal, Uniform

IMAGES = np.random.default_rng(0).uniform(-1, 1, (12, 6, 6, 1)).astype("float32")
FOLLOWS = {"lean": "slant", "weight": "thickness"}


def new_gan(**settings):
    keras.backend.clear_session(free_memory=False)
    keras.utils.set_random_seed(3)
    codes = {"kind": Categorical(3), "lean": Uniform(1), "weight": Normal(1)}
    prior = NoiseAndCodes(Normal(2), codes)
    images = keras.Input((6, 6, 1))
    trunk = layers.Dense(16, "tanh", name="trunk")(layers.Flatten()(images))
    outputs = [layers.Dense(n, name=f"head_{n}")(trunk) for n in (1, 5)]
    discriminator = keras.Model(images, outputs, name="discriminator")
    generator = architectures.mlp_generator((6, 6, 1), prior.latent_dim, None, (8,))
    gan = keras_gan.models.InfoGAN(generator, discriminator, prior=prior, seed=0)
    sgd = keras.optimizers.SGD
    gan.compile(sgd(0.1), sgd(0.1), **{**FEW_STEPS, **settings})
    return gan


def changed(images, changes, strengths):
    """Images changed, with a whole strength of 1."""
    term = NumberEquivariance(changes, strengths=dict.fromkeys(changes.values(), 1.0))
    images, strengths = (
        ops.convert_to_tensor(np.asarray(each, "float32"))
        for each in (images, strengths)
    )
    return ops.convert_to_numpy(term.change(images, strengths))


def picture(*rows):
    """An image of bright and dark pixels, from lines of # and dots."""
    bright = np.array([[pixel == "#" for pixel in row] for row in rows])
    return np.where(bright, 1.0, -1.0)[None, ..., None]


def test_a_dot_grows_and_a_square_shrinks():
    dot = picture(".....", ".....", "..#..", ".....", ".....")
    square = picture(".....", ".###.", ".###.", ".###.", ".....")
    np.testing.assert_array_equal(changed(dot, {"c": "thickness"}, [[1]]), square)
    np.testing.assert_array_equal(changed(square, {"c": "thickness"}, [[-1]]), dot)
    half = changed(dot, {"c": "thickness"}, [[0.5]])
    np.testing.assert_allclose(half[square > 0], [0, 0, 0, 0, 1, 0, 0, 0, 0])


def test_a_line_leans_to_the_right_and_to_the_left():
    upright = picture("....#....", "....#....", "....#....")
    right = picture(".....#...", "....#....", "...#.....")
    found = changed(upright, {"c": "slant"}, [[1]])
    np.testing.assert_allclose(found, right, atol=1e-6)
    found = changed(upright, {"c": "slant"}, [[-1]])
    np.testing.assert_allclose(found, right[:, :, ::-1], atol=1e-6)


def test_a_square_is_twice_as_large():
    small = picture("......", "......", "..##..", "..##..", "......", "......")
    found = changed(small, {"c": "size"}, [[1]])
    assert (found > 0).sum() == 4 * (small > 0).sum()
    assert found[0, 1:5, 1:5].min() > -0.6


def test_no_strength_changes_nothing_and_each_image_has_its_own():
    changes = {"a": "slant", "b": "thickness", "c": "size"}
    same = changed(IMAGES, changes, np.zeros((12, 3)))
    np.testing.assert_allclose(same, IMAGES, atol=1e-6)
    strengths = np.zeros((12, 3))
    strengths[3] = 0.5
    found = changed(IMAGES, changes, strengths)
    moved = np.abs(found - IMAGES).max(axis=(1, 2, 3)) > 1e-3
    assert np.flatnonzero(moved).tolist() == [3]


def test_the_term_is_the_error_of_what_is_read():
    gan = new_gan()
    term = NumberEquivariance(FOLLOWS, weight=3.0, step=0.4)
    gan.seed_generator = keras.random.SeedGenerator(0)
    found = term(gan, ops.convert_to_tensor(IMAGES))
    loss, error = (float(ops.convert_to_numpy(each)) for each in found)
    # The same seed gives the same strengths again.
    seed = keras.random.SeedGenerator(0)
    strengths = keras.random.uniform((12, 2), -1.0, 1.0, seed=seed)
    images = ops.convert_to_numpy(term.change(ops.convert_to_tensor(IMAGES), strengths))
    before, after = (
        ops.convert_to_numpy(gan.discriminator(each)[1])[:, 3:]
        for each in (IMAGES, images)
    )
    errors = after - before - 0.4 * ops.convert_to_numpy(strengths)
    assert loss == pytest.approx(3 * (errors**2).sum(axis=1).mean(), rel=1e-4)
    assert error == pytest.approx((errors**2).mean() / (0.4**2 / 3), rel=1e-4)


def test_it_moves_the_numbers_of_the_head_alone():
    term = NumberEquivariance({"weight": "thickness"}, weight=5.0)
    gan = new_gan(invariance=term, information_weight=0.0)
    before = gan.discriminator.get_layer("head_5").get_weights()[0]
    logs = gan.train_on_batch(IMAGES, return_dict=True)
    after = gan.discriminator.get_layer("head_5").get_weights()[0]
    np.testing.assert_array_equal(before[:, :4], after[:, :4])
    assert np.all(before[:, 4] != after[:, 4])
    assert logs["equivariance"] > 0
    assert "invariance" not in logs


def test_generated_images_need_not_teach_the_head():
    """Of the numbers that follow a change: real images say what they mean."""
    rising = keras_gan.optimizers.CosineBurnIn(0.0, 1.0, 100)  # 0 in the first step
    term = NumberEquivariance({"weight": "thickness"}, weight=rising, fakes_weight=0.0)
    gan = new_gan(invariance=term)
    before = gan.discriminator.get_layer("head_5").get_weights()[0]
    gan.train_on_batch(IMAGES)
    after = gan.discriminator.get_layer("head_5").get_weights()[0]
    assert np.all(before[:, :4] != after[:, :4])
    np.testing.assert_array_equal(before[:, 4], after[:, 4])
    latents, recognized = ops.zeros((2, 8)), ops.ones((2, 5))
    found = gan.prior.log_likelihood_by_code(latents, recognized)
    half = -sum(ops.mean(each) for each in found.values()) + 0.5 * ops.mean(
        found["weight"]
    )
    loss = float(gan.code_loss(latents, recognized, {"weight": 0.5}))
    assert loss == pytest.approx(float(half), rel=1e-6)


@pytest.mark.backends(
    "tensorflow", "torch", reason="one step on JAX is in the test above"
)
def test_a_number_comes_to_follow_its_change():
    """Bars of different widths, leaning: the head learns to read both changes."""
    columns = np.arange(6) - 2.5
    widths = np.resize([0.8, 1.8], 64)[:, None, None]
    lean = np.linspace(-0.5, 0.5, 64)[:, None, None]
    places = columns[None, None] + lean * columns[None, :, None]
    bars = np.tanh(2 * (widths - np.abs(places)))[..., None].astype("float32")
    gan = new_gan(invariance=NumberEquivariance(FOLLOWS, weight=2.0))
    for _ in range(60):
        logs = gan.train_on_batch(bars, return_dict=True)
    assert logs["equivariance"] < 0.5  # 1 where nothing is read
    read = gan.recognize(bars)
    thin, thick = read["weight"][::2].mean(), read["weight"][1::2].mean()
    assert thick > thin + 0.1
    assert np.corrcoef(read["lean"][:, 0], lean[:, 0, 0])[0, 1] > 0.5


@pytest.mark.backends("torch", reason="configs and names: no backend code")
def test_a_file_brings_both_terms_back(tmp_path):
    numbers = NumberEquivariance(
        FOLLOWS, step=0.3, strengths={"slant": 0.2}, fakes_weight=0.5
    )
    category = CategoryInvariance(augment.RandomAugment(1.0, ["x_flip"]), code="kind")
    gan = new_gan(invariance=[category, numbers])
    gan.train_on_batch(IMAGES)
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    assert again.invariance[1].get_config() == numbers.get_config()
    logs = [one.train_on_batch(IMAGES, return_dict=True) for one in (gan, again)]
    assert logs[0] == pytest.approx(logs[1], abs=1e-5)
    assert {"invariance", "equivariance"} <= set(logs[0])


@pytest.mark.backends("torch", reason="messages: no backend code")
def test_what_does_not_fit_is_refused():
    for wrong in (None, "slant", {}, 3):
        with pytest.raises(ValueError, match="`changes` must be a dict"):
            NumberEquivariance(wrong)
    with pytest.raises(ValueError, match=r'"slant"\. Received: \'width\''):
        NumberEquivariance({"lean": "width"})
    with pytest.raises(ValueError, match="a change of its own"):
        NumberEquivariance({"lean": "slant", "weight": "slant"})
    for wrong in (
        {"weight": -1.0},
        {"step": 0.0},
        {"step": float("nan")},
        {"fakes_weight": -1.0},
    ):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            NumberEquivariance(FOLLOWS, **wrong)
    with pytest.raises(ValueError, match="nothing teaches the head"):
        NumberEquivariance(FOLLOWS, weight=0, fakes_weight=0.0)
    too_much = {"thickness": 1.5}
    for wrong in (3, {"size": 1.0}, {"slant": 0.0}, {"slant": "a"}, too_much):
        with pytest.raises(ValueError, match="strengths"):
            NumberEquivariance(FOLLOWS, strengths=wrong)
    for wrong in ("kind", "size"):
        with pytest.raises(ValueError, match="that is one number"):
            new_gan(invariance=NumberEquivariance({wrong: "slant"}))
    prior = NoiseAndCodes(Normal(2), {"kind": Categorical(3), "lean": Uniform(1)})
    with pytest.raises(ValueError, match=r"changes images.* takes the shape \(8,\)"):
        Terms(NumberEquivariance({"lean": "slant"}), prior, (8,))
    with pytest.raises(ValueError, match="one term of each kind"):
        new_gan(invariance=[NumberEquivariance(FOLLOWS)] * 2)
    for wrong in ("slant", [FOLLOWS]):
        with pytest.raises(ValueError, match="or a list of both"):
            new_gan(invariance=wrong)
