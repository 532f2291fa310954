"""`fit` takes what Keras takes, and sees all of it."""

import keras
import numpy as np
import pytest

import keras_gan
from keras_gan import architectures, datasets

POINTS = np.random.default_rng(0).normal(size=(24, 2)).astype("float32")
CLASSES = (np.arange(24) % 3).astype("int32")


class Recorder(keras_gan.GAN):
    """Keeps the real data it was shown."""

    def compile(self, **kwargs):
        self.shown, self.classes = [], []
        super().compile(run_eagerly=True, jit_compile=False, **kwargs)

    def minimize(self, player, loss_fn, real, fakes, labels=None):
        if player == "discriminator":
            self.shown.append(keras.ops.convert_to_numpy(real))
            if labels is not None:
                self.classes.append(keras.ops.convert_to_numpy(labels))
        return super().minimize(player, loss_fn, real, fakes, labels)


class Sequence(keras.utils.PyDataset):
    def __init__(self, *arrays):
        super().__init__()
        self.arrays = arrays

    def __len__(self):
        return 3

    def __getitem__(self, index):
        part = tuple(array[index * 8 : index * 8 + 8] for array in self.arrays)
        return part if len(part) > 1 else part[0]


def as_arrays(*arrays):
    return arrays, {"batch_size": 8}


def as_py_dataset(*arrays):
    return (Sequence(*arrays),), {}


def as_batches(*arrays):
    return (datasets.Batches(*arrays, batch_size=8),), {}


def as_generator(*arrays):
    def batches():
        for index in range(3):
            yield Sequence(*arrays)[index]

    return (batches(),), {"steps_per_epoch": 3}


def as_tf_data(*arrays):
    tf = pytest.importorskip("tensorflow")
    data = arrays if len(arrays) > 1 else arrays[0]
    return (tf.data.Dataset.from_tensor_slices(data).batch(8),), {}


def as_data_loader(*arrays):
    torch = pytest.importorskip("torch")
    tensors = [torch.from_numpy(array) for array in arrays]
    data = torch.utils.data.TensorDataset(*tensors)
    return (torch.utils.data.DataLoader(data, batch_size=8),), {}


KINDS = [
    as_arrays,
    as_py_dataset,
    as_batches,
    as_generator,
    as_tf_data,
    as_data_loader,
]


def by_row(array):
    return array[np.lexsort(array.T)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.backends("torch", reason="all take all kinds, with labels, below")
def test_unconditional(kind):
    gan = Recorder(*architectures.mlp((2,), 4, None, (8,), (8,)))
    gan.compile()
    data, kwargs = kind(POINTS)
    history = gan.fit(*data, **kwargs, verbose=0).history
    assert len(history["d_loss"]) == 1
    np.testing.assert_array_equal(by_row(np.concatenate(gan.shown)), by_row(POINTS))


@pytest.mark.parametrize("kind", KINDS)
def test_conditional(kind):
    gan = Recorder(*architectures.mlp((2,), 4, 3, (8,), (8,)), num_classes=3)
    gan.compile()
    data, kwargs = kind(POINTS, CLASSES)
    gan.fit(*data, **kwargs, verbose=0)
    shown = np.column_stack([np.concatenate(gan.shown), np.concatenate(gan.classes)])
    np.testing.assert_array_equal(
        by_row(shown), by_row(np.column_stack([POINTS, CLASSES]))
    )


def test_labels_are_left_aside_by_unconditional_networks():
    gan = Recorder(*architectures.mlp((2,), 4, None, (8,), (8,)))
    gan.compile()
    gan.fit(Sequence(POINTS, CLASSES), verbose=0)
    assert len(np.concatenate(gan.shown)) == 24
    assert gan.classes == []


def test_steps_per_epoch_of_a_seeded_dataset():
    gan = Recorder(*architectures.mlp((2,), 4, None, (8,), (8,)))
    gan.compile()
    data = datasets.ring(batch_size=8, steps_per_epoch=3)
    history = gan.fit(data, epochs=2, steps_per_epoch=5, verbose=0)
    assert len(gan.shown) == 10
    assert history.epoch == [0, 1]


@pytest.mark.backends(
    "tensorflow", "jax", reason="Keras has no steps_per_execution on torch"
)
def test_steps_per_execution():
    gan = keras_gan.GAN(*architectures.mlp((2,), 4, None, (8,), (8,)), seed=0)
    gan.compile(steps_per_execution=3)
    gan.fit(POINTS, batch_size=8, verbose=0)
    steps = gan.optimizer.players["generator"].iterations
    assert int(keras.ops.convert_to_numpy(steps)) == 3


LEVELS = np.random.default_rng(1).integers(0, 256, (24, 4, 4, 1), "uint8")


def learned(kind, images):
    """The weights after an epoch on images in their order."""
    keras.utils.set_random_seed(0)
    gan = keras_gan.GAN(*architectures.mlp((4, 4, 1), 4, None, (8,), (8,)), seed=0)
    gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
    data, kwargs = kind(images)
    gan.fit(*data, **kwargs, shuffle=False, verbose=0)
    return [keras.ops.convert_to_numpy(weight) for weight in gan.weights]


@pytest.fixture(scope="module")
def learned_from_floats():
    return learned(as_arrays, LEVELS.astype("float32") / 127.5 - 1)


@pytest.mark.parametrize("kind", [as_arrays, as_generator, as_tf_data])
def test_bytes_and_floats_end_at_equal_weights(kind, learned_from_floats):
    weights = learned(kind, LEVELS)
    for a, b in zip(weights, learned_from_floats, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_the_images_decide_the_weights(learned_from_floats):
    others = learned(as_arrays, LEVELS[::-1])
    pairs = zip(others, learned_from_floats, strict=True)
    assert any(np.abs(a - b).max() > 1e-3 for a, b in pairs)
