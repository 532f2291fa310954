"""Compare DCGAN recipes after equal time, seven minutes, on Fashion-MNIST.

    python benchmarks/race.py
    python benchmarks/race.py --seconds 60 --seeds 1
    python benchmarks/race.py --precision float32
    python benchmarks/race.py --peer ours --peer ours_float32 --peer tutorial_averaged

`dcgan_fashion_mnist` against the DCGANs of TensorFlow's tutorial and of keras.io,
each on the 60,000 training images of Fashion-MNIST, one after the other, on all that
the machine has. Ours computes in `--precision`, by default the faster one of this
device, the others in float32, as published. The clock runs from the first line to the
last step, compilation included. Then 10,000 generated images are compared with the
10,000 test images: the Frechet distance over the features of the package's
Fashion-MNIST classifier, images rounded to bytes. The distance of 10,000 training
images to the same test images is the value of real images.

Where TensorFlow leaves oneDNN off, all have it, for the package switches it on. A peer
that is run without the package trains at two thirds of the speed there.

What may make the comparison unfair has rows of its own, on request: ours in float32;
the tutorial with our moving average of the generator; and keras.io's recipe without
its layer of 512 channels at full resolution. For 28 pixels one of its three halvings
has to be left out; the first one is by default, and this is where it costs the most.
"""

import importlib
import json
import subprocess
import sys
from pathlib import Path

import click
from keras_gan_cli.train import PRECISIONS

from tables import markdown
from tables.kept import Kept

NAMES = {
    "ours": "**keras_gan**, `dcgan_fashion_mnist`",
    "ours_float32": "**keras_gan**, `dcgan_fashion_mnist`",
    "tutorial": "TensorFlow's tutorial",
    "tutorial_averaged": "TensorFlow's tutorial, with our moving average",
    "keras_io": "keras.io's recipe",
    "keras_io_narrow": "keras.io's recipe, without its widest layer",
}
MODULES = ("ours", "tutorial", "keras_io")  # in peers/; what runs by default
OPTIONS = {
    "ours_float32": {"policy": "float32"},
    "tutorial_averaged": {"half_life": 20_000},  # images, as the preset has it
    "keras_io_narrow": {"widths": (128, 256)},
}


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--seconds", default=420, show_default=True)
@click.option("--seeds", "num_seeds", default=1, show_default=True)
@click.option("--peer", "peers", multiple=True, type=click.Choice(list(NAMES)))
@click.option(
    "--precision",
    type=click.Choice(list(PRECISIONS)),
    default="auto",
    show_default=True,
)
@click.option("--output", default="runs/race", show_default=True, type=Path)
@click.option("--alone", type=click.Choice(list(NAMES)), hidden=True)
@click.option("--seed", default=0, hidden=True)
def main(seconds, num_seeds, peers, precision, output, alone, seed):
    if alone:
        print(json.dumps(run(alone, seconds, seed, PRECISIONS[precision])))
        return
    kept, rows = Kept(output), []
    results = {peer: [] for peer in peers or MODULES}
    for seed in range(num_seeds):
        for peer, own in results.items():
            arguments = ("--alone", peer, "--seconds", seconds, "--seed", seed)
            arguments += ("--precision", precision)
            name = f"{peer}-{seed}-{seconds}-{precision}"
            own.append(kept.result(name, lambda a=arguments: child(a)))
            print(peer, own[-1], flush=True)
    for peer, own in results.items():
        rows.append(
            (
                f"{NAMES[peer]}, {own[0]['policy']}",
                markdown.over_seeds((r["num_images"] for r in own), "{:,.0f}"),
                markdown.over_seeds(r["frechet_distance"] for r in own),
                markdown.over_seeds(r["precision"] for r in own),
                markdown.over_seeds(r["recall"] for r in own),
            )
        )
    heads = ("", "images", "Frechet distance", "precision", "recall")
    text = markdown.table(heads, rows)
    (output / "race.md").write_text(text + "\n")
    print(text)


def child(arguments):
    """Return the result of a recipe, trained in a process of its own."""
    command = [sys.executable, __file__, *map(str, arguments)]
    return json.loads(subprocess.check_output(command).splitlines()[-1])


def recipe(peer, policy):
    """Return the module of a row, and what the row changes in it."""
    name = next(name for name in MODULES if peer.startswith(name))
    options = {"policy": policy} if name == "ours" else {}
    module = importlib.import_module(f"peers.{name}")
    return module, options | OPTIONS.get(peer, {})


def run(peer, seconds, seed, policy):
    """Train one recipe, and measure it."""
    from keras_gan import datasets, metrics

    import keras

    images = datasets.fashion_mnist().as_uint8().arrays()
    module, options = recipe(peer, policy)
    draw, num_images = module.train(images, seconds, seed, **options)
    policy = keras.config.dtype_policy().name
    extractor = metrics.FashionMNISTClassifier()
    found = metrics.compare(
        datasets.fashion_mnist("test"),
        draw(10_000),
        [metrics.FrechetDistance(extractor), metrics.PrecisionRecall(extractor)],
        verbose=0,
    )
    return {
        **{key: float(value) for key, value in found.items()},
        "num_images": num_images,
        "policy": policy,
    }


if __name__ == "__main__":
    main()
