"""Time a step of StyleGAN2 beside R3GAN's, and find the memory of its penalties.

    python benchmarks/style_step.py
    KERAS_BACKEND=jax python benchmarks/style_step.py --steps 8

Each row is a process of its own, with the networks of `stylegan2_emoji_64`, twice as
wide, or of `r3gan_emoji_64`, float32, no augmentation, and noise for images. Printed
are the multiply-adds of both networks for one image, forward; the seconds of the
fastest step; those of an R3GAN of as many multiply-adds without penalties, as a ratio;
and the peak of resident memory. "lazy" is the preset's way: R1 at every 16th step and
path length at every 4th, and the mean of 16 steps.
"""

import json
import os
import resource
import subprocess
import sys
import time

import click

from steps import flops

R1 = {"weight": 1.0}
PATH = {"weight": 2.0, "interval": 1}
ROWS = {
    "r3gan, no penalties": ("r3gan_emoji_64", [], [], 1),
    "r3gan, R1 and R2": ("r3gan_emoji_64", [("R1", R1), ("R2", R1)], [], 1),
    "stylegan2, no penalties": ("stylegan2_emoji_64", [], [], 1),
    "stylegan2, R1": ("stylegan2_emoji_64", [("R1", R1)], [], 1),
    "stylegan2, path length": ("stylegan2_emoji_64", [], [("PathLength", PATH)], 1),
    "stylegan2, path length of half the batch": (
        "stylegan2_emoji_64",
        [],
        [("PathLength", {**PATH, "batch_shrink": 2})],
        1,
    ),
    "stylegan2, lazy": (
        "stylegan2_emoji_64",
        [("R1", {**R1, "interval": 16})],
        [("PathLength", {**PATH, "interval": 4, "batch_shrink": 2})],
        16,
    ),
}
# Of the networks that a preset is measured with in other sizes.
SIZES = {"stylegan2_emoji_64": {"width": 32, "max_width": 128}}


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--steps", default=5, show_default=True, help="Of which the fastest.")
@click.option("--batch-size", default=32, show_default=True)
@click.option("--row", help="Measure one row, and print it as JSON.")
def main(steps, batch_size, row):
    if row is not None:
        print(json.dumps(measured(*ROWS[row], steps, batch_size)))
        return
    from tables import markdown

    found = {name: in_own_process(name, steps, batch_size) for name in ROWS}
    plain = found["r3gan, no penalties"]
    per_multiplication = plain["seconds"] / plain["multiplications"]
    rows = [
        (
            name,
            f"{each['multiplications'] / 1e6:.0f} M",
            f"{each['seconds']:.3f}",
            f"{each['seconds'] / each['multiplications'] / per_multiplication:.2f}",
            f"{each['mib']:.0f}",
        )
        for name, each in found.items()
    ]
    heads = ("", "multiply-adds", "s a step", "to equal R3GAN", "peak MiB")
    print(markdown.table(heads, rows))


def in_own_process(name, steps, batch_size):
    """Return the figures of a row."""
    command = [sys.executable, __file__, "--row", name, "--steps", str(steps)]
    command += ["--batch-size", str(batch_size)]
    output = subprocess.run(
        command, check=True, capture_output=True, text=True, env=os.environ
    ).stdout
    print(name, output.splitlines()[-1], file=sys.stderr, flush=True)
    return json.loads(output.splitlines()[-1])


def measured(preset, of_discriminator, of_generator, period, steps, batch_size):
    """Train some steps; return the multiply-adds, the seconds and the memory."""
    from keras_gan import GAN, penalties, presets

    import numpy as np

    preset = presets.get(preset).replace(arguments=SIZES.get(preset, {}))
    gan = GAN(**preset.make_networks(), seed=0)
    arguments = preset.compile_arguments()
    arguments["augment"] = None
    arguments["discriminator_penalties"] = made(penalties, of_discriminator)
    arguments["generator_penalties"] = made(penalties, of_generator)
    gan.compile(**arguments)
    shape = (batch_size, *preset.image_shape)
    images = np.random.default_rng(0).uniform(-1, 1, shape).astype("float32")
    times = []
    for _ in range(steps + 1):  # the first compiles
        start = time.perf_counter()
        for _ in range(period):
            gan.train_on_batch(images)
        times.append((time.perf_counter() - start) / period)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    networks = gan.generator, gan.discriminator
    total = sum(sum(flops.layers_of(network)) for network in networks)
    return {"multiplications": total, "seconds": min(times[1:]), "mib": peak}


def made(module, penalties):
    return [getattr(module, name)(**arguments) for name, arguments in penalties]


if __name__ == "__main__":
    main()
