"""The games: what the discriminator and the generator each minimise.

A loss is an object with two methods, one for each player. Both get LOGITS, the
discriminator's output before any sigmoid; D(x) = sigmoid(logit) is the
probability that x is real, so that

    -log D(x) = softplus(-logit)    and    -log(1 - D(x)) = softplus(logit),

which stay finite where the logarithm of a rounded probability would not.
"""

import difflib
import re

import keras
from keras import ops

_package = keras.saving.register_keras_serializable(package="keras_gan")


class AdversarialLoss:
    """A game between two players.

    To state a new one, subclass this and write the paper's two equations.

    Example:

    ```python
    class LeastAbsolute(keras_gan.losses.AdversarialLoss):
        def discriminator_loss(self, real_logits, fake_logits):
            return ops.mean(ops.abs(real_logits - 1)) + ops.mean(ops.abs(fake_logits))

        def generator_loss(self, fake_logits, real_logits=None):
            return ops.mean(ops.abs(fake_logits - 1))
    ```
    """

    # Whether `generator_loss` looks at the real logits too. If not, they are
    # not computed for the generator's step.
    is_relativistic = False

    def discriminator_loss(self, real_logits, fake_logits):
        """What the discriminator minimises.

        Args:
            real_logits: float tensor `(batch, 1)`, the logits of real data.
            fake_logits: float tensor `(batch, 1)`, the logits of generated data.

        Returns:
            A float scalar.
        """
        raise NotImplementedError

    def generator_loss(self, fake_logits, real_logits=None):
        """What the generator minimises.

        Args:
            fake_logits: float tensor `(batch, 1)`, the logits of generated data.
            real_logits: float tensor `(batch, 1)`, the logits of real data, for
                games that are relativistic; None in the others.

        Returns:
            A float scalar.
        """
        raise NotImplementedError

    def score(self, logits):
        """The probability, by the discriminator, that each example is real."""
        return ops.sigmoid(logits)

    def get_config(self):
        return {}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


@_package
class Minimax(AdversarialLoss):
    """The two-player minimax game of the first paper.

    Both players move one value, the discriminator up and the generator down:

        min_G max_D V(D, G) = E[log D(x)] + E[log(1 - D(G(z)))].

    At the optimum of D, V is 2 JS(p_data || p_g) - 2 log 2. Early on, when D
    tells fakes with ease, log(1 - D(G(z))) saturates and G learns next to
    nothing: see `NonSaturating`.

    Example:

    ```python
    gan.compile(loss=keras_gan.losses.Minimax())
    ```

    Goodfellow et al. 2014, "Generative Adversarial Nets", arXiv:1406.2661.
    """

    def discriminator_loss(self, real_logits, fake_logits):
        log_d_real = -ops.softplus(-real_logits)
        log_one_minus_d_fake = -ops.softplus(fake_logits)
        return -(ops.mean(log_d_real) + ops.mean(log_one_minus_d_fake))

    def generator_loss(self, fake_logits, real_logits=None):
        log_one_minus_d_fake = -ops.softplus(fake_logits)
        return ops.mean(log_one_minus_d_fake)


@_package
class NonSaturating(AdversarialLoss):
    """The game that is played in practice: G maximises log D(G(z)).

    The fixed point is that of `Minimax`, with a strong gradient where the
    generator is worst (section 3 of the first paper):

        L_D = -E[log D(x)] - E[log(1 - D(G(z)))],    L_G = -E[log D(G(z))].

    Args:
        label_smoothing: float in [0, 1). The target for REAL data becomes
            1 - label_smoothing, and that for fakes stays 0: smoothing both
            would teach D to call the generator's faults real.

    Example:

    ```python
    gan.compile(loss=keras_gan.losses.NonSaturating(label_smoothing=0.1))
    ```

    Goodfellow et al. 2014, arXiv:1406.2661; one-sided smoothing from Salimans
    et al. 2016, "Improved Techniques for Training GANs", arXiv:1606.03498.
    """

    def __init__(self, label_smoothing=0.0):
        if not 0 <= label_smoothing < 1:
            raise ValueError(
                "`label_smoothing` is how far the target of real data lies below 1, "
                f"and must be in [0, 1). Received: {label_smoothing}"
            )
        self.label_smoothing = label_smoothing

    def discriminator_loss(self, real_logits, fake_logits):
        target = 1.0 - self.label_smoothing
        real = target * ops.softplus(-real_logits) + (1.0 - target) * ops.softplus(
            real_logits
        )
        return ops.mean(real) + ops.mean(ops.softplus(fake_logits))

    def generator_loss(self, fake_logits, real_logits=None):
        return ops.mean(ops.softplus(-fake_logits))

    def get_config(self):
        return {"label_smoothing": self.label_smoothing}


@_package
class LeastSquares(AdversarialLoss):
    """Least squares towards the targets 1 (real) and 0 (fake).

        L_D = 1/2 E[(D(x) - 1)^2] + 1/2 E[D(G(z))^2],    L_G = 1/2 E[(D(G(z)) - 1)^2].

    Here the discriminator's output is itself the estimate of the probability
    p / (p + q), without a sigmoid, and `real_score` and `fake_score` report it.

    Example:

    ```python
    gan.compile(loss="least_squares")
    ```

    Mao et al. 2017, "Least Squares Generative Adversarial Networks",
    arXiv:1611.04076.
    """

    def discriminator_loss(self, real_logits, fake_logits):
        real = ops.mean(ops.square(real_logits - 1.0))
        fake = ops.mean(ops.square(fake_logits))
        return 0.5 * real + 0.5 * fake

    def generator_loss(self, fake_logits, real_logits=None):
        return 0.5 * ops.mean(ops.square(fake_logits - 1.0))

    def score(self, logits):
        return logits


@_package
class Wasserstein(AdversarialLoss):
    """The critic's estimate of the earth mover's distance.

        L_D = E[D(G(z))] - E[D(x)],    L_G = -E[D(G(z))].

    -L_D is the distance only for a critic that is 1-Lipschitz: play it with
    `penalties.GradientPenalty` or `penalties.WeightClipping`, and several
    critic steps to one of the generator.

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

    def discriminator_loss(self, real_logits, fake_logits):
        return ops.mean(fake_logits) - ops.mean(real_logits)

    def generator_loss(self, fake_logits, real_logits=None):
        return -ops.mean(fake_logits)


@_package
class Hinge(AdversarialLoss):
    """The margin game: D pushes reals above 1 and fakes below -1, no further.

        L_D = E[max(0, 1 - D(x))] + E[max(0, 1 + D(G(z)))],    L_G = -E[D(G(z))].

    Example:

    ```python
    gan.compile(loss="hinge")
    ```

    Lim and Ye 2017, "Geometric GAN", arXiv:1705.02894; Miyato et al. 2018,
    arXiv:1802.05957.
    """

    def discriminator_loss(self, real_logits, fake_logits):
        real = ops.mean(ops.relu(1.0 - real_logits))
        fake = ops.mean(ops.relu(1.0 + fake_logits))
        return real + fake

    def generator_loss(self, fake_logits, real_logits=None):
        return -ops.mean(fake_logits)


@_package
class RelativisticPairing(AdversarialLoss):
    """Each fake is judged against one real example, not against a fixed bar.

        L_D = E[softplus(-(D(x) - D(G(z))))],    L_G = E[softplus(-(D(G(z)) - D(x)))].

    A generator that drops modes is punished wherever real data lie far above
    it, and so the game has no such local optima. It converges with
    `penalties.R1` and `penalties.R2` together.

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

    def discriminator_loss(self, real_logits, fake_logits):
        return ops.mean(ops.softplus(-(real_logits - fake_logits)))

    def generator_loss(self, fake_logits, real_logits=None):
        return ops.mean(ops.softplus(-(fake_logits - real_logits)))


_GAMES = {
    re.sub(r"(?<!^)(?=[A-Z])", "_", game.__name__).lower(): game
    for game in AdversarialLoss.__subclasses__()
}


def get(identifier):
    """A game from its name, or the game itself.

    Args:
        identifier: an `AdversarialLoss`, or a name in snake case such as
            `"non_saturating"`.

    Raises:
        ValueError: if no game has this name; the message holds the nearest.
    """
    if isinstance(identifier, str) and identifier in _GAMES:
        return _GAMES[identifier]()
    if hasattr(identifier, "discriminator_loss") and not isinstance(identifier, type):
        return identifier
    near = difflib.get_close_matches(str(identifier), _GAMES)
    suggestion = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
    raise ValueError(
        f"Unknown loss: {identifier!r}.{suggestion} Expected one of "
        f"{sorted(_GAMES)}, or an instance of `keras_gan.losses.AdversarialLoss`."
    )
