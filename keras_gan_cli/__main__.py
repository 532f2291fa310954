"""`python -m keras_gan_cli`: the command line."""

from keras_gan_cli import main

main(prog_name="keras-gan")
