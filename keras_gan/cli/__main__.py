"""`python -m keras_gan.cli`."""

from keras_gan.cli import main

main(prog_name="keras-gan")
