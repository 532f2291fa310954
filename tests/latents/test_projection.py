"""Pictures back to latents: by linear generators, whose latents are known."""

import keras
import numpy as np
import pytest
from test_directions import linear, new_conditional, new_style

import keras_gan
from keras_gan import backend, conditions
from keras_gan.latents import Categorical, NoiseAndCodes, Normal, Uniform, project
from keras_gan.latents.perceptual import feature_differences


@pytest.fixture(autouse=True)
def few_traces(request, monkeypatch):
    """Steps run eagerly on TensorFlow, for a trace takes longer; but of one test."""
    is_traced = "own_pictures" in request.node.name
    if keras.backend.backend() == "tensorflow" and not is_traced:
        monkeypatch.setattr(backend, "jit", lambda fn: fn)


def kernel(dim=3, size=6):
    rng = np.random.default_rng(0)
    return np.linalg.qr(rng.normal(size=(size, size)))[0][:dim].astype("float32") / 4


def test_own_pictures_come_back_with_their_latents():
    sampler = linear(kernel())
    latents = np.array([[0.5, -1.0, 1.5], [-0.2, 0.3, 0.4]], "float32")
    pictures = sampler.synthesize(latents)
    found = project(sampler, pictures, steps=150, starts=2, num_candidates=16)
    np.testing.assert_allclose(found.latents, latents, atol=0.01)
    np.testing.assert_allclose(found.images, pictures, atol=0.01)
    assert (found.psnr > 45).all()
    assert found.space == "z"
    mse = np.square((found.images - pictures) / 2).mean(axis=(1, 2, 3))
    np.testing.assert_allclose(found.mse, mse, rtol=1e-4)


def test_the_seed_decides_and_batches_do_not():
    sampler = linear(kernel())
    pictures = sampler.generate(3, seed=4)
    options = {"steps": 6, "starts": 2, "num_candidates": 8}
    first = project(sampler, pictures, seed=1, **options)
    again = project(sampler, pictures, seed=1, batch_size=2, **options)
    np.testing.assert_allclose(again.latents, first.latents, atol=1e-5)
    other = project(sampler, pictures, seed=2, **options)
    assert np.abs(other.latents - first.latents).max() > 1e-3


def test_more_starts_end_no_further():
    sampler = linear(kernel())
    pictures = np.zeros((2, 1, 6, 1), "uint8") + 100
    one, four = (
        project(sampler, pictures, steps=2, starts=n, num_candidates=16) for n in (1, 4)
    )
    assert (four.mse <= one.mse + 1e-7).all()


def test_latents_stay_where_the_prior_has_its_mass():
    sampler = linear(kernel())
    far = np.sign(sampler.synthesize(9 * np.ones((1, 3), "float32")))
    found = project(sampler, far[0], steps=60, num_candidates=8)
    assert found.latents.shape == (1, 3)
    assert np.linalg.norm(found.latents) <= 3**0.5 + 2 + 1e-4
    uniform = keras_gan.Sampler(sampler.network, Uniform(3))
    found = project(uniform, far, steps=60, num_candidates=8)
    assert np.abs(found.latents).max() == 1


@pytest.mark.backends("tensorflow", "torch", reason="JAX projects above")
def test_codes_stay_codes():
    prior = NoiseAndCodes(Normal(1), {"kind": Categorical(2)})
    sampler = keras_gan.Sampler(linear(kernel()).network, prior)
    latents = prior.set_codes(prior.sample(4, seed=0), kind=[0, 1, 1, 0])
    found = project(sampler, sampler.synthesize(latents), steps=150, num_candidates=32)
    np.testing.assert_allclose(found.latents, latents, atol=0.02)


@pytest.mark.parametrize(("space", "shape"), [("w", (2, 5)), ("w+", (2, 4, 5))])
def test_pictures_into_w(space, shape):
    sampler = new_style()
    pictures = sampler.generate(2, seed=7)
    found = project(
        sampler, pictures, space, steps=12, starts=1, num_candidates=4, batch_size=1
    )
    assert found.latents.shape == shape
    np.testing.assert_allclose(sampler.synthesize(w=found.latents), found.images)
    candidates = sampler.generate(4, seed=0)  # of which the nearest was the start
    errors = np.square((candidates[:, None] - pictures) / 2).mean(axis=(2, 3, 4))
    assert (found.mse < errors.min(axis=0)).all()


def test_pictures_with_labels():
    sampler = new_conditional()
    pictures = sampler.generate(2, seed=3, labels=[0, 1])
    options = {"steps": 40, "starts": 2, "num_candidates": 32}
    found = project(sampler, pictures, labels=[0, 1], **options)
    np.testing.assert_allclose(
        sampler.synthesize(found.latents, [0, 1]), found.images, atol=1e-6
    )
    assert (found.psnr > 25).all()
    with pytest.raises(ValueError, match="Pass the class of each picture.*0 to 1"):
        project(sampler, pictures, **options)


@pytest.mark.parametrize(
    ("images", "options", "message"),
    [
        (np.zeros((2, 1, 7, 1)), {}, r"shape \(2, 1, 7, 1\).*makes \(1, 6, 1\)"),
        (np.zeros((2, 1, 6, 3)), {}, "grey or colour"),
        (np.zeros((0, 1, 6, 1)), {}, "have the shape"),
        (np.full((1, 6, 1), 200.0), {}, "float32 in .-1, 1., or uint8.*200.0"),
        (np.full((1, 6, 1), np.nan), {}, "nan"),
        (np.zeros((1, 6, 1)), {"space": "w"}, "has no mapping network"),
        (np.zeros((1, 6, 1)), {"space": "x"}, "`space` must be"),
        (np.zeros((1, 6, 1)), {"labels": 0}, "not conditional on a class"),
        (np.zeros((1, 6, 1)), {"steps": 0}, "`steps` must be an integer"),
        (np.zeros((1, 6, 1)), {"perceptual_weight": -1.0}, "must not be negative"),
    ],
)
def test_what_cannot_be_projected(images, options, message):
    with pytest.raises(ValueError, match=message):
        project(linear(kernel()), images, **options)


def test_other_conditions_are_refused():
    latents, vectors = keras.Input((3,)), keras.Input((2,))
    x = keras.layers.Concatenate()([latents, vectors])
    images = keras.layers.Reshape((2, 2, 1))(keras.layers.Dense(4)(x))
    network = keras.Model([latents, vectors], images)
    sampler = keras_gan.Sampler(network, Normal(3), conditions.Vector(2))
    with pytest.raises(ValueError, match="conditional on Vector"):
        project(sampler, np.zeros((2, 2, 1)))


def test_results_are_kept_in_a_file(tmp_path):
    sampler = linear(kernel())
    found = project(sampler, np.zeros((1, 6, 1)), steps=1, num_candidates=4)
    with np.load(found.save(tmp_path / "found.npz")) as arrays:
        np.testing.assert_array_equal(arrays["latents"], found.latents)
        assert str(arrays["space"]) == "z"


@pytest.mark.backends("torch", reason="tests/pretrained holds the network on all")
def test_the_features_tell_images_apart():
    differences = feature_differences((8, 8, 1), weights=None)
    images = np.random.default_rng(0).uniform(-1, 1, (2, 8, 8, 1)).astype("float32")
    same = keras.ops.convert_to_numpy(differences(images, images))
    other = keras.ops.convert_to_numpy(differences(images, -images))
    np.testing.assert_allclose(same, 0, atol=1e-5)
    assert (other > 1e-3).all()
    with pytest.raises(ValueError, match="2 channels"):
        feature_differences((8, 8, 2))
