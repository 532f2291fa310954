"""Training runs: a preset's training and the folder that it leaves.

The folder holds settings, log, samples, checkpoints, metrics, the model and a report.
`keras-gan train` is built on this package.
"""

from keras_gan.runs.duration import steps_in
from keras_gan.runs.epochs import epochs_of
from keras_gan.runs.run import Run
from keras_gan.runs.table_run import TableRun

__all__ = ["Run", "TableRun", "epochs_of", "steps_in"]
