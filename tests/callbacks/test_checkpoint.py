"""A run that is stopped and resumed equals an uninterrupted one."""

import keras
import numpy as np
import pytest
import resumable
from resumable import EPOCHS, STEPS, data, new_gan, state_of

from keras_gan import checkpoints
from keras_gan.callbacks import Checkpoint

pytestmark = pytest.mark.usefixtures("eager")


class Stop(Exception):
    pass


class StopAt(keras.callbacks.Callback):
    """Raise `Stop` at the beginning of a step or the end of an epoch."""

    def __init__(self, epoch, step=None):
        super().__init__()
        self.stop_at = epoch, step

    def on_epoch_begin(self, epoch, logs=None):
        self.now = epoch

    def on_train_batch_begin(self, batch, logs=None):
        if (self.now, batch) == self.stop_at:
            raise Stop

    def on_epoch_end(self, epoch, logs=None):
        if (epoch, None) == self.stop_at:
            raise Stop


class RecordSteps(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.steps = []

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        self.steps.append((self._epoch, batch, float(logs["d_loss"])))


def assert_same(gan, expected):
    tolerance = 1e-6 if keras.backend.backend() == "torch" else 0
    state = state_of(gan)
    assert state.keys() == expected.keys()
    assert len(state) > 40
    for name, value in state.items():
        np.testing.assert_allclose(
            value, expected[name], rtol=tolerance, atol=tolerance, err_msg=name
        )


def assert_same_history(history, expected):
    assert history.epoch == expected.epoch
    assert history.history.keys() == expected.history.keys()
    for name, values in history.history.items():
        np.testing.assert_allclose(values, expected.history[name], rtol=1e-6)


@pytest.fixture(scope="module", autouse=True)
def deterministic():
    resumable.deterministic()


@pytest.fixture(scope="module")
def uninterrupted():
    gan, recorder = new_gan(), RecordSteps()
    history = gan.fit(data(), epochs=EPOCHS, verbose=0, callbacks=[recorder])
    return state_of(gan), history, recorder.steps


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The checkpoints of a run that was not stopped."""
    folder = tmp_path_factory.mktemp("finished")
    new_gan().fit(data(), epochs=EPOCHS, verbose=0, callbacks=[Checkpoint(folder)])
    return folder


on_torch = pytest.mark.backends(
    "torch", reason="steps are counted alike on all, where a state comes back exactly"
)


@pytest.mark.parametrize(
    ("stop_at", "every"),
    [
        # Some steps after the last checkpoint.
        pytest.param((2, 5), 4, id="later"),
        # Between two epochs.
        pytest.param((2, 0), "epoch", id="between"),
        # After an epoch's last step, before its end.
        pytest.param((1, None), 6, id="last step", marks=on_torch),
        # Within an epoch, at the step of the last checkpoint.
        pytest.param((1, 3), 1, id="at once", marks=on_torch),
        # In the first epoch.
        pytest.param((0, 2), 1, id="first", marks=on_torch),
        # After an epoch, whose last save was at its last step.
        pytest.param((2, 0), 1, id="saved", marks=on_torch),
    ],
)
def test_resumes_exactly(uninterrupted, tmp_path, stop_at, every):
    with pytest.raises(Stop):
        new_gan().fit(
            data(),
            epochs=EPOCHS,
            verbose=0,
            callbacks=[Checkpoint(tmp_path, every), StopAt(*stop_at)],
        )
    _, facts = checkpoints.read(checkpoints.latest(tmp_path))
    first = facts["epoch"] * STEPS + facts["step"]
    recorder = RecordSteps()
    gan = new_gan(seed=99)
    history = gan.fit(
        data(prefetch=2),
        epochs=EPOCHS,
        verbose=0,
        callbacks=[Checkpoint(tmp_path, every), recorder],
    )
    expected_state, expected_history, expected_steps = uninterrupted
    assert_same(gan, expected_state)
    assert_same_history(history, expected_history)
    steps = [step[:2] for step in recorder.steps]
    assert steps == [step[:2] for step in expected_steps[first:]]
    np.testing.assert_allclose(
        [step[2] for step in recorder.steps],
        [step[2] for step in expected_steps[first:]],
        rtol=1e-6,
    )


def test_a_finished_run_restores_its_history_and_trains_no_more(
    uninterrupted, finished
):
    gan, recorder = new_gan(seed=99), RecordSteps()
    again = gan.fit(
        data(), epochs=EPOCHS, verbose=0, callbacks=[Checkpoint(finished), recorder]
    )
    assert recorder.steps == []
    assert_same(gan, uninterrupted[0])
    assert_same_history(again, uninterrupted[1])


@on_torch
def test_more_epochs_train_on(tmp_path, uninterrupted):
    new_gan().fit(data(), epochs=2, verbose=0, callbacks=[Checkpoint(tmp_path)])
    gan = new_gan(seed=99)
    gan.fit(data(), epochs=EPOCHS, verbose=0, callbacks=[Checkpoint(tmp_path)])
    assert_same(gan, uninterrupted[0])


@pytest.mark.backends(
    "tensorflow", "jax", reason="Keras has no steps_per_execution on torch"
)
def test_several_steps_per_execution(tmp_path):
    expected = new_gan(steps_per_execution=2)
    expected.fit(data(), epochs=2, verbose=0)
    with pytest.raises(Stop):
        new_gan(steps_per_execution=2).fit(
            data(),
            epochs=2,
            verbose=0,
            callbacks=[Checkpoint(tmp_path, every=1), StopAt(1, 4)],
        )
    assert [p.name for p in checkpoints.listed(tmp_path)] == [
        "step_000000006.npz",
        "step_000000008.npz",
        "step_000000010.npz",
    ]
    gan = new_gan(seed=99, steps_per_execution=2)
    gan.fit(data(), epochs=2, verbose=0, callbacks=[Checkpoint(tmp_path)])
    assert_same(gan, state_of(expected))


@pytest.mark.backends(
    "tensorflow", "jax", reason="Keras has no steps_per_execution on torch"
)
def test_a_step_within_an_execution_is_refused(tmp_path):
    with pytest.raises(Stop):
        new_gan().fit(
            data(), verbose=0, callbacks=[Checkpoint(tmp_path, 3), StopAt(0, 4)]
        )
    with pytest.raises(ValueError, match="3 steps into its epoch.*execution of 2"):
        new_gan(steps_per_execution=2).fit(
            data(), verbose=0, callbacks=[Checkpoint(tmp_path)]
        )


@on_torch
def test_other_callbacks_keep_learning_rates_and_counters(tmp_path):
    def callbacks():
        return [
            keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.5),
            keras.callbacks.ReduceLROnPlateau(
                "d_loss", mode="min", patience=1, min_delta=9
            ),
            keras.callbacks.EarlyStopping(
                "d_loss", mode="min", patience=8, min_delta=9
            ),
        ]

    expected, counting = new_gan(), callbacks()
    history = expected.fit(data(), epochs=EPOCHS, verbose=0, callbacks=counting)
    for stop_at in [(1, 3), (2, 0)]:
        folder = tmp_path / str(stop_at)
        with pytest.raises(Stop):
            new_gan().fit(
                data(),
                epochs=EPOCHS,
                verbose=0,
                callbacks=[Checkpoint(folder, every=1), *callbacks(), StopAt(*stop_at)],
            )
        gan, counting_on = new_gan(seed=99), callbacks()
        again = gan.fit(
            data(),
            epochs=EPOCHS,
            verbose=0,
            callbacks=[Checkpoint(folder, every=1), *counting_on],
        )
        assert_same(gan, state_of(expected))
        assert_same_history(again, history)
        assert counting_on[2].wait == counting[2].wait > 1
        assert counting_on[1].best == pytest.approx(counting[1].best, rel=1e-6)


def test_unshuffled_arrays(tmp_path):
    options = {"epochs": 2, "verbose": 0, "batch_size": 16, "shuffle": False}
    expected = new_gan()
    expected.fit(resumable.points(), **options)
    with pytest.raises(Stop):
        new_gan().fit(
            resumable.points(),
            callbacks=[Checkpoint(tmp_path, every=1), StopAt(1, 4)],
            **options,
        )
    gan = new_gan(seed=99)
    gan.fit(resumable.points(), callbacks=[Checkpoint(tmp_path)], **options)
    assert_same(gan, state_of(expected))


def test_restore_outside_of_fit(uninterrupted, finished):
    gan = new_gan(seed=99)
    gan.restore(finished)
    assert_same(gan, uninterrupted[0])
    uncompiled = new_gan(seed=99)
    uncompiled = type(uncompiled)(uncompiled.generator, uncompiled.discriminator)
    uncompiled.restore(checkpoints.latest(finished))
    for name, value in state_of(uncompiled).items():
        if name.startswith(("generator/", "discriminator/")):
            np.testing.assert_allclose(value, uninterrupted[0][name], rtol=1e-6)
