"""Latents with a meaning: categorical and continuous codes beside the noise."""

import math
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gan._typing import Config, Seed, Tensor
from keras_gan.latents.priors import Prior, Uniform
from keras_gan.validation import arguments

_package = keras.saving.register_keras_serializable(package="keras_gan")

# The names of other inputs of exported generators.
RESERVED = (
    *("seed", "end_seed", "position", "truncation", "truncation_psi"),
    *("latents", "label", "labels", "vector", "vectors", "image", "images"),
    *("image_bytes", "noise"),
)


@_package
class Categorical(Prior):
    """One of several categories, all equally likely, as a one-hot vector.

    Args:
        num_categories: int, at least 2; also the length of the vector.

    Example:

    ```python
    prior = keras_gan.latents.Categorical(10)
    one_hot = prior.sample(16, seed=0)  # (16, 10), a single 1 in each row
    prior.entropy()  # log(10), 2.3 nats
    ```
    """

    max_truncation = math.inf
    interpolation = "linear"

    def __init__(self, num_categories: int) -> None:
        num_categories = arguments.integer("num_categories", num_categories, 2)
        super().__init__(num_categories)
        self.num_categories = num_categories

    def sample(self, num_samples: Tensor, seed: Seed = None) -> Tensor:
        shape = (num_samples, self.num_categories)
        return self.quantile(keras.random.uniform(shape, seed=arguments.seed(seed)))

    def quantile(self, uniforms: Tensor) -> Tensor:
        """See `Prior.quantile`: the category is the largest number of a row."""
        return self.encode(ops.argmax(uniforms, axis=-1))

    def from_normal(self, normals: Tensor) -> Tensor:
        """See `Prior.from_normal`: the category is the largest number of a row."""
        return self.quantile(normals)

    def truncate(self, latents: Tensor, truncation: float | Tensor) -> Tensor:
        """Return the latents as they are: no category is more typical."""
        return ops.cast(latents, "float32")

    def confine(self, latents: Tensor) -> Tensor:
        """See `Prior.confine`: the category is the largest number of a row."""
        return self.quantile(latents)

    def encode(self, values: Tensor) -> Tensor:
        """Return categories `(batch,)` as one-hot vectors."""
        return ops.one_hot(ops.cast(values, "int32"), self.num_categories)

    def check(self, name: str, values: np.ndarray) -> np.ndarray:
        if not np.issubdtype(values.dtype, np.integer):
            raise ValueError(
                f"The code {name!r} is a category, an integer from 0 to "
                f"{self.num_categories - 1}. Received: {values.dtype}."
            )
        wrong = values[(values < 0) | (values >= self.num_categories)]
        if wrong.size:
            raise ValueError(
                f"The code {name!r} has the categories 0 to {self.num_categories - 1}. "
                f"Received: {wrong.flat[0]}"
            )
        return values

    def entropy(self) -> float:
        return math.log(self.num_categories)

    def log_likelihood(self, latents: Tensor, recognized: Tensor) -> Tensor:
        """Return log Q(c | x) for each row; `recognized` are logits."""
        return ops.sum(ops.multiply(latents, ops.log_softmax(recognized)), axis=-1)

    def information(self, latents: Tensor, recognized: Tensor) -> Tensor:
        return self.entropy() + ops.mean(self.log_likelihood(latents, recognized))

    def read(self, recognized: Tensor) -> Tensor:
        """Return the probabilities of the categories, `(batch, num_categories)`."""
        return ops.softmax(recognized, axis=-1)

    def get_config(self) -> Config:
        return {"num_categories": self.num_categories}


@_package
class NoiseAndCodes(Prior):
    """Noise without a meaning, and codes that are to have one.

    A latent is the noise, then each code in its order. `keras_gan.models.InfoGAN`
    trains a generator from whose images the codes can be recognised. `generate` can
    set them.

    Args:
        noise: `Prior` of the noise.
        codes: dict from the name of a code to its `Prior`: `Categorical`, `Uniform`
            or `Normal`.

    Raises:
        ValueError: on a name that is no identifier or that exported generators use
            for something else, and on a prior without an entropy.

    Example:

    ```python
    prior = keras_gan.latents.NoiseAndCodes(
        keras_gan.latents.Uniform(62),
        {
            "digit": keras_gan.latents.Categorical(10),
            "slant": keras_gan.latents.Uniform(1),
        },
    )
    latents = prior.sample(8, seed=0)  # (8, 73)
    sevens = prior.set_codes(latents, digit=7)
    prior.codes_of(sevens)["digit"]  # (8, 10), one-hot
    ```

    Chen et al. 2016, "InfoGAN: Interpretable Representation Learning by Information
    Maximizing Generative Adversarial Nets", arXiv:1606.03657.
    """

    interpolation = "linear"  # of categories there is no arc

    def __init__(self, noise: Prior, codes: Mapping[str, Prior]) -> None:
        self.noise, self.codes = noise, dict(codes)
        _check_parts(noise, self.codes)
        super().__init__(sum(part.latent_dim for part in (noise, *codes.values())))
        self.max_truncation = noise.max_truncation

    @property
    def code_dim(self) -> int:
        """The length of all codes together, which end the latent."""
        return self.latent_dim - self.noise.latent_dim

    def sample(self, num_samples: Tensor, seed: Seed = None) -> Tensor:
        seed = arguments.seed(seed)
        if isinstance(seed, int):  # or all parts would draw the same numbers
            seed = keras.random.SeedGenerator(seed)
        drawn = [part.sample(num_samples, seed=seed) for part in self._parts()]
        return ops.concatenate(drawn, axis=-1)

    def quantile(self, uniforms: Tensor) -> Tensor:
        return self._each("quantile", uniforms)

    def from_normal(self, normals: Tensor) -> Tensor:
        return self._each("from_normal", normals)

    def truncate(self, latents: Tensor, truncation: float | Tensor) -> Tensor:
        """See `Prior.truncate`, in the unit of the noise; the codes stay."""
        noise, *codes = self._split(ops.cast(latents, "float32"))
        return ops.concatenate([self.noise.truncate(noise, truncation), *codes], -1)

    def confine(self, latents: Tensor) -> Tensor:
        return self._each("confine", latents)

    def codes_of(self, latents: Tensor) -> dict[str, Tensor]:
        """Return the codes of latents, by their names.

        Args:
            latents: float tensor `(batch, latent_dim)`, or only its last `code_dim`
                columns, such as what a recognition head returns.

        Returns:
            A dict of tensors `(batch, size)`; a category is one-hot.
        """
        start, codes = latents.shape[-1] - self.code_dim, {}
        for name, code in self.codes.items():
            codes[name] = latents[:, start : start + code.latent_dim]
            start += code.latent_dim
        return codes

    def set_codes(self, latents: Tensor, **codes: Any) -> np.ndarray:
        """Return latents with some codes set, and all else as it was.

        Args:
            latents: float array or tensor `(num_latents, latent_dim)`.
            **codes: by the names of the codes, one value for all or one for each
                latent: an int, from 0, for a category; a float in the prior's range,
                `(size,)` where the code has several numbers.

        Returns:
            A float32 array `(num_latents, latent_dim)`.

        Raises:
            ValueError: on an unknown code, and on values out of range or of another
                shape.
        """
        latents = np.array(ops.convert_to_numpy(latents), "float32")
        unknown = sorted(set(codes) - set(self.codes))
        if unknown:
            raise ValueError(
                f"There is no code {', '.join(map(repr, unknown))}. There are: "
                f"{', '.join(map(repr, self.codes))}."
            )
        start = self.noise.latent_dim
        for name, code in self.codes.items():
            end = start + code.latent_dim
            if codes.get(name) is not None:
                rows = _rows_of(name, code, codes[name], len(latents))
                latents[:, start:end] = ops.convert_to_numpy(code.encode(rows))
            start = end
        return latents

    def log_likelihood(self, latents: Tensor, recognized: Tensor) -> Tensor:
        """Return log Q(c | x) of all codes together, for each row.

        Args:
            latents: float tensor `(batch, latent_dim)`.
            recognized: float tensor `(batch, code_dim)`, what a head returned.
        """
        return sum(self.log_likelihood_by_code(latents, recognized).values())

    def log_likelihood_by_code(
        self, latents: Tensor, recognized: Tensor
    ) -> dict[str, Tensor]:
        """Return log Q(c | x) of each code, for each row; see `log_likelihood`.

        Args:
            latents: float tensor `(batch, latent_dim)`.
            recognized: float tensor `(batch, code_dim)`, what a head returned.
        """
        drawn, found = self.codes_of(latents), self.codes_of(recognized)
        return {
            name: code.log_likelihood(drawn[name], found[name])
            for name, code in self.codes.items()
        }

    def information_by_code(
        self, latents: Tensor, recognized: Tensor
    ) -> dict[str, Tensor]:
        """Return how much images tell of each code, in nats; see `Prior.information`.

        Args:
            latents: float tensor `(batch, latent_dim)`.
            recognized: float tensor `(batch, code_dim)`, what a head returned.
        """
        drawn, found = self.codes_of(latents), self.codes_of(recognized)
        return {
            name: code.information(drawn[name], found[name])
            for name, code in self.codes.items()
        }

    def read_codes(self, recognized: np.ndarray) -> dict[str, np.ndarray]:
        """Return what a head says of each code: probabilities, or numbers.

        Args:
            recognized: float array `(batch, code_dim)`, what a head returned.
        """
        found = self.codes_of(ops.convert_to_tensor(recognized))
        return {
            name: ops.convert_to_numpy(self.codes[name].read(values))
            for name, values in found.items()
        }

    def _parts(self):
        return [self.noise, *self.codes.values()]

    def _split(self, latents):
        ends = np.cumsum([part.latent_dim for part in self._parts()])[:-1]
        return ops.split(latents, ends.tolist(), axis=-1)

    def _each(self, method, values):
        values = ops.cast(values, "float32")
        pairs = zip(self._parts(), self._split(values), strict=True)
        made = [getattr(part, method)(value) for part, value in pairs]
        return ops.concatenate(made, axis=-1)

    def get_config(self) -> Config:
        serialize = keras.saving.serialize_keras_object
        codes = {name: serialize(code) for name, code in self.codes.items()}
        return {"noise": serialize(self.noise), "codes": codes}

    @classmethod
    def from_config(cls, config: Config) -> "NoiseAndCodes":
        deserialize = keras.saving.deserialize_keras_object
        codes = {name: deserialize(code) for name, code in config["codes"].items()}
        return cls(deserialize(config["noise"]), codes)

    def __repr__(self) -> str:
        return f"NoiseAndCodes(noise={self.noise!r}, codes={self.codes!r})"


def default_codes(
    noise_dim: int = 62, num_categories: int = 10, num_continuous: int = 2
) -> NoiseAndCodes:
    """Return the latents of InfoGAN on digits: a category and continuous codes.

    Args:
        noise_dim: int, the length of the noise, uniform in [-1, 1].
        num_categories: int, those of the code `"category"`.
        num_continuous: int, the number of codes `"code_1"`, `"code_2"` ..., uniform in
            [-1, 1].

    Returns:
        `NoiseAndCodes`.

    Example:

    ```python
    prior = keras_gan.latents.default_codes()
    prior.latent_dim, prior.code_dim  # 74, 12
    ```

    Chen et al. 2016, arXiv:1606.03657.
    """
    codes = {"category": Categorical(num_categories)}
    for i in range(1, arguments.integer("num_continuous", num_continuous, 0) + 1):
        codes[f"code_{i}"] = Uniform(1)
    return NoiseAndCodes(Uniform(noise_dim), codes)


def _check_parts(noise, codes):
    for name, part in {"noise": noise, **codes}.items():
        if not isinstance(part, Prior):
            raise ValueError(
                f"{name!r} must be a prior, such as `keras_gan.latents.Uniform(1)`. "
                f"Received: {part!r}"
            )
    if not codes:
        raise ValueError(
            'Pass at least one code, such as `codes={"digit": Categorical(10)}`.'
        )
    for name, code in codes.items():
        if not str(name).isidentifier() or name in RESERVED:
            raise ValueError(
                f"A code cannot be called {name!r}. Expected an identifier other than "
                f"{', '.join(RESERVED)}."
            )
        try:
            code.entropy()
        except NotImplementedError:
            raise ValueError(
                f"The code {name!r}, {code!r}, has no `entropy`. Use Categorical, "
                "Uniform or Normal."
            ) from None


def _rows_of(name, code, values, num_rows):
    """Return checked values, one for each row: `(num_rows,)`, or with an axis more."""
    values = code.check(name, np.asarray(ops.convert_to_numpy(values)))
    is_vector = not isinstance(code, Categorical) and code.latent_dim > 1
    shape = (code.latent_dim,) if is_vector else ()
    if values.shape == (num_rows, 1) and not shape:
        values = values[:, 0]
    if values.shape == shape:
        values = np.broadcast_to(values, (num_rows, *shape))
    if values.shape != (num_rows, *shape):
        raise ValueError(
            f"The code {name!r} has the shape {values.shape}. Expected {shape} for all "
            f"latents, or {(num_rows, *shape)}, one for each."
        )
    return values
