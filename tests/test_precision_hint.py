"""The hint at bfloat16: where it helps, in one line, once."""

from pathlib import Path

import keras
import pytest

import keras_gan
from keras_gan import architectures, precision

only_tensorflow = pytest.mark.backends(
    "tensorflow", reason="the hint was measured on TensorFlow only"
)


@pytest.fixture
def processor(monkeypatch):
    """A processor with the flags that a test gives it."""

    def with_flags(flags):
        monkeypatch.setattr(Path, "read_text", lambda *_, **__: f"flags : {flags}\n")
        precision.processor_has_bfloat16.cache_clear()
        precision.suggest.cache_clear()

    yield with_flags
    monkeypatch.undo()
    precision.processor_has_bfloat16.cache_clear()
    precision.suggest.cache_clear()


def gan_of(pair):
    gan = keras_gan.GAN(*pair)
    gan.compile()
    return gan


@pytest.mark.parametrize(
    ("flags", "expected"),
    [("fpu avx512f avx512_bf16 sha", True), ("fpu avx512f", False)],
)
def test_flags(processor, flags, expected):
    processor(flags)
    assert precision.processor_has_bfloat16() is expected


@only_tensorflow
def test_it_is_said_once_to_those_whom_it_helps(processor, capsys):
    processor("avx512_bf16")
    gan = gan_of(architectures.dcgan((8, 8, 1), 4, width=4))
    images = keras.random.uniform((8, 8, 8, 1), -1, 1, seed=0)
    for _ in range(2):
        gan.fit(images, batch_size=4, verbose=2)
    assert capsys.readouterr().err.count("mixed_bfloat16") == 1


def test_not_where_it_does_not_help(processor):
    processor("avx512_bf16")
    assert not precision.should_suggest(gan_of(architectures.mlp((6,), 4)))
    processor("fpu")
    convolutional = gan_of(architectures.dcgan((8, 8, 1), 4, width=4))
    assert not precision.should_suggest(convolutional)


def test_not_to_those_who_have_it(processor):
    processor("avx512_bf16")
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        gan = gan_of(architectures.dcgan((8, 8, 1), 4, width=4))
    finally:
        keras.config.set_dtype_policy("float32")
    assert not precision.should_suggest(gan)
