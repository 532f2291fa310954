"""Tables: what their columns hold, and how their rows become vectors and come back.

pandas reads and writes tables: `pip install "keras-gan[tables]"`.
"""

from keras_gan.tables.batches import TableBatches
from keras_gan.tables.codec import TableCodec
from keras_gan.tables.columns import CategoryColumn, NumberColumn
from keras_gan.tables.holding_out import HeldOut
from keras_gan.tables.quality import quality
from keras_gan.tables.reading import batches, fit_codec, read_parts
from keras_gan.tables.refinement import Refinement
from keras_gan.tables.report import write_report
from keras_gan.tables.row_decoder import RowDecoder
from keras_gan.tables.schema import Column, infer_columns
from keras_gan.tables.writing import write_parts

__all__ = [
    "CategoryColumn",
    "Column",
    "HeldOut",
    "NumberColumn",
    "Refinement",
    "RowDecoder",
    "TableBatches",
    "TableCodec",
    "batches",
    "fit_codec",
    "infer_columns",
    "quality",
    "read_parts",
    "write_parts",
    "write_report",
]
