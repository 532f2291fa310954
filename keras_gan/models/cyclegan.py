"""CycleGAN: translation between two kinds of images that are not paired."""

from functools import partial

import keras

from keras_gan.losses import LeastSquares
from keras_gan.models.translation import ImageTranslator


@keras.saving.register_keras_serializable(package="keras_gan")
class CycleGAN(ImageTranslator):
    """Translate between two kinds of images, of which no pairs are known.

    Two generators translate, A to B and B to A, and two discriminators tell real images
    of each kind from translated ones. An image that is translated there and back again
    must be as it was: without this cycle, any image of B would do.

        L_G = E[(D_B(G(a)) - 1)^2] + E[(D_A(F(b)) - 1)^2]
              + cycle_weight (|F(G(a)) - a| + |G(F(b)) - b|)
              + cycle_weight identity_weight (|G(b) - b| + |F(a) - a|),

    with |.| the mean absolute difference. The generators move first, by one optimizer;
    then the discriminators, by one, on fakes of which half come from a pool of earlier
    ones. Their least-squares losses are halved. The rows of `images_a` and `images_b`
    in a batch have nothing to do with each other. Batches of one image are published;
    larger ones are reported worse.

    Inverted colours are a cycle, too: train again with another seed or a larger
    `identity_weight`. A discriminator whose loss goes to 0 needs a smaller `field`.

    Args:
        generator_ab: `keras.Model` from images of A to images of B, in [-1, 1].
        generator_ba: `keras.Model`, the way back.
        discriminator_a: `keras.Model` from images of A to LOGITS, `(batch, ..., 1)`.
        discriminator_b: likewise, of B.
        seed: int, for all random draws of training; None for a fresh one.
        name: str.

    Raises:
        ValueError: if the networks do not fit each other.

    Example:

    ```python
    networks = keras_gan.architectures.cyclegan((28, 28, 1), num_blocks=2, field=16)
    gan = keras_gan.models.CycleGAN(*networks)
    gan.compile()
    gan.fit(images, images[::-1], batch_size=1)
    translated = gan.translate(images, "a_to_b")
    ```

    Zhu et al. 2017, "Unpaired Image-to-Image Translation using Cycle-Consistent
    Adversarial Networks", arXiv:1703.10593.
    """

    directions = ("a_to_b", "b_to_a")
    network_names = ("generator_ab", "generator_ba")
    network_names += ("discriminator_a", "discriminator_b")
    log_names = ("g_loss", "cycle_loss", "identity_loss")
    log_names += ("d_loss", "real_score", "fake_score")

    def __init__(
        self,
        generator_ab: keras.Model,
        generator_ba: keras.Model,
        discriminator_a: keras.Model,
        discriminator_b: keras.Model,
        seed: int | None = None,
        name: str = "cyclegan",
    ):
        generators = [generator_ab, generator_ba]
        discriminators = [discriminator_a, discriminator_b]
        players = {"generators": generators, "discriminators": discriminators}
        super().__init__(players, seed, name)
        self.check_discriminator("discriminator_a", discriminator_a, self.shape_a)
        self.check_discriminator("discriminator_b", discriminator_b, self.shape_b)
        self.generator_ab, self.generator_ba = generators
        self.discriminator_a, self.discriminator_b = discriminators
        self.pools = []

    def compile(
        self,
        generator_optimizer=None,
        discriminator_optimizer=None,
        loss=None,
        cycle_weight: float = 10.0,
        identity_weight: float = 0.5,
        pool_size: int = 50,
        image_size: tuple[int, int] | None = None,
        **kwargs,
    ):
        """Set how the networks are trained.

        Args:
            generator_optimizer: a Keras optimizer, or its name; by default Adam with
                2e-4 and beta_1 = 0.5. See `keras_gan.optimizers.ConstantThenLinear`.
            discriminator_optimizer: likewise.
            loss: from `keras_gan.losses`; by default `LeastSquares(factor=1.0)`.
            cycle_weight: float, the weight of the cycle.
            identity_weight: float, that of leaving images of the other kind alone, in
                `cycle_weight`s; 0 where A and B have not as many channels.
            pool_size: int, how many fakes of each kind are kept, 0 for none.
            image_size: `(height, width)` of the training images, which the pool needs
                where the networks take any size.
            **kwargs: those of `keras_gan.AdversarialModel.compile`.

        Raises:
            ValueError: if a weight cannot be, or the size is not known.
        """
        weights = {"cycle_weight": cycle_weight, "identity_weight": identity_weight}
        self.check_weights(weights)
        shapes = zip(
            ("pool_a", "pool_b"), self.training_shapes(image_size), strict=True
        )
        pools = [self.new_pool(name, pool_size, shape) for name, shape in shapes]
        loss = LeastSquares(factor=1.0) if loss is None else loss
        settings = weights | {"pool_size": pool_size, "image_size": image_size}
        optimizers = generator_optimizer, discriminator_optimizer
        super().compile(*optimizers, loss, settings, **kwargs)
        self.pools.clear()
        self.pools.extend(pools)

    def adversarial_step(self, data):
        """Run one update of both generators, then one of both discriminators."""
        a, b = self.unpack(data)
        to_a, to_b = (
            partial(self.run_network, network)
            for network in (self.generator_ba, self.generator_ab)
        )
        fakes_a = self.forward_pass("generators", to_a, b)
        fakes_b = self.forward_pass("generators", to_b, a)
        batch = a, b, fakes_a, fakes_b
        logs = self.minimize("generators", self.generators_loss, *batch)
        return logs | self.minimize("discriminators", self.discriminators_loss, *batch)

    def generators_loss(self, a, b, fakes_a, fakes_b):
        """Return L_G: be taken for real, come back as it was, leave its own alone."""
        g_loss, cycle_loss, identity_loss = 0.0, 0.0, 0.0
        ab, ba = self.generator_ab, self.generator_ba
        for there, back, discriminator, source, fakes, target in (
            (ab, ba, self.discriminator_b, a, fakes_b, b),
            (ba, ab, self.discriminator_a, b, fakes_a, a),
        ):
            g_loss += self.generator_loss_of(discriminator, (target,), (fakes,))
            cycle_loss += self.l1(self.run_network(back, fakes), source)
            if self.identity_weight:
                identity_loss += self.l1(self.run_network(there, target), target)
        kept = cycle_loss + self.identity_weight * identity_loss
        logs = {"cycle_loss": cycle_loss, "identity_loss": identity_loss}
        return g_loss + self.cycle_weight * kept, {"g_loss": g_loss, **logs}

    def discriminators_loss(self, a, b, fakes_a, fakes_b):
        """Return L_D: tell real images from new and earlier fakes, of both kinds."""
        old_a, old_b = (
            pool(fakes, seed=self.seed_generator)
            for pool, fakes in zip(self.pools, (fakes_a, fakes_b), strict=True)
        )
        loss_a, of_a = self.discriminator_loss_of(self.discriminator_a, (a,), (old_a,))
        loss_b, of_b = self.discriminator_loss_of(self.discriminator_b, (b,), (old_b,))
        return loss_a + loss_b, {name: (of_a[name] + of_b[name]) / 2 for name in of_a}
