"""Measure training on one GPU, or train a preset on one from an array.

    python benchmarks/gpu.py --json gpu.json --markdown gpu.md
    python benchmarks/gpu.py --budget 150 --limit 60 --case dcgan --case r3gan
    python benchmarks/gpu.py --train r3gan_cifar10 --arrays cifar10.npz --output run

Needs JAX or torch, Keras and this package, but not TensorFlow; from a checkout,
with PYTHONPATH=. in the environment. Three cases: DCGAN at 64 px, R3GAN's networks for
CIFAR-10, and the published StyleGAN2 at 128 px, both without augmentation; each
through `fit` on JAX and on torch, and written in plain PyTorch beside them. The batch
of R3GAN holds a minibatch for each player: 64 images each, as each of the authors'
eight GPUs had.

Precisions: "float32" multiplies in float32, "tf32" rounds its operands to TF32, and
"bf16" is the policy `mixed_bfloat16`, or autocast in PyTorch. The share of the peak is
of the rate of one matrix product, 8192 x 8192, in the same precision and the same run.
Operations are counted in `steps/flops.py`. Memory is the most that the framework held
on the device.

Each program runs in a process of its own, in the order of importance, and the files
are written after each. What fails or does not fit into `--limit` or `--budget` is
listed below the table with the reason. `--together` saves time: so many programs
compile side by side, but none while another is timed.

`--arrays` names a file of NumPy, `numpy.savez(path, images=..., labels=...)`: `images`
is uint8 `(n, height, width, channels)`, `labels` integers `(n,)` from 0. The folder of
the run holds checkpoints: the same command goes on from the newest.
"""

import importlib.util
import json
import os
import time
from pathlib import Path

import click

from steps import gpu_cases, gpu_report
from steps.one_by_one import Limits, OneByOne
from steps.report import replace_file, say

BACKENDS = ("jax", "torch")
PATH = click.Path(path_type=Path, dir_okay=False)


def several(option, values, text):
    """An option that may be given several times."""
    kind = click.Choice(tuple(values))
    return click.option(
        f"--{option}", f"{option}s", multiple=True, type=kind, help=text
    )


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@several("case", gpu_cases.BATCHES, "What to time; all, by default.")
@several(
    "program", gpu_cases.PROGRAMS, "ours on jax or torch, or plain PyTorch (peer)."
)
@several("precision", gpu_cases.PRECISIONS, "All, by default.")
@click.option("--dcgan-batch", type=click.IntRange(1))
@click.option("--r3gan-batch", type=click.IntRange(2))
@click.option("--stylegan2-batch", type=click.IntRange(1))
@click.option("--budget", default=3600.0, show_default=True, help="Seconds for all.")
@click.option(
    "--limit", default=300.0, show_default=True, help="Seconds for each stage."
)
@click.option("--seconds", default=1.0, show_default=True, help="Of a round.")
@click.option("--rounds", default=3, show_default=True)
@click.option("--together", default=1, show_default=True, help="Programs that compile.")
@click.option("--augmented", is_flag=True, help="Presets with their augmentation.")
@click.option("--compiled", is_flag=True, help="The peer of DCGAN by torch.compile.")
@click.option("--steps-per-execution", default=1, show_default=True)
@click.option("--tiny", is_flag=True, help="Tiny networks and batches, for a test.")
@click.option("--json", "json_path", type=PATH)
@click.option("--markdown", "markdown_path", type=PATH)
@click.option("--train", metavar="PRESET", help="Train it instead.")
@click.option("--arrays", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--output", type=click.Path(path_type=Path, file_okay=False))
@click.option("--images", type=click.IntRange(1), help="How many to train on in all.")
@click.option("--batch-size", type=click.IntRange(1), help="Of the training.")
@click.option("--policy", default="mixed_bfloat16", show_default=True, help="Likewise.")
@click.option("--checkpoint-every", default=500, show_default=True, help="Likewise.")
def main(
    train, arrays, output, images, batch_size, policy, checkpoint_every, **options
):
    installed = [name for name in BACKENDS if importlib.util.find_spec(name)]
    if not installed:
        raise click.UsageError("Neither JAX nor torch is installed.")
    if train is None:
        if arrays or output or images or batch_size:
            raise click.UsageError(
                "--arrays, --output, --images and --batch-size go with --train."
            )
        measure(installed, **options)
        return
    if arrays is None or output is None:
        raise click.UsageError("--train needs --arrays FILE.npz and --output FOLDER.")
    os.environ.setdefault("KERAS_BACKEND", installed[0])
    from tables.arrays import train_on_arrays

    changes = {"num_images": images, "batch_size": batch_size}
    train_on_arrays(train, arrays, output, changes, policy, checkpoint_every)


def measure(installed, cases, programs, precisions, **options):
    """Time the programs, and write the table after each."""
    begin = time.perf_counter()
    usable = [p for p in gpu_cases.PROGRAMS if _backend(p) in installed]
    programs = [p for p in usable if not programs or p in programs]
    precisions = precisions or tuple(gpu_cases.PRECISIONS)
    is_tiny = options["tiny"]
    batches = gpu_cases.TINY_BATCHES if is_tiny else gpu_cases.BATCHES
    batches = {name: options[f"{name}_batch"] or batches[name] for name in batches}
    if batches["r3gan"] % 2:
        raise click.UsageError("--r3gan-batch must be even: half is for each player.")
    keys = ("augmented", "compiled", "steps_per_execution")
    settings = {key: options[key] for key in keys}
    chosen = gpu_cases.peaks(installed[-1], precisions, is_tiny)
    chosen += gpu_cases.cases(
        cases or tuple(batches), programs, precisions, batches, is_tiny, settings
    )
    limits = Limits(
        options["budget"],
        options["limit"],
        options["seconds"],
        options["rounds"],
        options["together"],
    )
    by_entry = {id(case.entry): case for case in chosen}
    rows, left_out = [], []
    for entry, found in OneByOne(limits, say).measure([case.entry for case in chosen]):
        case = by_entry[id(entry)]
        if isinstance(found, str):
            left_out.append({**gpu_report.name_of(case), "why": found})
            say(f"  left out: {gpu_report.title(left_out[-1])}: {found[-800:]}")
        else:
            rows.append(gpu_report.row_of(case, found))
            say(f"  {gpu_report.title(rows[-1])}: {gpu_report.in_short(rows[-1])}")
        passed = time.perf_counter() - begin
        figures = gpu_report.figures(rows, left_out, passed, is_tiny)
        if options["json_path"]:
            replace_file(options["json_path"], json.dumps(figures, indent=1) + "\n")
        if options["markdown_path"]:
            replace_file(options["markdown_path"], gpu_report.markdown(figures))
    print(gpu_report.markdown(figures))


def _backend(program):
    return "jax" if program == "jax" else "torch"


if __name__ == "__main__":
    main()
