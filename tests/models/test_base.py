"""The engine: what `minimize` does for every step."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan
from keras_gan import AdversarialModel, architectures, penalties

DATA = np.random.default_rng(0).normal(size=(32, 3)).astype("float32")


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


def linear(num_in=3, num_out=1, kernel=1.0, name=None, **kwargs):
    dense = layers.Dense(
        num_out,
        use_bias=False,
        kernel_initializer=keras.initializers.Constant(kernel),
        **kwargs,
    )
    return keras.Sequential([keras.Input((num_in,)), dense], name=name)


class Mean(AdversarialModel):
    """Moves a linear network by the gradient of its mean output."""

    def __init__(self, network, **kwargs):
        super().__init__({"network": network}, **kwargs)
        self.network = network

    def loss_fn(self, x):
        loss = ops.mean(ops.sum(ops.cast(self.network(x), "float32"), axis=-1))
        return loss, {"loss": loss}

    def adversarial_step(self, data):
        x, _ = self.unpack(data)
        return self.minimize("network", self.loss_fn, x)


def fit(model, data=DATA, batch_size=32, **kwargs):
    kwargs = {"shuffle": False, "verbose": 0, **kwargs}
    return model.fit(data, batch_size=batch_size, **kwargs).history


def test_a_step_is_the_gradient_by_hand():
    model = Mean(linear())
    model.compile({"network": keras.optimizers.SGD(0.5)})
    history = fit(model)
    kernel = numpy(model.network.weights[0])[:, 0]
    np.testing.assert_allclose(kernel, 1.0 - 0.5 * DATA.mean(axis=0), atol=1e-6)
    assert history["loss"] == [pytest.approx(DATA.sum(axis=1).mean(), abs=1e-5)]


def test_accumulated_parts_are_the_whole():
    model = Mean(linear())
    model.compile({"network": keras.optimizers.SGD(0.5)}, gradient_accumulation_steps=4)
    fit(model)
    kernel = numpy(model.network.weights[0])[:, 0]
    np.testing.assert_allclose(kernel, 1.0 - 0.5 * DATA.mean(axis=0), atol=1e-6)


def test_float16_moves_by_the_whole_gradient():
    """A step that forgot the loss scale would move by 1/32768 of it, or 32768 times."""
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = Mean(linear())
    finally:
        keras.config.set_dtype_policy("float32")
    model.compile({"network": keras.optimizers.SGD(1.0)})
    optimizer = model.optimizer.players["network"]
    assert isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
    fit(model, np.ones((32, 3), "float32"))
    np.testing.assert_allclose(numpy(model.network.weights[0]), 0.0, atol=1e-3)


class CriticAndGenerator(AdversarialModel):
    """A critic with dropout and statistics, and a generator; `order` of the updates."""

    log_names = ("c", "g")

    def __init__(self, order=("critic", "generator"), **kwargs):
        keras.utils.set_random_seed(0)
        self_generator = linear(3, 3, 0.5, name="generator")
        x = points = keras.Input((3,))
        x = layers.BatchNormalization()(layers.Dense(8)(x))
        x = layers.Dropout(0.5, seed=7)(x)
        critic = keras.Model(points, layers.Dense(1)(x), name="critic")
        super().__init__({"critic": critic, "generator": self_generator}, **kwargs)
        self.critic, self.generator, self.order = critic, self_generator, order

    def losses(self, x):
        real = ops.mean(self.critic(x, training=True))
        fake = ops.mean(self.critic(self.generator(x), training=True))
        return real - fake, real + fake

    def adversarial_step(self, data):
        x, _ = self.unpack(data)
        logs = {"c": ops.zeros(()), "g": ops.zeros(())}
        for player in self.order:
            name = player[0]

            def loss_fn(x, name=name):
                c, g = self.losses(x)
                return (c, {"c": c}) if name == "c" else (g, {"g": g})

            logs |= self.minimize(player, loss_fn, x)
        return logs


def dropout_state(model):
    (state,) = [v for v in model.critic.variables if v.name == "seed_generator_state"]
    return numpy(state)


def test_networks_that_do_not_move_keep_their_statistics():
    model = CriticAndGenerator(order=("generator",))
    model.compile({"critic": "sgd", "generator": "sgd"})
    before = [numpy(w).copy() for w in model.critic.weights]
    start = numpy(model.generator.weights[0]).copy()
    fit(model)
    for old, weight in zip(before, model.critic.weights, strict=True):
        np.testing.assert_array_equal(old, numpy(weight))
    assert not np.array_equal(start, numpy(model.generator.weights[0]))
    moved = CriticAndGenerator(order=("critic",))
    moved.compile({"critic": "sgd", "generator": "sgd"})
    fit(moved)
    pairs = zip(before, moved.critic.weights, strict=True)
    changed = {w.name for old, w in pairs if not np.array_equal(old, numpy(w))}
    assert changed >= {"kernel", "gamma", "moving_mean", "moving_variance"}


@pytest.mark.parametrize(
    "order", [("critic",), ("generator",), ("generator", "critic")]
)
def test_random_states_advance_whoever_moves(order):
    """Two draws for each update: one mask for the real data, another for the fakes."""
    model = CriticAndGenerator(order)
    model.compile({"critic": "sgd", "generator": "sgd"})
    before = dropout_state(model).copy()
    fit(model)
    assert dropout_state(model)[1] - before[1] == 2 * len(order)


def augmented_gan(**settings):
    """A GAN that draws latents, augmentations, and points of lazy penalties."""
    keras.utils.set_random_seed(0)
    gan = keras_gan.GAN(*architectures.dcgan((8, 8, 1), 4, width=2), seed=0)
    gan.compile(
        loss="relativistic_pairing",
        discriminator_penalties=[
            penalties.GradientPenalty(1.0, interval=2),
            penalties.R1(1.0, interval=2),
        ],
        augment=keras_gan.augment.DiffAugment(),
        **settings,
    )
    images = np.random.default_rng(0).uniform(-1, 1, (16, 8, 8, 1)).astype("float32")
    return gan, images


@pytest.mark.backends("tensorflow", "torch", reason="JAX traces an eager step too")
def test_no_key_is_drawn_with_twice():
    gan, images = augmented_gan(run_eagerly=True)
    keys, advance = [], gan.seed_generator.next

    def record(ordered=True):
        key = advance(ordered)
        keys.append(tuple(numpy(key).tolist()))
        return key

    gan.seed_generator.next = record
    fit(gan, images, batch_size=4)
    assert len(keys) > 20
    assert len(set(keys)) == len(keys)


def test_every_draw_of_a_step_advances_the_state():
    """D: latents, two views, a share, a view for each penalty. G: latents, two views.

    A compiled step counts the draws of a lazy penalty whether it is due or not.
    """
    gan, images = augmented_gan()
    fit(gan, images, batch_size=4)
    skipped = 2 * 2 if keras.backend.backend() == "torch" else 0
    assert numpy(gan.seed_generator.state)[1] == 4 * 9 - skipped


def test_a_shared_layer_counts_once():
    shared = layers.Dense(4, name="shared")
    nets = []
    for _ in range(2):
        x = keras.Input((3,))
        nets.append(keras.Model(x, layers.Dense(1)(shared(x))))

    class Pair(AdversarialModel):
        def adversarial_step(self, data):
            x, _ = self.unpack(data)

            def loss_fn(x):
                loss = sum(ops.mean(network(x)) for network in nets)
                return loss, {"loss": loss}

            return self.minimize("pair", loss_fn, x)

    model = Pair({"pair": nets})
    model.compile({"pair": keras.optimizers.SGD(1.0, momentum=0.9)})
    assert len(model.optimizer.players["pair"]._trainable_variables) == 6
    before = numpy(shared.kernel).copy()
    heads = [numpy(net.layers[-1].kernel).copy() for net in nets]
    fit(model)
    slope = DATA.mean(axis=0)[:, None] * sum(heads)[:, 0][None]
    np.testing.assert_allclose(numpy(shared.kernel), before - slope, atol=1e-5)


def test_what_is_not_in_use_keeps_its_value():
    """Momentum of earlier steps would move it on."""

    class InPart(Mean):
        in_use = slice(None)

        def moved_variables(self, player):
            return super().moved_variables(player)[self.in_use]

    network = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    model = InPart(network)
    model.compile({"network": keras.optimizers.Adam(0.1)}, run_eagerly=True)
    values = [[numpy(v).copy() for v in network.weights]]
    for in_use in (slice(None), slice(1)):
        model.in_use = in_use
        model.train_on_batch(DATA)
        values.append([numpy(v).copy() for v in network.weights])
    kernels, biases = zip(*values, strict=True)
    assert not np.array_equal(biases[0], biases[1])
    np.testing.assert_array_equal(biases[1], biases[2])
    assert not np.array_equal(kernels[1], kernels[2])


def test_players_that_move_at_once():
    class Both(Mean):
        def __init__(self):
            AdversarialModel.__init__(self, {"a": linear(), "b": linear(kernel=2.0)})

        def adversarial_step(self, data):
            x, _ = self.unpack(data)

            def losses(x):
                (a,), (b,) = self.players["a"], self.players["b"]
                product = ops.mean(a(x) * b(x))
                return {"a": product, "b": -product}, {"product": product}

            return self.minimize(("a", "b"), losses, x)

    model = Both()
    model.compile({"a": keras.optimizers.SGD(0.1), "b": keras.optimizers.SGD(0.1)})
    fit(model)
    moment = DATA.T @ DATA.sum(axis=1) / len(DATA)
    (a,), (b,) = model.players["a"], model.players["b"]
    np.testing.assert_allclose(
        numpy(a.weights[0])[:, 0], 1.0 - 0.1 * 2.0 * moment, atol=1e-5
    )
    np.testing.assert_allclose(
        numpy(b.weights[0])[:, 0], 2.0 + 0.1 * 1.0 * moment, atol=1e-5
    )


def test_the_names_of_the_logs_are_found_by_tracing():
    model = Mean(linear())
    model.compile({"network": "sgd"})
    assert model.metrics == []
    before = numpy(model.network.weights[0]).copy()
    model._trace_log_names(DATA, None)
    assert [metric.name for metric in model.metrics] == ["loss"]
    np.testing.assert_array_equal(before, numpy(model.network.weights[0]))


def test_an_error_in_a_step_is_told_as_it_is():
    class Broken(Mean):
        def loss_fn(self, x):
            return self.nothing(x)

    model = Broken(linear())
    model.compile({"network": "sgd"})
    with pytest.raises(AttributeError, match="^.Broken. object has no attribute"):
        fit(model)


def test_logs_of_other_names_than_declared():
    model = Mean(linear())
    model.log_names = ("error",)
    model.compile({"network": "sgd"}, run_eagerly=True)
    with pytest.raises(ValueError, match=r"logs \['loss'\].* are \['error'\]"):
        fit(model)


def test_what_cannot_be_minimized():
    class Wrong(Mean):
        player, shape, log_names = "network", (), ()

        def __init__(self, **settings):
            super().__init__(linear())
            self.compile({"network": "sgd"}, run_eagerly=True)
            vars(self).update(settings)

        def adversarial_step(self, data):
            x, _ = self.unpack(data)
            loss = lambda x: (ops.zeros(self.shape) + ops.mean(self.network(x)), {})  # noqa: E731
            return self.minimize(self.player, loss, x)

    with pytest.raises(ValueError, match=r"loss of 'network' has the shape \(2,\)"):
        fit(Wrong(shape=(2,)))
    with pytest.raises(ValueError, match=r"no player 'nobody'. There are: \['network'"):
        fit(Wrong(player="nobody"))
    with pytest.raises(ValueError, match="must be a `keras.Model`"):
        AdversarialModel({"a": "network"})
    with pytest.raises(ValueError, match="must be a dict from names to networks"):
        AdversarialModel([linear()])
    with pytest.raises(ValueError, match="has no weights yet. Build it"):
        AdversarialModel({"a": keras.Sequential([layers.Dense(1)])})
    with pytest.raises(ValueError, match="dict with one optimizer for each player"):
        Wrong().compile({"other": "sgd"})


def gan(**settings):
    keras.utils.set_random_seed(0)
    made = keras_gan.GAN(*architectures.mlp((3,), 4, None, (8,), (8,)), seed=0)
    made.compile(**settings)
    return made


@pytest.mark.parametrize(
    ("unknown", "message"),
    [
        ({"optimizer": "adam"}, "discriminator_optimizer=.*generator_optimizer="),
        ({"penalties": []}, "Did you mean `discriminator_penalties` or"),
        ({"generator_optimiser": "adam"}, "Did you mean `generator_optimizer`"),
        ({"xyz": 1}, "has no argument .'xyz'"),
    ],
)
def test_unknown_arguments_of_compile_are_refused(unknown, message):
    with pytest.raises(ValueError, match=message):
        gan(**unknown)


def test_unknown_arguments_of_evaluate_are_refused():
    with pytest.raises(ValueError, match="evaluate.*Did you mean `num_images`"):
        gan().evaluate(DATA, num_image=10)


def test_metrics_of_compile_are_seen():
    distance = keras_gan.metrics.FrechetDistance(keras_gan.metrics.RawSamples())
    model = gan(metrics=[distance])
    names = [metric.name for metric in model.metrics]
    assert names == ["d_loss", "g_loss", "real_score", "fake_score", "frechet_distance"]
    history = fit(model)
    assert set(history) == {"d_loss", "g_loss", "real_score", "fake_score"}


@pytest.mark.backends(
    "torch", reason="messages: no backend code, and torch builds fastest"
)
def test_own_loops_have_the_checks_of_fit():
    model = keras_gan.GAN(*architectures.dcgan((8, 8, 1), 4, width=2), seed=0)
    model.compile(discriminator_steps=2)
    images = np.random.default_rng(0).uniform(0, 255, (4, 8, 8, 1)).astype("float32")
    with pytest.raises(ValueError, match=r"lie in \[.*25\d.*Expected \[-1, 1\]"):
        model.train_on_batch(images)
    with pytest.raises(ValueError, match="does not split into 2"):
        model.train_on_batch(images[:3] / 127.5 - 1)
    with pytest.raises(ValueError, match="`class_weight` was passed.*Sample the data"):
        model.train_on_batch(images / 127.5 - 1, class_weight={0: 1.0})
    logs = model.train_on_batch(images / 127.5 - 1, return_dict=True)
    assert set(logs) == {"d_loss", "g_loss", "real_score", "fake_score"}


@pytest.mark.parametrize("nonfinite", ["raise", "skip"])
def test_own_loops_have_the_error_of_fit(nonfinite):
    model = gan(nonfinite=nonfinite)
    model.train_on_batch(DATA)
    before = [numpy(w).copy() for w in model.weights]
    for weight in model.generator.weights[:1]:
        weight.assign(ops.full(weight.shape, np.inf))
    spoilt = [numpy(w).copy() for w in model.weights]
    if nonfinite == "raise":
        with pytest.raises(
            FloatingPointError, match="discriminator's loss.*this batch"
        ):
            model.train_on_batch(DATA)
    else:
        model.train_on_batch(DATA)
    for old, weight in zip(spoilt, model.weights, strict=True):
        np.testing.assert_array_equal(old, numpy(weight))
    assert len(before) == len(spoilt)


def test_path_length_of_a_linear_generator():
    """G(z) = z W: J^T y is W y, of squared length y^T W^T W y."""
    kernel = np.array([[3.0, 0.0], [0.0, 0.0]], "float32")
    penalty = penalties.PathLength(weight=2.0, interval=1, decay=0.5)
    seed = keras.random.SeedGenerator(0)
    noise = numpy(keras.random.normal((5, 2), seed=keras.random.SeedGenerator(0)))
    lengths = np.abs(3.0 * noise[:, 0])
    mean = 0.5 * lengths.mean()
    value = penalty(
        lambda z: ops.matmul(z, kernel), lambda: ops.ones((5, 2)), ops.array(0), seed
    )
    expected = 2.0 * ((lengths - mean) ** 2).mean()
    assert float(numpy(value)) == pytest.approx(expected, rel=1e-4)
    assert float(numpy(penalty.mean_length)) == pytest.approx(mean, rel=1e-4)


@pytest.mark.parametrize("cls", [keras_gan.GAN, keras_gan.models.SimultaneousGAN])
def test_a_generator_penalty_is_trained_logged_and_saved(cls, tmp_path):
    keras.utils.set_random_seed(0)
    model = cls(*architectures.mlp((3,), 4, None, (8,), (8,)), seed=0)
    model.compile(generator_penalties=[penalties.PathLength(interval=2)])
    history = fit(model, batch_size=8)
    assert history["generator_penalty"][0] > 0
    mean = float(numpy(model.generator_penalties[0].mean_length))
    assert mean > 0
    model.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    penalty = again.generator_penalties[0]
    assert (penalty.interval, penalty.weight) == (2, 2.0)
    assert float(numpy(penalty.mean_length)) == pytest.approx(mean)
    with pytest.raises(ValueError, match=r"`generator_penalties` must be.*PathLength"):
        model.compile(generator_penalties=[penalties.R1()])
