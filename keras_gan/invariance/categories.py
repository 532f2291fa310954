"""Categories that stay what they are when an image changes a little."""

import keras
from keras import ops

from keras_gan._repr import config_repr
from keras_gan._typing import Config, Setting, Tensor
from keras_gan.augment import Augmentation, check_augmentation
from keras_gan.optimizers.schedules import check_setting, value_at
from keras_gan.validation import arguments


@keras.saving.register_keras_serializable(package="keras_gan")
class CategoryInvariance:
    """A term of a loss: two changed copies of a REAL image have one category.

    With P the joint distribution of the categories c and c' of both copies, over a
    batch,

        P(c, c') = E_x[Q(c | T(x)) Q(c' | T'(x))], made symmetric
        L = -weight * (I_P(c; c') + balance * H_P(c))

    The mutual information I is large where a category is certain, is the same for both
    copies, and all are used. What the changes T alter, such as position, size and
    slant, cannot be what a category means. Without the term of the entropy H training
    often ends with one category for two kinds of image, and another for none.

    Args:
        augment: from `keras_gan.augment`, the changes T, such as `RandomAugment` or
            `DiffAugment`. They must not change what the category is to name.
        weight: float, or a schedule of the number of steps that the discriminator has
            taken.
        balance: float, the further weight of the entropy; 0 for the paper's loss.
        code: str, the name of a `keras_gan.latents.Categorical` in the prior.

    Raises:
        ValueError: on negative numbers, and on an augmentation that changes with
            training, which nothing would move here.

    Example:

    ```python
    changes = keras_gan.augment.RandomAugment(1.0, ["scale", "fractional_shift"])
    gan = keras_gan.models.InfoGAN(
        *keras_gan.architectures.infogan(width=8, units=32),
        prior=keras_gan.latents.default_codes(),
    )
    gan.compile(invariance=keras_gan.invariance.CategoryInvariance(changes))
    ```

    Ji et al. 2019, "Invariant Information Clustering for Unsupervised Image
    Classification and Segmentation", arXiv:1807.06653.
    """

    log_name = "invariance"

    def __init__(
        self,
        augment: Augmentation,
        weight: Setting = 2.0,
        balance: float = 2.0,
        code: str = "category",
    ) -> None:
        self.augment = check_augmentation(augment)
        self.weight = check_setting("weight", weight)
        self.balance = arguments.finite("balance", balance)
        self.code = str(code)
        if self.balance < 0:
            raise ValueError(f"`balance` must not be negative. Received: {balance!r}")
        if type(augment).update is not Augmentation.update:
            raise ValueError(
                f"{type(augment).__name__} changes with training, and nothing moves it "
                "here. Pass one with a fixed probability, such as "
                f"`keras_gan.augment.RandomAugment`. Received: {augment!r}"
            )

    def __call__(self, gan, images: Tensor) -> tuple[Tensor, Tensor]:
        """Compute the term for a batch of real images.

        Args:
            gan: `keras_gan.models.InfoGAN`, whose discriminator reads the codes.
            images: float tensor `(batch, height, width, channels)`.

        Returns:
            `(loss, information)`: two float scalars, L and I in nats.
        """
        seed, step = gan.seed_generator, gan.discriminator_iterations
        copies = [self.augment.sample(images, seed=seed)(images) for _ in range(2)]
        network = gan.network("discriminator")
        codes = network(ops.concatenate(copies), training=True)[1]
        logits = ops.cast(gan.prior.codes_of(codes)[self.code], "float32")
        information, entropy = mutual_information(*ops.split(ops.softmax(logits), 2))
        goal = information + self.balance * entropy
        return -value_at(self.weight, step) * goal, information

    def check(self, prior) -> None:
        """Check that the prior has the category, or raise a `ValueError`."""
        kinds = {name: type(code).__name__ for name, code in prior.codes.items()}
        if kinds.get(self.code) != "Categorical":
            raise ValueError(
                f"`CategoryInvariance(code={self.code!r})` needs a categorical code "
                f"of that name. The codes are {kinds}."
            )

    def __repr__(self) -> str:
        return config_repr(self)

    def get_config(self) -> Config:
        serialize = keras.saving.serialize_keras_object
        return {
            "augment": serialize(self.augment),
            "weight": serialize(self.weight),
            "balance": self.balance,
            "code": self.code,
        }

    @classmethod
    def from_config(cls, config: Config) -> "CategoryInvariance":
        deserialize = keras.saving.deserialize_keras_object
        return cls(**{name: deserialize(value) for name, value in config.items()})


def mutual_information(first: Tensor, second: Tensor) -> tuple[Tensor, Tensor]:
    """Return the mutual information of the categories of pairs, and their entropy.

    Args:
        first: float tensor `(batch, num_categories)`, the probabilities of the
            categories of the first of each pair.
        second: the same of the second. The order of a pair does not matter.

    Returns:
        `(information, entropy)`: two float scalars in nats.

    Example:

    ```python
    sure = keras.ops.one_hot(np.arange(10), 10)
    keras_gan.invariance.mutual_information(sure, sure)  # twice log 10
    ```

    Ji et al. 2019, arXiv:1807.06653, equation 3.
    """
    joint = ops.matmul(ops.transpose(first), second)
    joint = (joint + ops.transpose(joint)) / (2.0 * ops.sum(joint))
    alone = ops.sum(joint, axis=0)
    entropy = _entropy(alone)
    return 2.0 * entropy - _entropy(joint), entropy


def _entropy(probabilities):
    logs = ops.log(ops.maximum(probabilities, 1e-12))
    return -ops.sum(probabilities * logs)
