"""Time a step of a projected GAN at several sizes of the features, beside R3GAN's.

    python benchmarks/projected_step.py
    python benchmarks/projected_step.py --case 224/64

A case is `SIZE/WIDTH`: the size to which the pretrained network gets images of 64 x 64,
and the width of the discriminators; or the name of a preset. Each is a process of its
own, with the settings of `projected_emoji_64`, a DCGAN of width 32 as the generator,
and noise for images. Printed are the milliseconds of processor time for one image, in
the fastest of some steps, on one thread, and the peak of resident memory. Processor
time is less disturbed by other work than the clock, and not undisturbed: compare cases
of one run.
"""

import dataclasses
import os
import resource
import subprocess
import sys
import time

import click

CASES = ("r3gan_emoji_64", "64/16", "128/16", "224/16")
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1"
)


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--case", "cases", multiple=True, help="By default four of them.")
@click.option("--batch-size", default=16, show_default=True)
@click.option("--steps", default=2, show_default=True, help="Of which the fastest.")
@click.option("--here", is_flag=True, help="Measure one case in this process.")
def main(cases, batch_size, steps, here):
    if here:
        print(*measured(cases[0], batch_size, steps))
        return
    from tables import markdown

    rows = []
    for case in cases or CASES:
        command = [sys.executable, __file__, "--here", "--case", case]
        command += ["--batch-size", str(batch_size), "--steps", str(steps)]
        environment = {**os.environ, **ONE_THREAD}
        found = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True
        )
        milliseconds, mebibytes = map(float, found.stdout.split()[-2:])
        rows.append((case, f"{milliseconds:.1f}", f"{mebibytes:.0f}"))
        print(*rows[-1], flush=True)
    print(markdown.table(("case", "ms an image", "peak MiB"), rows))


def measured(case, batch_size, steps):
    """Return the milliseconds of processor time for an image, and the peak in MiB."""
    from keras_gan import GAN

    import numpy as np

    gan = GAN.from_preset(preset_of(case), load_weights=False, seed=0)
    images = np.random.default_rng(0).integers(0, 256, (batch_size, 64, 64, 3), "uint8")
    gan.train_on_batch(images)  # compiles
    seconds = []
    for _ in range(steps):
        start = time.process_time()
        gan.train_on_batch(images)
        seconds.append(time.process_time() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return 1000 * min(seconds) / batch_size, peak


def preset_of(case):
    """Return the preset of a case."""
    from keras_gan import presets

    if "/" not in case:
        return presets.get(case)
    size, width = map(int, case.split("/"))
    preset = presets.get("projected_emoji_64")
    seen = preset.networks["discriminator"]
    seen = presets.Make(
        seen.target, seen.arguments | {"feature_size": size, "width": width}
    )
    drawing = presets.Make(
        "architectures.dcgan_generator",
        {"image_shape": (64, 64, 3), "width": 32, "kernel_size": 4},
    )
    networks = {"generator": drawing, "discriminator": seen}
    return dataclasses.replace(preset, networks=networks)


if __name__ == "__main__":
    main()
