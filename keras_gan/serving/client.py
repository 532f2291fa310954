"""A client of a server of generators, over REST or gRPC."""

from __future__ import annotations

import io
import os
import pathlib
import secrets
import urllib.parse

import numpy as np

from .errors import ServingError


class Client:
    """A generator behind a server: `keras-gan serve`, or TensorFlow Serving.

    Calls that find no server, or a busy one, are tried again after the pause that it
    asks for, or one that doubles each time. A call whose answer does not come is not:
    the server may still be computing it.

    Args:
        url: `http://host:8501/v1/models/NAME` for REST, or
            `grpc://host:8500/NAME` for gRPC (it needs the package `grpcio`).
            Where the built-in server has a single model, `http://host:8501` will
            do. `https://` and `grpcs://` are encrypted.
        version: int; None for the latest.
        timeout: float, seconds to wait for an answer, with all pauses. The first call
            also asks for the model's signatures, in a time of its own.
        retries: int, how often to try again.

    Example:

    ```python
    client = keras_gan.serving.Client("http://127.0.0.1:8501/v1/models/fashion")
    images = client.sample(8, seed=0)  # (8, 28, 28, 1), float32 in [-1, 1]
    ```
    """

    def __init__(
        self,
        url: str,
        version: int | None = None,
        timeout: float = 60.0,
        retries: int = 3,
    ):
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

    def sample(
        self,
        num_images: int,
        seed=None,
        labels=None,
        truncation: float | None = None,
        vectors=None,
        images=None,
        truncation_psi: float | None = None,
        codes: dict | None = None,
        edits: dict | None = None,
    ) -> np.ndarray:
        """Sample images.

        Args:
            num_images: int.
            seed: int, the seed of the first image, from which the others count
                up; or int array `(num_images,)`, one for each. The same seed is
                the same image. None for fresh ones.
            labels: int, or int array `(num_images,)`, for a model with classes; by
                default each image's seed chooses.
            truncation: float, for less diverse and more typical images; None for
                none.
            vectors: float array `(size,)` or `(num_images, size)`, for a model that
                is conditional on vectors.
            images: float array `(height, width, channels)` in [-1, 1], or one for
                each image, for a model that is conditional on images.
            truncation_psi: float, for a model with a mapping network: how far w goes
                from its mean, 1 for all the way and 0 for the mean image.
            codes: dict from the name of a code to its value, one for all images or one
                for each, for a model with codes; by default the seed chooses.
            edits: dict from the name of a direction to the amount to move by, one for
                all images or one for each, for a model exported with directions.

        Returns:
            A float32 array `(num_images, height, width, channels)`, in [-1, 1].

        Raises:
            ServingError: with the server's message.
            ValueError: on arguments that the model does not take.
        """
        given = {"labels": labels, "vectors": vectors, "images": images}
        truncations = truncation, truncation_psi
        rows = self._rows("sample", num_images, seed, truncations, given, codes, edits)
        return self._ask(rows, "sample", "images").astype("float32")

    def png(
        self,
        num_images: int,
        seed=None,
        labels=None,
        truncation: float | None = None,
        vectors=None,
        images=None,
        truncation_psi: float | None = None,
        codes: dict | None = None,
        edits: dict | None = None,
    ) -> list[bytes]:
        """Sample images as PNG files, a tenth of the size on the way.

        Arguments and errors are those of `sample`, but `images` are PNG files:
        bytes, or a list with one for each image.

        Returns:
            A list of bytes.
        """
        given = {"labels": labels, "vectors": vectors, "images": images}
        truncations = truncation, truncation_psi
        rows = self._rows("png", num_images, seed, truncations, given, codes, edits)
        return list(self._ask(rows, "png", "image_bytes"))

    def generate(self, latents, labels=None, vectors=None, images=None) -> np.ndarray:
        """Generate the images of given latents.

        Args:
            latents: float array `(num_images, latent_dim)`.
            labels: int, or int array `(num_images,)`, for a model with classes.
            vectors: as for `sample`.
            images: as for `sample`.

        Returns:
            A float32 array `(num_images, height, width, channels)`, in [-1, 1].
        """
        inputs = {"latents": np.asarray(latents, "float32")}
        given = {"labels": labels, "vectors": vectors, "images": images}
        for name, value in given.items():
            if value is not None:
                inputs[name] = _condition(name, value, len(inputs["latents"]))
        return self._ask(inputs, "serving_default", "images").astype("float32")

    def translate(self, images) -> np.ndarray:
        """Translate images, by a model that takes images and no latents.

        Args:
            images: array `(num_images, height, width, channels)`, or one image
                `(height, width, channels)`: float in [-1, 1], or uint8. Or the path of
                a picture, PNG or JPEG, or its content as bytes: the built-in server
                brings it to the size that the model takes, and reads other kinds too.

        Returns:
            A float32 array, in [-1, 1], of as many images; a single one for one.

        Raises:
            ServingError: with the server's message, and the name of the file.
            OSError: if there is no such file.
        """
        if isinstance(images, (str, os.PathLike, bytes)):
            return _decoded(self.translate_file(images))
        images = np.asarray(images)
        if images.dtype == np.uint8:
            images = images / 127.5 - 1
        images = images.astype("float32")
        is_one = images.ndim == 3
        inputs = {"images": images[None] if is_one else images}
        made = self._ask(inputs, "serving_default", "images").astype("float32")
        return made[0] if is_one else made

    def translate_file(self, picture: str | os.PathLike | bytes) -> bytes:
        """Translate a picture file.

        Args:
            picture: the path of a PNG or JPEG file, or its content.

        Returns:
            bytes, a PNG file.

        Raises:
            ServingError: with the server's message, and the name of the file.
            OSError: if there is no such file.
        """
        is_path = not isinstance(picture, bytes)
        content = pathlib.Path(picture).read_bytes() if is_path else picture
        inputs = {"image_bytes": np.array([content], object)}
        try:
            return self._ask(inputs, "png", "image_bytes")[0]
        except ServingError as error:
            if not is_path:
                raise
            raise ServingError(f"{picture}: {error.message}", error.status) from error

    def rows(
        self, num_rows: int, seed: int | None = None, where: dict | None = None
    ) -> list[dict]:
        """Sample the rows of a table, from the built-in server, over REST.

        Args:
            num_rows: int.
            seed: int; the same seed and condition are the same rows, and those of
                `TabularGAN.sample`. None for fresh ones.
            where: dict from a column's name to the value that it is to have, a list of
                values, None for a missing one, or for numbers and dates a pair
                `(low, high)`.

        Returns:
            A list of dicts, for instance for `pandas.DataFrame`. Dates are text, and
            None is a missing value.

        Raises:
            ServingError: with the server's message, on an unknown column, value or
                number.
            ValueError: if the client has another way than REST.
        """
        if not hasattr(self.transport, "rows"):
            raise ValueError(
                "Rows of a table come over REST: Client('http://host:8501/v1/models/"
                "NAME'). Over gRPC, `predict` returns encoded rows."
            )
        where = {name: _jsonable(value) for name, value in (where or {}).items()}
        request = {"num_rows": num_rows, "seed": seed, "where": where}
        return self.transport.rows(request)

    def predict(self, inputs: dict, signature_name: str = "serving_default") -> dict:
        """Call any signature.

        Args:
            inputs: dict from name to array.
            signature_name: str.

        Returns:
            A dict from name to array.

        Raises:
            ServingError: with the server's message.
        """
        return self.transport.predict(inputs, signature_name)

    def _ask(self, inputs, signature_name, output):
        """Return one output, which has as many rows as the inputs."""
        outputs = self.predict(inputs, signature_name)
        num_rows = len(next(iter(inputs.values())))
        received = outputs[output].shape if output in outputs else None
        if not received or received[0] != num_rows:
            raise ServingError(
                f"Expected the output {output!r} of {num_rows} rows. The server's "
                f"{signature_name!r} answered: "
                f"{ {name: value.shape for name, value in outputs.items()} }",
                502,
            )
        return outputs[output]

    def _rows(self, signature_name, num_images, seed, truncations, given, codes, edits):
        """Return the inputs of a signature that draws noise.

        Args:
            truncations: that of the latents and that of w, or None.
            given: dict from the name of a condition to its value, or None.
            codes: dict from the name of a code to its value, or None.
            edits: dict from the name of a direction to an amount, or None.
        """
        if int(num_images) != num_images or num_images < 1:
            raise ValueError(
                f"`num_images` must be a positive integer. Received: {num_images!r}"
            )
        if seed is None:
            seed = secrets.randbits(48)
        if np.ndim(seed) == 0:
            seed = int(seed) + np.arange(num_images)
        truncation, psi = truncations
        rows = {
            "seed": _each("seed", seed, num_images, "int64"),
            "truncation": _each("truncation", truncation or 0.0, num_images, "float32"),
        }
        taken = self.transport.input_names(signature_name)
        if "truncation_psi" in taken:
            psi = 1.0 if psi is None else psi
            rows["truncation_psi"] = _each("truncation_psi", psi, num_images, "float32")
        elif psi is not None:
            raise ValueError(
                "`truncation_psi` was passed, and the model has no mapping network. "
                "`truncation` cuts off the latents of any model."
            )
        rows |= _codes({**(codes or {}), **(edits or {})}, taken, num_images)
        for name, value in given.items():
            fields = [field for field in FIELDS[name] if field in taken]
            if not fields and value is not None:
                raise ValueError(
                    f"`{name}` were passed, and the model is not conditional on them."
                )
            if not fields:
                continue
            if value is None and name != "labels":
                raise ValueError(
                    f"The model is conditional on {name}. Pass them: `{name}=...`."
                )
            if fields == ["image_bytes"]:
                rows["image_bytes"] = _files(value, num_images)
            else:
                value = -1 if value is None else value
                rows[fields[0]] = _condition(name, value, num_images)
        return rows


# The inputs of `sample` and `png` that are neither codes nor directions.
OTHERS = {"seed", "truncation", "truncation_psi", "label", "vector"}
OTHERS |= {"image", "image_bytes", "end_seed", "position"}

# The inputs of `sample` and `png` that stand for a condition.
FIELDS = {
    "labels": ["label"],
    "vectors": ["vector"],
    "images": ["image_bytes", "image"],
}

# The shape of one condition has as many axes.
AXES = {"labels": 0, "vectors": 1, "images": 3}


def _jsonable(wanted):
    """Return what a column is to have as the server takes it."""
    if isinstance(wanted, tuple):
        low, high = map(_jsonable, wanted)
        return {"from": low, "to": high}
    if isinstance(wanted, list | set):
        return [_jsonable(value) for value in wanted]
    if hasattr(wanted, "isoformat"):
        return wanted.isoformat()
    return wanted.item() if isinstance(wanted, np.generic) else wanted


def _decoded(file):
    """Return a PNG file as a float32 image in [-1, 1]."""
    from PIL import Image

    with Image.open(io.BytesIO(file), formats=("PNG",)) as picture:
        levels = np.asarray(picture)
    levels = levels[..., None] if levels.ndim == 2 else levels
    return (levels / 127.5 - 1).astype("float32")


def _condition(name, value, num_images):
    dtype = "int32" if name == "labels" else "float32"
    return _each(name, value, num_images, dtype, AXES[name])


def _each(name, value, num_images, dtype, axes=0):
    """Return one value for each image, as an array."""
    value = np.asarray(value)
    if np.issubdtype(dtype, np.integer) and not np.issubdtype(value.dtype, np.integer):
        raise ValueError(f"`{name}` must be integers. Received: {value.dtype}")
    if value.ndim == axes:
        value = np.broadcast_to(value, (num_images, *value.shape))
    if value.ndim != axes + 1 or len(value) != num_images:
        raise ValueError(
            f"`{name}` must be one value, or one for each of {num_images} images. "
            f"Received: an array of shape {value.shape}."
        )
    return value.astype(dtype)


def _files(value, num_images):
    """Return one PNG file for each image, as an array of bytes."""
    files = [value] * num_images if isinstance(value, bytes) else list(value)
    if len(files) != num_images or not all(isinstance(f, bytes) for f in files):
        raise ValueError(
            f"`images` must be a PNG file as bytes, or a list of {num_images} of them."
        )
    return np.array(files, object)


def _codes(codes, taken, num_images):
    """Return the inputs of codes and directions; NaN is none given."""
    known = {name: kind for name, kind in taken.items() if name not in OTHERS}
    unknown = sorted(set(codes) - set(known))
    if unknown:
        has = f"has {', '.join(sorted(known))}" if known else "has none"
        raise ValueError(
            f"There is no code or direction {', '.join(unknown)}: the model {has}."
        )
    made = {}
    for name, (is_float, shape) in known.items():
        value = codes.get(name)
        if value is None:
            value = np.full(shape, np.nan) if is_float else -1
        dtype = "float32" if is_float else "int32"
        made[name] = _each(name, value, num_images, dtype, len(shape))
    return made
