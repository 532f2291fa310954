"""Metrics of translated images: values worked out by hand, and what is refused."""

import json

import keras
import numpy as np
import pytest

from keras_gan import datasets, metrics
from keras_gan.pixels import from_uint8, to_uint8

once = pytest.mark.backends("tensorflow", reason="no backend code: run once")
GREY = np.full((6, 16, 16, 3), 100, "uint8")


class Translator:
    """Make images brighter in one direction, and darker in the other."""

    directions = ("a_to_b", "b_to_a")

    def __init__(self, shift=51, back=-31):
        self.shifts = dict(zip(Translator.directions, (shift, back), strict=True))
        self.calls = []

    def translate(self, images, direction="a_to_b", batch_size=64):
        assert images.dtype == np.float32
        self.calls.append((direction, len(images)))
        levels = to_uint8(images).astype(int) + self.shifts[direction]
        return from_uint8(np.clip(levels, 0, 255).astype("uint8"))


class OneWay(Translator):
    directions = ("a_to_b",)


def measured(chosen, data, model=None, **options):
    return metrics.measure(chosen, data, model or Translator(), verbose=0, **options)


def random_images(number=12, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (number, 16, 16, 3), "uint8")


@once
def test_differences_by_hand():
    data = (GREY, GREY + 71)
    found = measured([metrics.L1(), metrics.L1("b_to_a"), metrics.PSNR()], data)
    assert found["l1"] == pytest.approx(20 / 255)  # 151 against 171
    assert found["l1_b_to_a"] == pytest.approx(40 / 255)  # 140 against 100
    assert found["psnr"] == pytest.approx(20 * np.log10(255 / 20))


@once
def test_the_cycle_returns_to_the_inputs():
    chosen = [metrics.CycleError(), metrics.CycleError("b_to_a", name="back")]
    found = measured(chosen, (GREY, GREY + 71))
    assert found == pytest.approx({"cycle_error": 20 / 255, "back": 20 / 255})


@once
def test_each_image_counts_once_in_any_batches():
    a, b = random_images(), random_images(seed=1)
    chosen = [metrics.L1(), metrics.PSNR(), metrics.RetrievalAccuracy()]
    expected = measured(chosen, (a, b))
    for batch_size in (1, 5):
        data = datasets.pairs(a, b, batch_size=batch_size)
        assert measured(chosen, data) == pytest.approx(expected)
    model = Translator()
    measured(chosen, datasets.pairs(a, b, batch_size=1), model, batch_size=6)
    assert model.calls == [("a_to_b", 6)] * 2, "in few and equal batches, once"
    assert measured([metrics.L1()], (a, b), num_images=4) == pytest.approx(
        measured([metrics.L1()], (a[:4], b[:4]))
    )


@once
def test_a_ratio_is_that_of_all_images_together():
    ratio = metrics.PSNR()
    ratio.update_state(GREY[:2], GREY[:2])
    assert ratio.result() == np.inf
    ratio.update_state(GREY[:2], GREY[:2] + 10)
    assert ratio.result() == pytest.approx(10 * np.log10(255**2 / 50))


@once
def test_structural_similarity():
    pytest.importorskip("skimage")
    similarity = metrics.SSIM()
    similarity.update_state(random_images(3), random_images(3))
    assert similarity.result() == pytest.approx(1)
    similarity.reset_state()
    # Of constant images only the term of the means is left.
    similarity.update_state(GREY, GREY + 50)
    c1 = (0.01 * 255) ** 2
    expected = (2 * 100 * 150 + c1) / (100**2 + 150**2 + c1)
    assert similarity.result() == pytest.approx(expected, abs=1e-6)
    with pytest.raises(ValueError, match=r"windows of 11 x 11 .* have 8 x 16"):
        similarity.update_state(GREY[:, :8], GREY[:, :8])


@once
def test_retrieval_by_hand():
    true = np.zeros((4, 2, 2, 1), "uint8")
    true[:, 0, 0, 0] = [0, 10, 20, 30]
    images = true.copy()
    images[:, 0, 0, 0] = [4, 18, 24, 12]  # nearest: 0, 20, 20, 10
    for k, expected in ((1, 2 / 4), (2, 3 / 4), (3, 3 / 4)):
        accuracy = metrics.RetrievalAccuracy(k)
        accuracy.update_state(true[:1], images[:1])
        accuracy.update_state(true[1:], images[1:])
        assert accuracy.result() == expected, k
    accuracy = metrics.RetrievalAccuracy(4)
    accuracy.update_state(true, images)
    with pytest.raises(ValueError, match="Received 4 translated samples, expected at"):
        accuracy.result()
    with pytest.raises(ValueError, match="1 true images and 4 others"):
        accuracy.update_state(true[:1], images)


@once
def test_a_metric_of_sets_in_both_directions():
    class Levels(metrics.RawSamples):
        def outputs(self, images, batch_size=128):
            mean = np.asarray(images, "float64").mean(axis=(1, 2, 3))
            return {"features": mean[:, None]}

    distance = metrics.FrechetDistance(Levels())
    back = metrics.InDirection(metrics.FrechetDistance(Levels()), "b_to_a")
    found = measured([distance, back], (GREY, GREY + 71))
    expected = {"frechet_distance": 20**2, "frechet_distance_b_to_a": 40**2}
    assert found == pytest.approx(expected)
    assert back.result_directions() == {"frechet_distance_b_to_a": "min"}
    assert "Frechet distance over raw-samples" in distance.describe()
    assert back.describe().startswith("b_to_a: Frechet distance over raw-samples")
    # Which image belongs to which does not matter, so they need not be pairs.
    unpaired = datasets.unpaired(GREY, GREY[:4] + 71, batch_size=2)
    assert measured([distance, metrics.CycleError()], unpaired) == pytest.approx(
        {"frechet_distance": 20**2, "cycle_error": 20 / 255}
    )


@once
@pytest.mark.parametrize(
    ("chosen", "data", "model", "message"),
    [
        (metrics.L1(), "unpaired", None, "L1 compares .* these data are unpaired"),
        (metrics.L1("b_to_a"), "pairs", OneWay(), "'b_to_a', and OneWay translates a_"),
        (metrics.CycleError(), "pairs", OneWay(), "OneWay translates a_to_b only"),
        (metrics.L1(), "pairs", object(), "object does not translate"),
        (metrics.L1(), GREY, None, r"batches of \(6, 16, 16, 3\).*datasets\.pairs"),
        (metrics.L1(), (GREY, np.arange(6)), None, r"and \(6,\)"),
        (metrics.L1(), (GREY, GREY[:4]), None, "6 images but 4"),
        (metrics.L1(), (GREY, GREY[:, :8]), None, "would measure the resizing"),
        (metrics.L1(), (GREY / 255, GREY / 255), None, r"seem to lie in \[0, 1\]"),
        (metrics.L1(), [], None, "no pairs to measure"),
    ],
)
def test_what_is_refused(chosen, data, model, message):
    if isinstance(data, str):
        data = getattr(datasets, data)(GREY, GREY.copy(), batch_size=2)
    with pytest.raises(ValueError, match=message):
        measured([chosen], data, model)


@once
def test_sets_are_not_compared_one_by_one():
    with pytest.raises(ValueError, match="L1 compares images one by one"):
        metrics.compare(GREY, GREY, [metrics.L1()], verbose=0)
    with pytest.raises(ValueError, match=r"the true images have the shape|The true"):
        metrics.L1().update_state(GREY, GREY[:, :8])
    with pytest.raises(ValueError, match="must be 'a_to_b' or 'b_to_a'"):
        metrics.L1("forwards")
    with pytest.raises(ValueError, match="metric of real and generated images"):
        metrics.InDirection(metrics.L1())
    with pytest.raises(ValueError, match="Received 0 translated"):
        metrics.PSNR().result()


def all_metrics():
    return [
        metrics.L1("b_to_a"),
        metrics.PSNR(),
        metrics.CycleError(name="mine"),
        metrics.RetrievalAccuracy(5, "b_to_a"),
        metrics.InDirection(metrics.FrechetDistance(metrics.RawSamples()), "b_to_a"),
    ]


@once
@pytest.mark.parametrize("metric", all_metrics(), ids=lambda metric: metric.name)
def test_they_are_restored_from_their_config(metric):
    config = json.loads(json.dumps(keras.saving.serialize_keras_object(metric)))
    restored = keras.saving.deserialize_keras_object(config)
    assert type(restored) is type(metric)
    assert restored.get_config() == metric.get_config()
    assert restored.result_directions() == metric.result_directions()
    assert restored.variables == []


@once
def test_keys_and_which_are_better():
    directions = {k: v for m in all_metrics() for k, v in m.result_directions().items()}
    assert directions == {
        "l1_b_to_a": "min",
        "psnr": "max",
        "mine": "min",
        "retrieval_top_5_b_to_a": "max",
        "frechet_distance_b_to_a": "min",
    }
    chosen = metrics.L1()
    measured([chosen], (GREY, GREY))
    assert chosen.describe() == "Mean absolute difference, a_to_b: l1 0.2 (6 images)"


@once
def test_equal_targets_are_equally_near():
    true = random_images(6)
    true[3:] = true[0]
    accuracy = metrics.RetrievalAccuracy()
    accuracy.update_state(true, np.clip(true.astype(int) + 3, 0, 255).astype("uint8"))
    assert accuracy.result() == 1
