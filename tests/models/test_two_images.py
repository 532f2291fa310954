"""What `fit` of a model that translates is given: every door, every refusal."""

import numpy as np
import pytest
from few_steps import FEW_STEPS

from keras_gan import architectures, datasets, metrics, models
from keras_gan.models import checks

once = pytest.mark.backends("tensorflow", reason="no backend code: run once")

A = np.random.default_rng(0).uniform(-1, 1, (6, 8, 8, 3)).astype("float32")
B = np.random.default_rng(1).uniform(-1, 1, (4, 8, 8, 1)).astype("float32")
SHAPES = (8, 8, 3), (8, 8, 1)


def data_of(x, y, settings=None, is_paired=False, seed=0, check=lambda x, y: None):
    """Return what a model's `fit` would learn from."""
    settings = {} if settings is None else settings
    return checks.translation_data(x, y, settings, is_paired, seed, check)


@once
@pytest.mark.parametrize("given", [(A, B), ((A, B), None), ([A, B], None)])
def test_two_arrays_become_domains(given):
    settings = {"batch_size": 2, "epochs": 3}
    data = data_of(*given, settings, seed=3)
    assert isinstance(data, datasets.UnpairedBatches)
    assert (len(data), data.batch_size, data.seed) == (3, 2, 3)
    assert settings == {"epochs": 3}


@once
def test_two_arrays_become_pairs():
    data = data_of(A, list(A[..., :1]), is_paired=True)
    assert isinstance(data, datasets.PairedBatches)
    assert (len(data), data.shapes) == (6, SHAPES)


@once
def test_a_dataset_passes():
    data = datasets.pairs(A, A, batch_size=2)
    for is_paired in (False, True):
        assert data_of(data, None, is_paired=is_paired) is data


@once
@pytest.mark.parametrize(
    ("given", "is_paired", "message"),
    [
        ((A, None), False, "images of two kinds. Received: ndarray.*unpaired"),
        ((None, None), True, "Received: nothing.*pairs"),
        (("photos", "paintings"), False, r"not paths.*unpaired\(folder_a"),
        (
            (datasets.pairs(A, A, batch_size=2), A),
            True,
            "Received: PairedBatches and ndarray",
        ),
        ((datasets.unpaired(A, -A), None), True, "unpaired, and this model .*CycleGAN"),
        ((A, B), True, "6 inputs and 4 targets"),
        ((A, (A + 1) / 2), False, r"Of the second domain: .*value_range=\(0, 1\)"),
        ((A, [B, B[:1]]), False, "list of arrays of the shapes"),
    ],
)
def test_what_is_refused(given, is_paired, message):
    with pytest.raises(ValueError, match=message):
        data_of(*given, is_paired=is_paired)


@once
def test_rows_of_arrays_are_not_held_out_by_number():
    with pytest.raises(
        ValueError, match=r"`validation_split` was passed.*validation_d"
    ):
        data_of(A, B, {"validation_split": 0.5})


# In the models.


def tiny(kind, **settings):
    width = {"width": 4, "discriminator_width": 4, "field": 16}
    if kind == "cyclegan":
        networks = architectures.cyclegan((8, 8, 3), num_blocks=1, **width)
        model = models.CycleGAN(*networks, seed=0)
    else:
        model = models.Pix2Pix(
            *architectures.pix2pix((8, 8, 3), out_channels=1, **width), seed=0
        )
    model.compile(**FEW_STEPS, **settings)
    return model


@pytest.mark.backends(
    "tensorflow", "torch", reason="JAX compiles the operations one by one for a minute"
)
def test_measured_in_fit_and_in_evaluate():
    chosen = [metrics.L1(), metrics.RetrievalAccuracy(2), metrics.CycleError("b_to_a")]
    model = tiny("cyclegan", metrics=chosen)
    held_out = datasets.pairs(A[:4], A[2:], batch_size=3)
    history = model.fit(A, A[:3], batch_size=3, validation_data=held_out, verbose=0)
    results = {k: v[0] for k, v in history.history.items() if k.startswith("val_")}
    found = model.evaluate(A[:4], A[2:], verbose=0)
    assert set(found) == {"l1", "retrieval_top_2", "cycle_error_b_to_a"}
    assert results == pytest.approx({f"val_{k}": v for k, v in found.items()}, abs=1e-6)
    bytes_of = (A[2:] * 127.5 + 127.5).round() - model.translate(A[:4]) * 127.5 - 127.5
    assert found["l1"] == pytest.approx(np.abs(bytes_of).mean() / 255, abs=2e-3)


@once
def test_pairs_in_the_models():
    model = tiny("pix2pix", metrics=[metrics.L1()])
    history = model.fit(A, A[..., :1], batch_size=3, verbose=0, epochs=2)
    assert len(history.history["l1_loss"]) == 2
    with pytest.raises(ValueError, match="these data are unpaired"):
        model.evaluate(datasets.unpaired(A, B[:3]), verbose=0)
    with pytest.raises(ValueError, match="unpaired, and this model learns from pairs"):
        model.fit(datasets.unpaired(A, B), verbose=0)
    with pytest.raises(ValueError, match="Pix2Pix translates a_to_b only"):
        tiny("pix2pix", metrics=[metrics.CycleError()])
    with pytest.raises(ValueError, match="In the images of B: .*shape"):
        model.fit(A, A, verbose=0)
