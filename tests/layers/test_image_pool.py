"""The pool of earlier images: what it returns, what it keeps, what it never keeps."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gan.layers import ImagePool


def images(values):
    """Images that are a number each, everywhere."""
    values = np.asarray(values, "float32")
    return ops.convert_to_tensor(np.tile(values[:, None, None, None], (1, 2, 3, 1)))


def numbers(tensor):
    return ops.convert_to_numpy(tensor)[:, 0, 0, 0].tolist()


@pytest.fixture
def seed():
    return keras.random.SeedGenerator(0)


def test_it_fills_first_and_returns_what_it_gets(seed):
    pool = ImagePool(5)
    assert numbers(pool(images([1, 2, 3]), seed=seed)) == [1, 2, 3]
    assert numbers(pool.images.value) == [1, 2, 3, 0, 0]
    returned = numbers(pool(images([4, 5, 6]), seed=seed))
    assert returned[:2] == [4, 5]
    assert ops.convert_to_numpy(pool.is_filled.value).tolist() == [1] * 5
    everything = [*numbers(pool.images.value), *returned]
    assert sorted(everything) == sorted([1, 2, 3, 4, 5, 4, 5, 6])


@pytest.mark.backends(
    "tensorflow",
    "torch",
    reason="JAX compiles every eager call; test_cyclegan.py has the pool",
)
def test_half_are_exchanged_for_earlier_ones_at_random(seed):
    """What comes out and what is kept are what was kept and what came in."""
    pool = ImagePool(10)
    pool(images(range(10)), seed=seed)
    exchanged, ages = 0, set()
    for step in range(1, 101):
        new = [10 * step + i for i in range(4)]
        before = numbers(pool.images.value)
        returned = numbers(pool(images(new), seed=seed))
        after = numbers(pool.images.value)
        assert sorted(before + new) == sorted(after + returned)
        for given, got in zip(new, returned, strict=True):
            assert got == given or (got in before and given in after)
        exchanged += sum(got != given for given, got in zip(new, returned, strict=True))
        ages |= {step - got // 10 for got in returned}
    assert 160 < exchanged < 240
    assert max(ages) > 8


@pytest.mark.backends(
    "tensorflow",
    "torch",
    reason="JAX compiles every eager call; test_cyclegan.py has the pool",
)
def test_one_image_at_a_time_is_the_published_pool(seed):
    pool = ImagePool(3)
    for value in (1, 2, 3):
        assert numbers(pool(images([value]), seed=seed)) == [value]
    kept, got = [1, 2, 3], []
    for value in range(4, 64):
        (returned,) = numbers(pool(images([value]), seed=seed))
        if returned != value:
            kept[kept.index(returned)] = value
        got.append(returned == value)
        assert numbers(pool.images.value) == kept
    assert 18 < sum(got) < 42


def test_of_a_batch_larger_than_the_pool_the_rest_goes_through(seed):
    pool = ImagePool(2)
    assert numbers(pool(images([1, 2, 3, 4]), seed=seed)) == [1, 2, 3, 4]
    assert numbers(pool.images.value) == [1, 2]
    assert numbers(pool(images([5, 6, 7, 8]), seed=seed))[2:] == [7, 8]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_is_never_kept(seed, bad):
    pool = ImagePool(2)
    pool(images([bad, 1.0]), seed=seed)
    assert ops.convert_to_numpy(pool.is_filled.value).tolist() == [0, 1]
    for _ in range(8):
        pool(images([bad, bad]), seed=seed)
        assert np.isfinite(ops.convert_to_numpy(pool.images.value)).all()
    assert ops.convert_to_numpy(pool.is_filled.value).tolist() == [0, 1]
    pool(images([3.0]), seed=seed)
    assert ops.convert_to_numpy(pool.is_filled.value).tolist() == [1, 1]


def test_a_pool_of_none_returns_all(seed):
    pool = ImagePool(0)
    assert numbers(pool(images([1, 2]), seed=seed)) == [1, 2]
    assert pool.variables == []


def test_sizes_that_cannot_be():
    with pytest.raises(ValueError, match="`size` must be an integer of at least 0"):
        ImagePool(-1)
    with pytest.raises(ValueError, match=r"images .* of a known size.*None, None"):
        ImagePool(5).build((None, None, None, 3))
