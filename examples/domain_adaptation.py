"""Read 8 x 8 digits with labels of MNIST alone: domain adaptation by a CoGAN.

    python examples/domain_adaptation.py

MNIST has labels. The 1,797 digits of scikit-learn, 8 x 8 pixels enlarged to 28 x 28,
are used without theirs. A CoGAN learns pairs of both, and a classifier on the layers
that its discriminators share learns the labels of MNIST. It then reads the other
digits, through the first layer of their own discriminator. Needs `scikit-learn`.

Writes into `runs/domain_adaptation`:
    samples/epoch_0001.png ...  generated pairs
    gan.keras                   all networks and all training state
    accuracy.json               the share of the other digits that is read right

Liu and Tuzel 2016, "Coupled Generative Adversarial Networks", section 5,
arXiv:1606.07536.
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

CLASS_WEIGHT, FEATURE_WEIGHT = 10.0, 0.01


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
        logits, classes, _ = self.discriminator_outputs(real)
        fake_logits, _, features = self.discriminator_outputs(fakes)
        d_loss = self.loss.discriminator_loss(logits, fake_logits)
        errors = keras.losses.sparse_categorical_crossentropy(
            condition, classes[:, 0], from_logits=True
        )
        class_loss = ops.mean(errors)
        # The two images of a generated pair show the same thing.
        gap = ops.mean(ops.square(features[:, 0] - features[:, 1]))
        logs = self.discriminator_logs(d_loss, 0.0, logits, fake_logits)
        logs |= {"class_loss": class_loss, "feature_gap": gap}
        return d_loss + CLASS_WEIGHT * class_loss + FEATURE_WEIGHT * gap, logs

    @property
    def log_names(self):
        return (*super().log_names, "class_loss", "feature_gap")

    def read(self, images, as_domain):
        """Return the classes of images, as those of domain 0 (A) or 1 (B)."""
        read = []
        for part in np.array_split(images / np.float32(127.5) - 1, 8):
            outputs = self.discriminator(np.concatenate([part] * 2, axis=2))
            read.append(ops.convert_to_numpy(outputs[1])[:, as_domain].argmax(axis=1))
        return np.concatenate(read)


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
    parser.add_argument("--epochs", type=int, default=12)
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
        (28, 56, 1), latent_dim=64, width=args.width, units=128, num_classes=10
    )
    gan = AdaptingCoGAN(*networks, seed=args.seed)
    gan.compile(
        keras.optimizers.Adam(1e-3, beta_1=0.5),
        keras.optimizers.Adam(1e-3, beta_1=0.5),
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
