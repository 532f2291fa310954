"""What a checkpoint says is checked before it is used."""

import keras
import numpy as np
import pytest

import keras_gan
from keras_gan import callbacks, checkpoints
from keras_gan.datasets import Batches

pytestmark = [
    pytest.mark.backends("torch", reason="no backend code: run once"),
    pytest.mark.usefixtures("eager"),
]


def resumed(tmp_path, change, *others):
    """Resume from a checkpoint whose facts were changed."""
    generator, discriminator = keras_gan.architectures.mlp((2,), 4, None, (8,), (8,))
    gan = keras_gan.GAN(generator, discriminator, seed=0)
    gan.compile()
    points = np.random.default_rng(0).uniform(-1, 1, (16, 2)).astype("float32")

    def fit(epochs):
        saving = callbacks.Checkpoint(tmp_path / "checkpoints")
        data = Batches(points, batch_size=8, shuffle=True)
        gan.fit(data, epochs=epochs, verbose=0, callbacks=[*others, saving])

    fit(1)
    path = checkpoints.latest(tmp_path / "checkpoints")
    arrays, facts = checkpoints.read(path)
    change(facts)
    checkpoints.write(path, arrays, facts)
    fit(2)


class Writer(keras.callbacks.Callback):
    def __init__(self, path):
        super().__init__()
        self.path, self.seen, self.least = path, 0, None

    def on_epoch_end(self, epoch, logs=None):
        self.seen += 1
        self.least = 0.5


def test_counters_come_back(tmp_path):
    one = Writer("notes.txt")

    def change(facts):
        assert facts["counters"]["Writer 0"] == {"seen": 1, "least": 0.5}
        facts["counters"]["Writer 0"] = {"seen": 40, "least": 0.1}

    resumed(tmp_path, change, one)
    assert (one.seen, one.path) == (41, "notes.txt")


@pytest.mark.parametrize(
    "attribute", ["path", "set_model", "_model", "on_epoch_end", "folder"]
)
def test_altered_counters_set_no_other_attributes(tmp_path, attribute):
    one = Writer("notes.txt")
    one.folder = "x"

    def change(facts):
        facts["counters"]["Writer 0"] = {attribute: 3}

    with pytest.raises(ValueError, match=f"would set `{attribute}` of Writer"):
        resumed(tmp_path, change, one)
    assert (one.path, one.folder) == ("notes.txt", "x")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epoch", "0; import os"),
        ("step", -1),
        ("num_steps", 1.5),
        ("best", "low"),
        ("history", {"epoch": [], "history": {"d_loss": "<b>"}}),
        ("counters", {"Writer 0": {"path": "/etc/passwd"}}),
        ("counters", []),
    ],
)
def test_altered_facts_are_refused(tmp_path, name, value):
    def change(facts):
        facts[name] = value

    with pytest.raises(checkpoints.DamagedCheckpoint, match=f"its `{name}` cannot be"):
        resumed(tmp_path, change)
