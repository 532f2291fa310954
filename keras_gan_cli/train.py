"""`keras-gan train`."""

import os
import sys
from pathlib import Path

import click
from click.core import ParameterSource

from keras_gan_cli.types import COUNT, SIZE

PRECISIONS = {"float32": "float32", "bf16": "mixed_bfloat16", "fp16": "mixed_float16"}


@click.command()
@click.argument("preset", required=False)
@click.option(
    "--data",
    metavar="FOLDER|NAME",
    help="Train on these instead: a folder of pictures, or a data set's name.",
)
@click.option(
    "--size", type=SIZE, help="What pictures are brought to: 64 or HEIGHTxWIDTH."
)
@click.option(
    "--crop",
    type=click.Choice(["center", "random", "stretch"]),
    default="center",
    show_default=True,
    help="How pictures of another shape are brought to --size.",
)
@click.option("--labels", is_flag=True, help="Each subfolder of --data is a class.")
@click.option(
    "--cache",
    metavar="FOLDER",
    help="Keep the decoded pictures there, not in memory.",
)
@click.option("--data-dir", metavar="FOLDER", help="Where the preset's data set lies.")
@click.option(
    "--images", type=COUNT, help="Training images in all, such as 200k or 1.5M."
)
@click.option("--batch-size", type=click.IntRange(1), help="Images of one step.")
@click.option("--precision", type=click.Choice(list(PRECISIONS)))
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option(
    "--output", type=click.Path(file_okay=False), help="By default runs/PRESET."
)
@click.option("--resume", is_flag=True, help="Go on with the run in --output.")
@click.option("--tensorboard", is_flag=True, help="Write logs for TensorBoard too.")
@click.option(
    "--evaluate-every",
    type=click.IntRange(1),
    metavar="EPOCHS",
    help="Measure now and then, not only at the end.",
)
@click.option(
    "--num-evaluated",
    type=COUNT,
    default=10_000,
    show_default=True,
    help="Generated images that are measured.",
)
@click.option(
    "--checkpoint-every",
    type=click.IntRange(1),
    metavar="STEPS",
    default=500,
    show_default=True,
)
@click.pass_context
def train(ctx, preset, output, resume, **options):
    """Train PRESET and leave a run folder: settings, log, samples, checkpoints,
    metrics, the model, and a report of it all, report.html.

    Own pictures: keras-gan train r3gan --data path/to/images --size 64
    """
    if preset is None and not (resume and output):
        raise click.UsageError("Name a preset, or go on with --output RUN --resume.")
    folder = Path(output or f"runs/{preset}")
    if options["data"] is None:
        _need_data(ctx, ("size", "crop", "labels", "cache"))
    for name in ("data", "data_dir", "cache"):
        options[name] = _absolute(options[name], is_folder=name != "data")
    options["preset"] = preset
    if resume:
        run, data = _taken_up(ctx, folder, options), None
        if run is None:
            return
    else:
        run, data = _begun(folder, options)
    _train(run, data, is_new=not resume)


def _absolute(path, is_folder):
    """A folder by its full name, so that a run goes on from wherever it is resumed."""
    if path is not None and (is_folder or Path(path).is_dir()):
        return os.path.abspath(os.path.expanduser(path))
    return path


def _begun(folder, options):
    """A new run and, where these had to be looked at, its data."""
    from keras_gan import presets, runs

    preset, data = presets.get(options["preset"]), None
    changes = {"num_images": options["images"], "batch_size": options["batch_size"]}
    preset = preset.replace(**{k: v for k, v in changes.items() if v is not None})
    if options["data"] is not None:
        preset, data = _on_own_data(preset, options)
    precision = options["precision"]
    names = ("seed", "tensorboard", "evaluate_every", "num_evaluated", "data_dir")
    settings = {name: options[name] for name in (*names, "checkpoint_every")}
    settings |= {"precision": precision and PRECISIONS[precision], "options": options}
    settings["command"] = ["keras-gan", *sys.argv[1:]]
    run = runs.Run(folder, preset, **settings)
    run.check()
    return run, data


def _on_own_data(preset, options):
    """The preset for other data, and these data."""
    from keras_gan import datasets

    arguments = {}
    if options["size"]:
        crop = options["crop"]
        arguments = {"size": options["size"]}
        arguments |= {"crop": None if crop == "stretch" else crop}
    if options["cache"]:
        arguments["cache"] = options["cache"]
    has_labels = options["labels"] or preset.num_classes is not None
    data = datasets.load(
        options["data"],
        batch_size=preset.batch_size,
        seed=options["seed"],
        **({"labels": True} if has_labels else {}),
        **arguments,
    )
    preset = preset.replace(
        image_shape=data.image_shape,
        num_classes=data.num_classes,
        dataset=options["data"],
        data=arguments,
    )
    return preset, data


def _taken_up(ctx, folder, options):
    """The run of a folder, if nothing on the command line says otherwise."""
    from keras_gan import runs

    run = runs.Run.open(folder)
    stored = run.settings.get("options", {})
    for name, value in options.items():
        is_given = ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if is_given and value is not None and value != stored.get(name):
            what = name if name == "preset" else f"--{name.replace('_', '-')}"
            raise ValueError(
                f"The run in {str(folder)!r} was begun with {what} "
                f"{_typed(stored.get(name))}, and a run goes on with the settings that "
                f"it has. Leave out {what} {_typed(value)}, or train into another "
                "folder: --output."
            )
    if run.is_over:
        click.echo(f"The run in {folder} is over: nothing is left to train.")
        return None
    return run


def _typed(value):
    """A value as it stands on a command line."""
    if value is None or value is False:
        return "not given"
    return "x".join(map(str, value)) if isinstance(value, list) else value


def _need_data(ctx, names):
    for name in names:
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name} is for own pictures: pass --data too.")


def _train(run, data, is_new):
    from keras_gan import precision

    data = run.load_data() if data is None else data
    gan = run.build()
    if is_new:
        run.begin()
    preset = run.preset
    click.echo(
        f"{preset.name}: {preset.num_images:,} images of {_shape(preset.image_shape)}, "
        f"{preset.batch_size} a step, into {run.folder}"
    )
    if precision.should_suggest(gan):
        click.echo("This processor computes in bfloat16: --precision bf16 is faster.")
    try:
        run.train(gan, data)
    except (KeyboardInterrupt, SystemExit):
        click.echo(
            f"Go on with: keras-gan train --output {run.folder} --resume", err=True
        )
        raise
    for line in run.results():
        click.echo(line)
    click.echo(f"Look at {run.folder / 'report.html'}")


def _shape(image_shape):
    return " x ".join(map(str, image_shape))
