"""Measure the density of a VAE on digits, and a VAE-GAN beside a VAE on clothes.

    python benchmarks/vae.py
    python benchmarks/vae.py --seeds 1 --precision float32 --ship savedmodels
    python benchmarks/vae.py --seeds 1 --images 300000 --optimizer adam
    python benchmarks/vae.py --part images --precision float32

The part `density` trains `vae_mnist`, `keras-gan train vae_mnist --seed S`. It learns
from digits that are binarised anew in every pass. It is measured on the 10,000 test
images, binarised once, `keras_gan.datasets.binarize(images, 0)`, in nats an image:

- `-elbo`: with one sample of each image, the mean of five;
- `iw_50`: the importance-weighted bound of 50 samples, its sign changed;
- `iw_5000`: that of 5,000, by the first images alone: the mean of `iw_50` over all,
  less what 5,000 samples gain over 50 on those, with the standard error of the gain.

`--optimizer adam` trains the same networks by Adam in place of
`keras_gan.optimizers.Muon`, in batches of 100, which are better for it.

The part `images` trains `vaegan_fashion_mnist`, and a VAE of the same encoder,
generator and prior for as much processor time, and prints the Frechet distance of both
to the test images, over the features of `keras_gan.metrics.FashionMNISTClassifier`.
Steps of both are timed before, in turn, and the VAE learns from as many more images as
the median of the ratios says: what else the machine does favours neither.

`--ship` writes the generator of the best seed to where `keras_gan.from_preset` finds
it.
"""

import time
from pathlib import Path

from keras_gan import datasets, presets
from keras_gan.presets import CosineRamp, Make
from keras_gan.runs import Run, evaluation, layout

import click
import keras
import numpy as np

from tables import gallery, markdown, runs
from tables.kept import Kept

COLUMNS = ("-elbo", "iw_50", "iw_5000", "+-", "seconds")


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--part", type=click.Choice(["density", "images"]), default="density")
@click.option("--seeds", "num_seeds", default=3, show_default=True)
@click.option("--first-seed", default=0, show_default=True)
@click.option(
    "--images", "num_images", type=int, help="Training images; of the VAE-GAN."
)
@click.option(
    "--optimizer",
    type=click.Choice(["muon", "adam"]),
    default="muon",
    show_default=True,
    help="Of the part density.",
)
@click.option("--weighted", default=500, show_default=True, help="Images with 5,000.")
@runs.precision_option
@click.option("--output", default="runs/vae", show_default=True, type=Path)
@click.option("--ship", type=Path, help="A folder for the best generator.")
def main(part, num_seeds, first_seed, num_images, optimizer, weighted, **options):
    if optimizer == "adam" and (part != "density" or options["ship"]):
        raise click.UsageError(
            "--optimizer adam is for a comparison in the part density: what is "
            "shipped, and the part images, have their own. Leave it out there."
        )
    seeds = range(first_seed, first_seed + num_seeds)
    if part == "density":
        preset = density_preset(num_images, optimizer)
        density(seeds, preset, weighted, **options)
    else:
        images(seeds, num_images, **options)


def density_preset(num_images, optimizer):
    """Return `vae_mnist`, for a number of images and by an optimizer."""
    preset = presets.get("vae_mnist")
    preset = preset.replace(num_images=num_images) if num_images else preset
    if optimizer == "muon":
        return preset
    adam = Make("keras.optimizers.Adam", {"learning_rate": CosineRamp(1.5e-3, 1e-5)})
    name = f"{preset.name}-adam"
    return preset.replace(name=name, compile={"optimizer": adam}, batch_size=100)


def density(seeds, preset, weighted, precision, output, ship):
    kept, found = Kept(output), {}
    for seed in seeds:
        folder = output / f"{preset.name}-{seed}"

        def run(folder=folder, seed=seed):
            vae = runs.trained(folder, preset, seed, precision).restore()
            return {**nats(vae, weighted), "seconds": runs.seconds(folder)}

        found[seed] = kept.result(folder.name, run)
        print(folder.name, found[seed], flush=True)
    best = min(found, key=lambda seed: found[seed]["-elbo"])
    ship_best(ship, output / f"{preset.name}-{best}")
    rows = [
        (f"seed {seed}", *(f"{each[name]:.2f}" for name in COLUMNS))
        for seed, each in found.items()
    ]
    print(markdown.table(("nats", *COLUMNS), rows))


def nats(vae, weighted, few=50, many=5000):
    """Return the bounds of a VAE on the test images, binarised once."""
    images = datasets.binarize(datasets.mnist("test").images, 0)
    elbo = np.mean([vae.bound(images, 1, seed).mean() for seed in range(5)])
    of_few = -vae.bound(images, few, seed=10)
    gains = of_few[:weighted] + vae.bound(images[:weighted], many, seed=11)
    return {
        "-elbo": -float(elbo),
        f"iw_{few}": float(of_few.mean()),
        f"iw_{many}": float(of_few.mean() - gains.mean()),
        "+-": float(gains.std() / np.sqrt(len(gains))),
    }


def images(seeds, num_images, precision, output, ship):
    """Train both for the same processor time, and print their distances."""
    kept, found = Kept(output), {}
    vaegan, vae = presets.get("vaegan_fashion_mnist"), plain_vae()
    policy = runs.PRECISIONS[precision]
    num_images = num_images or vaegan.num_images
    timed = kept.result("timed", lambda: relative_cost(vaegan, vae, policy))
    print("timed", timed, flush=True)
    longer = int(num_images * timed["ratio"])
    for seed in seeds:
        for preset, length in ((vaegan, num_images), (vae, longer)):
            folder = output / f"{preset.name}-{length}-{seed}"

            def run(folder=folder, seed=seed, preset=preset, length=length):
                run = runs.trained(
                    folder, preset.replace(num_images=length), seed, precision
                )
                measured = evaluation.read(folder / layout.METRICS)["metrics"]
                return {**measured, "images": run.preset.num_images}

            found[folder.name] = kept.result(folder.name, run)
            print(folder.name, found[folder.name], flush=True)
    best = min(
        (name for name in found if name.startswith("vaegan")),
        key=lambda name: found[name]["frechet_distance"],
    )
    ship_best(ship, output / best)
    columns = sorted({key for each in found.values() for key in each})
    rows = [(k, *(f"{each[c]:.4g}" for c in columns)) for k, each in found.items()]
    print(markdown.table(("", *columns), rows))


def relative_cost(preset, other, policy, rounds=9, num_steps=24):
    """Return how many images `other` learns from in the time of one of `preset`.

    That is processor time. Both train in turn, on the same data, and the first round,
    which compiles, does not count.
    """
    recipes = [Run("timing", each, precision=policy) for each in (preset, other)]
    data = recipes[0].load_data().with_steps_per_epoch(num_steps)
    models = [each.build() for each in recipes]
    ratios = []
    for _ in range(rounds + 1):
        taken = []
        for model in models:
            start = time.process_time()
            model.fit(data, verbose=0)
            taken.append(time.process_time() - start)
        ratios.append(taken[0] / taken[1])
    keras.utils.clear_session()
    return {"ratio": float(np.median(ratios[1:])), "ratios": ratios[1:]}


def plain_vae():
    """Return the preset of a VAE with the encoder and the generator of the VAE-GAN."""
    preset = presets.get("vaegan_fashion_mnist")
    adam = Make("keras.optimizers.Adam", {"learning_rate": CosineRamp(1e-3, 1e-5)})
    return presets.Preset(
        "vae_fashion_mnist",
        "The VAE beside it.",
        {
            **{name: preset.networks[name] for name in ("encoder", "generator")},
            "likelihood": Make("likelihoods.DiscretizedLogistic"),
        },
        {"optimizer": adam},
        model="VAE",
        dataset=preset.dataset,
        batch_size=preset.batch_size,
        num_images=preset.num_images,
        metrics=preset.metrics,
    )


def ship_best(ship, folder):
    """Write the generator of a run to where presets are found, if that is asked for."""
    if ship is not None:
        runs.save_trained(folder, ship)
        gallery.write(ship)


if __name__ == "__main__":
    main()
