"""`precision.choose`: the processor is asked, and timed where it may be either."""

import keras
import pytest

from keras_gan import backend, precision

not_on_jax = pytest.mark.backends(
    "tensorflow", "torch", reason="JAX gains nothing on a processor"
)


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("fpu avx512f avx512_bf16 sha", True),
        ("fpu amx_bf16", True),
        ("fp asimd bf16", True),
        ("fpu avx2", False),
        (None, None),
    ],
)
def test_instructions(processor, flags, expected):
    processor(flags)
    assert precision.processor_has_bfloat16() is expected


def test_without_instructions_nothing_is_timed(processor):
    processor("fpu avx2")
    assert precision.choose() == "float32"


@not_on_jax
@pytest.mark.parametrize("flags", ["avx512_bf16", None])
@pytest.mark.parametrize(
    ("cost", "policy"),
    [
        (0.6, "mixed_bfloat16"),
        (0.99, "float32"),  # not worth its digits
        (1.4, "float32"),
        (float("inf"), "float32"),
    ],
)
def test_where_it_may_be_either_the_faster_is_taken(processor, flags, cost, policy):
    processor(flags, cost)
    assert precision.choose() == policy


@pytest.mark.parametrize(
    ("has_bfloat16", "policy"), [(True, "mixed_bfloat16"), (False, "float32")]
)
def test_an_accelerator_knows(processor, monkeypatch, has_bfloat16, policy):
    processor("avx512_bf16")
    monkeypatch.setattr(backend, "accelerator_has_bfloat16", lambda: has_bfloat16)
    assert precision.choose() == policy


@pytest.mark.backends("jax", reason="the rule of JAX")
def test_jax_computes_in_float32_on_a_processor(processor):
    processor("avx512_bf16")
    assert precision.choose() == "float32"


def test_the_policy_is_one_of_keras(processor):
    processor("fpu")
    assert keras.DTypePolicy(precision.choose()).compute_dtype == "float32"
