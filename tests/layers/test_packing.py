"""Examples on top of each other, and the game that is played with them."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan
from keras_gan import architectures, penalties
from keras_gan.layers import Packing

pytestmark = pytest.mark.usefixtures("eager")


def test_vectors_by_hand():
    x = ops.array([[1, 2], [3, 4], [5, 6], [7, 8]])
    y = ops.convert_to_numpy(Packing(2)(x))
    np.testing.assert_array_equal(y, [[1, 2, 3, 4], [5, 6, 7, 8]])


def test_images_lie_on_top_of_each_other():
    x = np.random.default_rng(0).normal(size=(6, 4, 5, 2)).astype("float32")
    y = ops.convert_to_numpy(Packing(3)(ops.array(x)))
    assert y.shape == (2, 4, 5, 6)
    for pack in range(2):
        expected = np.concatenate(list(x[3 * pack : 3 * pack + 3]), axis=-1)
        np.testing.assert_array_equal(y[pack], expected)


def test_shape_and_config():
    layer = Packing.from_config(Packing(2).get_config())
    assert layer.num_packed == 2
    assert layer.compute_output_shape((None, 3, 4, 5)) == (None, 3, 4, 10)
    assert layer.compute_output_shape((8, 5)) == (4, 10)


def test_refused():
    with pytest.raises(ValueError, match="batch of 7 cannot be packed by 2"):
        Packing(2).compute_output_shape((7, 5))
    with pytest.raises(ValueError, match="batch of 7 .* `drop_remainder=True`"):
        Packing(2)(np.ones((7, 5), "float32"))
    with pytest.raises(ValueError, match="`num_packed` must be an integer"):
        Packing(1.5)


PAIRS = {
    "mlp": lambda num_classes: architectures.mlp(
        (4, 4, 1), 4, num_classes, (8,), discriminator_units=(8,), num_packed=2
    ),
    "dcgan": lambda num_classes: architectures.dcgan(
        (4, 4, 1), 4, num_classes, width=4, num_packed=2
    ),
}


NOT_ON_JAX = pytest.mark.backends(
    "tensorflow", "torch", reason="JAX compiles two of the four games"
)


@pytest.mark.parametrize(
    ("pair", "num_classes", "loss"),  # each two of the settings meet
    [
        ("mlp", None, "relativistic_pairing"),
        pytest.param("mlp", 3, "non_saturating", marks=NOT_ON_JAX),
        pytest.param("dcgan", None, "non_saturating", marks=NOT_ON_JAX),
        ("dcgan", 3, "relativistic_pairing"),
    ],
)
def test_a_packed_game(pair, num_classes, loss, tmp_path):
    gan = keras_gan.GAN(*PAIRS[pair](num_classes), num_classes=num_classes, seed=0)
    gan.compile(loss=loss, discriminator_penalties=[penalties.R1(0.1)])
    before = [ops.convert_to_numpy(v) for v in gan.trainable_variables]
    x = np.random.default_rng(0).uniform(-1, 1, (8, 4, 4, 1)).astype("float32")
    labels = None if num_classes is None else np.arange(8) % 3
    inputs = x if num_classes is None else [x, labels]
    assert gan.discriminator(inputs).shape == (4, 1)
    history = gan.fit(x, labels, batch_size=8, verbose=0).history
    start = {"non_saturating": 2, "relativistic_pairing": 1}[loss] * np.log(2)
    assert history["d_loss"][0] == pytest.approx(start, abs=0.7)
    learned = list(zip(before, gan.trainable_variables, strict=True))
    if loss == "relativistic_pairing":  # where D's last bias cancels
        learned = [(old, v) for old, v in learned if v.shape != (1,)]
    for old, variable in learned:
        assert np.abs(ops.convert_to_numpy(variable) - old).max() > 0, variable.path
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(again.generate(3, seed=5), gan.generate(3, seed=5))


def test_a_projection_cannot_be_packed():
    with pytest.raises(ValueError, match='Use conditioning="concatenation"'):
        architectures.dcgan(num_classes=3, conditioning="projection", num_packed=2)


def test_a_label_is_packed_with_its_example():
    """The logit of a pack depends on the labels of all its members."""
    _, discriminator = architectures.mlp((2,), 4, 3, num_packed=2)
    x = ops.ones((2, 2))
    logits = [
        ops.convert_to_numpy(discriminator([x, ops.array(labels)]))[0, 0]
        for labels in ([0, 1], [0, 2], [1, 1])
    ]
    assert len(np.unique(logits)) == 3
