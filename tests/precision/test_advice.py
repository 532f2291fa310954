"""What a precision costs, or may gain, in one line, once."""

import keras
import pytest

import keras_gan
from keras_gan import architectures
from keras_gan.precision import advice

not_on_jax = pytest.mark.backends(
    "tensorflow", "torch", reason="JAX gains and loses nothing on a processor"
)


def gan_of(pair=None, policy="float32"):
    keras.config.set_dtype_policy(policy)
    try:
        pair = architectures.dcgan((8, 8, 1), 4, width=4) if pair is None else pair
        gan = keras_gan.GAN(*pair)
    finally:
        keras.config.set_dtype_policy("float32")
    gan.compile()
    return gan


@not_on_jax
def test_a_possible_gain_is_said_once(processor, capsys):
    processor("avx512_bf16")
    gan = gan_of()
    images = keras.random.uniform((8, 8, 8, 1), -1, 1, seed=0)
    for _ in range(2):
        gan.fit(images, batch_size=4, verbose=2)
    assert capsys.readouterr().err.count("precision.choose()") == 1


def test_nothing_is_said_where_nothing_is_gained(processor, capsys):
    processor("avx512_bf16")
    advice.advise(gan_of(architectures.mlp((6,), 4)))
    processor("fpu")
    advice.advise(gan_of())
    assert capsys.readouterr().err == ""


@not_on_jax
@pytest.mark.parametrize(
    ("flags", "said"),
    [("fpu avx2", "only emulates bfloat16"), ("avx512_bf16", "is slow at bfloat16")],
)
def test_what_bfloat16_by_force_costs_is_said_in_one_line(
    processor, flags, said, capsys
):
    processor(flags, cost=5.04)
    advice.advise(gan_of(policy="mixed_bfloat16"))
    line = capsys.readouterr().err
    assert said in line
    assert "takes 5.0 times as long as in float32" in line
    assert line.count("\n") == 1


@not_on_jax
def test_bfloat16_that_gains_costs_nothing(processor):
    processor("avx512_bf16", cost=0.6)
    assert advice.describe_cost(gan_of(policy="mixed_bfloat16")) is None
