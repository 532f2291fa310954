"""Data sets of images and toy mixtures, as batches for `fit` on every backend."""

from keras_gan.datasets.batches import Batches
from keras_gan.datasets.cifar10 import cifar10
from keras_gan.datasets.clusters import cluster
from keras_gan.datasets.coupled import (
    CoupledBatches,
    coupled,
    edges,
    mnist_edges,
    mnist_negatives,
    negatives,
)
from keras_gan.datasets.emoji import emoji
from keras_gan.datasets.emoji_styles import emoji_styles
from keras_gan.datasets.fashion_mnist import fashion_mnist
from keras_gan.datasets.folder import image_folder
from keras_gan.datasets.idx import idx_folder, read_idx
from keras_gan.datasets.loading import load
from keras_gan.datasets.mixtures import Mixture, grid, ring
from keras_gan.datasets.mnist import mnist
from keras_gan.datasets.openmoji import openmoji
from keras_gan.datasets.pairs import PairedBatches, pairs
from keras_gan.datasets.partly_labelled import PartlyLabelled, hide_labels
from keras_gan.datasets.seeded import SeededDataset
from keras_gan.datasets.stacked_mnist import stacked_mnist
from keras_gan.datasets.surveys import Survey, survey
from keras_gan.datasets.tfds import tfds
from keras_gan.datasets.transforms import binarize, horizontal_flip, random_shift
from keras_gan.datasets.unpaired import UnpairedBatches, unpaired

__all__ = [
    "Batches",
    "CoupledBatches",
    "Mixture",
    "PairedBatches",
    "PartlyLabelled",
    "SeededDataset",
    "Survey",
    "UnpairedBatches",
    "binarize",
    "cifar10",
    "cluster",
    "coupled",
    "edges",
    "emoji",
    "emoji_styles",
    "fashion_mnist",
    "grid",
    "hide_labels",
    "horizontal_flip",
    "idx_folder",
    "image_folder",
    "load",
    "mnist",
    "mnist_edges",
    "mnist_negatives",
    "negatives",
    "openmoji",
    "pairs",
    "random_shift",
    "read_idx",
    "ring",
    "stacked_mnist",
    "survey",
    "tfds",
    "unpaired",
]
