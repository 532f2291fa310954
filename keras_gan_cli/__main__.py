"""Run the command line by `python -m keras_gan_cli`."""

from keras_gan_cli import main

main(prog_name="keras-gan")
