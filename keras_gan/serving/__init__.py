"""A server of exported generators, and a client for it.

The server needs TensorFlow and no Keras. `keras-gan serve PATH` starts it by its
file, so that the package around it, which imports Keras, is never loaded.
"""

from .client import Client
from .errors import ServingError

__all__ = ["Client", "ServingError"]
