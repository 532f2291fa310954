"""Three runs that a process is killed in, each in the middle of what it must keep.

As a script it is that process. The runs lie in each other, so that one signal ends all:

    python killed.py FOLDER
"""

import os
import signal
import sys
from pathlib import Path

import keras

import keras_gan
from keras_gan import penalties

if __name__ == "__main__":  # what is beside conftest.py
    sys.path.append(str(Path(__file__).parents[1]))

import test_progressive_gan as progressive
import test_style_gan as style
import test_translator_resume as translator

# After how many steps each run is killed: in an epoch; with images in the pools; in a
# fade; three steps after both lazy penalties were due, and one before they are again.
STEPS = {"cyclegan": 5, "progressive": 4, "style": 3}


def new_style(seed=0):
    gan = style.new_gan(side=4, seed=seed)  # one stage
    return style.compiled(
        gan,
        discriminator_penalties=[penalties.R1(1.0, interval=4)],
        generator_penalties=[penalties.PathLength(interval=4, batch_shrink=2)],
    )


NEW = {
    "cyclegan": translator.new,
    "progressive": progressive.new_gan,
    "style": new_style,
}
DATA = {
    "cyclegan": translator.data,
    "progressive": lambda: progressive.data().with_steps_per_epoch(3),
    "style": lambda: style.data(side=4).with_steps_per_epoch(5),
}
EPOCHS = {"cyclegan": 2, "progressive": 2, "style": 1}


def fit(name, *callbacks, seed=0):
    """Return one of the models after its training."""
    gan = NEW[name](seed=seed)
    # Tracing takes longer than these few steps.
    gan.run_eagerly = keras.backend.backend() == "tensorflow"
    gan.fit(DATA[name](), epochs=EPOCHS[name], verbose=0, callbacks=[*callbacks])
    return gan


class At(keras.callbacks.Callback):
    """Do something at the end of a step, before its checkpoint is written."""

    def __init__(self, step, action):
        super().__init__()
        self.left, self.action = step, action

    def on_train_batch_end(self, batch, logs=None):
        self.left -= 1
        if self.left == 0:
            self.action()


def run(folder):
    def then(*names):
        if not names:
            os.kill(os.getpid(), signal.SIGKILL)
        first, *others = names
        checkpoint = keras_gan.callbacks.Checkpoint(folder / first, every=1)
        fit(first, At(STEPS[first] + 1, lambda: then(*others)), checkpoint)

    then(*STEPS)


if __name__ == "__main__":
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()
    if keras.backend.backend() == "jax":  # as conftest.py does for the tests
        import jax_programs

        jax_programs.compile_once()
    run(Path(sys.argv[1]))
