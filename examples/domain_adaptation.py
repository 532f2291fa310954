"""Read 8 x 8 digits with labels of MNIST alone: domain adaptation by a CoGAN.

    python examples/domain_adaptation.py

MNIST has labels. The 1,797 digits of scikit-learn, 8 x 8 pixels enlarged to 28 x 28,
are used without theirs. A CoGAN learns pairs of both, and a classifier on the layers
that its discriminators share learns the labels of MNIST. It then reads the other
digits, through the first layer of their own discriminator. That layer learns to read
MNIST too, so that it begins with what a digit is; and of the other digits, whose
classes nobody tells it, two changed copies are to be in one class. Needs
`scikit-learn`.

Writes into `runs/domain_adaptation`:
    samples/epoch_0001.png ...  generated pairs
    gan.keras                   all networks and all training state
    accuracy.json               the share of the other digits that is read right

Liu and Tuzel 2016, "Coupled Generative Adversarial Networks", section 5,
arXiv:1606.07536. Ji et al. 2019, "Invariant Information Clustering", arXiv:1807.06653.
"""

import argparse
import json
from pathlib import Path

import keras_gan

import keras
import numpy as np
from keras import ops
from PIL import Image
from sklearn.datasets import load_digits

FEATURE_WEIGHT, INFORMATION_WEIGHT, BALANCE = 0.01, 4.0, 2.0

# What a digit is does not change by these.
CHANGES = keras_gan.augment.RandomAugment(
    1.0,
    ["scale", "rotation", "anisotropic_scale", "fractional_shift"],
    strengths={"scale": 0.15, "rotation": 0.08, "fractional_shift": 0.06},
)


@keras.saving.register_keras_serializable(package="domain_adaptation")
class AdaptingCoGAN(keras_gan.models.CoGAN):
    """A CoGAN whose discriminators classify, and learn the classes of A."""

    def unpack(self, data):
        pairs, labels = data
        return super().unpack(pairs)[0], ops.cast(labels, "int32")

    def generate_fakes(self, real, condition=None):
        return super().generate_fakes(real)

    def generator_loss(self, real, fakes, condition=None):
        return super().generator_loss(real, fakes)

    def discriminator_loss(self, real, fakes, condition=None):
        a, b = self.split(real)
        twice = ops.concatenate([a, b, a, b])
        twice = CHANGES.sample(twice, seed=self.seed_generator)(twice)
        a_1, b_1, a_2, b_2 = ops.split(twice, 4)
        pairs = [ops.concatenate(p, 2) for p in ((a_1, b_1), (a_2, b_2), (a_2, a_1))]
        outputs = self.discriminator_outputs(ops.concatenate([real, fakes, *pairs]))
        (logits, fake_logits, *_), (_, _, one, two, both_a), (_, features, *_) = (
            ops.split(each, 5) for each in outputs
        )
        d_loss = self.loss.discriminator_loss(logits, fake_logits)
        # The labels of A, read by its first layer, and by that of B.
        errors = [
            cross_entropy(condition, one[:, 0]),
            cross_entropy(condition, both_a[:, 1]),
        ]
        class_loss = sum(errors) / 2
        # Two copies of a picture of B have one class, and all classes are used.
        probabilities = [ops.softmax(each[:, 1]) for each in (one, two)]
        information, entropy = keras_gan.invariance.mutual_information(*probabilities)
        # The two images of a generated pair show the same thing.
        gap = ops.mean(ops.square(features[:, 0] - features[:, 1]))
        logs = self.discriminator_logs(d_loss, 0.0, logits, fake_logits)
        logs |= {"class_loss": class_loss, "information": information}
        goal = self.information_weight() * (information + BALANCE * entropy)
        return d_loss + class_loss + FEATURE_WEIGHT * gap - goal, logs

    def information_weight(self):
        """Classes of B are first those that it looks like, and then made certain."""
        step = ops.cast(self.discriminator_iterations, "float32")
        return INFORMATION_WEIGHT * ops.minimum(step / 1000.0, 1.0)

    @property
    def log_names(self):
        return (*super().log_names, "class_loss", "information")

    def read(self, images, as_domain):
        """Return the classes of images, as those of domain 0 (A) or 1 (B)."""
        read = []
        for part in np.array_split(images / np.float32(127.5) - 1, 8):
            outputs = self.discriminator(np.concatenate([part] * 2, axis=2))
            read.append(ops.convert_to_numpy(outputs[1])[:, as_domain].argmax(axis=1))
        return np.concatenate(read)


def cross_entropy(labels, class_logits):
    """The mean cross-entropy, of the labels of A and what one of the layers reads."""
    losses = keras.losses.sparse_categorical_crossentropy(
        labels, class_logits, from_logits=True
    )
    return ops.mean(losses)


def small_digits():
    """The digits of scikit-learn: bytes `(1797, 28, 28, 1)`, and their classes."""
    digits, classes = load_digits(return_X_y=True)
    levels = np.round(digits.reshape(-1, 8, 8) * (255 / 16)).astype("uint8")
    enlarged = [
        np.asarray(Image.fromarray(each).resize((20, 20), Image.Resampling.BILINEAR))
        for each in levels
    ]
    return np.pad(enlarged, ((0, 0), (4, 4), (4, 4)))[..., None], classes


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--steps-per-epoch", type=int, default=250)
    parser.add_argument("--width", type=int, default=16, help="channels")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data-dir", help="a folder with MNIST")
    parser.add_argument("--output", type=Path, default=Path("runs/domain_adaptation"))
    args = parser.parse_args()

    keras.utils.set_random_seed(args.seed)
    mnist = keras_gan.datasets.mnist(labels=True, data_dir=args.data_dir)
    others, classes = small_digits()
    dataset = keras_gan.datasets.coupled(
        mnist.images, others, mnist.labels, batch_size=64, seed=args.seed
    )
    networks = keras_gan.architectures.cogan(
        (28, 56, 1),
        latent_dim=64,
        width=args.width,
        units=128,
        num_classes=10,
        shared_maps=1,
    )
    gan = AdaptingCoGAN(*networks, seed=args.seed)
    steps = args.epochs * args.steps_per_epoch
    gan.compile(
        *(
            keras.optimizers.Adam(
                keras.optimizers.schedules.CosineDecay(rate, steps), beta_1=0.5
            )
            for rate in (2e-3, 1e-3)
        ),
        share_fakes=True,
    )
    gan.fit(
        dataset,
        epochs=args.epochs,
        steps_per_epoch=args.steps_per_epoch,
        callbacks=[keras_gan.callbacks.SampleGrid(args.output / "samples")],
        verbose=2,
    )
    gan.save(args.output / "gan.keras")
    accuracy = {
        name: float((gan.read(others, domain) == classes).mean())
        for name, domain in (("source_layers", 0), ("adapted", 1))
    }
    (args.output / "accuracy.json").write_text(json.dumps(accuracy, indent=2) + "\n")
    print(f"By MNIST's first layer {accuracy['source_layers']:.3f} are read right,")
    print(f"by their own {accuracy['adapted']:.3f}.")


if __name__ == "__main__":
    main()
