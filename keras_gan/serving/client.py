"""Ask a server for pictures, over REST or gRPC."""

import secrets
import urllib.parse

import numpy as np


class Client:
    """A generator behind a server: `keras-gan serve`, or TensorFlow Serving.

    Calls that fail on the way, or find the server busy, are tried again after a
    pause that doubles each time.

    Args:
        url: `http://host:8501/v1/models/NAME` for REST, or
            `grpc://host:8500/NAME` for gRPC (it needs the package `grpcio`).
            Where the built-in server has a single model, `http://host:8501` will
            do. `https://` and `grpcs://` are encrypted.
        version: int; None for the latest.
        timeout: float, seconds to wait for an answer.
        retries: int, how often to try again.

    Example:

    ```python
    client = keras_gan.serving.Client("http://127.0.0.1:8501/v1/models/fashion")
    images = client.sample(8, seed=0)  # (8, 28, 28, 1), float32 in [-1, 1]
    ```
    """

    def __init__(self, url, version=None, timeout=60.0, retries=3):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme in ("grpc", "grpcs"):
            from .grpc_transport import GrpcTransport as Transport
        elif parts.scheme in ("http", "https"):
            from .rest_transport import RestTransport as Transport
        else:
            raise ValueError(
                "`url` must start with http://, https://, grpc:// or grpcs://. "
                f"Received: {url!r}"
            )
        self.transport = Transport(parts, version, timeout, retries)

    def sample(self, num_images, seed=None, labels=None, truncation=None):
        """Invent images.

        Args:
            num_images: int.
            seed: int, the seed of the first image, from which the others count
                up; or int array `(num_images,)`, one for each. The same seed is
                the same image. None for fresh ones.
            labels: int, or int array `(num_images,)`, for a conditional model; by
                default each image's seed chooses.
            truncation: float, for less diverse and more typical images; None for
                none.

        Returns:
            A float32 array `(num_images, height, width, channels)`, in [-1, 1].

        Raises:
            ServingError: with what the server said.
        """
        rows = self._rows("sample", num_images, seed, labels, truncation)
        return self.predict(rows, "sample")["images"].astype("float32")

    def png(self, num_images, seed=None, labels=None, truncation=None):
        """As `sample`, but a list of PNG files, a tenth of the size on the way."""
        rows = self._rows("png", num_images, seed, labels, truncation)
        return list(self.predict(rows, "png")["image_bytes"])

    def generate(self, latents, labels=None):
        """The images that given latents stand for.

        Args:
            latents: float array `(num_images, latent_dim)`.
            labels: int, or int array `(num_images,)`, for a conditional model.

        Returns:
            A float32 array `(num_images, height, width, channels)`, in [-1, 1].
        """
        inputs = {"latents": np.asarray(latents, "float32")}
        if labels is not None:
            inputs["labels"] = _each(labels, len(inputs["latents"]), "int32", "labels")
        return self.predict(inputs)["images"].astype("float32")

    def predict(self, inputs, signature_name="serving_default"):
        """Call any signature.

        Args:
            inputs: dict from name to array.
            signature_name: str.

        Returns:
            A dict from name to array.

        Raises:
            ServingError: with what the server said.
        """
        return self.transport.predict(inputs, signature_name)

    def _rows(self, signature_name, num_images, seed, labels, truncation):
        if int(num_images) != num_images or num_images < 1:
            raise ValueError(
                f"`num_images` must be a positive integer. Received: {num_images!r}"
            )
        if seed is None:
            seed = secrets.randbits(48)
        if np.ndim(seed) == 0:
            seed = int(seed) + np.arange(num_images)
        rows = {
            "seed": _each(seed, num_images, "int64", "seed"),
            "truncation": _each(truncation or 0.0, num_images, "float32", "truncation"),
        }
        if "label" in self.transport.input_names(signature_name):
            labels = -1 if labels is None else labels
            rows["label"] = _each(labels, num_images, "int32", "labels")
        elif labels is not None:
            raise ValueError("`labels` were passed, and the model is not conditional.")
        return rows


def _each(value, num_images, dtype, name):
    """One value for each image, as an array."""
    value = np.asarray(value)
    if np.issubdtype(dtype, np.integer) and not np.issubdtype(value.dtype, np.integer):
        raise ValueError(f"`{name}` must be integers. Received: {value.dtype}")
    if value.ndim == 0:
        value = np.full(num_images, value)
    if value.shape != (num_images,):
        raise ValueError(
            f"`{name}` must be one value, or one for each of {num_images} images. "
            f"Received: an array of shape {value.shape}."
        )
    return value.astype(dtype)
