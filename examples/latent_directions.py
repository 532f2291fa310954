"""Find directions in the latents of a trained generator, and project pictures.

    python examples/latent_directions.py

Writes into `runs/latent_directions`:
    closed_form.png         what the first layer amplifies most, a row each
    attributes.png          thicker and brighter at the top, measured on images
    projected.png           test images, their projections, the projections edited
    directions.npz          the measured directions
    model/                  the generator with its directions, for `from_preset`
    savedmodel/1            the generator for a server: a slider for each direction

Shen and Zhou 2020, arXiv:2007.06600; Shen et al. 2019, arXiv:1907.10786.
"""

import argparse
from pathlib import Path

import keras_gan
from keras_gan import latents, plotting, presets

import numpy as np

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--preset", default="dcgan_mnist")
parser.add_argument("--images", type=int, default=20_000, help="images to measure")
parser.add_argument("--pictures", type=int, default=8, help="test images to project")
parser.add_argument("--steps", type=int, default=600, help="steps of the projection")
parser.add_argument("--data-dir", help="a folder with MNIST")
parser.add_argument("--output", type=Path, default=Path("runs/latent_directions"))
args = parser.parse_args()

sampler = keras_gan.from_preset(args.preset)

# From the weights alone, without an image.
directions = latents.closed_form(sampler, num_directions=5)
plotting.direction_grid(sampler, directions, path=args.output / "closed_form.png")


# From what is measured on images. Any function will do, such as a classifier.
def ink(images):
    return images.mean(axis=(1, 2, 3))


def top_heavy(images):
    half = images.shape[1] // 2
    return images[:, :half].mean(axis=(1, 2, 3)) - images[:, half:].mean(axis=(1, 2, 3))


attributes = {"thickness": ink, "top": top_heavy}
directions = latents.from_attributes(sampler, attributes, num_samples=args.images)
directions.save(args.output / "directions.npz")
keys = sampler.prior.sample(3, seed=0)
plotting.direction_grid(sampler, directions, keys, path=args.output / "attributes.png")

# A picture of your own becomes a latent, and the latent is edited.
test = keras_gan.datasets.mnist("test", data_dir=args.data_dir)
pictures = test.images[: args.pictures]
found = latents.project(sampler, pictures, steps=args.steps, verbose=True)
print("PSNR in dB:", np.round(found.psnr, 1))
edited = sampler.synthesize(directions.edit(found.latents, "thickness", 2.0))
rows = [plotting.to_uint8(each) for each in (pictures, found.images, edited)]
plotting.image_grid(
    np.concatenate(rows), len(pictures), path=args.output / "projected.png"
)

# The generator keeps its directions, in Keras and on a server.
sampler.latent_directions = directions
thick = sampler.generate(16, seed=0, edits={"thickness": 2.0})
presets.folder.write(args.output / "model", sampler, overwrite=True)
sampler.export(args.output / "savedmodel", version=1, overwrite=True)
