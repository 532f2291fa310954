"""VAE: its bound by hand and where log p(x) is known, its files, what it refuses."""

import keras
import numpy as np
import pytest
from few_steps import FEW_STEPS, as_one
from keras import layers, ops

import keras_gan
from keras_gan import architectures, datasets, likelihoods
from keras_gan.layers import AutoregressiveDense
from keras_gan.models import VAE

BINARY = datasets.binarize(np.full((24, 4, 4, 1), 100, "uint8"), 0)


def new_vae(seed=0, **settings):
    keras.backend.clear_session(free_memory=False)
    keras.utils.set_random_seed(11)
    encoder = architectures.vae_encoder((4, 4, 1), 3, 4, 1, 8, context=4)
    generator = architectures.vae_generator((4, 4, 1), 3, 4, 1, 8)
    posterior = architectures.vae_posterior(3, context=4, units=8)
    vae = VAE(encoder, generator, posterior=posterior, seed=seed)
    vae.compile(keras.optimizers.Adam(1e-2), **FEW_STEPS | settings)
    return vae


def number(scalar):
    return float(ops.convert_to_numpy(scalar))


def arrays(model):
    return [ops.convert_to_numpy(weight) for weight in model.weights]


def test_the_bound_by_hand():
    vae = new_vae(kl_weight=0.5)
    images = (BINARY / 127.5 - 1).astype("float32")
    noise = np.random.default_rng(0).normal(size=(24, 3)).astype("float32")
    inputs = map(ops.convert_to_tensor, (images, noise))
    loss, logs = as_one(vae.negative_elbo)(*inputs)
    statistics, context = vae.encoder(ops.convert_to_tensor(images))
    statistics = vae.posterior([statistics, context, ops.convert_to_tensor(noise)])
    mean, log_sd = np.split(ops.convert_to_numpy(statistics), 2, axis=1)
    kl = 0.5 * (mean**2 + np.exp(2 * log_sd) - 1) - log_sd
    z = mean + np.exp(log_sd) * noise
    p = (1 + ops.convert_to_numpy(vae.generator(ops.convert_to_tensor(z)))) / 2
    white = (images + 1) / 2
    log_p = white * np.log(p) + (1 - white) * np.log(1 - p)
    expected = log_p.sum(axis=(1, 2, 3)).mean()
    assert number(logs["reconstruction"]) == pytest.approx(expected, rel=1e-5)
    assert number(logs["kl"]) == pytest.approx(kl.sum(axis=1).mean(), rel=1e-4)
    total = logs["reconstruction"] - logs["kl"]
    assert number(logs["elbo"]) == pytest.approx(number(total), rel=1e-5)
    assert number(loss) == pytest.approx(0.5 * kl.sum(1).mean() - expected, rel=1e-5)


def test_free_nats_and_a_schedule_of_the_weight():
    images = (BINARY / 127.5 - 1).astype("float32")
    inputs = [ops.convert_to_tensor(each) for each in (images, images[:, 0, :3, 0])]
    loss, logs = new_vae(free_nats=50.0).negative_elbo(*inputs)
    assert number(loss + logs["reconstruction"]) == pytest.approx(150, rel=1e-4)
    ramp = keras.optimizers.schedules.PolynomialDecay(0.0, 10, 1.0)
    loss, logs = new_vae(kl_weight=ramp).negative_elbo(*inputs)
    assert number(loss) == pytest.approx(-number(logs["reconstruction"]))


# A linear decoder with Gaussian noise: p(x) is a normal, and so is p(z | x).
WEIGHTS = np.array([[1.0, 0.3, -0.4], [0.2, -0.8, 0.5]], "float32")  # (latents, data)
SCALE = 0.6
POINTS = np.random.default_rng(4).normal(size=(5, 3)).astype("float32")


def linear_vae(exact):
    """A linear VAE, whose posterior is the exact one by a flow, or a wide one."""
    precision = np.eye(2) + WEIGHTS @ WEIGHTS.T / SCALE**2
    covariance = np.linalg.inv(precision)
    root = np.linalg.cholesky(covariance)  # z_i follows the noise of z_1 .. z_i
    to_mean = (covariance @ WEIGHTS / SCALE**2).T
    log_sd = np.log(np.diag(root)) if exact else np.zeros(2)
    encoder = dense(3, np.hstack([to_mean, np.zeros((3, 2))]), [0, 0, *log_sd])
    generator = dense(2, WEIGHTS, np.zeros(3))
    likelihood = likelihoods.Gaussian(SCALE, learned=False)
    posterior = None
    if exact:
        statistics, noise = keras.Input((4,)), keras.Input((2,))
        layer = AutoregressiveDense(4, 2, is_first=True, is_last=True)
        changed = layers.Add()([statistics, layer(noise)])
        posterior = keras.Model([statistics, noise], changed)
        kernel = np.hstack([root.T, np.zeros((2, 2))])
        layer.set_weights([kernel, np.zeros(4)])
    vae = VAE(encoder, generator, None, likelihood, posterior)
    vae.run_eagerly = True
    return vae


def dense(size, kernel, bias):
    layer = layers.Dense(len(bias))
    network = keras.Sequential([keras.Input((size,)), layer])
    layer.set_weights([np.array(kernel), np.array(bias)])
    return network


def exact_log_p():
    covariance = WEIGHTS.T @ WEIGHTS + SCALE**2 * np.eye(3)
    squares = np.einsum("ni,ij,nj->n", POINTS, np.linalg.inv(covariance), POINTS)
    return -0.5 * (squares + np.linalg.slogdet(2 * np.pi * covariance)[1])


@pytest.mark.parametrize("samples", [1, 7])
def test_with_the_exact_posterior_every_sample_gives_log_p(samples):
    found = linear_vae(exact=True).bound(POINTS, samples=samples, batch_size=3)
    np.testing.assert_allclose(found, exact_log_p(), rtol=1e-4)


def test_the_bound_grows_to_log_p():
    vae = linear_vae(exact=False)
    gaps = [
        exact_log_p().mean() - vae.bound(POINTS, samples=k, batch_size=4096).mean()
        for k in (1, 4000)
    ]
    assert gaps[0] > 0.2
    assert abs(gaps[1]) < 0.02


def test_a_bound_is_one_of_the_seed():
    vae = new_vae()
    again = [vae.bound(BINARY, samples=5, seed=s, batch_size=16) for s in (0, 0, 1)]
    np.testing.assert_array_equal(again[0], again[1])
    assert not np.array_equal(again[0], again[2])


def test_encode_reconstruct_and_generate():
    vae = new_vae()
    latents = vae.encode(BINARY, batch_size=10)
    assert latents.shape == (24, 3)
    assert not np.allclose(latents, vae.encode(BINARY, seed=0))
    np.testing.assert_allclose(
        vae.reconstruct(BINARY), vae.synthesize(latents), atol=1e-6
    )
    assert vae.generate(2, seed=0).shape == (2, 4, 4, 1)
    path = keras_gan.latents.interpolate(*latents[:2], 5)
    assert vae.synthesize(path).shape == (5, 4, 4, 1)


def data():
    return datasets.Batches(BINARY, batch_size=8, seed=3)


@pytest.mark.backends("torch", reason="tests/harness takes a file up on all")
def test_a_file_goes_on_as_if_nothing_had_happened(tmp_path):
    vae = new_vae(kl_weight=0.7)
    vae.fit(data(), epochs=1, verbose=0)
    vae.save(tmp_path / "vae.keras")
    vae.fit(data(), initial_epoch=1, epochs=2, verbose=0)
    again = keras.saving.load_model(tmp_path / "vae.keras")
    assert again.kl_weight == 0.7
    again.fit(data(), initial_epoch=1, epochs=2, verbose=0)
    for one, other in zip(arrays(vae), arrays(again), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


@pytest.mark.backends("torch", reason="test_killed.py takes checkpoints up on all")
def test_a_checkpoint_goes_on_as_if_nothing_had_happened(tmp_path):
    whole = new_vae(seed=1)
    whole.fit(data(), epochs=2, verbose=0)
    for epochs in (1, 2):
        vae = new_vae(seed=epochs)  # what goes on draws by the seed of what was saved
        checkpoint = keras_gan.callbacks.Checkpoint(tmp_path)
        vae.fit(data(), epochs=epochs, verbose=0, callbacks=[checkpoint])
    found, expected = (
        {
            name: ops.convert_to_numpy(v)
            for name, v in each.checkpoint_variables().items()
        }
        for each in (vae, whole)
    )
    assert set(found) == set(expected)
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-6, err_msg=name)


@pytest.mark.backends("tensorflow", "torch", reason="files: no backend code")
def test_a_preset_folder(tmp_path):
    vae = new_vae()
    vae.save_to_preset(tmp_path / "mine")
    sampler = keras_gan.from_preset(tmp_path / "mine")
    np.testing.assert_allclose(sampler.generate(2, seed=0), vae.generate(2, seed=0))
    again = keras_gan.AdversarialModel.from_preset(tmp_path / "mine")
    expected = vae.bound(BINARY, samples=2)
    np.testing.assert_allclose(again.bound(BINARY, samples=2), expected, rtol=1e-5)


def test_learns(tmp_path):
    vae = new_vae()
    vae.run_eagerly = False  # 36 steps are more than a trace
    history = vae.fit(data(), epochs=12, verbose=0).history
    assert set(history) == {"elbo", "reconstruction", "kl"}
    assert history["elbo"][-1] > history["elbo"][0] + 0.2


@pytest.mark.backends(
    "torch", reason="messages: no backend code, and torch builds fastest"
)
def test_grey_images_and_those_of_another_size_are_refused():
    vae = new_vae()
    grey = np.full((8, 4, 4, 1), 100, "uint8")
    with pytest.raises(ValueError, match=r"pixels that are 0 or 255, and 100.0% of"):
        vae.fit(grey, verbose=0)
    with pytest.raises(ValueError, match=r"pixels that are 0 or 255"):
        vae.bound(grey)
    for method in (vae.bound, vae.encode, vae.reconstruct):
        with pytest.raises(ValueError, match="the networks work on"):
            method(BINARY[:, :3])


@pytest.mark.backends(
    "torch", reason="messages: no backend code, and torch builds fastest"
)
def test_what_does_not_fit_is_refused():
    encoder, generator = architectures.mlp_vae((5,), 3, (4,), (4,))
    with pytest.raises(ValueError, match=r"Expected \[\(None, 4\)\]: a mean and a log"):
        VAE(encoder, architectures.mlp_vae_generator((5,), 2, (4,)))
    with pytest.raises(ValueError, match="Give them one shape"):
        VAE(encoder, architectures.mlp_vae_generator((4,), 3, (4,)))
    with pytest.raises(ValueError, match="in closed form for a standard normal"):
        VAE(encoder, generator, keras_gan.latents.Uniform(3))
    with pytest.raises(ValueError, match="takes no condition"):
        VAE(encoder, generator, condition=keras_gan.conditions.ClassLabels(3))
    with pytest.raises(ValueError, match="the encoder's outputs, and the noise"):
        VAE(encoder, generator, posterior=architectures.vae_posterior(3, 4, 8))
    statistics, noise = keras.Input((6,)), keras.Input((3,))
    changed = layers.Add()([statistics, layers.Dense(6)(noise)])
    posterior = keras.Model([statistics, noise], changed)
    with pytest.raises(ValueError, match="follows the noise of latent"):
        VAE(encoder, generator, posterior=posterior)
    vae = VAE(encoder, generator, likelihood="gaussian")
    with pytest.raises(ValueError, match="kl_weight"):
        vae.compile(kl_weight=-1.0)
