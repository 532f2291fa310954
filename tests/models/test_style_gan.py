"""A GAN of style-based networks: w, truncation, style mixing, penalties, resume."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan
from keras_gan import architectures, datasets, metrics, penalties, plotting

pytestmark = pytest.mark.usefixtures("eager")

SETTINGS = {"latent_dim": 6, "width": 4, "max_width": 6, "w_dim": 5}
SETTINGS |= {"num_mapping_layers": 2, "group_size": 2}


def number(tensor):
    return ops.convert_to_numpy(tensor)


def new_gan(num_classes=None, side=8, seed=0, **settings):
    keras.backend.clear_session(free_memory=False)
    keras.utils.set_random_seed(3)
    networks = architectures.stylegan2(
        (side, side, 1), num_classes=num_classes, **{**SETTINGS, **settings}
    )
    return keras_gan.GAN(*networks, num_classes=num_classes, seed=seed)


def compiled(gan, **settings):
    gan.compile(
        keras.optimizers.Adam(2e-3, beta_1=0.0),
        keras.optimizers.Adam(2e-3, beta_1=0.0),
        ema=keras_gan.EMA(100, ramp_up=0.5),
        **settings,
    )
    return gan


def data(num_classes=None, side=8):
    images = np.random.default_rng(0).integers(0, 256, (24, side, side, 1), "uint8")
    labels = num_classes and np.arange(24) % num_classes
    return datasets.Batches(images, labels, batch_size=8)


@pytest.fixture(scope="module", autouse=True)
def deterministic():
    """Threads that add in another order would differ in the last bit."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()


@pytest.fixture(scope="module")
def trained():
    """A conditional GAN after six steps: mean w, noise strengths and all have moved."""
    gan = compiled(new_gan(num_classes=3))
    gan.fit(data(3), epochs=2, verbose=0)
    return gan


def test_a_step_moves_the_mean_of_w_and_the_average_copies_it(trained):
    mean = number(trained.generator.mean_w)
    assert np.abs(mean).max() > 0
    np.testing.assert_array_equal(number(trained.ema_generator.mean_w), mean)
    assert type(trained.ema_generator) is architectures.StyleGenerator


def test_w_stands_between_latents_and_images(trained):
    latents = number(trained.prior.sample(5, seed=0))
    w = trained.map(latents, labels=1)
    assert w.shape == (5, 5)
    assert w.dtype == np.float32
    images = trained.synthesize(latents, labels=1)
    np.testing.assert_allclose(trained.synthesize(w=w), images, atol=1e-5)
    of_each_layer = np.repeat(w[:, None], trained.generator.num_ws, axis=1)
    np.testing.assert_allclose(trained.synthesize(w=of_each_layer), images, atol=1e-5)
    assert np.abs(trained.map(latents, labels=2) - w).max() > 1e-3


def test_truncation_in_w(trained):
    def generate(**kwargs):
        return trained.generate(3, seed=1, labels=0, **kwargs)

    plain = generate()
    np.testing.assert_allclose(generate(truncation_psi=1.0), plain, atol=1e-6)
    mean = trained.synthesize(w=number(trained.ema_generator.mean_w)[None])
    truncated = generate(truncation_psi=0.0)
    np.testing.assert_allclose(truncated, mean.repeat(3, axis=0), atol=1e-5)
    half = generate(truncation_psi=0.5)
    assert np.abs(half - plain).max() > 1e-4
    assert np.abs(half - generate(truncation_psi=0.5, truncation_cutoff=1)).max() > 0
    same = generate(truncation_psi=0.5, truncation_cutoff=0)
    np.testing.assert_allclose(same, plain, atol=1e-6)
    # Truncating the prior is another thing, and both go together.
    other = generate(truncation=0.5, truncation_psi=0.5)
    assert np.abs(other - half).max() > 1e-4


def test_what_is_refused(trained):
    latents = trained.prior.sample(2, seed=0)
    with pytest.raises(ValueError, match=r"`w` has the shape \(2, 6\)\. Expected"):
        trained.synthesize(w=latents)
    with pytest.raises(ValueError, match="Pass `w` alone"):
        trained.synthesize(latents, w=np.zeros((2, 5)))
    with pytest.raises(ValueError, match="Pass `latents`"):
        trained.synthesize()
    with pytest.raises(ValueError, match="`cutoff` must be at most 4.*Received: 9"):
        trained.generate(2, truncation_psi=0.5, truncation_cutoff=9)
    with pytest.raises(ValueError, match="`truncation_psi` must be a finite number"):
        trained.generate(2, truncation_psi=float("nan"))
    plain = keras_gan.GAN(*architectures.mlp((5,), 6, None, (8,), (8,)))
    for call in (
        lambda: plain.map(latents),
        lambda: plain.generate(2, truncation_psi=0.5),
        lambda: plain.synthesize(w=np.zeros((2, 5))),
    ):
        with pytest.raises(ValueError, match="has no mapping network"):
            call()


@pytest.mark.backends(
    "torch", reason="messages: no backend code, and torch builds fastest"
)
def test_halves_that_do_not_fit_are_refused():
    generator = new_gan().generator
    inputs = keras.Input((6,))
    other = keras.Model(inputs, keras.layers.Dense(7, name="mean")(inputs))
    with pytest.raises(ValueError, match=r"w of shape \(7,\).* takes \(4, 5\)"):
        architectures.StyleGenerator(other, generator.synthesis)
    nameless = keras.Model(inputs, keras.layers.Dense(5)(inputs))
    with pytest.raises(ValueError, match="has no layer named 'mean'"):
        architectures.StyleGenerator(nameless, generator.synthesis)
    with pytest.raises(ValueError, match="a probability, from 0 to 1. Received: 2"):
        architectures.StyleGenerator(generator.mapping, generator.synthesis, 2)
    with pytest.raises(ValueError, match="divisible by 4. Received: 30 x 32"):
        architectures.stylegan2((30, 32, 3), width=(8, 8, 8))


@pytest.mark.backends(
    "tensorflow",
    "torch",
    reason="JAX compiles every eager call, and mixes in test_killed.py",
)
def test_style_mixing_gives_the_later_layers_other_w():
    generator = new_gan(style_mixing=1.0).generator
    latents = keras.random.normal((3, 6), seed=0)
    w = number(generator.mapping(latents))[:, None]
    cutoffs = set()
    for _ in range(30):
        mixed = number(generator.training_w(latents, update_mean=False))
        is_own = (mixed == w).all(axis=2)
        assert (is_own == is_own[:1]).all(), "one place for a batch"
        cutoffs.add(int(is_own[0].sum()))
        assert (is_own[0] == (np.arange(4) < is_own[0].sum())).all()
    assert cutoffs == {1, 2, 3}
    assert not number(generator.mean_w).any()
    plain = new_gan(style_mixing=0.0).generator
    w = number(plain.training_w(latents))
    np.testing.assert_array_equal(w, w[:, :1].repeat(4, axis=1))
    np.testing.assert_allclose(
        number(plain.mean_w), 0.005 * w[:, 0].mean(axis=0), rtol=1e-4
    )


@pytest.mark.backends(
    "tensorflow",
    "torch",
    reason="JAX compiles every eager operation; test_noise_layers.py has JAX",
)
def test_noise_is_fresh_in_training_and_constant_at_inference():
    gan = new_gan(style_mixing=0.0)
    for layer in gan.generator.synthesis.layers:
        if layer.name.endswith("_noise"):
            layer.strength.assign(1.0)
    latents = gan.prior.sample(2, seed=0)
    first, second = (number(gan.generator(latents, training=True)) for _ in range(2))
    assert np.abs(first - second).max() > 1e-3
    one = gan.synthesize(latents[:1])
    np.testing.assert_allclose(gan.synthesize(latents)[:1], one, atol=1e-5)


def test_random_noise_follows_the_seed():
    gan = new_gan(noise="random")
    for layer in gan.generator.synthesis.layers:
        if layer.name.endswith("_noise"):
            layer.strength.assign(1.0)
    images = gan.generate(4, seed=5)
    np.testing.assert_array_equal(gan.generate(4, seed=5), images)
    same = gan.generate(4, seed=5, truncation_psi=1.0)
    np.testing.assert_allclose(same, images, atol=1e-5)
    latents = gan.prior.sample(1, seed=0)
    twice = gan.synthesize(ops.repeat(latents, 2, axis=0))
    assert np.abs(twice[0] - twice[1]).max() > 1e-3


def test_a_file_keeps_both_halves(trained, tmp_path):
    trained.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    generator = again.generator
    assert type(generator) is architectures.StyleGenerator
    assert (generator.num_ws, generator.w_dim, generator.style_mixing) == (4, 5, 0.9)
    latents = trained.prior.sample(3, seed=2)
    np.testing.assert_allclose(
        again.map(latents, labels=1), trained.map(latents, labels=1), atol=1e-6
    )
    np.testing.assert_allclose(
        again.generate(3, seed=0, truncation_psi=0.7),
        trained.generate(3, seed=0, truncation_psi=0.7),
        atol=1e-6,
    )


def state_of(gan):
    return {n: number(v).copy() for n, v in gan.checkpoint_variables().items()}


@pytest.mark.backends("torch", reason="test_killed.py has such a run on all")
def test_a_run_stopped_between_lazy_penalties_goes_on_exactly(tmp_path):
    """It stops at step 3. R1 is due at 0 and 4, path length at 2 and 4."""

    def lazy():
        return compiled(
            new_gan(side=4),  # one stage
            discriminator_penalties=[penalties.R1(1.0, interval=4)],
            generator_penalties=[penalties.PathLength(interval=2, batch_shrink=2)],
        )

    whole = lazy()
    logs = whole.fit(data(side=4), epochs=2, verbose=0).history
    assert np.isfinite(list(logs.values())).all()
    assert min(logs["generator_penalty"] + logs["penalty"]) > 0
    stopped = lazy()
    stopped.fit(data(side=4), epochs=1, verbose=0)
    stopped.save(tmp_path / "gan.keras")
    keras.backend.clear_session(free_memory=False)
    resumed = keras.saving.load_model(tmp_path / "gan.keras")
    resumed.fit(data(side=4), epochs=2, initial_epoch=1, verbose=0)
    tolerance = 1e-6 if keras.backend.backend() == "torch" else 0
    expected, found = state_of(whole), state_of(resumed)
    assert set(found) == set(expected)
    for name, array in expected.items():
        np.testing.assert_allclose(
            found[name], array, rtol=tolerance, atol=tolerance, err_msg=name
        )


@pytest.mark.backends(
    "tensorflow",
    "torch",
    reason="which networks is one on all; JAX trains by it in test_killed.py",
)
def test_the_path_length_of_w_reaches_both_networks():
    """The penalty alone moves the mapping network and the synthesis network."""
    gan = new_gan(style_mixing=0.0)
    gan.compile(
        keras.optimizers.SGD(0.0),
        keras.optimizers.SGD(1.0),
        loss=NoLoss(),
        generator_penalties=[penalties.PathLength(interval=1)],
    )
    before = [number(v).copy() for v in gan.generator.trainable_variables]
    gan.train_on_batch(np.zeros((4, 8, 8, 1), "float32"))
    moved = {
        v.path.split("/")[0]
        for old, v in zip(before, gan.generator.trainable_variables, strict=True)
        if not np.array_equal(old, number(v))
    }
    assert {"mapping_1", "stage_1_conv_2", "stage_2_to_images_style"} <= moved


class NoLoss(keras_gan.losses.AdversarialLoss):
    """Leaves the penalties alone in the losses."""

    def discriminator_loss(self, real_logits, fake_logits):
        return 0.0 * ops.mean(real_logits + fake_logits)

    def generator_loss(self, fake_logits, real_logits=None):
        return 0.0 * ops.mean(fake_logits)


def test_paths_in_w_and_a_table_of_mixed_styles(trained, tmp_path):
    metric = metrics.PerceptualPathLength(metrics.RawSamples(), 10, space="w")
    metric.update_sampler(trained.sampler, seed=0, batch_size=8)
    assert metric.result()["path_length"] > 0
    rows, columns = (trained.prior.sample(n, seed=n) for n in (2, 3))
    path = tmp_path / "mix.png"
    grid = plotting.style_mixing(
        trained, rows, columns, (0, 1), 1, padding=0, path=path
    )
    assert grid.size == (4 * 8, 3 * 8)
    assert path.exists()
    table = np.asarray(grid).reshape(3, 8, 4, 8).swapaxes(1, 2)
    assert (table[0, 0] == 255).all()
    everything = range(trained.generator.num_ws)
    all_of_column = plotting.style_mixing(
        trained, rows, columns, everything, 1, padding=0
    )
    cells = np.asarray(all_of_column).reshape(3, 8, 4, 8).swapaxes(1, 2)
    for row in (1, 2):
        np.testing.assert_array_equal(cells[row, 1:], cells[0, 1:])
    with pytest.raises(ValueError, match="`layers` must be from 0 to 3"):
        plotting.style_mixing(trained, rows, columns, (4,), 1)


@pytest.mark.backends("tensorflow", "torch", reason="JAX compiles for half a minute")
def test_float16_with_clipped_activations_trains():
    """As the authors compute their largest stages; no update is lost."""
    keras.config.set_dtype_policy("mixed_float16")
    try:
        networks = architectures.stylegan2((4, 4, 1), clip=256.0, **SETTINGS)
        gan = compiled(
            keras_gan.GAN(*networks, seed=0),
            discriminator_penalties=[penalties.R1(1.0)],
            generator_penalties=[penalties.PathLength(interval=1)],
            run_eagerly=True,
        )
        before = {n: a for n, a in state_of(gan).items() if a.size > 1}
        images = np.random.default_rng(0).uniform(-1, 1, (8, 4, 4, 1))
        for _ in range(2):
            logs = gan.train_on_batch(images.astype("float32"), return_dict=True)
    finally:
        keras.config.set_dtype_policy("float32")
    assert np.isfinite(list(logs.values())).all()
    assert min(logs["penalty"], logs["generator_penalty"]) > 0
    assert int(gan.optimizer.finite_check.num_skipped) == 0
    assert {"float16"} < {n.compute_dtype for n in gan.generator._flatten_layers()}
    moved = [
        n for n, a in state_of(gan).items() if n in before and (a != before[n]).any()
    ]
    kernels = [n for n in before if "kernel" in n and "optimizer" not in n]
    assert set(kernels) <= set(moved)
