"""Adversarial losses of the discriminator and the generator.

A loss is an object with two methods, one for each network. Both take LOGITS, the
discriminator's output before any sigmoid. D(x) = sigmoid(logit) is the probability
that x is real. Therefore

    -log D(x) = softplus(-logit)    and    -log(1 - D(x)) = softplus(logit),

which are finite even where the probability rounds to 0 or 1.
"""

import difflib
import re

import keras
from keras import ops

from keras_gan._repr import config_repr
from keras_gan._typing import Config, Tensor

_package = keras.saving.register_keras_serializable(package="keras_gan")


class AdversarialLoss:
    """Base class of adversarial losses.

    For a new loss, subclass this and write the paper's two equations.

    Example:

    ```python
    class LeastAbsolute(keras_gan.losses.AdversarialLoss):
        def discriminator_loss(self, real_logits, fake_logits):
            return ops.mean(ops.abs(real_logits - 1)) + ops.mean(ops.abs(fake_logits))

        def generator_loss(self, fake_logits, real_logits=None):
            return ops.mean(ops.abs(fake_logits - 1))
    ```
    """

    # Whether `generator_loss` uses the real logits too. If not, the generator's
    # step does not compute them.
    is_relativistic = False

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Return the loss that the discriminator minimises.

        Args:
            real_logits: float tensor `(batch, 1)`, the logits of real data.
            fake_logits: float tensor `(batch, 1)`, the logits of generated data.

        Returns:
            A float scalar.
        """
        raise NotImplementedError

    def generator_loss(
        self, fake_logits: Tensor, real_logits: Tensor | None = None
    ) -> Tensor:
        """Return the loss that the generator minimises.

        Args:
            fake_logits: float tensor `(batch, 1)`, the logits of generated data.
            real_logits: float tensor `(batch, 1)`, the logits of real data, for
                relativistic losses; None for all others.

        Returns:
            A float scalar.
        """
        raise NotImplementedError

    def score(self, logits: Tensor) -> Tensor:
        """Return the discriminator's probability that each example is real."""
        return ops.sigmoid(logits)

    def __repr__(self) -> str:
        return config_repr(self)

    def get_config(self) -> Config:
        return {}

    @classmethod
    def from_config(cls, config: Config) -> "AdversarialLoss":
        return cls(**config)


@_package
class Minimax(AdversarialLoss):
    """The minimax loss of the first paper.

    The discriminator maximises, and the generator minimises, one value:

        min_G max_D V(D, G) = E[log D(x)] + E[log(1 - D(G(z)))].

    At the optimum of D, V is 2 JS(p_data || p_g) - 2 log 2. Early in training, D
    recognises fakes easily. Then log(1 - D(G(z))) saturates and the gradient of G
    is nearly zero: see `NonSaturating`.

    Example:

    ```python
    gan.compile(loss=keras_gan.losses.Minimax())
    ```

    Goodfellow et al. 2014, "Generative Adversarial Nets", arXiv:1406.2661.
    """

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        log_d_real = -ops.softplus(-real_logits)
        log_one_minus_d_fake = -ops.softplus(fake_logits)
        return -(ops.mean(log_d_real) + ops.mean(log_one_minus_d_fake))

    def generator_loss(
        self, fake_logits: Tensor, real_logits: Tensor | None = None
    ) -> Tensor:
        log_one_minus_d_fake = -ops.softplus(fake_logits)
        return ops.mean(log_one_minus_d_fake)


@_package
class NonSaturating(AdversarialLoss):
    """The non-saturating loss, the usual choice: G maximises log D(G(z)).

    The fixed point is that of `Minimax`, but the gradient is strong where the
    generator is worst (section 3 of the first paper):

        L_D = -E[log D(x)] - E[log(1 - D(G(z)))],    L_G = -E[log D(G(z))].

    Args:
        label_smoothing: float in [0, 1). The target for REAL data becomes
            1 - label_smoothing. The target for fakes stays 0: smoothing both would
            reward D for taking the generator's errors for real data.
        discriminator_weight: float, the factor of L_D. The code of the first paper
            has 0.5, which matters to optimizers such as SGD.

    Example:

    ```python
    gan.compile(loss=keras_gan.losses.NonSaturating(label_smoothing=0.1))
    ```

    Goodfellow et al. 2014, arXiv:1406.2661; one-sided smoothing from Salimans
    et al. 2016, "Improved Techniques for Training GANs", arXiv:1606.03498.
    """

    def __init__(
        self, label_smoothing: float = 0.0, discriminator_weight: float = 1.0
    ) -> None:
        if not discriminator_weight > 0:
            raise ValueError(
                "`discriminator_weight` is the factor of the discriminator's loss, and "
                f"must be positive. Received: {discriminator_weight}"
            )
        self.discriminator_weight = discriminator_weight
        if not 0 <= label_smoothing < 1:
            raise ValueError(
                "`label_smoothing` is how far the target of real data lies below 1, "
                f"and must be in [0, 1). Received: {label_smoothing}"
            )
        self.label_smoothing = label_smoothing

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        target = 1.0 - self.label_smoothing
        real = target * ops.softplus(-real_logits) + (1.0 - target) * ops.softplus(
            real_logits
        )
        loss = ops.mean(real) + ops.mean(ops.softplus(fake_logits))
        return self.discriminator_weight * loss

    def generator_loss(
        self, fake_logits: Tensor, real_logits: Tensor | None = None
    ) -> Tensor:
        return ops.mean(ops.softplus(-fake_logits))

    def get_config(self) -> Config:
        return {
            "label_smoothing": self.label_smoothing,
            "discriminator_weight": self.discriminator_weight,
        }


@_package
class LeastSquares(AdversarialLoss):
    """The least-squares loss with the targets 1 (real) and 0 (fake).

        L_D = 1/2 E[(D(x) - 1)^2] + 1/2 E[D(G(z))^2],    L_G = 1/2 E[(D(G(z)) - 1)^2].

    Here the discriminator's output estimates the probability p / (p + q) directly,
    without a sigmoid. The logs `real_score` and `fake_score` are this output.

    Args:
        factor: float, in place of 1/2. CycleGAN's code has 1, which matters beside
            its other losses.

    Example:

    ```python
    gan.compile(loss="least_squares")
    ```

    Mao et al. 2017, "Least Squares Generative Adversarial Networks",
    arXiv:1611.04076.
    """

    def __init__(self, factor: float = 0.5) -> None:
        if not factor > 0:
            raise ValueError(f"`factor` must be positive. Received: {factor}")
        self.factor = factor

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        real = ops.mean(ops.square(real_logits - 1.0))
        fake = ops.mean(ops.square(fake_logits))
        return self.factor * real + self.factor * fake

    def generator_loss(
        self, fake_logits: Tensor, real_logits: Tensor | None = None
    ) -> Tensor:
        return self.factor * ops.mean(ops.square(fake_logits - 1.0))

    def get_config(self) -> Config:
        return {"factor": self.factor}

    def score(self, logits: Tensor) -> Tensor:
        return logits


@_package
class Wasserstein(AdversarialLoss):
    """The Wasserstein loss: the critic estimates the earth mover's distance.

        L_D = E[D(G(z))] - E[D(x)],    L_G = -E[D(G(z))].

    -L_D is the distance only for a critic that is 1-Lipschitz. Use it with
    `penalties.GradientPenalty` or `penalties.WeightClipping`, and with several
    critic steps for each generator step.

    Only differences of logits matter, so that the logits themselves may drift away.
    A drift cost, drift * E[D(x)^2], keeps those of real data near 0 (Karras et al.
    2017, arXiv:1710.10196, with 0.001).

    Args:
        drift: float, the factor of that cost in L_D.

    Example:

    ```python
    gan.compile(
        loss="wasserstein",
        discriminator_penalties=[keras_gan.penalties.GradientPenalty()],
        discriminator_steps=5,
    )
    ```

    Arjovsky et al. 2017, "Wasserstein GAN", arXiv:1701.07875.
    """

    def __init__(self, drift: float = 0.0) -> None:
        if not drift >= 0:
            raise ValueError(f"`drift` must not be negative. Received: {drift}")
        self.drift = drift

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        distance = ops.mean(real_logits) - ops.mean(fake_logits)
        if self.drift == 0:
            return -distance
        return self.drift * ops.mean(ops.square(real_logits)) - distance

    def get_config(self) -> Config:
        return {"drift": self.drift}

    def generator_loss(
        self, fake_logits: Tensor, real_logits: Tensor | None = None
    ) -> Tensor:
        return -ops.mean(fake_logits)


@_package
class Hinge(AdversarialLoss):
    """The hinge loss: D separates reals above 1 from fakes below -1.

        L_D = E[max(0, 1 - D(x))] + E[max(0, 1 + D(G(z)))],    L_G = -E[D(G(z))].

    Example:

    ```python
    gan.compile(loss="hinge")
    ```

    Lim and Ye 2017, "Geometric GAN", arXiv:1705.02894; Miyato et al. 2018,
    arXiv:1802.05957.
    """

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        real = ops.mean(ops.relu(1.0 - real_logits))
        fake = ops.mean(ops.relu(1.0 + fake_logits))
        return real + fake

    def generator_loss(
        self, fake_logits: Tensor, real_logits: Tensor | None = None
    ) -> Tensor:
        return -ops.mean(fake_logits)


@_package
class RelativisticPairing(AdversarialLoss):
    """The relativistic pairing loss: D compares each fake with one real example.

        L_D = E[softplus(-(D(x) - D(G(z))))],    L_G = E[softplus(-(D(G(z)) - D(x)))].

    The loss penalises dropped modes, because real examples of those modes have far
    larger logits than their paired fakes. Mode collapse is therefore no local
    optimum. Training converges with `penalties.R1` and `penalties.R2` together.

    Example:

    ```python
    gan.compile(
        loss="relativistic_pairing",
        discriminator_penalties=[
            keras_gan.penalties.R1(0.1),
            keras_gan.penalties.R2(0.1),
        ],
    )
    ```

    Jolicoeur-Martineau 2018, arXiv:1807.00734; Sun et al. 2020,
    arXiv:2011.04926; Huang et al. 2024, "The GAN is dead; long live the GAN!",
    arXiv:2501.05441.
    """

    is_relativistic = True

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return ops.mean(ops.softplus(-(real_logits - fake_logits)))

    def generator_loss(
        self, fake_logits: Tensor, real_logits: Tensor | None = None
    ) -> Tensor:
        return ops.mean(ops.softplus(-(fake_logits - real_logits)))


_LOSSES = {
    re.sub(r"(?<!^)(?=[A-Z])", "_", loss.__name__).lower(): loss
    for loss in AdversarialLoss.__subclasses__()
}


def get(identifier: str | AdversarialLoss) -> AdversarialLoss:
    """Return a loss by its name, or the loss itself.

    Args:
        identifier: an `AdversarialLoss`, or a name in snake case such as
            `"non_saturating"`.

    Raises:
        ValueError: if no loss has this name. The message suggests the nearest ones.
    """
    if isinstance(identifier, str) and identifier in _LOSSES:
        return _LOSSES[identifier]()
    if hasattr(identifier, "discriminator_loss") and not isinstance(identifier, type):
        return identifier
    near = difflib.get_close_matches(str(identifier), _LOSSES)
    suggestion = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
    raise ValueError(
        f"Unknown loss: {identifier!r}.{suggestion} Expected one of "
        f"{sorted(_LOSSES)}, or an instance of `keras_gan.losses.AdversarialLoss`."
    )
