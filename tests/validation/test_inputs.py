"""Data that cannot be learned from is refused before the first step."""

import keras
import numpy as np
import pytest

import keras_gan
from keras_gan import architectures
from keras_gan.validation import data as data_checks


def images(num=8, shape=(8, 8, 1)):
    return np.random.default_rng(0).uniform(-1, 1, (num, *shape)).astype("float32")


def new_gan(num_classes=None, **kwargs):
    pair = architectures.dcgan((8, 8, 1), 4, num_classes, width=2)
    gan = keras_gan.GAN(*pair, num_classes=num_classes)
    gan.compile(**kwargs)
    return gan


def assert_refused(gan, match, *data, **kwargs):
    """The error comes before any step: no weight has moved."""
    before = [keras.ops.convert_to_numpy(w) for w in gan.weights]
    with pytest.raises(ValueError, match=match):
        gan.fit(*data, verbose=0, **kwargs)
    for old, weight in zip(before, gan.weights, strict=True):
        np.testing.assert_array_equal(old, keras.ops.convert_to_numpy(weight))


class Batch(keras.utils.PyDataset):
    """A dataset of the given batches."""

    def __init__(self, *batches):
        super().__init__()
        self.batches = batches

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, index):
        return self.batches[index]


NOT_FINITE = images()
NOT_FINITE[3, 2, 2] = np.nan

BAD_IMAGES = {
    "integers": (
        np.zeros((8, 8, 8, 1), "int64"),
        r"int64. Expected float32 in \[-1, 1\], or uint8.*127.5 - 1",
    ),
    "bits": (np.arange(512, dtype="uint8").reshape(8, 8, 8, 1) % 2, r"images \* 255"),
    "short bytes": (np.zeros((8, 8, 8, 1), "int8"), "are int8. Expected float32"),
    "0 to 255": (images() * 127 + 127.5, r"Expected \[-1, 1\].*127.5 - 1"),
    "too wide": (images() * 1.5, r"Expected \[-1, 1\].*np.clip"),
    "not finite": (NOT_FINITE, "NaN or infinity"),
    "no channel": (images()[..., 0], r"images\[..., None\]"),
    "larger": (images(shape=(9, 8, 1)), r"\(8, 9, 8, 1\).*\('batch', 8, 8, 1\)"),
    "empty": (images(0), "empty"),
}


@pytest.mark.backends(
    "torch", reason="messages: no backend code, and torch builds fastest"
)
@pytest.mark.parametrize("name", BAD_IMAGES)
def test_bad_images(name):
    data, match = BAD_IMAGES[name]
    assert_refused(new_gan(), match, data)
    if len(data):
        assert_refused(new_gan(), match, Batch(data))


def test_bytes_are_pictures_but_not_vectors():
    data_checks.check_images(np.zeros((4, 8, 8, 1), "uint8"), (8, 8, 1))
    with pytest.raises(ValueError, match="are uint8. Expected float32. Where"):
        data_checks.check_images(np.zeros((4, 2), "uint8"), (2,))
    with pytest.raises(ValueError, match=r"images\[..., None\]"):
        data_checks.check_images(np.zeros((4, 8, 8), "uint8"), (8, 8, 1))


def test_channels_first():
    gan = keras_gan.GAN(*architectures.dcgan((8, 12, 3), 4, width=2))
    gan.compile()
    assert_refused(gan, r"channels last.*moveaxis", images(shape=(3, 8, 12)))


def test_vectors_have_no_range():
    gan = keras_gan.GAN(*architectures.mlp((2,), 4))
    gan.compile()
    history = gan.fit(images(shape=(2,)) * 100, verbose=0).history
    assert 0 < history["d_loss"][0] < 200  # D may be as wrong as the points are far


@pytest.mark.backends(
    "torch", reason="messages: no backend code, and torch builds fastest"
)
@pytest.mark.parametrize(
    ("labels", "match"),
    [
        (None, r"have no labels.*fit\(images, labels\)"),
        (np.arange(8), "run from 0 to 7.*expected 0 to 2"),
        (np.arange(8) % 3 - 1, "run from -1 to 1"),
        (np.arange(8) / 8, "are float64. Expected integers from 0 to 2"),
        (np.eye(3)[np.arange(8) % 3], "one-hot.*argmax"),
        (np.zeros((8, 2), "int32"), r"shape \(8, 2\). Expected \(8,\)"),
    ],
)
def test_bad_labels(labels, match):
    assert_refused(new_gan(num_classes=3), match, images(), labels)
    batch = images() if labels is None else (images(), labels)
    assert_refused(new_gan(num_classes=3), match, Batch(batch))


def test_batch_that_does_not_split():
    gan = new_gan(discriminator_steps=3)
    match = r"batch of 8 does not split into 3 equal parts.*6 or 9"
    assert_refused(gan, match, images(16), batch_size=8)
    assert_refused(gan, match, Batch(images(8)))
    assert_refused(gan, "batch of 32", images(64))


def test_empty_datasets():
    assert_refused(new_gan(), "gave no batch", Batch())
    assert_refused(new_gan(), "gave no batch", iter([]))


def test_dicts():
    assert_refused(
        new_gan(), r"dicts with the keys \['image'\]", Batch({"image": images()})
    )


@pytest.mark.backends("tensorflow", reason="tf.data")
def test_tf_data_without_batches():
    import tensorflow as tf

    dataset = tf.data.Dataset.from_tensor_slices(images())
    assert_refused(new_gan(), r"single examples.*\.batch\(", dataset)
    assert_refused(new_gan(), "gave no batch", dataset.take(0).batch(4))
    assert_refused(new_gan(), "gave no batch", dataset.batch(100, drop_remainder=True))


def test_fit_before_compile():
    gan = keras_gan.GAN(*architectures.mlp((2,), 4))
    with pytest.raises(ValueError, match="call `compile"):
        gan.fit(images(shape=(2,)))


def test_a_folder_without_images(tmp_path):
    with pytest.raises(ValueError, match=str(tmp_path)):
        keras_gan.datasets.load(str(tmp_path))
