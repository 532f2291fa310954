"""A folder of images, and a run trained on it."""

import keras
import numpy as np
import pytest
from commands import run
from PIL import Image


@pytest.fixture(autouse=True, scope="session")
def as_the_other_tests():
    """The command line makes TensorFlow deterministic for a whole process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TF_DETERMINISTIC_OPS", "0")
        yield


@pytest.fixture(autouse=True)
def same_policy():
    yield
    keras.config.set_dtype_policy("float32")


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """Grey pictures of 8 x 8, 80 in each of two folders."""
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    for number in range(160):
        kind = folder / ("dark", "light")[number % 2]
        kind.mkdir(exist_ok=True)
        low, high = ((0, 100), (150, 256))[number % 2]
        values = rng.integers(low, high, (8, 8), "uint8")
        Image.fromarray(values).save(kind / f"{number:03}.png")
    return folder


@pytest.fixture(scope="session")
def train(pictures):
    """Train a perceptron on the pictures, for 10 steps in as many epochs."""

    def train(output, *options):
        size = ("--images", 80, "--batch-size", 8, "--checkpoint-every", 3)
        data = ("--data", pictures, *size)
        return run("train", "mlp", "--output", output, *data, *options)

    return train


@pytest.fixture(scope="session")
def trained(train, tmp_path_factory):
    """The folder of a finished run."""
    folder = tmp_path_factory.mktemp("runs") / "mlp"
    result = train(folder)
    assert result.exit_code == 0, result.output
    return folder
