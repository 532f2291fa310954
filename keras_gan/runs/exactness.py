"""The same numbers to the last bit."""

import os

import keras

from keras_gan.runs import devices


def add_in_one_order():
    """Have TensorFlow's threads on a CPU add in the same order in every process.

    Without it a run that is stopped and taken up again is the undisturbed one but
    for the last bits, from which games drift apart. On a GPU some operations have
    no such form, and everything stays as it is. To be called before any tensor is
    computed; `TF_DETERMINISTIC_OPS=0` in the environment turns it off.
    """
    is_tensorflow = keras.backend.backend() == "tensorflow"
    if is_tensorflow and not devices.num_gpus():
        os.environ.setdefault("TF_DETERMINISTIC_OPS", "1")
