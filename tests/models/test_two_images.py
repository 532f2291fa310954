"""What `fit` of a model that translates is given: every door, every refusal."""

import numpy as np
import pytest

from keras_gan import datasets
from keras_gan.models import checks

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")

A = np.random.default_rng(0).uniform(-1, 1, (6, 8, 8, 3)).astype("float32")
B = np.random.default_rng(1).uniform(-1, 1, (4, 8, 8, 1)).astype("float32")
SHAPES = (8, 8, 3), (8, 8, 1)


@pytest.mark.parametrize("given", [(A, B), ((A, B), None), ([A, B], None)])
def test_two_arrays_become_domains(given):
    settings = {"batch_size": 2, "epochs": 3}
    data = checks.translation_data(*given, settings, is_paired=False, seed=3)
    assert isinstance(data, datasets.UnpairedBatches)
    assert (len(data), data.batch_size, data.seed) == (3, 2, 3)
    assert settings == {"epochs": 3}


def test_two_arrays_become_pairs():
    data = checks.translation_data(A, list(A[..., :1]), {}, is_paired=True)
    assert isinstance(data, datasets.PairedBatches)
    assert (len(data), data.shapes) == (6, SHAPES)


def test_a_dataset_passes():
    data = datasets.pairs(A, A, batch_size=2)
    for is_paired in (False, True):
        assert checks.translation_data(data, None, {}, is_paired) is data
    small, size = checks.first_two_images(
        datasets.pairs((A * 127.5 + 127.5).astype("uint8"), A, batch_size=2),
        (SHAPES[0], SHAPES[0]),
    )
    assert size == 2
    small, _ = checks.first_two_images(
        datasets.unpaired(np.zeros_like(A, "uint8"), np.ones_like(A, "uint8") * 9),
        ((None, None, 3), (8, 8, 3)),
    )
    assert small[0][0].dtype == np.uint8
    stream = ((A[:2], B[:2]) for _ in range(3))
    stream, size = checks.first_two_images(stream, SHAPES)
    assert size == 2
    assert len(list(stream)) == 3, "the first batch is given back"


@pytest.mark.parametrize(
    ("given", "is_paired", "message"),
    [
        ((A, None), False, "images of two kinds. Received: ndarray.*unpaired"),
        ((None, None), True, "Received: nothing.*pairs"),
        (("photos", "paintings"), False, r"not paths.*unpaired\(folder_a"),
        ((datasets.pairs(A, A), A), True, "Received: PairedBatches and ndarray"),
        ((datasets.unpaired(A, -A), None), True, "unpaired, and this model .*CycleGAN"),
        ((A, B), True, "6 inputs and 4 targets"),
        ((A, (A + 1) / 2), False, r"Of the second domain: .*value_range=\(0, 1\)"),
        ((A, [B, B[:1]]), False, "list of arrays of the shapes"),
    ],
)
def test_what_is_refused(given, is_paired, message):
    with pytest.raises(ValueError, match=message):
        checks.translation_data(*given, {}, is_paired)


def test_rows_of_arrays_are_not_held_out_by_number():
    with pytest.raises(
        ValueError, match=r"`validation_split` was passed.*validation_d"
    ):
        checks.translation_data(A, B, {"validation_split": 0.5}, is_paired=False)


@pytest.mark.parametrize(
    ("batch", "message"),
    [
        ((A, None), "The data yield one part"),
        ((A, A), r"second images of a batch: The data have the shape \(6, 8, 8, 3\)"),
        ((A, B), "6 first and 4 second images"),
        ((A * 100, A[..., :1]), r"first images of a batch: The images lie in \[-100"),
        ((A, np.full_like(B, np.nan)), "second images of a batch: .*NaN"),
    ],
)
def test_batches_that_are_refused(batch, message):
    with pytest.raises(ValueError, match=message):
        checks.check_two_images(*batch, SHAPES)


def test_a_later_nan_is_left_to_the_step():
    checks.check_two_images(A[:4], np.full_like(B, np.nan), SHAPES, is_later=True)
