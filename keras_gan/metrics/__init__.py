"""Metrics of generated images.

Each metric is a `keras.metrics.Metric` that compares features from an extractor.
`measure` evaluates a generator, `compare` two sets of images.
"""

from keras_gan.metrics.agreement import PixelAgreement
from keras_gan.metrics.compare import compare
from keras_gan.metrics.differences import L1, PSNR, SSIM, CycleError, Difference
from keras_gan.metrics.features import (
    Application,
    EfficientNetLite0,
    EmojiClassifier,
    Extractor,
    FashionMNISTClassifier,
    InceptionV3,
    MNISTClassifier,
    ModelExtractor,
    NetworkExtractor,
    PerChannel,
    RawSamples,
)
from keras_gan.metrics.frechet import (
    ClassFrechetDistance,
    FrechetDistance,
    frechet_distance,
)
from keras_gan.metrics.inception_score import InceptionScore, inception_score
from keras_gan.metrics.kernel import (
    KernelDistance,
    kernel_distance,
    kernel_distance_variance,
)
from keras_gan.metrics.measure import (
    check_metrics,
    check_num_images,
    check_num_real,
    measure,
)
from keras_gan.metrics.modes import MixtureCoverage, ModeCoverage, reverse_kl
from keras_gan.metrics.neighbours import NearestNeighbours
from keras_gan.metrics.path_length import PerceptualPathLength
from keras_gan.metrics.precision_recall import (
    DensityCoverage,
    PrecisionRecall,
    density_coverage,
    precision_recall,
)
from keras_gan.metrics.retrieval import RetrievalAccuracy
from keras_gan.metrics.sample_metric import SampleMetric
from keras_gan.metrics.table_scores import table_quality
from keras_gan.metrics.tables import TableQuality
from keras_gan.metrics.translation import InDirection, TranslationMetric

__all__ = [
    "L1",
    "PSNR",
    "SSIM",
    "Application",
    "ClassFrechetDistance",
    "CycleError",
    "DensityCoverage",
    "Difference",
    "EfficientNetLite0",
    "EmojiClassifier",
    "Extractor",
    "FashionMNISTClassifier",
    "FrechetDistance",
    "InDirection",
    "InceptionScore",
    "InceptionV3",
    "KernelDistance",
    "MNISTClassifier",
    "MixtureCoverage",
    "ModeCoverage",
    "ModelExtractor",
    "NearestNeighbours",
    "NetworkExtractor",
    "PerChannel",
    "PerceptualPathLength",
    "PixelAgreement",
    "PrecisionRecall",
    "RawSamples",
    "RetrievalAccuracy",
    "SampleMetric",
    "TableQuality",
    "TranslationMetric",
    "check_metrics",
    "check_num_images",
    "check_num_real",
    "compare",
    "density_coverage",
    "frechet_distance",
    "inception_score",
    "kernel_distance",
    "kernel_distance_variance",
    "measure",
    "precision_recall",
    "reverse_kl",
    "table_quality",
]
