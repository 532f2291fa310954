"""A generator to sample from: a network with its prior and its condition.

All that inference needs, and nothing of training. Every model with a generator holds
one, and `keras_gan.from_preset` returns one.
"""

import os
import secrets
from pathlib import Path

import keras
import numpy as np
from keras import ops

from keras_gan import backend, conditions, export
from keras_gan.export import translation
from keras_gan.validation import arguments, networks, sampled
from keras_gan.validation.pictures import check_reaches_black


class Sampler:
    """Draw from a generator.

    Args:
        network: `keras.Model` from latents `(batch, latent_dim)`, from a condition, or
            from `[latents, conditions]`, to data.
        prior: from `keras_gan.latents`; None for a network without latents, such as an
            image translator.
        condition: from `keras_gan.conditions`; None for a network without one. A
            network that takes images alone has the condition `Image`.
        name: str, of the model, for the model card.
        latent_directions: `keras_gan.latents.Directions` for `generate(edits=...)` and
            for exported models; None for none. May be set later.

    Raises:
        ValueError: if the network, the prior, the condition and the directions do not
            fit.

    Example:

    ```python
    sampler = keras_gan.from_preset("dcgan_mnist")
    images = sampler.generate(16, seed=0)
    ```
    """

    def __init__(
        self,
        network: keras.Model,
        prior=None,
        condition: conditions.Condition | None = None,
        name: str | None = None,
        latent_directions=None,
    ):
        networks.check_model("generator", network)
        check_reaches_black(network)
        sampled.check_prior(prior)
        if prior is None and condition is None:
            shape = networks.image_input(network)
            condition = None if shape is None else conditions.Image(shape)
        if prior is None and condition is None:
            raise ValueError(
                "A generator needs something to start from. Pass a `prior`, such as "
                "`keras_gan.latents.Normal(128)`, a `condition`, or both."
            )
        self.network = network
        self.prior = prior
        self.condition = conditions.get(condition)
        self.name = name or network.name
        self._size_multiple = None
        self.latent_directions = latent_directions

    @property
    def latent_directions(self):
        """`keras_gan.latents.Directions` that edit what is generated, or None."""
        return self._latent_directions

    @latent_directions.setter
    def latent_directions(self, directions):
        if directions is not None:
            sampled.check_directions(directions, self.network, self.prior)
        self._latent_directions = directions

    @property
    def num_classes(self) -> int | None:
        """The number of classes, where the condition is class labels."""
        return getattr(self.condition, "num_classes", None)

    @property
    def image_shape(self) -> tuple[int, ...]:
        """The shape of one generated example."""
        outputs = self.network(self.symbolic_inputs())
        return tuple(outputs.shape[1:])

    def symbolic_inputs(self, batch_size: int | None = None):
        """Return stand-ins for the network's inputs, to trace it with."""
        if self.prior is None:
            return self.condition.symbolic(batch_size)
        shape = (self.prior.latent_dim,)
        return networks.symbolic_inputs(shape, self.condition, batch_size)

    def generate(
        self,
        num_images: int,
        seed: int | None = None,
        labels=None,
        truncation: float | None = None,
        batch_size: int = 256,
        condition=None,
        truncation_psi: float | None = None,
        truncation_cutoff: int | None = None,
        codes: dict | None = None,
        edits: dict | None = None,
    ) -> np.ndarray:
        """Generate images.

        Args:
            num_images: int.
            seed: int from 0 to 2**31 - 1; the same seed and number give the same
                images. None for fresh ones. Neither disturbs training. Where layers
                of the network draw noise, by a `keras.random.SeedGenerator` of their
                own, the noise follows the seed too, and `batch_size` must be the same.
            labels: int, or int array `(num_images,)`, for class-conditional networks;
                by default the classes take turns.
            truncation: float, for less diverse and more typical images; see
                `truncate` of the prior.
            batch_size: int, how many to compute at a time.
            condition: array, one condition for all images or one for each, for
                networks whose condition is not a class label.
            truncation_psi: float, for less diverse and more typical images by another
                way, for generators with a mapping network: w moves towards its mean,
                from 1 (not at all) to 0 (the mean); see `StyleGenerator.truncate`.
            truncation_cutoff: int, how many layers that concerns, from the coarsest;
                None for all.
            codes: dict from the name of a code to its value, one for all images or one
                for each, for a prior with codes; see
                `keras_gan.latents.NoiseAndCodes.set_codes`. The others are drawn.
            edits: dict from the name of a direction to an amount, one for all images or
                one for each, where there are `latent_directions`; see
                `keras_gan.latents.Directions`.

        Returns:
            A float32 array `(num_images, height, width, channels)`, in [-1, 1].

        Raises:
            ValueError: on a number, condition, truncation, code or edit that cannot be.

        Example:

        ```python
        sampler = keras_gan.from_preset("cgan_mnist")
        images = sampler.generate(16, seed=0)
        threes = sampler.generate(16, labels=3)
        ```
        """
        num_images = arguments.integer("num_images", num_images)
        seed = secrets.randbits(31) if seed is None else arguments.seed(seed)
        latents = None
        if self.prior is not None:
            latents = self.prior.sample(num_images, seed=seed)
            if truncation is not None:
                latents = self.prior.truncate(latents, truncation)
        if codes:
            sampled.check_has_codes(codes, self.prior, self.name)
            latents = self.prior.set_codes(latents, **codes)
        given = sampled.given_condition(labels, condition, self.condition)
        if given is None and self.condition is not None:
            given = self.condition.default(num_images)
        directions = self.latent_directions
        if edits:
            sampled.check_has_directions(edits, directions, self.name)
        edits_w = bool(edits) and directions.space == "w"
        if edits and not edits_w:
            latents = directions.apply(latents, edits)
        if edits_w or truncation_psi is not None or truncation_cutoff is not None:
            w = self._map(latents, given, batch_size, truncation_psi, truncation_cutoff)
            w = directions.apply(w, edits) if edits_w else w
            return self._run_synthesis(w, batch_size, seed)
        return self._run(latents, given, num_images, batch_size, seed)

    def synthesize(
        self,
        latents=None,
        labels=None,
        batch_size: int = 256,
        condition=None,
        w=None,
    ) -> np.ndarray:
        """Return the images of given latents, or of given w.

        Layers of the network that draw noise draw that of seed 0.

        Args:
            latents: float array or tensor `(num_images, latent_dim)`.
            labels: int, or int array `(num_images,)`, for class-conditional networks.
            batch_size: int, how many to compute at a time.
            condition: array, one for all images or one for each, for networks whose
                condition is not a class label.
            w: float array or tensor in place of latents and condition, for generators
                with a mapping network: `(num_images, w_dim)`, as `map` returns it, or
                one for each layer, `(num_images, num_ws, w_dim)`.

        Returns:
            A float32 array `(num_images, height, width, channels)`, in [-1, 1].

        Raises:
            ValueError: on latents of another size, and on conditions that are
                missing, out of range or not wanted.

        Example:

        ```python
        latents = keras_gan.latents.sweep(gan.prior.sample(1, seed=0), 3, [-2, 0, 2])
        images = gan.synthesize(latents)
        ```
        """
        if w is not None:
            if latents is not None or labels is not None or condition is not None:
                raise ValueError(
                    "Pass `w` alone: the condition and the latents are in it already."
                )
            w = sampled.checked_w(w, self.network)
            return self._run_synthesis(w, batch_size, seed=0)
        given = sampled.given_condition(labels, condition, self.condition)
        latents = sampled.checked_latents(latents, self.prior)
        return self._run(latents, given, len(latents), batch_size, seed=0)

    def map(
        self,
        latents,
        labels=None,
        batch_size: int = 256,
        condition=None,
        truncation_psi: float | None = None,
        truncation_cutoff: int | None = None,
    ) -> np.ndarray:
        """Return the intermediate latents w, for generators with a mapping network.

        w is the better place for changes: a straight line between two w, or a step
        along a direction, changes an image more evenly than one between latents.

        Args:
            latents: float array or tensor `(num_images, latent_dim)`.
            labels: int, or int array `(num_images,)`, for class-conditional networks.
            batch_size: int, how many to compute at a time.
            condition: array, one for all images or one for each, for networks whose
                condition is not a class label.
            truncation_psi: float, to move w towards its mean; see `generate`.
            truncation_cutoff: int, how many layers that concerns; None for all.

        Returns:
            A float32 array `(num_images, w_dim)`; with a cutoff
            `(num_images, num_ws, w_dim)`.

        Raises:
            ValueError: if the network has no mapping network, and as `synthesize`.

        Example:

        ```python
        networks = keras_gan.architectures.stylegan2((16, 16, 3), width=8)
        gan = keras_gan.GAN(*networks)
        start, end = gan.map(gan.prior.sample(2, seed=0))
        path = keras_gan.latents.interpolate(start, end, 5, method="linear")
        images = gan.synthesize(w=path)
        ```
        """
        given = sampled.given_condition(labels, condition, self.condition)
        latents = sampled.checked_latents(latents, self.prior)
        return self._map(latents, given, batch_size, truncation_psi, truncation_cutoff)

    def translate(self, images, batch_size: int = 16, seed: int = 0) -> np.ndarray:
        """Translate images, by a network that takes images and no latents.

        A network that takes any size gets sides that are multiples of what it halves:
        the images are continued by their last row and column, and the result is cut.

        Args:
            images: array `(num_images, height, width, channels)`, or one image
                `(height, width, channels)`; float32 in [-1, 1], or uint8.
            batch_size: int, how many to compute at a time.
            seed: int, for layers that draw noise.

        Returns:
            A float32 array, in [-1, 1], of as many images; a single one for one.

        Raises:
            ValueError: if the network starts from latents, or takes other images.

        Example:

        ```python
        layer = keras.layers.Conv2D(3, 7, padding="same", activation="tanh")
        network = keras.Sequential([keras.Input((None, None, 3)), layer])
        sampler = keras_gan.Sampler(network)
        photo = np.zeros((150, 100, 3), "uint8")
        painting = sampler.translate(photo)
        painting.shape  # (150, 100, 3)
        ```
        """
        if self.prior is not None or not isinstance(self.condition, conditions.Image):
            raise ValueError(
                f"{self.name!r} does not translate: it starts from latents. Use "
                "`generate(num_images)`."
            )
        if self._size_multiple is None:
            shape = self.condition.shape
            self._size_multiple = translation.size_multiple(self.network, shape)
        seed = arguments.seed(seed)

        def run(images):
            return self._run(None, images, len(images), batch_size, seed)

        return translation.translate(images, self.condition, self._size_multiple, run)

    def export(
        self,
        path: str | os.PathLike,
        version: int | None = None,
        overwrite: bool = False,
        format: str = "saved_model",
        card: dict | None = None,
        weights_dtype: str | None = None,
    ) -> Path:
        """Write the generator to files that other programs load.

        See `keras_gan.export` for what each format holds.

        Args:
            path: the folder of the model, in which the version becomes a folder;
                or, for the other formats, the file.
            version: int; None for the next free one.
            overwrite: whether what exists may be replaced.
            format: `"saved_model"` for TensorFlow Serving, `"onnx"`, `"litert"`
                or `"openvino"`.
            card: dict for the model card of a SavedModel: `data`, `metrics`,
                `licence`, or whatever a user should know.
            weights_dtype: str, what a SavedModel stores its weights in; None for as
                they are.

        Returns:
            The `pathlib.Path` of the version's folder, or of the file.

        Raises:
            ValueError: on an unknown format, and on a version that exists.

        Example:

        ```python
        gan.export("savedmodels/fashion", version=1)
        gan.export("fashion.onnx", format="onnx")
        ```
        """
        if format == "saved_model":
            return export.saved_model(
                self.network,
                path,
                version,
                overwrite,
                self.prior,
                self.condition,
                card,
                weights_dtype,
                self.latent_directions,
            )
        if version is not None or card is not None:
            raise ValueError(
                f"`version` and `card` belong to a SavedModel, and format={format!r} "
                "writes a single file."
            )
        if format not in ("onnx", "litert", "openvino"):
            raise ValueError(
                "`format` must be 'saved_model', 'onnx', 'litert' or 'openvino'. "
                f"Received: {format!r}"
            )
        write = getattr(export, format)
        return write(self.network, path, overwrite, self.prior, self.condition)

    def _run(self, latents, given, num_images, batch_size, seed):
        """Run the network on latents and conditions."""
        rows = self._rows(latents, given, num_images)
        return self._predict(self.network, rows, batch_size, seed)

    def _rows(self, latents, given, num_images):
        rows = [] if latents is None else [ops.convert_to_numpy(latents)]
        if self.condition is not None:
            rows.append(self.condition.complete(given, num_images))
        return rows

    def _map(self, latents, given, batch_size, psi, cutoff):
        """Run the mapping network, and truncate what it makes."""
        sampled.check_has_w(self.network)
        rows = self._rows(latents, given, len(latents))
        w = self._predict(self.network.mapping, rows, batch_size, seed=0)
        if psi is None and cutoff is None:
            return w
        psi = arguments.finite("truncation_psi", 1.0 if psi is None else psi)
        return ops.convert_to_numpy(self.network.truncate(w, psi, cutoff))

    def _run_synthesis(self, w, batch_size, seed):
        """Run the synthesis network on w, of all layers or of each."""
        if w.ndim == 2:
            w = np.repeat(w[:, None], self.network.num_ws, axis=1)
        return self._predict(self.network.synthesis, [w], batch_size, seed)

    def _predict(self, network, rows, batch_size, seed):
        """Run a network on batches of few sizes, so that few graphs are compiled."""
        num_images = len(rows[0])
        size = _round_size(num_images, arguments.integer("batch_size", batch_size))
        rows = [_fill(row, size) for row in rows]
        inputs = rows[0] if len(rows) == 1 else rows
        with backend.seeded(self.network, seed):
            outputs = backend.predict(network, inputs, size)
        return np.asarray(outputs[:num_images], "float32")

    def __repr__(self) -> str:
        parts = f"prior={self.prior!r}, condition={self.condition!r}"
        return f"Sampler({self.name!r}, {parts})"


def _round_size(num_images, at_most):
    return min(1 << (num_images - 1).bit_length(), at_most)


def _fill(array, size):
    """Repeat the last row until the rows fill batches of one size."""
    return np.pad(
        array, [(0, -len(array) % size)] + [(0, 0)] * (array.ndim - 1), mode="edge"
    )
