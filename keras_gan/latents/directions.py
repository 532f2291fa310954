"""Directions in the space of the latents: steps that change images in one way."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gan import array_files
from keras_gan._typing import Config, Tensor
from keras_gan.files import DamagedFile, atomic_write
from keras_gan.latents.codes import RESERVED
from keras_gan.paths import expand
from keras_gan.validation import arguments

SPACES = ("z", "w")
MEND = "Write it again with `directions.save`."


@keras.saving.register_keras_serializable(package="keras_gan")
class Directions:
    """Named directions in the space of z, or of w.

    A step of amount a along a direction adds `a * scale * vector` to a latent. The
    scale is the standard deviation of the latents along the direction, so that amounts
    from -3 to 3 stay where the generator was trained.

    `keras_gan.latents.closed_form`, `principal` and `from_attributes` find directions.

    Args:
        vectors: float array `(num_directions, dim)`, of any lengths but 0. They are
            made unit vectors.
        names: strs, identifiers, one for each; None for `direction_1` and so on.
        space: `"z"` for latents, or `"w"` for what a mapping network makes of them.
        scale: float, or floats `(num_directions,)`, positive: the length of a step of
            amount 1.

    Raises:
        ValueError: on vectors of zero length or that are not finite, on another number
            of names or scales, and on names that are no identifiers, that are given
            twice, or that exported generators use for something else.

    Example:

    ```python
    directions = keras_gan.latents.Directions(np.eye(4)[:2], ["left", "up"])
    latents = keras_gan.latents.Normal(4).sample(3, seed=0)
    moved = directions.edit(latents, "up", 1.5)
    both = directions.apply(latents, {"left": 1.0, "up": [-1.0, 0.0, 1.0]})
    ```
    """

    def __init__(
        self,
        vectors: Tensor,
        names: Sequence[str] | None = None,
        space: str = "z",
        scale: float | Tensor = 1.0,
    ) -> None:
        vectors = np.asarray(ops.convert_to_numpy(vectors), "float32")
        if vectors.ndim != 2 or not vectors.size or not np.isfinite(vectors).all():
            raise ValueError(
                "`vectors` must be finite, of the shape (num_directions, dim). "
                f"Received the shape {vectors.shape}."
            )
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not lengths.all():
            number = int(np.argmin(lengths))
            raise ValueError(f"The vector {number} has the length 0: no direction.")
        is_unit = np.abs(lengths - 1) < 1e-6  # those stay as they are, to the bit
        self.vectors = np.where(is_unit, vectors, vectors / lengths)
        self.names = checked_names(names, len(vectors))
        self.space = arguments.one_of("space", space, SPACES)
        self.scale = _checked_scale(scale, len(vectors))

    def __len__(self) -> int:
        return len(self.names)

    @property
    def dim(self) -> int:
        """The length of the latents, or of w."""
        return self.vectors.shape[1]

    @property
    def steps(self) -> np.ndarray:
        """What an amount of 1 adds, `(num_directions, dim)`."""
        return self.vectors * self.scale[:, None]

    def index(self, direction: str | int) -> int:
        """Return the number of a direction, from 0.

        Args:
            direction: str, its name; or int, its number.

        Raises:
            ValueError: if there is none.
        """
        if direction in self.names:
            return self.names.index(direction)
        is_number = isinstance(direction, int | np.integer)
        if is_number and 0 <= direction < len(self):
            return int(direction)
        raise ValueError(
            f"There is no direction {direction!r}. There are: "
            f"{', '.join(map(repr, self.names))}, also by the numbers 0 to "
            f"{len(self) - 1}."
        )

    def select(self, directions: Sequence[str | int]) -> "Directions":
        """Return some of the directions, in an order of your own.

        Args:
            directions: names or numbers.
        """
        rows = [self.index(direction) for direction in directions]
        names = [self.names[row] for row in rows]
        return Directions(self.vectors[rows], names, self.space, self.scale[rows])

    def rename(self, names: Mapping[str | int, str]) -> "Directions":
        """Return the same directions under other names.

        What a found direction does, a look at its images tells.

        Args:
            names: dict from the present name, or the number, to the new name.
        """
        new = list(self.names)
        for direction, name in names.items():
            new[self.index(direction)] = name
        return Directions(self.vectors, new, self.space, self.scale)

    def edit(
        self,
        latents: Tensor,
        direction: str | int,
        amount: float | Tensor,
        layers: Sequence[int] | None = None,
    ) -> np.ndarray:
        """Move latents along one direction.

        Args:
            latents: float array or tensor `(num_latents, dim)`; w may be one for each
                layer, `(num_latents, num_ws, dim)`.
            direction: str, its name; or int, its number from 0.
            amount: float, or floats `(num_latents,)`, in standard deviations.
            layers: ints, which layers of w move; None for all.

        Returns:
            A float32 array of the shape of `latents`.

        Raises:
            ValueError: on an unknown direction, latents of another size, and amounts
                that are not finite or of another number.

        Example:

        ```python
        sampler = keras_gan.from_preset("dcgan_mnist")
        directions = keras_gan.latents.closed_form(sampler)
        latents = sampler.prior.sample(8, seed=0)
        images = sampler.synthesize(directions.edit(latents, 0, 2.0))
        ```
        """
        return self.apply(latents, {self.names[self.index(direction)]: amount}, layers)

    def apply(
        self,
        latents: Tensor,
        amounts: Mapping[str, float | Tensor],
        layers: Sequence[int] | None = None,
    ) -> np.ndarray:
        """Move latents along several directions at once; see `edit`.

        Args:
            latents: as in `edit`.
            amounts: dict from the name of a direction to its amount.
            layers: ints, which layers of w move; None for all.
        """
        latents = self._checked_latents(latents)
        shift = np.zeros((len(latents), self.dim), "float32")
        for direction, amount in amounts.items():
            row = self.index(direction)
            amount = _amounts(self.names[row], amount, len(latents))
            shift += amount[:, None] * self.steps[row]
        if latents.ndim == 2 and layers is None:
            return latents + shift
        if latents.ndim == 2:
            raise ValueError(
                "`layers` choose among the w of each layer, and `latents` have the "
                f"shape {latents.shape}. Repeat w first: "
                "`np.repeat(w[:, None], sampler.network.num_ws, axis=1)`."
            )
        moved, num_ws = latents.copy(), latents.shape[1]
        for layer in range(num_ws) if layers is None else layers:
            if arguments.integer("layers", layer, at_least=0) >= num_ws:
                raise ValueError(
                    f"`layers` must be from 0 to {num_ws - 1}. Received: {layer}"
                )
            moved[:, layer] += shift
        return moved

    def save(self, path: str | os.PathLike) -> Path:
        """Write the directions to a file of arrays.

        `keras_gan.from_preset` finds it under the name `directions.npz`, in a folder
        that `save_to_preset` wrote, and in `assets.extra/` of a trained preset.

        Args:
            path: the file, `.npz`.

        Returns:
            Its `pathlib.Path`.
        """
        path = expand(path)
        if path.suffix != ".npz":
            raise ValueError(f"Name a file that ends in .npz. Received: {str(path)!r}")
        arrays = {"vectors": self.vectors, "scale": self.scale}
        arrays |= {"names": np.array(self.names), "space": np.array(self.space)}
        with atomic_write(path) as draft, open(draft, "wb") as file:
            np.savez(file, **arrays)
        return path

    @classmethod
    def load(cls, path: str | os.PathLike) -> "Directions":
        """Read directions that `save` wrote.

        Args:
            path: the file.

        Raises:
            ValueError: if it is damaged, or holds something else.
        """
        path = expand(path)
        arrays = array_files.read(path, mend=MEND)
        missing = {"vectors", "scale", "names", "space"} - set(arrays)
        if missing:
            found = f"it has no {', '.join(sorted(missing))}, so it holds no directions"
            raise DamagedFile(path, found, MEND)
        names = [str(name) for name in np.atleast_1d(arrays["names"])]
        try:
            space = str(arrays["space"])
            return cls(arrays["vectors"], names, space, arrays["scale"])
        except ValueError as error:
            raise DamagedFile(path, str(error), MEND) from error

    def _checked_latents(self, latents):
        latents = np.asarray(ops.convert_to_numpy(latents), "float32")
        num_axes = (2,) if self.space == "z" else (2, 3)
        if latents.ndim not in num_axes or latents.shape[-1] != self.dim:
            or_each = "" if self.space == "z" else f" or (num_w, num_ws, {self.dim})"
            raise ValueError(
                f"These are directions of {self.space}, of the shape "
                f"(num_{'latents' if self.space == 'z' else 'w'}, {self.dim}){or_each}."
                f" Received the shape {latents.shape}."
            )
        return latents

    def get_config(self) -> Config:
        return {
            "vectors": self.vectors.tolist(),
            "names": list(self.names),
            "space": self.space,
            "scale": self.scale.tolist(),
        }

    @classmethod
    def from_config(cls, config: Config) -> "Directions":
        return cls(**config)

    def __repr__(self) -> str:
        return (
            f"Directions({', '.join(self.names)}; space={self.space!r}, dim={self.dim})"
        )


def checked_names(names: Any, number: int) -> tuple[str, ...]:
    """Return the names of directions, if there are as many and each can be an input.

    Args:
        names: strs; None for `direction_1` and so on.
        number: int.

    Raises:
        ValueError: if not.
    """
    if names is None:
        return tuple(f"direction_{i}" for i in range(1, number + 1))
    names = [names] if isinstance(names, str) else [str(name) for name in names]
    if len(names) != number:
        raise ValueError(
            f"There are {number} directions and {len(names)} names: {names}."
        )
    for name in names:
        if not name.isidentifier() or name in RESERVED:
            raise ValueError(
                f"A direction cannot be called {name!r}. Expected an identifier other "
                f"than {', '.join(RESERVED)}."
            )
        if names.count(name) > 1:
            raise ValueError(f"Two directions are called {name!r}.")
    return tuple(names)


def _checked_scale(scale, number):
    scale = np.asarray(ops.convert_to_numpy(scale), "float32")
    if scale.shape not in ((), (number,)):
        raise ValueError(
            f"`scale` must be one number, or one for each of {number} directions. "
            f"Received the shape {scale.shape}."
        )
    if not (np.isfinite(scale).all() and (scale > 0).all()):
        raise ValueError(f"`scale` must be positive. Received: {scale}")
    return np.broadcast_to(scale, (number,)).copy()


def _amounts(name, amount, number):
    amount = np.asarray(ops.convert_to_numpy(amount), "float32")
    if amount.shape not in ((), (number,)) or not np.isfinite(amount).all():
        raise ValueError(
            f"The amount of {name!r} must be one finite number, or one for each of "
            f"{number} latents. Received: {amount!r}"
        )
    return np.broadcast_to(amount, (number,))
