"""Numbers that follow a change of an image, each its own."""

import keras
from keras import ops

from keras_gan._repr import config_repr
from keras_gan._typing import Config, Setting, Tensor
from keras_gan.invariance.changes import CHANGES
from keras_gan.optimizers.schedules import check_setting, value_at
from keras_gan.validation import arguments


@keras.saving.register_keras_serializable(package="keras_gan")
class NumberEquivariance:
    """A term of a loss: a number of a REAL image follows one change of it alone.

    With T_s the changes of an image x by strengths s, one for each number, uniform in
    [-1, 1], and Q(x) the numbers that the head reads,

        L = weight * E_{x, s} |Q(T_s(x)) - (Q(x) + step * s)|^2

    The information term lets the numbers of an InfoGAN share what they mean: any
    rotation of them tells as much of an image. Here each is given its axis, without a
    label: nobody says how slanted an image is, only that another is more so.

    Args:
        changes: dict from the names of codes to what each follows: `"slant"`,
            `"thickness"` of light strokes, or `"size"`.
        weight: float, or a schedule of the number of steps that the discriminator has
            taken.
        step: float, how far a number moves with the whole strength; numbers of a
            `Uniform` prior lie in [-1, 1].
        strengths: dict from the names of changes to the whole strength of each; what
            it leaves out is 0.33 pixels a row for slant; for thickness 0.42 of the way
            to the lightest of the 3 x 3 pixels around, where 1 is the most; and for
            size two to the power of 0.4. Choose it so that the data vary, in units of
            strength / step, about as much as the prior: see docs/codes.md.
        fakes_weight: float, or a schedule of the number of steps that the discriminator
            has taken: how much generated images teach the head of these numbers, as a
            share of the information term in L_D. 1 is as published; at 0 the head
            learns from real images alone what the numbers mean, and G follows.

    Raises:
        ValueError: on an unknown change, on numbers that are not positive or too
            large, and if both weights are 0.

    Example:

    ```python
    prior = keras_gan.latents.default_codes(num_continuous=2)
    gan = keras_gan.models.InfoGAN(
        *keras_gan.architectures.infogan((28, 28, 1), width=8, units=32), prior=prior
    )
    follows = {"code_1": "slant", "code_2": "thickness"}
    gan.compile(invariance=keras_gan.invariance.NumberEquivariance(follows))
    ```

    The idea of a code that moves as the image is transformed is Hinton et al. 2011's,
    "Transforming Auto-encoders"; the term is this project's.
    """

    log_name = "equivariance"

    def __init__(
        self,
        changes: dict[str, str],
        weight: Setting = 2.0,
        step: float = 0.8,
        strengths: dict[str, float] | None = None,
        fakes_weight: Setting = 1.0,
    ) -> None:
        self.changes = _checked_changes(changes)
        self.weight = check_setting("weight", weight)
        self.fakes_weight = check_setting("fakes_weight", fakes_weight)
        if self.weight == self.fakes_weight == 0:
            raise ValueError(
                "With `weight=0` and `fakes_weight=0` nothing teaches the head these "
                "numbers. Make one of them positive, or a schedule."
            )
        self.step = arguments.finite("step", step)
        if not self.step > 0:
            raise ValueError(f"`step` must be positive. Received: {step!r}")
        self.strengths = _checked_strengths(
            {} if strengths is None else strengths, self.changes
        )

    def __call__(self, gan, images: Tensor) -> tuple[Tensor, Tensor]:
        """Compute the term for a batch of real images.

        Args:
            gan: `keras_gan.models.InfoGAN`, whose discriminator reads the codes.
            images: float tensor `(batch, height, width, channels)`.

        Returns:
            `(loss, error)`: two float scalars, L and the mean squared error of the
            numbers, where 1 is that of a head that reads nothing.
        """
        shape = (ops.shape(images)[0], len(self.changes))
        strengths = keras.random.uniform(shape, -1.0, 1.0, seed=gan.seed_generator)
        changed = self.change(images, strengths)
        network = gan.network("discriminator")
        codes = network(ops.concatenate([images, changed]), training=True)[1]
        numbers = gan.prior.codes_of(ops.cast(codes, "float32"))
        read = ops.concatenate([numbers[name] for name in self.changes], axis=-1)
        before, after = ops.split(read, 2)
        squares = ops.square(after - before - self.step * strengths)
        loss = ops.mean(ops.sum(squares, axis=-1))
        uniform = self.step**2 / 3.0  # the variance of what is to be read
        weight = value_at(self.weight, gan.discriminator_iterations)
        return weight * loss, ops.mean(squares) / uniform

    def change(self, images: Tensor, strengths: Tensor) -> Tensor:
        """Change images.

        Args:
            images: float tensor `(batch, height, width, channels)`.
            strengths: float tensor `(batch, len(changes))`, in [-1, 1], in the order
                of `changes`.

        Returns:
            A float tensor of the shape of the images.
        """
        places = {name: i for i, name in enumerate(self.changes.values())}
        for name, change in CHANGES.items():
            if name in places:
                whole = self.strengths[name]
                images = change.apply(images, whole * strengths[:, places[name]])
        return images

    def check(self, prior) -> None:
        """Check that the prior has the numbers, or raise a `ValueError`."""
        sizes = {
            name: code.latent_dim
            for name, code in prior.codes.items()
            if type(code).__name__ != "Categorical"
        }
        for name in self.changes:
            if sizes.get(name) != 1:
                raise ValueError(
                    f"`NumberEquivariance` needs a code {name!r} that is one number, "
                    f"`Uniform(1)` or `Normal(1)`. The numbers, and how many each code "
                    f"has, are {sizes}."
                )

    def __repr__(self) -> str:
        return config_repr(self)

    def get_config(self) -> Config:
        serialize = keras.saving.serialize_keras_object
        return {
            "changes": dict(self.changes),
            "weight": serialize(self.weight),
            "step": self.step,
            "strengths": dict(self.strengths),
            "fakes_weight": serialize(self.fakes_weight),
        }

    @classmethod
    def from_config(cls, config: Config) -> "NumberEquivariance":
        deserialize = keras.saving.deserialize_keras_object
        return cls(**{name: deserialize(value) for name, value in config.items()})


def _checked_changes(changes):
    try:
        changes = {str(name): followed for name, followed in dict(changes).items()}
    except (TypeError, ValueError):
        changes = {}
    if not changes:
        raise ValueError(
            "`changes` must be a dict from the names of codes to changes, such as "
            f"{{'code_1': 'slant'}}. The changes are {sorted(CHANGES)}."
        )
    for name, followed in changes.items():
        arguments.one_of(f"changes[{name!r}]", followed, tuple(CHANGES))
    if len(set(changes.values())) < len(changes):
        raise ValueError(f"Each code needs a change of its own. Received: {changes!r}")
    return changes


def _checked_strengths(strengths, changes):
    used = {name: CHANGES[name].strength for name in changes.values()}
    if not isinstance(strengths, dict):
        raise ValueError(
            "`strengths` must be a dict from the names of changes to numbers, such as "
            f"{used}. Received: {strengths!r}"
        )
    for name, value in strengths.items():
        if name not in used:
            raise ValueError(
                f"`strengths` must be of the changes {sorted(used)}. Received: {name!r}"
            )
        used[name] = arguments.finite(f"strengths[{name!r}]", value)
        if not 0 < used[name] <= CHANGES[name].largest:
            raise ValueError(
                f"`strengths[{name!r}]` must be positive, and at most "
                f"{CHANGES[name].largest}. Received: {value!r}"
            )
    return used
