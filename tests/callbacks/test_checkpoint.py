"""A run that was stopped goes on as if it never had been."""

import keras
import numpy as np
import pytest
import resumable
from resumable import EPOCHS, STEPS, data, new_gan, state_of

from keras_gan import checkpoints
from keras_gan.callbacks import Checkpoint


class Stop(Exception):
    pass


class StopAt(keras.callbacks.Callback):
    """Break off, at the beginning of a step or the end of an epoch."""

    def __init__(self, epoch, step=None):
        super().__init__()
        self.place = epoch, step

    def on_epoch_begin(self, epoch, logs=None):
        self.now = epoch

    def on_train_batch_begin(self, batch, logs=None):
        if (self.now, batch) == self.place:
            raise Stop

    def on_epoch_end(self, epoch, logs=None):
        if (epoch, None) == self.place:
            raise Stop


class Heard(keras.callbacks.Callback):
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
def undisturbed():
    gan, heard = new_gan(), Heard()
    history = gan.fit(data(), epochs=EPOCHS, verbose=0, callbacks=[heard])
    return state_of(gan), history, heard.steps


@pytest.mark.parametrize(
    ("place", "every"),
    [
        ((1, 3), 1),  # in mid-epoch, at the very step
        ((2, 5), 4),  # some steps after the last checkpoint
        ((1, None), 6),  # after an epoch's last step, before its end
        ((3, 0), "epoch"),  # between two epochs
        ((0, 2), 1),  # in the first epoch
        ((2, 0), 1),  # after an epoch, whose last save was at its last step
    ],
)
def test_goes_on_where_it_stopped(undisturbed, tmp_path, place, every):
    with pytest.raises(Stop):
        new_gan().fit(
            data(),
            epochs=EPOCHS,
            verbose=0,
            callbacks=[Checkpoint(tmp_path, every), StopAt(*place)],
        )
    _, facts = checkpoints.read(checkpoints.latest(tmp_path))
    first = facts["epoch"] * STEPS + facts["step"]
    heard = Heard()
    gan = new_gan(seed=99)
    history = gan.fit(
        data(prefetch=2),
        epochs=EPOCHS,
        verbose=0,
        callbacks=[Checkpoint(tmp_path, every), heard],
    )
    expected_state, expected_history, expected_steps = undisturbed
    assert_same(gan, expected_state)
    assert_same_history(history, expected_history)
    steps = [step[:2] for step in heard.steps]
    assert steps == [step[:2] for step in expected_steps[first:]]
    np.testing.assert_allclose(
        [step[2] for step in heard.steps],
        [step[2] for step in expected_steps[first:]],
        rtol=1e-6,
    )


def test_a_run_that_is_done_has_its_history_and_trains_no_more(undisturbed, tmp_path):
    new_gan().fit(data(), epochs=EPOCHS, verbose=0, callbacks=[Checkpoint(tmp_path)])
    gan, heard = new_gan(seed=99), Heard()
    again = gan.fit(
        data(), epochs=EPOCHS, verbose=0, callbacks=[Checkpoint(tmp_path), heard]
    )
    assert heard.steps == []
    assert_same(gan, undisturbed[0])
    assert_same_history(again, undisturbed[1])


def test_more_epochs_train_on(tmp_path, undisturbed):
    new_gan().fit(data(), epochs=2, verbose=0, callbacks=[Checkpoint(tmp_path)])
    gan = new_gan(seed=99)
    gan.fit(data(), epochs=EPOCHS, verbose=0, callbacks=[Checkpoint(tmp_path)])
    assert_same(gan, undisturbed[0])


@pytest.mark.backends(
    "tensorflow", "jax", reason="Keras has no steps_per_execution on torch"
)
def test_executions_of_several_steps(tmp_path):
    whole = new_gan(steps_per_execution=2)
    whole.fit(data(), epochs=2, verbose=0)
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
    assert_same(gan, state_of(whole))


@pytest.mark.backends(
    "tensorflow", "jax", reason="Keras has no steps_per_execution on torch"
)
def test_a_place_within_an_execution_is_refused(tmp_path):
    with pytest.raises(Stop):
        new_gan().fit(
            data(), verbose=0, callbacks=[Checkpoint(tmp_path, 3), StopAt(0, 4)]
        )
    with pytest.raises(ValueError, match="3 steps into its epoch.*execution of 2"):
        new_gan(steps_per_execution=2).fit(
            data(), verbose=0, callbacks=[Checkpoint(tmp_path)]
        )


def test_learning_rates_and_counters_of_other_callbacks(tmp_path):
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

    whole, counting = new_gan(), callbacks()
    history = whole.fit(data(), epochs=EPOCHS, verbose=0, callbacks=counting)
    for place in [(1, 3), (2, 0)]:
        folder = tmp_path / str(place)
        with pytest.raises(Stop):
            new_gan().fit(
                data(),
                epochs=EPOCHS,
                verbose=0,
                callbacks=[Checkpoint(folder, every=1), *callbacks(), StopAt(*place)],
            )
        gan, counting_on = new_gan(seed=99), callbacks()
        again = gan.fit(
            data(),
            epochs=EPOCHS,
            verbose=0,
            callbacks=[Checkpoint(folder, every=1), *counting_on],
        )
        assert_same(gan, state_of(whole))
        assert_same_history(again, history)
        assert counting_on[2].wait == counting[2].wait > 2
        assert counting_on[1].best == pytest.approx(counting[1].best, rel=1e-6)


def test_arrays_in_their_order(tmp_path):
    options = {"epochs": 2, "verbose": 0, "batch_size": 16, "shuffle": False}
    whole = new_gan()
    whole.fit(resumable.points(), **options)
    with pytest.raises(Stop):
        new_gan().fit(
            resumable.points(),
            callbacks=[Checkpoint(tmp_path, every=1), StopAt(1, 4)],
            **options,
        )
    gan = new_gan(seed=99)
    gan.fit(resumable.points(), callbacks=[Checkpoint(tmp_path)], **options)
    assert_same(gan, state_of(whole))


def test_restore_outside_of_fit(undisturbed, tmp_path):
    new_gan().fit(data(), epochs=EPOCHS, verbose=0, callbacks=[Checkpoint(tmp_path)])
    gan = new_gan(seed=99)
    gan.restore(tmp_path)
    assert_same(gan, undisturbed[0])
    bare = new_gan(seed=99)
    bare = type(bare)(bare.generator, bare.discriminator)
    bare.restore(checkpoints.latest(tmp_path))
    for name, value in state_of(bare).items():
        if name.startswith(("generator/", "discriminator/")):
            np.testing.assert_allclose(value, undisturbed[0][name], rtol=1e-6)
