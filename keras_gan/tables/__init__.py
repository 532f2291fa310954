"""Tables: what their columns hold, and how their rows become vectors and come back.

pandas reads and writes tables: `pip install "keras-gan[tables]"`.
"""

from keras_gan.tables.batches import TableBatches
from keras_gan.tables.codec import TableCodec, normal_score
from keras_gan.tables.columns import CategoryColumn, NumberColumn
from keras_gan.tables.quality import (
    column_scores,
    copies,
    detection,
    nearer_to_train,
    pair_score,
    quality,
    train_on_synthetic,
)
from keras_gan.tables.reading import batches, concatenated, fit_codec, read_parts
from keras_gan.tables.refinement import Refinement
from keras_gan.tables.schema import Column, infer_columns
from keras_gan.tables.where import Where
from keras_gan.tables.writing import write_parts

__all__ = [
    "CategoryColumn",
    "Column",
    "NumberColumn",
    "Refinement",
    "TableBatches",
    "TableCodec",
    "Where",
    "batches",
    "column_scores",
    "concatenated",
    "copies",
    "detection",
    "fit_codec",
    "infer_columns",
    "nearer_to_train",
    "normal_score",
    "pair_score",
    "quality",
    "read_parts",
    "train_on_synthetic",
    "write_parts",
]
