"""How good a synthetic table is, under the name that users of tables look for."""

from keras_gan.metrics.table_scores import table_quality as quality

__all__ = ["quality"]
