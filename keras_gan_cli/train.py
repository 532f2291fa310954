"""`keras-gan train`."""

import os
import sys
from pathlib import Path

import click
from click.core import ParameterSource

from keras_gan_cli.types import (
    COUNT,
    PATH_OR_NAME,
    SIZE,
    UserPath,
    given_data,
    on_error_option,
)

PRECISIONS = {
    "auto": "auto",
    "float32": "float32",
    "bf16": "mixed_bfloat16",
    "fp16": "mixed_float16",
}
AUTO = "auto"  # in place of a preset: choose one
AUTO_MINUTES = 30


@click.command()
@click.argument("names", metavar="[PRESET]", nargs=-1, type=PATH_OR_NAME)
@click.option(
    "--data",
    type=PATH_OR_NAME,
    metavar="FOLDER|NAME",
    multiple=True,
    help="Training data: a folder of images, or the name of a data set. For "
    "translation two folders: --data photos paintings.",
)
@click.option(
    "--size",
    type=SIZE,
    help="Size of the images, and of the network: 64 or HEIGHTxWIDTH.",
)
@click.option(
    "--crop",
    type=click.Choice(["center", "random", "stretch"]),
    default="center",
    show_default=True,
    help="How images of another aspect ratio get to --size.",
)
@click.option("--labels", is_flag=True, help="Each subfolder of --data is a class.")
@click.option(
    "--clusters",
    type=click.IntRange(2),
    help="The GAN is told which of so many clusters of equal size to draw.",
)
@click.option(
    "--cache",
    type=PATH_OR_NAME,
    metavar="FOLDER",
    help="Keep the decoded images there, not in memory.",
)
@on_error_option
@click.option(
    "--data-dir",
    type=PATH_OR_NAME,
    metavar="FOLDER",
    help="Folder of the preset's data set.",
)
@click.option(
    "--images", type=COUNT, help="Total of training images, such as 200k or 1.5M."
)
@click.option(
    "--minutes",
    type=click.FloatRange(0, min_open=True),
    help="In place of --images: as many as fit into this time, by a few timed steps.",
)
@click.option("--batch-size", type=click.IntRange(1), help="Images per step.")
@click.option(
    "--precision",
    type=click.Choice(list(PRECISIONS)),
    default="auto",
    show_default=True,
    help="Precision of the computation: bf16 or float32, by the device, or the given.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Seed of weights, latents and data.",
)
@click.option(
    "--output",
    type=UserPath(file_okay=False),
    help="Folder of the run. Default: runs/PRESET.",
)
@click.option("--resume", is_flag=True, help="Resume the run in --output.")
@click.option("--tensorboard", is_flag=True, help="Also write logs for TensorBoard.")
@click.option(
    "--evaluate-every",
    type=click.IntRange(1),
    metavar="EPOCHS",
    help="Evaluate every few epochs, not only at the end.",
)
@click.option(
    "--num-evaluated",
    type=COUNT,
    default=10_000,
    show_default=True,
    help="Generated images per evaluation.",
)
@click.option(
    "--keep-best",
    metavar="METRIC",
    help="Keep the generator of the epoch with the best value, such as "
    "frechet_distance, and not that of the last one.",
)
@click.option(
    "--patience",
    type=click.IntRange(1),
    metavar="EVALUATIONS",
    help="With --keep-best: stop after so many without a better value.",
)
@click.option(
    "--checkpoint-every",
    type=click.IntRange(1),
    metavar="STEPS",
    default=500,
    show_default=True,
    help="Steps between checkpoints.",
)
@click.option(
    "--schema",
    metavar="COLUMN=KIND",
    multiple=True,
    help="Of a table, the kind of a column that is not recognised as it is meant: "
    "number, integer, category, boolean, date, or drop.",
)
@click.option(
    "--held-out",
    type=click.FloatRange(0, 0.5),
    metavar="SHARE",
    help="Of a table, the share of rows that are not trained on, for the report at the "
    "end. Default: 0.1.",
)
@click.option(
    "--target",
    metavar="COLUMN",
    help="Of a table, the column of two values that classifiers predict in the report. "
    "Default: the last such column.",
)
@click.pass_context
def train(ctx, names, output, resume, schema, held_out, target, **options):
    """Train PRESET.

    The folder of the run gets settings, log, samples, checkpoints, metrics, the
    model, and a report of all of them, report.html.

    Your own images: keras-gan train auto --data path/to/images --minutes 30, which
    chooses a recipe for them; or keras-gan train r3gan --data path/to/images --size 64

    Translation: keras-gan train cyclegan --data photos paintings --size 64

    A table: keras-gan train tabular --data rows.csv
    """
    preset, *more = names or (None,)
    options["data"] = given_data(options["data"], more)
    if preset == "tabular" or (preset is None and resume and _is_table(output)):
        from keras_gan_cli import table_rows

        of_tables = {"schema": schema, "held_out": held_out, "target": target}
        given = _given(ctx, options | of_tables)
        table_rows.train(output or "runs/tabular", resume, given)
        return
    for option in ("schema", "held_out", "target"):
        if ctx.params[option] not in ((), None):
            typed = option.replace("_", "-")
            raise click.UsageError(f"--{typed} is for tables: keras-gan train tabular.")
    if options["labels"] and options["clusters"]:
        raise click.UsageError(
            "Clusters take the place of labels: pass one of --labels and --clusters."
        )
    if preset is None and not (resume and output):
        raise click.UsageError("Name a preset, or resume a run: --output RUN --resume.")
    folder = Path(output or f"runs/{preset}")
    if options["data"] is None:
        _need_data(ctx, ("size", "crop", "labels", "clusters", "cache", "on_error"))
    for name in ("data_dir", "cache"):
        options[name] = _absolute(options[name], is_folder=True)
    if isinstance(options["data"], list):
        options["data"] = [_absolute(path, is_folder=True) for path in options["data"]]
    else:
        options["data"] = _absolute(options["data"], is_folder=False)
    options["preset"] = preset
    if resume:
        run, data = _resume(ctx, folder, options), None
        if run is None:
            return
    else:
        run, data = _new_run(folder, options)
    _train(run, data, is_new=not resume)


def _is_table(folder):
    from keras_gan import runs

    return folder is not None and runs.TableRun.is_one(folder)


def _given(ctx, options):
    """Return the options that were typed."""
    typed = ParameterSource.COMMANDLINE
    return {k: v for k, v in options.items() if ctx.get_parameter_source(k) is typed}


def _absolute(path, is_folder):
    """Return the absolute path of a folder; a run may be resumed from another one."""
    if path is not None and (is_folder or Path(path).is_dir()):
        return os.path.abspath(path)
    return path


def _new_run(folder, options):
    """Return a new run and its data, which are None if not loaded yet."""
    from keras_gan import presets, runs

    if options["minutes"] is not None and options["images"] is not None:
        raise click.UsageError("Pass one of --images and --minutes.")
    data = None
    if options["preset"] == AUTO:
        preset, options = _chosen(options)
    else:
        preset = presets.get(options["preset"])
    changes = {"num_images": options["images"], "batch_size": options["batch_size"]}
    preset = preset.replace(**{k: v for k, v in changes.items() if v is not None})
    if options["data"] is not None:
        preset, data = _on_own_data(preset, options)
    names = ("seed", "tensorboard", "evaluate_every", "num_evaluated", "data_dir")
    names = (*names, "keep_best", "patience", "checkpoint_every")
    settings = {name: options[name] for name in names}
    policy = PRECISIONS[options["precision"]]
    settings |= {"precision": policy, "options": options}
    settings["command"] = ["keras-gan", *sys.argv[1:]]
    run = runs.Run(folder, preset, **settings)
    run.check()
    if options["minutes"] is not None:
        data = run.load_data() if data is None else data
        click.echo("Timing a few steps ...", err=True)
        run.fit_to(options["minutes"], data)
    return run, data


def _chosen(options):
    """Return a preset for the user's data, and the options with what was chosen."""
    from keras_gan import presets

    data = options["data"]
    if not isinstance(data, str):
        raise click.UsageError(
            "`auto` looks at pictures to choose: pass one folder of them: --data FOLDER"
        )
    if options["minutes"] is None and options["images"] is None:
        options = {**options, "minutes": AUTO_MINUTES}
    found = presets.recommend(
        data,
        options["minutes"] or AUTO_MINUTES,
        options["size"],
        options["labels"],
        on_error=options["on_error"],
    )
    for reason in found.reasons:
        click.echo(reason)
    size = options["size"] or list(found.preset.image_shape[:2])
    return found.preset, {**options, "size": size}


def _on_own_data(preset, options):
    """Return the preset for the user's data, and the data."""
    kept = ("augment",) if options["labels"] else ("augment", "clusters")
    arguments = {k: v for k, v in preset.data.items() if k in kept}
    if options["clusters"]:
        arguments["clusters"] = options["clusters"]
    if options["size"]:
        crop = options["crop"]
        arguments |= {"size": options["size"]}
        arguments |= {"crop": None if crop == "stretch" else crop}
    if options["on_error"] != "raise":
        arguments["on_error"] = options["on_error"]
    if options["cache"]:
        arguments["cache"] = options["cache"]
    if options["labels"] or (preset.num_classes and "clusters" not in arguments):
        arguments["labels"] = True
    named = options["data"]
    named = tuple(named) if isinstance(named, list) else named
    data = preset.read_data(
        named, batch_size=preset.batch_size, seed=options["seed"], **arguments
    )
    arguments.pop("labels", None)
    preset = preset.replace(
        image_shape=data.image_shape,
        num_classes=getattr(data, "num_classes", None),
        dataset=named,
        data=arguments,
        arguments=_other_channels(preset, data) | _conditioning(preset, arguments),
    )
    return preset, data


def _conditioning(preset, arguments):
    """Return how a DCGAN that says nothing of it is told its clusters.

    By projection, as `clustered_fashion_mnist` and what `auto` makes for labels.
    """
    networks = preset.networks
    is_dcgan = getattr(networks, "target", None) == "architectures.dcgan"
    if not is_dcgan or "clusters" not in arguments:
        return {}
    return {"conditioning": networks.arguments.get("conditioning", "projection")}


def _other_channels(preset, data):
    """Return the argument for targets that have other channels than the inputs."""
    *_, channels = getattr(data, "shapes", [data.image_shape])[-1]
    name = {"pairs": "out_channels", "unpaired": "channels_b"}.get(preset.loader)
    return {} if channels == data.image_shape[-1] else {name: channels}


def _resume(ctx, folder, options):
    """Open a run, and refuse options that differ from its settings.

    Returns None if the run is finished.
    """
    from keras_gan import runs

    run = runs.Run.open(folder)
    stored = run.settings.get("options", {})
    for name, value in options.items():
        typed = "names" if name == "preset" else name
        is_given = ctx.get_parameter_source(typed) is ParameterSource.COMMANDLINE
        if is_given and value is not None and value != stored.get(name):
            what = name if name == "preset" else f"--{name.replace('_', '-')}"
            raise ValueError(
                f"The run in {str(folder)!r} was begun with {what} "
                f"{_typed(stored.get(name))}, and a resumed run keeps its settings. "
                f"Leave out {what} {_typed(value)}, or train into another folder: "
                "--output."
            )
    if run.is_finished:
        click.echo(f"The run in {folder} is finished: nothing is left to train.")
        if not run.is_evaluated:
            run.evaluate()
            _show_results(run)
        return None
    return run


def _typed(value):
    """Return a value as a user types it."""
    if value is None or value is False:
        return "not given"
    if isinstance(value, list):
        return ("x" if isinstance(value[0], int) else " ").join(map(str, value))
    return value


def _need_data(ctx, names):
    for name in names:
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            typed = name.replace("_", "-")
            raise click.UsageError(
                f"--{typed} is for your own images: pass --data too."
            )


def _train(run, data, is_new):
    from keras_gan.precision import advice

    data = run.load_data() if data is None else data
    gan = run.build()
    if is_new:
        run.begin()
    preset = run.preset
    click.echo(
        f"{preset.name}: {preset.num_images:,} images of {_shape(preset.image_shape)}, "
        f"{preset.batch_size} a step, in {run.settings['precision']}, into {run.folder}"
    )
    if preset.directions:
        click.echo(_size_note(preset.image_shape))
    cost = advice.describe_cost(gan)
    if cost is not None:
        click.echo(f"Note: {cost}")
    try:
        run.train(gan, data)
    except (KeyboardInterrupt, SystemExit, OSError):
        click.echo(
            f"Go on with: keras-gan train --output {run.folder} --resume", err=True
        )
        raise
    _show_results(run)


def _size_note(image_shape):
    size = "{} x {}".format(*image_shape)
    return (
        f"Note: the networks will take pictures of {size} only; keras-gan translate "
        "resizes others to that. For networks of any size see the guide to translation."
    )


def _show_results(run):
    for line in run.results():
        click.echo(line)
    click.echo(f"Look at {run.folder / 'report.html'}")


def _shape(image_shape):
    return " x ".join(map(str, image_shape))
