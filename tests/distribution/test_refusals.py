"""What cannot be right on several devices is refused before it starts."""

from types import SimpleNamespace

import numpy as np
import pytest

import keras_gan
from keras_gan import backend
from keras_gan.validation import data as data_checks

only_tensorflow = pytest.mark.backends(
    "tensorflow", reason="tf.distribute is TensorFlow's"
)


def new_gan():
    generator, discriminator = keras_gan.architectures.mlp((2,), latent_dim=2)
    return keras_gan.GAN(generator, discriminator)


def trained_by(num_replicas, num_workers=1):
    extended = SimpleNamespace(_num_workers=num_workers)
    return SimpleNamespace(
        distribute_strategy=SimpleNamespace(
            num_replicas_in_sync=num_replicas, extended=extended
        )
    )


def test_a_batch_that_does_not_split_over_devices():
    with pytest.raises(ValueError, match=r"12 does not split into 8 .* times 4 dev"):
        data_checks.check_split(12, 2, 4)
    data_checks.check_split(16, 2, 4)


@only_tensorflow
def test_a_model_created_outside_of_the_scope():
    import tensorflow as tf

    gan = new_gan()
    strategy = tf.distribute.MirroredStrategy(["CPU:0"])
    said = "another scope than `compile`: the model, the discriminator, the generator"
    with strategy.scope(), pytest.raises(ValueError, match=said):
        gan.compile()


@only_tensorflow
def test_a_model_compiled_outside_of_the_scope():
    import tensorflow as tf

    with tf.distribute.MirroredStrategy(["CPU:0"]).scope():
        gan = new_gan()
    with pytest.raises(ValueError, match="inside one `with strategy.scope"):
        gan.compile()


@only_tensorflow
def test_an_array_whose_last_batch_does_not_split():
    with pytest.raises(ValueError, match=r"last batch of 3 .* `images\[:32\]`"):
        backend.check_data(trained_by(2), np.zeros((35, 2)), 16)
    backend.check_data(trained_by(2), np.zeros((36, 2)), 16)


@only_tensorflow
def test_an_array_for_several_workers():
    import tensorflow as tf

    images = np.zeros((32, 2), "float32")
    with pytest.raises(ValueError, match="which part of a ndarray"):
        backend.check_data(trained_by(2, num_workers=2), images, 16)
    dataset = tf.data.Dataset.from_tensor_slices(images).batch(16)
    backend.check_data(trained_by(2, num_workers=2), dataset, 16)


@pytest.mark.backends("jax", reason="JAX processes")
def test_several_jax_processes(monkeypatch):
    import jax
    import keras

    monkeypatch.setattr(jax, "process_count", lambda: 2)
    monkeypatch.setattr(jax, "device_count", lambda: 2)
    mend = r"JAX runs 2 processes with 2 devices.*DataParallel\(auto_shard_dataset=Fal"
    with pytest.raises(ValueError, match=mend):
        new_gan().compile()
    both = keras.distribution.DataParallel(devices=["cpu:0"])
    both.auto_shard_dataset = True
    with both.scope(), pytest.raises(ValueError, match="auto_shard_dataset=True, ove"):
        new_gan().compile()
    with pytest.raises(ValueError, match="which part of a ndarray"):
        backend.check_data(None, np.zeros((32, 2), "float32"), 16)


@pytest.mark.backends("torch", reason="torch processes")
def test_several_torch_processes(monkeypatch):
    import torch

    monkeypatch.setattr(torch.distributed, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.distributed, "get_world_size", lambda: 2)
    with pytest.raises(ValueError, match=r"torch.distributed runs 2 processes"):
        new_gan().compile()
