"""Logs for TensorBoard that a full disk does not turn into the end of a run."""

import keras

from keras_gan.callbacks import checks


class TensorBoard(keras.callbacks.TensorBoard):
    """Write logs as Keras' callback does, and warn where they cannot be written."""

    def on_train_batch_end(self, batch, logs=None):
        with checks.going_on(self.log_dir):
            super().on_train_batch_end(batch, logs)

    def on_epoch_end(self, epoch, logs=None):
        with checks.going_on(self.log_dir):
            super().on_epoch_end(epoch, logs)

    def on_train_end(self, logs=None):
        with checks.going_on(self.log_dir):
            super().on_train_end(logs)
