"""The command line: `keras-gan train`, `generate`, `evaluate`, `serve` ...

Each command is one module, which imports the library when it runs. The command line is
a package beside `keras_gan`, not inside it, because importing any part of `keras_gan`
imports Keras and its backend, which takes seconds: `keras-gan --help` answers at once,
and TensorFlow's log level is set before TensorFlow is imported.
"""

import click

from keras_gan_cli.group import LazyGroup

COMMANDS = {
    "presets": "List the presets, or show one.",
    "train": "Train a preset on its data set or on your images.",
    "generate": "Generate images, as files or as a grid.",
    "translate": "Translate a folder of pictures by an image translator.",
    "interpolate": "Interpolate between images, as an animation or a strip.",
    "evaluate": "Evaluate a generator against real images.",
    "compare": "Compare two folders of images by metrics.",
    "export": "Export a generator for a server or another runtime.",
    "publish": "Upload a model to the Hugging Face hub.",
    "convert": "Convert published weights to a Keras model.",
    "serve": "Serve exported generators over REST, with a demo page.",
}

main = LazyGroup(
    "keras-gan",
    COMMANDS,
    help="Generative adversarial networks for Keras 3. The environment variable "
    "KERAS_BACKEND or ~/.keras/keras.json sets the backend.",
)
click.version_option(package_name="keras-gan", prog_name="keras-gan")(main)
