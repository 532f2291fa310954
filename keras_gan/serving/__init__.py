"""Exported generators behind a server, and a client for it.

The server knows TensorFlow and no Keras. `keras-gan serve PATH` starts it by its
file, so that the package around it, which imports Keras, is never loaded.
"""

from .client import Client
from .errors import ServingError

__all__ = ["Client", "ServingError"]
