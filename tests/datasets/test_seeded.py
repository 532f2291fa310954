"""Batches are a function of the seed and the step, also under `fit`."""

import keras
import numpy as np
import pytest

from keras_gan.datasets import Batches, SeededDataset, ring


class Recorded(Batches):
    """Batches that record the requested steps."""

    def batch(self, step):
        self.__dict__.setdefault("steps", []).append(step)
        return super().batch(step)


def numbered(num_samples=40, **options):
    """Return vectors that hold their own index, with a label."""
    vectors = np.arange(num_samples, dtype="float32")[:, None] / num_samples
    labels = np.arange(num_samples) % 2
    return Recorded(vectors, labels, batch_size=10, **options)


def classifier(built=True):
    keras.utils.set_random_seed(0)
    layers = [keras.Input((1,))] * built + [keras.layers.Dense(2)]
    model = keras.Sequential(layers)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9), loss)
    return model


def losses_of(model):
    """Return the losses at 0 and at 1, which differ unless the weights are equal."""
    points = np.array([[[0.0]], [[1.0]]]), np.array([[0], [1]])
    return [
        float(model.evaluate(x, y, verbose=0)) for x, y in zip(*points, strict=True)
    ]


def test_same_seed_same_batches_other_seed_other_batches():
    first, again, other = (
        np.stack([b for b, _ in numbered(seed=s)]) for s in (3, 3, 4)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_order_is_a_function_of_the_epoch():
    data = numbered()
    epochs = [np.concatenate([x for x, _ in data]) for _ in range(3)]
    assert data.epoch == 3
    assert not np.array_equal(epochs[0], epochs[1])
    assert not np.array_equal(epochs[1], epochs[2])
    resumed = numbered()
    resumed.epoch = 2
    np.testing.assert_array_equal(np.concatenate([x for x, _ in resumed]), epochs[2])


def test_batches_do_not_depend_on_the_order_of_access():
    forwards, backwards = numbered(), numbered()
    there = [forwards[i][0] for i in range(4)]
    back = [backwards[i][0] for i in reversed(range(4))]
    np.testing.assert_array_equal(there, back[::-1])


def test_an_interrupted_pass_is_not_an_epoch():
    data = numbered()
    next(iter(data))
    assert data.epoch == 0


def test_seek_gives_the_rest_of_the_epoch_and_then_complete_epochs():
    whole = numbered()
    expected = [x for _ in range(3) for x, _ in whole][4 + 3 :]
    data = numbered(prefetch=2)
    data.seek(1, start=3)
    seen = [x for x, _ in data]
    assert (len(seen), data.epoch, data.start) == (1, 2, 0)
    seen += [x for x, _ in data]
    np.testing.assert_array_equal(seen, expected)


def test_batches_before_the_position_are_empty():
    data = numbered()
    data.seek(1, start=3)
    images, labels = data[2]
    assert (images.shape, labels.shape) == ((0, 1), (0,))
    assert data[3][0].shape == (10, 1)
    data.seek(1, start=4)
    assert list(data) == []
    assert data.epoch == 2


def test_seek_beyond_the_epoch():
    with pytest.raises(ValueError, match="`start` must be at most 4.*start=5"):
        numbered().seek(0, start=5)


def test_epochs_of_another_length_continue_through_the_data():
    whole = numbered()
    expected = [x for _ in range(3) for x, _ in whole][:10]
    fives = numbered().with_steps_per_epoch(5)
    assert len(fives) == 5
    seen = [x for _ in range(2) for x, _ in fives]
    np.testing.assert_array_equal(seen, expected)


def test_processes_share_every_batch():
    whole = list(numbered())
    shares = [list(numbered(prefetch=2).share(i, 5)) for i in range(5)]
    assert [len(x) for x, _ in shares[4]] == [2] * 4
    for step, (x, y) in enumerate(whole):
        parts = [share[step] for share in shares]
        np.testing.assert_array_equal(np.concatenate([a for a, _ in parts]), x)
        np.testing.assert_array_equal(np.concatenate([b for _, b in parts]), y)
    later = numbered().share(1, 2)
    later.seek(1, start=3)
    assert len(later[0][0]) == 0
    np.testing.assert_array_equal(later[3][0], numbered().batch(7)[0][5:])
    with pytest.raises(ValueError, match="batch of 10 does not split over 4 proc"):
        numbered().share(0, 4)[0]
    with pytest.raises(ValueError, match="`index` must be"):
        numbered().share(2, 2)


def test_prefetched_batches_are_equal_and_computed_ahead():
    plain, ahead = numbered(), numbered(prefetch=2)
    for _ in range(2):
        for (x, _), (y, _) in zip(plain, ahead, strict=True):
            np.testing.assert_array_equal(x, y)
    assert len(ahead.steps) <= 8 + 2
    ahead.epoch = 0
    plain.epoch = 0
    np.testing.assert_array_equal(ahead[3][0], plain[3][0])


def test_an_error_in_the_prefetching_thread_is_raised_at_its_step():
    class Failing(Recorded):
        def batch(self, step):
            if step == 2:
                raise RuntimeError("step 2")
            return super().batch(step)

    data = Failing(np.zeros((40, 1)), batch_size=10, prefetch=3)
    assert data[0].shape == data[1].shape == (10, 1)
    with pytest.raises(RuntimeError, match="step 2"):
        data[2]


def test_index_outside_the_epoch():
    with pytest.raises(IndexError, match="Batch 4 of an epoch of 4"):
        numbered()[4]


@pytest.mark.parametrize("value", [-1, 1.5, "0", True])
def test_epoch_must_be_a_natural_number(value):
    with pytest.raises(ValueError, match="`epoch` must be an integer of at least 0"):
        numbered().epoch = value


def test_seed_must_be_a_natural_number():
    with pytest.raises(ValueError, match="`seed` must be an integer of at least 0"):
        numbered(seed=-1)


def test_an_epoch_needs_a_step():
    with pytest.raises(ValueError, match="`steps_per_epoch` must be an integer of at"):
        ring(steps_per_epoch=0)


def test_subclasses_implement_batch():
    with pytest.raises(NotImplementedError):
        SeededDataset(steps_per_epoch=1)[0]


@pytest.mark.parametrize(
    ("prefetch", "shuffle", "built"),
    [(0, False, True), (0, True, False), (3, True, True), (3, False, False)],
)
def test_fit_reads_every_step_and_counts_the_epochs(prefetch, shuffle, built):
    data = numbered(prefetch=prefetch)
    classifier(built).fit(data, epochs=3, shuffle=shuffle, verbose=0)
    assert data.epoch == 3
    assert set(range(12)) <= set(data.steps) <= set(range(12 + prefetch))


def test_interrupted_and_resumed_fit_gives_the_same_weights():
    uninterrupted = classifier()
    uninterrupted.fit(numbered(), epochs=3, shuffle=False, verbose=0)
    resumed = classifier()
    resumed.fit(numbered(prefetch=2), epochs=1, shuffle=False, verbose=0)
    data = numbered(prefetch=2)
    data.epoch = 1
    resumed.fit(data, epochs=2, shuffle=False, verbose=0)
    assert losses_of(uninterrupted) == losses_of(resumed)
    stale = classifier()
    stale.fit(numbered(), epochs=1, shuffle=False, verbose=0)
    stale.fit(numbered(), epochs=2, shuffle=False, verbose=0)
    assert losses_of(stale) != losses_of(resumed)


def test_fit_and_evaluate_with_a_smaller_last_batch():
    model = classifier()
    test = numbered(35, shuffle=False, drop_remainder=False)
    model.fit(numbered(), validation_data=test, epochs=2, verbose=0)
    x, y = test.arrays()
    assert len(x) == 35
    expected = float(model.evaluate(x, y, batch_size=35, verbose=0))
    assert float(model.evaluate(test, verbose=0)) == pytest.approx(expected, rel=1e-5)
