"""What an augmentation is: a random, differentiable change of images."""

import keras
from keras import ops


class Augmentation(keras.layers.Layer):
    """A random change of images, for the discriminator's eyes only.

    Drawing and changing are two things: `draw` throws the dice and returns a
    function of images, which may be called, and differentiated, as often as one
    likes. Subclasses implement `draw`. Those whose strength follows training
    have it in variables, and move them in `update`.

    An augmentation is a layer, so that a model which has one saves its state;
    `augmentation(images, seed=0)` draws and changes at once.

    Args:
        name: str.

    Example:

    ```python
    class Mirror(keras_gan.augment.Augmentation):
        def draw(self, images, seed=None):
            shape = (keras.ops.shape(images)[0], 1, 1, 1)
            is_flipped = keras.random.uniform(shape, seed=seed) < 0.5
            return lambda x: keras.ops.where(is_flipped, keras.ops.flip(x, 2), x)
    ```
    """

    def __init__(self, name=None):
        # Whatever precision the networks work in, pixels stay float32.
        super().__init__(name=name, trainable=False, dtype="float32")
        self.built = True

    def draw(self, images, seed=None):
        """Draw a change for each image of a batch.

        Args:
            images: float tensor `(batch, height, width, channels)`, of which
                only the shape is looked at.
            seed: int or `keras.random.SeedGenerator`.

        Returns:
            A function from images of that shape, in [-1, 1], to changed images.
            It draws nothing more: called again, it does the same.
        """
        raise NotImplementedError

    def call(self, images, seed=None):
        return self.draw(images, seed)(images)

    def update(self, real_logits, num_images):
        """Follow training, after a step of the discriminator.

        Args:
            real_logits: float tensor, the logits of augmented REAL images in
                that step. A relativistic game knows only differences, and passes
                `real_logits - fake_logits`.
            num_images: int, how many real images these were.
        """

    def report(self):
        """What `fit` should show: a dict from names to scalars."""
        return {}

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {"name": self.name}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def check_augmentation(augmentation):
    """The augmentation, or a `ValueError` if it is none."""
    if not isinstance(augmentation, Augmentation):
        raise ValueError(
            "`augment` must be an augmentation, such as "
            f"`keras_gan.augment.DiffAugment()`. Received: {augmentation!r}"
        )
    return augmentation


def check_names(argument, names, known):
    """See that a policy names operations that there are, each once."""
    if isinstance(names, str):
        raise ValueError(
            f"`{argument}` must be a list of names, such as [{names!r}]. Received the "
            f"string {names!r}."
        )
    unknown = [name for name in names if name not in known]
    if unknown or len(set(names)) != len(names):
        raise ValueError(
            f"`{argument}` must name some of {sorted(known)}, each once. Received: "
            f"{list(names)}"
        )


def image_size(images):
    """Height and width of a batch, which must be known beforehand."""
    shape = tuple(images.shape)
    if len(shape) != 4 or None in shape[1:]:
        raise ValueError(
            "Augmentation is for images of a fixed size, (batch, height, width, "
            f"channels). Received the shape {shape}."
        )
    return shape[1:3]


def in_turn(changes):
    """One change of images, in float32, that makes several one after the other."""

    def change(images):
        images = ops.cast(images, "float32")
        for operation in changes:
            images = operation(images)
        return images

    return change
