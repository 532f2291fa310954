"""Keras' callbacks that watch results and set rates, on adversarial models."""

import csv

import keras
import numpy as np
import pytest

import keras_gan
from keras_gan import architectures, metrics
from keras_gan.callbacks import Checkpoint
from keras_gan.callbacks.monitors import check_monitors

pytestmark = pytest.mark.usefixtures("eager")

DATA = np.random.default_rng(0).normal(size=(16, 2)).astype("float32")
RESULTS = {"g_loss": "min", "val_modes": "max", "val_kernel_distance": "min"}


def compiled(**kwargs):
    gan = keras_gan.GAN(*architectures.mlp((2,), 4, None, (4,), (4,)), seed=0)
    distance = metrics.KernelDistance(metrics.RawSamples(), 2, subset_size=8)
    gan.compile(metrics=[distance], num_metric_images=16, **kwargs)
    return gan


def fit(gan, *callbacks, **kwargs):
    kwargs = {"batch_size": 16, "epochs": 1, "verbose": 0, **kwargs}
    return gan.fit(DATA, callbacks=list(callbacks), **kwargs)


@pytest.mark.parametrize(("name", "mode"), RESULTS.items())
def test_auto_is_the_direction_of_the_result(name, mode, tmp_path):
    callbacks = [
        keras.callbacks.EarlyStopping(name),
        keras.callbacks.ReduceLROnPlateau(name),
        keras.callbacks.ModelCheckpoint(
            tmp_path / "x.keras", name, save_best_only=True
        ),
        Checkpoint(tmp_path, best=name),
    ]
    check_monitors(callbacks, RESULTS)
    assert [callback.mode for callback in callbacks] == [mode] * 4
    stop = keras.callbacks.EarlyStopping(name, mode="min")
    check_monitors([stop], RESULTS)
    assert stop.mode == "min"


def test_metrics_know_their_results_and_directions():
    raw = metrics.RawSamples()
    found = metrics.KernelDistance(raw, name="mmd").result_directions()
    assert found == {"mmd": "min", "mmd_std": "min", "mmd_error": "min"}
    coverage = metrics.MixtureCoverage([[0.0, 0.0]], 0.1, name="ring")
    assert coverage.result_directions() == {
        "ring_modes": "max",
        "ring_high_quality": "max",
        "ring_reverse_kl": "min",
    }
    coverage.update_fake(np.zeros((2, 2)))
    assert set(coverage.results()) == set(coverage.result_directions())


def test_every_epoch_is_watched():
    gan = compiled()
    stop = keras.callbacks.EarlyStopping("val_kernel_distance", patience=5)
    history = fit(gan, stop, epochs=2, validation_data=DATA).history
    assert stop.best == min(history["val_kernel_distance"])


@pytest.mark.parametrize(
    ("callback", "message"),
    [
        (keras.callbacks.EarlyStopping(), "'val_loss'.*'g_loss'.*metrics in `compile`"),
        (keras.callbacks.EarlyStopping("gloss"), "EarlyStopping watches 'gloss'"),
        (keras.callbacks.ReduceLROnPlateau("val_g_loss"), "Reduce.*'val_g_loss'"),
        (
            keras.callbacks.ModelCheckpoint("x.keras", "loss", save_best_only=True),
            "ModelCheckpoint watches 'loss'",
        ),
        (keras.callbacks.ModelCheckpoint("{val_fid:.2f}.keras"), "'val_fid'"),
        (keras.callbacks.ModelCheckpoint("x.h5"), "x.h5.*ends in `.keras`"),
        (keras.callbacks.TerminateOnNaN(), "TerminateOnNaN.*`loss`.*nonfinite='raise'"),
        (Checkpoint("x", best="val_fid"), "Checkpoint watches 'val_fid'"),
    ],
)
def test_what_cannot_work_is_refused_before_the_first_step(callback, message):
    gan = compiled()
    with pytest.raises(ValueError, match=message):
        fit(gan, callback, validation_data=DATA)
    assert int(gan.optimizer.iterations) == 0


def test_results_of_callbacks_of_the_users_may_be_watched():
    class Sharpness(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["sharpness_score"] = epoch

    stop = keras.callbacks.EarlyStopping("sharpness_score", patience=1)
    fit(compiled(), Sharpness(), stop, epochs=3)
    assert stop.best == 2


def test_logs_keep_their_columns_with_validation_freq(tmp_path):
    gan = compiled()
    logger = keras.callbacks.CSVLogger(tmp_path / "log.csv")
    history = fit(gan, logger, epochs=3, validation_data=DATA, validation_freq=2)
    with open(tmp_path / "log.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    for values in (
        [float(row["val_kernel_distance"]) for row in rows],
        history.history["val_kernel_distance"],
    ):
        assert [np.isfinite(value) for value in values] == [False, True, False]


class TestRates:
    """One learning rate of the model stands for both players, in their ratio."""

    def compiled(self):
        return compiled(
            discriminator_optimizer=keras.optimizers.Adam(4e-4),
            generator_optimizer=keras.optimizers.Adam(1e-4),
        )

    def rates(self, gan):
        return [float(o.learning_rate) for o in gan.optimizer.players.values()]

    @pytest.mark.parametrize(
        ("callback", "factor"),
        [
            (keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate), 1),
            (
                keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 4),
                1 / 4,
            ),
            (
                keras.callbacks.ReduceLROnPlateau(
                    "g_loss", patience=1, min_delta=99.0, factor=0.5
                ),
                1 / 2,
            ),
        ],
    )
    def test_callbacks(self, callback, factor):
        gan = self.compiled()
        epochs = 2 if isinstance(callback, keras.callbacks.ReduceLROnPlateau) else 1
        fit(gan, callback, epochs=epochs)
        assert self.rates(gan) == pytest.approx([4e-4 * factor, 1e-4 * factor])

    def test_zero_and_back(self):
        gan = self.compiled()
        for rate in (0.0, 2e-4):
            gan.optimizer.learning_rate = rate
            assert self.rates(gan) == pytest.approx([rate, rate / 4])

    def test_a_first_rate_of_zero_has_no_ratio(self):
        gan = self.compiled()
        gan.optimizer.players["discriminator"].learning_rate = 0.0
        with pytest.raises(ValueError, match="is 0.*no ratio.*each player's own"):
            gan.optimizer.learning_rate = 1e-4

    def test_schedules_are_not_overwritten(self):
        decay = keras.optimizers.schedules.CosineDecay(1e-3, 10)
        gan = compiled(generator_optimizer=keras.optimizers.Adam(decay))
        with pytest.raises(ValueError, match="generator follows a schedule, CosineDec"):
            gan.optimizer.learning_rate = 1e-4
        with pytest.raises(ValueError, match="generator follows a schedule"):
            fit(gan, keras.callbacks.ReduceLROnPlateau("g_loss"))
        assert int(gan.optimizer.iterations) == 0
