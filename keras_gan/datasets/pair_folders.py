"""Pairs of pictures in files: two of one name, or two side by side in one file."""

import dataclasses
import os
import warnings
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from keras_gan._typing import PathLike
from keras_gan.datasets import cache as caches
from keras_gan.datasets.cache import map_readable
from keras_gan.datasets.finding import Finder, find_pictures, identity
from keras_gan.datasets.folder import (
    check_channels,
    check_equal,
    check_readable,
    skips,
    warn_of_skipped,
)
from keras_gan.datasets.pictures import (
    Reader,
    UnreadablePicture,
    common_channels,
    cover,
    naming_errors,
    open_picture,
    read_bytes,
    read_header,
    shown,
    to_mode,
    upright,
)

SKIP = 'leave them out: `on_error="skip"`'


@dataclasses.dataclass(frozen=True)
class PairReader:
    """Read two picture files as one array, the target's channels behind the input's.

    Args:
        inputs: `Reader` of the input.
        targets: `Reader` of the target.
        partners: From the path of each input to that of its target.
        digest: Of the targets' names, sizes and dates, which the name of a file of
            decoded pictures depends on.
    """

    inputs: Reader
    targets: Reader
    partners: dict = dataclasses.field(repr=False)
    digest: str = ""

    def __call__(self, path: PathLike) -> np.ndarray:
        target = self.targets(self.partners[path])
        return np.concatenate([self.inputs(path), target], axis=-1)


@dataclasses.dataclass(frozen=True)
class HalvesReader:
    """Read a picture that holds two, side by side, as `PairReader` reads two files.

    Args:
        inputs: `Reader` of the input.
        targets: `Reader` of the target.
        input_half: `"left"` or `"right"`.
    """

    inputs: Reader
    targets: Reader
    input_half: str = "left"

    def __call__(self, path: PathLike) -> np.ndarray:
        with naming_errors(path), open_picture(read_bytes(path)) as picture:
            readers = self.inputs, self.targets
            mode = max((reader.mode for reader in readers), key=len)
            picture = to_mode(upright(picture), mode)
            middle, height = picture.width // 2, picture.height
            halves = [
                picture.crop((left, 0, left + middle, height)) for left in (0, middle)
            ]
            if self.input_half == "right":
                halves.reverse()
            arrays = [
                reader.array(to_mode(half, reader.mode))
                for reader, half in zip(readers, halves, strict=True)
            ]
        return np.concatenate(arrays, axis=-1)


def read_folders(
    inputs: PathLike,
    targets: PathLike,
    size: tuple[int, int] | None,
    crop: str | None,
    channels: tuple[int | None, int | None],
    cache: PathLike | None,
    on_error: str,
) -> tuple[Any, tuple[int, int], list]:
    """Read the pairs of two folders.

    Returns:
        The joined images or a source of them, the channels of both, and the files.
    """
    skip = skips(on_error)
    refuse_overlap(inputs, targets)
    found = [find_pictures(folder, skip) for folder in (inputs, targets)]
    partners = match(*found, skip)

    def header_of_pair(path):
        return read_header(path), read_header(partners[path])

    kept, headers = map_readable(header_of_pair, list(partners), skip)
    paths = [list(partners)[position] for position in kept]
    paths = check_readable(paths, list(partners))
    sides = list(zip(*headers, strict=True))
    sizes = [[header_size for _, header_size in side] for side in sides]
    others = [partners[path] for path in paths]
    if size is None:
        check_equal(paths + others, sizes[0] + sizes[1])
    elif crop is not None:
        check_aspect(paths, others, *sizes, size)
    readers = readers_of(channels, map(common_channels, sides), size, crop)
    digest = caches.fingerprint(others, readers[1])
    read = PairReader(*readers, partners, digest)
    shapes = joined_shapes(readers, sizes[0])
    images, kept = caches.decode(paths, read, shapes, skip, cache)
    paths = check_readable([paths[position] for position in kept], paths)
    others = [partners[path] for path in paths]
    warn_of_broken(found, partners, paths)
    files = [(paths, found[0].folder), (others, found[1].folder)]
    return images, tuple(reader.channels for reader in readers), files


def read_halves(
    folder: PathLike,
    size: tuple[int, int] | None,
    crop: str | None,
    channels: tuple[int | None, int | None],
    input_half: str,
    cache: PathLike | None,
    on_error: str,
) -> tuple[Any, tuple[int, int], list]:
    """Read a folder of pictures that hold two each; returns as `read_folders`."""
    skip = skips(on_error)
    if input_half not in ("left", "right"):
        raise ValueError(
            f'`input_half` must be "left" or "right". Received: {input_half!r}'
        )
    found = find_pictures(folder, skip)
    kept, headers = map_readable(read_double_header, found.paths, skip)
    paths = check_readable([found.paths[position] for position in kept], found.paths)
    sizes = [(height, width // 2) for _, (height, width) in headers]
    if size is None:
        check_equal(paths, sizes)
    common = common_channels(headers)
    readers = readers_of(channels, (common, common), size, crop)
    read = HalvesReader(*readers, input_half)
    shapes = joined_shapes(readers, sizes)
    images, kept = caches.decode(paths, read, shapes, skip, cache)
    paths = check_readable([paths[position] for position in kept], found.paths)
    warn_of_skipped(found, paths)
    channels = tuple(reader.channels for reader in readers)
    return images, channels, [(paths, found.folder)]


def warn_of_broken(
    found: Sequence[Finder], partners: dict[str, str], kept: Sequence[str]
) -> None:
    """Warn of pairs of which a picture cannot be read, and of what is no file."""
    for finder in found:
        warn_of_skipped(finder, finder.paths)
    used = set(kept)
    broken = [(a, b) for a, b in partners.items() if a not in used]
    if broken:
        names = listed([path for pair in broken for path in pair])
        warnings.warn(
            f"Left out {len(broken)} of {len(partners)} pairs, of which a picture "
            f"cannot be read: {names}",
            stacklevel=4,
        )


def match(a: Finder, b: Finder, skip: bool) -> dict[str, str]:
    """Return the pairs of two folders, by the names without their endings.

    Args:
        a, b: The pictures of both folders.
        skip: Whether to leave out, with a warning, those that have no partner.

    Returns:
        A dict from the paths of `a` to those of `b`, in the order of `a`.

    Raises:
        ValueError: If a picture has no partner, or two pictures have one name.
    """
    names_a, names_b = named(a), named(b)
    partners = {names_a[n]: names_b[n] for n in names_a if n in names_b}
    alone = [names_a[n] for n in names_a if n not in names_b]
    alone += [names_b[n] for n in names_b if n not in names_a]
    if not partners:
        raise ValueError(
            f"No picture of {a.folder!r} has a partner of the same name in "
            f"{b.folder!r}: {listed(a.paths, 2)} and {listed(b.paths, 2)} there. The "
            "names of a pair may differ in their endings only. Pictures that are no "
            "pairs are the data of `keras_gan.datasets.unpaired`."
        )
    if alone:
        text = (
            f"{len(alone)} of {len(names_a) + len(names_b)} pictures have no partner "
            f"of the same name in the other folder: {listed(alone)}."
        )
        if not skip:
            raise ValueError(f"{text} Add the partners, remove them, or {SKIP}.")
        warnings.warn(f"{text} They are left out.", stacklevel=4)
    return partners


def named(found: Finder) -> dict[str, str]:
    """Return the pictures of a folder by their names without endings."""
    names = {}
    for path in found.paths:
        name = os.path.splitext(os.path.relpath(path, found.folder))[0]
        if name in names:
            raise ValueError(
                f"{shown(names[name])} and {shown(path)} have one name, so it is not "
                "clear which of them belongs to a pair. Rename or remove one."
            )
        names[name] = path
    return names


def listed(paths: Sequence[PathLike], at_most: int = 10) -> str:
    """Return the first paths as text."""
    more = " ..." if len(paths) > at_most else ""
    return ", ".join(map(shown, paths[:at_most])) + more


def refuse_overlap(a: PathLike, b: PathLike) -> None:
    """Raise `ValueError` if two folders are one, or if one lies within the other."""
    a, b = (os.path.expanduser(os.fspath(folder)) for folder in (a, b))
    if not os.path.isdir(a) or not os.path.isdir(b):
        return  # the search for pictures says so
    if identity(a) == identity(b):
        raise ValueError(
            f"Both folders are the same, {shown(a)!r}. Pass one for each kind of "
            "pictures."
        )
    real = [os.path.realpath(folder) for folder in (a, b)]
    common = os.path.commonpath(real) if same_drive(*real) else None
    if common in real:
        outer, inner = (a, b) if common == real[0] else (b, a)
        raise ValueError(
            f"The folder {shown(inner)!r} lies in the other one, {shown(outer)!r}, "
            "whose subfolders are searched too. Move it out of there."
        )


def same_drive(a: str, b: str) -> bool:
    """Return whether two absolute paths can have a common folder."""
    return os.path.splitdrive(a)[0] == os.path.splitdrive(b)[0]


def check_aspect(
    paths: Sequence[PathLike],
    others: Sequence[PathLike],
    sizes: Sequence[tuple[int, int]],
    other_sizes: Sequence[tuple[int, int]],
    size: tuple[int, int],
) -> None:
    """Raise `ValueError` on a pair whose windows would show different parts."""
    each = zip(paths, others, sizes, other_sizes, strict=True)
    for path, other, own, theirs in each:
        if cover(own, size) != cover(theirs, size):
            raise ValueError(
                f"{shown(path)} is of size {own} (height, width) and its partner "
                f"{shown(other)} of size {theirs}: of other aspect ratios, they would "
                "not be cropped alike. Crop one of them, or pass crop=None, which "
                "stretches both."
            )


def readers_of(
    channels: tuple[int | None, int | None],
    common: Iterable[int],
    size: tuple[int, int] | None,
    crop: str | None,
) -> list[Reader]:
    """Return the readers of inputs and targets."""
    for number in channels:
        check_channels(number)
    return [
        Reader(given or found, size, crop)
        for given, found in zip(channels, common, strict=True)
    ]


def joined_shapes(
    readers: Sequence[Reader], sizes: Sequence[tuple[int, int]]
) -> list[tuple[int, int, int]]:
    """Return the shapes that pairs of these sizes are read as."""
    total = sum(reader.channels for reader in readers)
    return [(*readers[0].shape(each)[:2], total) for each in sizes]


def read_double_header(path: PathLike) -> tuple[bool, tuple[int, int]]:
    """Return what `read_header` does, of a picture that holds two side by side."""
    is_grey, (height, width) = read_header(path)
    if width % 2:
        raise UnreadablePicture(
            f"{shown(path)} cannot hold two pictures side by side, for its width, "
            f"{width}, is odd. Repair or remove it, or leave out what is broken: "
            '`on_error="skip"`.'
        )
    return is_grey, (height, width)
