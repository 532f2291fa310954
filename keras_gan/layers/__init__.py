"""What Keras lacks and the architectures need."""

from keras_gan.layers.maxout import Maxout

__all__ = ["Maxout"]
