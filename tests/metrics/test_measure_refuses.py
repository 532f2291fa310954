"""Errors of `measure` on bad images and arguments, with advice."""

import keras
import numpy as np
import pytest
from samplers import Constant, Sampler, quiet

from keras_gan.datasets import Batches
from keras_gan.metrics import (
    ClassFrechetDistance,
    EfficientNetLite0,
    FashionMNISTClassifier,
    FrechetDistance,
    InceptionScore,
    InceptionV3,
    InDirection,
    KernelDistance,
    ModelExtractor,
    NearestNeighbours,
    PerChannel,
    PrecisionRecall,
    RawSamples,
    check_num_images,
)


def test_bad_images_are_refused(fashion, extractor):
    metric = FrechetDistance(extractor)
    real, sampler = fashion[0][:300], Sampler(fashion[0])
    with pytest.raises(ValueError, match="seem to lie in \\[0, 1\\]"):
        quiet([metric], real / np.float32(255), sampler)
    with pytest.raises(ValueError, match=r"Received values in \[0, 255\]"):
        quiet([metric], real.astype("float32"), sampler)
    with pytest.raises(ValueError, match="Received dtype: int64"):
        quiet([metric], real.astype("int64"), sampler)
    with pytest.raises(ValueError, match="NaN or infinite"):
        quiet([metric], real, Constant(np.nan))
    with pytest.raises(ValueError, match=r"Generated values lie in \[200, 200\]"):
        quiet([metric], real, Constant(200.0))
    with pytest.raises(ValueError, match="instead of a sigmoid"):
        quiet([metric], real, Constant(0.5))
    with pytest.raises(ValueError, match=r"images of shape \(32, 32, 1\)"):
        quiet([metric], np.zeros((300, 32, 32, 1), "uint8"), sampler)
    with pytest.raises(ValueError, match="n > 0"):
        quiet([metric], real[..., 0], sampler)
    with pytest.raises(ValueError, match="There are no images"):
        quiet([metric], iter([]), sampler)
    with pytest.raises(ValueError, match="300 images but 2 labels"):
        quiet([metric], (real, np.zeros(2)), sampler)


@pytest.mark.parametrize(
    ("metric", "least"),
    [
        (FrechetDistance(FashionMNISTClassifier()), 129),
        (FrechetDistance(PerChannel(FashionMNISTClassifier())), 2),  # not known
        (FrechetDistance(EfficientNetLite0()), 1281),
        (FrechetDistance(InceptionV3()), 2049),
        (KernelDistance(RawSamples(), subset_size=50), 50),
        (PrecisionRecall(RawSamples(), k=4), 5),
        (InceptionScore(RawSamples(), num_splits=3), 6),
        (InDirection(KernelDistance(RawSamples(), subset_size=7)), 7),
        (NearestNeighbours(RawSamples()), 1),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_too_few_generated_images_are_refused(metric, least):
    message = f"'{metric.name}' needs at least {least:,} generated .* {least - 1:,}$"
    if least == 1:
        message = "must be positive"
    with pytest.raises(ValueError, match=message):
        check_num_images([metric], least - 1)
    check_num_images([metric], least)


def test_other_bad_arguments_are_refused(fashion, extractor):
    real, sampler = fashion[0][:300], Sampler(fashion[0])
    with pytest.raises(ValueError, match="needs at least 129 generated"):
        quiet([FrechetDistance(extractor)], real, None, num_images=128)
    for few in (
        real[:0],
        real[0, 0, 0, 0],
        real[:128],
        (real[:128], fashion[1][:128]),
        Batches(real[:128], batch_size=32),
    ):
        with pytest.raises(ValueError, match="needs at least 129 real images"):
            quiet([FrechetDistance(extractor)], few, None, num_images=300)
    batches = [real[:64], real[64:128]]  # how many is not known before
    with pytest.raises(ValueError, match="128 real samples, expected at least 129"):
        quiet([FrechetDistance(extractor)], iter(batches), sampler, num_images=300)
    with pytest.raises(ValueError, match="`num_images` must be positive"):
        quiet([FrechetDistance(extractor)], real, sampler, num_images=0)
    with pytest.raises(ValueError, match="`metrics` must be a list"):
        quiet([keras.metrics.Mean()], real, sampler)
    with pytest.raises(ValueError, match="real=None"):
        quiet([FrechetDistance(extractor)], None, sampler)
    with pytest.raises(ValueError, match="Two metrics have the key 'frechet_distance'"):
        quiet([FrechetDistance(extractor)] * 2, real, sampler)
    with pytest.raises(ValueError, match="gives no 'logits'"):
        quiet([InceptionScore(RawSamples())], None, sampler)

    class Short:
        num_classes = None

        def generate(self, num_images, seed=None):
            return np.zeros((num_images - 1, 28, 28, 1))

    with pytest.raises(ValueError, match="asked for 128 images and gave 127"):
        quiet([FrechetDistance(extractor)], real, Short())


def test_shapes_of_both_sides_must_agree(fashion):
    network = keras.Sequential(
        [keras.Input((None, None, 1)), keras.layers.GlobalAveragePooling2D()]
    )
    metric = FrechetDistance(ModelExtractor(network, name="mean"))
    with pytest.raises(ValueError, match="would measure the resizing"):
        quiet([metric], np.zeros((9, 32, 32, 1), "uint8"), Sampler(fashion[0]))


def test_distances_per_class_need_labels(fashion, extractor):
    metric = ClassFrechetDistance(extractor)
    with pytest.raises(ValueError, match="needs labels"):
        quiet([metric], fashion[0][:300], Sampler(fashion[0]))
