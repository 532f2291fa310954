"""Tables on the command line: `train tabular`, `evaluate`, and `generate` to a file."""

import sys
from pathlib import Path

import click

# The options of `train` that a table has, and the settings of the run.
SETTINGS = {
    "images": "num_rows",
    "batch_size": "batch_size",
    "seed": "seed",
    "checkpoint_every": "checkpoint_every",
    "held_out": "held_out",
    "target": "target",
}


def train(folder: str, resume: bool, options: dict) -> None:
    """Train on a table, in the folder of a run.

    Args:
        folder: str.
        resume: bool, whether to go on with the run in it.
        options: dict, the options that were typed.

    Raises:
        click.UsageError: on an option that is for images.
    """
    from keras_gan import runs
    from keras_gan.runs import layout

    unfit = sorted(set(options) - set(SETTINGS) - {"data", "schema"})
    if unfit:
        named = ", ".join(f"--{name.replace('_', '-')}" for name in unfit)
        raise click.UsageError(f"{named}: for images, not for tables.")
    if resume:
        if options:
            raise click.UsageError(
                "A resumed run keeps its settings. Pass --output and --resume alone."
            )
        run = runs.TableRun.open(folder)
        if run.is_finished:
            click.echo(f"The run in {folder} is finished: nothing is left to train.")
            return
    else:
        data = options.get("data")
        if not isinstance(data, str):
            given = "nothing" if data is None else " ".join(data)
            raise click.UsageError(
                f"Pass one table: --data rows.csv. Received: {given}"
            )
        settings = {SETTINGS[k]: v for k, v in options.items() if k in SETTINGS}
        schema = pairs(options.get("schema", ()), "--schema", "age=integer")
        run = runs.TableRun(folder, data, schema=schema or None, **settings)
        run.begin()
    click.echo(run.codec.describe())
    click.echo(f"{run.codec.num_rows:,} rows to train on, into {folder}")
    try:
        run.train()
    except (KeyboardInterrupt, SystemExit, OSError):
        click.echo(f"Go on with: keras-gan train --output {folder} --resume", err=True)
        raise
    report = run.folder / layout.REPORT
    if report.is_file():
        click.echo(f"Quality and privacy: {report}")
    click.echo(f"Rows: keras-gan generate {folder} -n 1000 -o rows.csv")


def evaluate(source: str, data, num_rows: int, seed: int, output) -> None:
    """Measure the rows of a run on a table; write its report and the scores.

    Args:
        source: str, the folder of the run.
        data: str, a table of rows that it has not seen, or a list of them; None for
            those that it holds out.
        num_rows: int, how many rows to generate.
        seed: int, which rows.
        output: the JSON file; None for `evaluation.json` in the folder.

    Raises:
        click.UsageError: without rows to compare with.
    """
    from keras_gan import files, runs, tables
    from keras_gan.runs import layout
    from keras_gan.tables.holding_out import some_rows

    run = runs.TableRun.open(source)
    if data is None and not run.settings["held_out"]:
        raise click.UsageError(
            "The run was trained on all rows. Pass others: --data test.csv"
        )
    if not isinstance(data, str | None):
        raise click.UsageError(f"Pass one table: --data {data[0]}")
    test = None
    if data is not None:
        test = some_rows(tables.read_parts(data), 20_000)
    scores = run.measure(run.restore(), test, num_rows, seed)
    for name, value in scores.items():
        click.echo(f"{name:<16} {value:.3f}")
    output = output or run.folder / "evaluation.json"
    files.write_json(output, {"source": source, "data": data, "metrics": scores})
    click.echo(f"Written to {output} and {run.folder / layout.REPORT}")


def generate(source, output: Path, num_rows: int, seed, where: tuple) -> None:
    """Write the rows of a table to a file.

    Args:
        source: str, a run or a `.keras` file.
        output: the `.csv`, `.tsv` or `.parquet` file.
        num_rows: int.
        seed: int, or None.
        where: texts `COLUMN=VALUE`.

    Raises:
        ValueError: if the source makes no tables.
    """
    import secrets

    from tqdm import tqdm

    from keras_gan import tables
    from keras_gan_cli.sources import open_model

    gan, _ = open_model(source)
    if not hasattr(gan, "codec"):
        raise ValueError(
            f"{source!r} makes no tables. Pass a .png file, or a folder, for images."
        )
    asked = pairs(where, "--where", "job=cook")
    wanted = {name: _value(gan.codec, name, text) for name, text in asked.items()}
    seed = secrets.randbits(31) if seed is None else seed
    bar = tqdm(
        total=num_rows,
        unit=" rows",
        unit_scale=True,
        dynamic_ncols=True,
        mininterval=0.2 if sys.stderr.isatty() else 30,
    )

    def parts():
        with bar:
            for part in gan.table_sampler.parts(num_rows, wanted or None, seed):
                yield part
                bar.update(len(part))

    tables.write_parts(parts(), output)
    click.echo(f"{output}: {num_rows:,} rows, seed {seed}")


def pairs(texts, option: str, example: str) -> dict[str, str]:
    """Return texts of the form NAME=VALUE as a dict.

    Raises:
        click.UsageError: on another form.
    """
    for text in texts:
        if "=" not in text:
            raise click.UsageError(f"{option} {text}: expected {option} {example}")
    return dict(text.split("=", 1) for text in texts)


def _value(codec, name, text):
    """Return the value that a text stands for in a column."""
    import pandas as pd

    kinds = {column.name: column.kind for column in codec.columns}
    if kinds.get(name) in ("number", "integer", "date"):
        convert = pd.Timestamp if kinds[name] == "date" else float
        try:
            ends = tuple(convert(end) for end in text.split(".."))
        except ValueError:
            raise ValueError(
                f"{text!r} is no value of the column {name!r}. Pass --where "
                f"{name}=LOW..HIGH."
            ) from None
        return ends if len(ends) == 2 else ends[0]
    levels = codec.categories[name].levels if name in codec.categories else []
    return next((level for level in levels if str(level) == text), text)
