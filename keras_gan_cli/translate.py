"""`keras-gan translate`."""

import sys
from pathlib import Path

import click

from keras_gan_cli.sources import direction_option, open_translator, source_argument
from keras_gan_cli.types import SIZE, UserPath, output_option

SUFFIXES = {"png": ".png", "jpg": ".jpg", "webp": ".webp"}


@click.command()
@source_argument
@click.argument(
    "pictures", metavar="FOLDER", type=UserPath(exists=True, path_type=Path)
)
@output_option("translated", "Folder of the results, named as the pictures are.")
@direction_option
@click.option(
    "--size",
    type=SIZE,
    help="Size at which pictures are translated: 64 or HEIGHTxWIDTH. Default: that "
    "of the network, or each picture's own if the network takes any.",
)
@click.option(
    "--crop",
    type=click.Choice(["center", "stretch"]),
    default="center",
    show_default=True,
    help="How pictures of another aspect ratio get to that size.",
)
@click.option(
    "--max-side",
    type=click.IntRange(1),
    default=1024,
    show_default=True,
    help="Longest side of a picture of its own size; larger ones are scaled down.",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(list(SUFFIXES)),
    default="png",
    show_default=True,
    help="Format of the results.",
)
@click.option(
    "--batch-size",
    type=click.IntRange(1),
    default=16,
    show_default=True,
    help="Pictures of one size that are computed together.",
)
@click.option("--overwrite", is_flag=True, help="Replace results that exist.")
def translate(source, pictures, output, direction, overwrite, **options):
    """Translate the pictures in FOLDER, or one picture.

    SOURCE is a preset, the folder of a run, a .keras file, or the folder of an
    exported SavedModel. Subfolders are kept. A picture that cannot be read is named
    and left out, and the exit code at the end is 1.
    """
    paths, broken = _find(pictures, output)
    root = pictures if pictures.is_dir() else pictures.parent
    targets = _targets(paths, root, output, SUFFIXES[options["kind"]])
    existing = [target for target in targets.values() if target.exists()]
    if existing and not overwrite:
        raise ValueError(
            f"{len(existing)} of the results exist already, such as "
            f"{str(existing[0])!r}. Pass another --output, or --overwrite."
        )
    translator = open_translator(source, direction)
    reader_of = _readers(translator, options)
    done, unread = _translate(translator, targets, reader_of, options["batch_size"])
    click.echo(f"{output}: {done} pictures")
    broken += unread
    if broken:
        raise click.ClickException(
            f"{len(broken)} of {len(paths) + len(broken) - len(unread)} pictures could "
            f"not be read and were left out: {_listed(broken)}"
        )


def _find(pictures, output):
    """Return the pictures to translate, and those that cannot be reached."""
    from keras_gan.datasets.finding import find_pictures

    if pictures.is_file():
        return [pictures], []
    if output.resolve() == pictures.resolve():
        raise ValueError("The results would lie among the pictures. Pass --output.")
    found = find_pictures(pictures, skip=True)
    inside = output.resolve()
    paths = [Path(path) for path in found.paths]
    paths = [path for path in paths if not path.resolve().is_relative_to(inside)]
    return paths, [Path(path) for path in found.problems]


def _targets(paths, root, output, suffix):
    """Return where each result goes; pictures that differ in their ending keep it."""
    targets = {path: output / path.relative_to(root) for path in paths}
    stems = [target.with_suffix("") for target in targets.values()]
    return {
        path: target.with_suffix(suffix)
        if stems.count(target.with_suffix("")) == 1
        else target.with_name(target.name + suffix)
        for path, target in targets.items()
    }


def _readers(translator, options):
    """Return a function from a path to the reader of its picture."""
    from keras_gan.datasets.pictures import Reader, read_header

    *taken, channels = translator.condition.shape
    if channels not in (1, 3):
        raise ValueError(
            f"The network takes pictures of {channels} channels. Pictures are read "
            "with 1, grey, or 3, colour."
        )
    size, crop = options["size"], options["crop"]
    crop = None if crop == "stretch" else crop
    if None not in taken:
        if size is not None and list(size) != taken:
            raise ValueError(
                f"The network takes pictures of {taken[0]} x {taken[1]} only. Leave "
                "out --size."
            )
        size = taken
        click.echo(
            f"The network takes pictures of {taken[0]} x {taken[1]}: others are "
            "resized to that, see --crop.",
            err=True,
        )
    if size is not None:
        reader = Reader(channels, tuple(size), crop)
        return lambda path: reader

    def reader_of(path):
        _, sides = read_header(path)
        scale = min(1, options["max_side"] / max(sides))
        return Reader(channels, tuple(max(1, round(side * scale)) for side in sides))

    return reader_of


def _translate(translator, targets, reader_of, batch_size):
    """Translate and write all pictures; return how many, and which are broken."""
    import numpy as np
    from tqdm import tqdm

    from keras_gan import plotting

    done, unread = 0, []
    bar = tqdm(
        total=len(targets),
        unit=" pictures",
        dynamic_ncols=True,
        mininterval=0.2 if sys.stderr.isatty() else 30,
    )

    def leave_out(path, reason):
        unread.append(path)
        bar.write(f"Left out {path}: {reason}", file=sys.stderr)
        bar.update()

    with bar:
        for batch in _batches(targets, reader_of, batch_size, leave_out):
            images = np.stack([image for _, image in batch])
            made = plotting.to_uint8(translator.translate(images, batch_size))
            for (path, _), image in zip(batch, made, strict=True):
                _write(image, targets[path])
            done += len(batch)
            bar.update(len(batch))
    return done, unread


def _batches(paths, reader_of, batch_size, leave_out):
    """Yield lists of `(path, image)`, of images of one size."""
    from keras_gan.datasets.pictures import UnreadablePicture

    batch = []
    for path in paths:
        try:
            image = reader_of(path)(path)
        except UnreadablePicture as error:
            leave_out(path, error.reason)
            continue
        if batch and (len(batch) == batch_size or image.shape != batch[0][1].shape):
            yield batch
            batch = []
        batch.append((path, image))
    if batch:
        yield batch


def _write(image, path):
    from PIL import Image

    from keras_gan.files import atomic_write

    picture = Image.fromarray(image[..., 0] if image.shape[-1] == 1 else image)
    quality = {} if path.suffix == ".png" else {"quality": 95}
    with atomic_write(path) as draft:
        picture.save(draft, **quality)


def _listed(paths):
    names = [str(path) for path in paths[:5]]
    return ", ".join(names) + (", ..." if paths[5:] else "")
