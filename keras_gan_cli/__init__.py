"""The command line: `keras-gan train`, `generate`, `evaluate`, `serve` ...

One file for each command, which loads the library when it is called. A package of its
own, since whatever lies in `keras_gan` loads Keras and a backend first: so help comes
at once, and TensorFlow's log is turned down before there is one.
"""

from keras_gan_cli.group import LazyGroup

COMMANDS = {
    "presets": "List the recipes, or show one.",
    "train": "Train a preset, on its data or on yours.",
    "generate": "Invent images, as files or as a grid.",
    "interpolate": "Walk from image to image, as an animation or a strip.",
    "evaluate": "Measure a generator against real images.",
    "compare": "Measure one folder of pictures against another.",
    "export": "Write a generator for a server or another runtime.",
    "serve": "Serve exported generators over REST, with a page to play with.",
}

main = LazyGroup(
    "keras-gan",
    COMMANDS,
    help="Generative adversarial networks for Keras 3. The backend is that of "
    "KERAS_BACKEND, or else of ~/.keras/keras.json.",
)
