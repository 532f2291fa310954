"""What setup.cfg cannot say: `savedmodels/` beside the package goes into it."""

from setuptools import find_packages, setup

setup(packages=[*find_packages(include=["keras_gan*"]), "keras_gan.savedmodels"])
