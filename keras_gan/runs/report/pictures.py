"""Pictures as part of a page."""

import base64
import functools
import io

MOST_GRIDS = 40
LARGEST_PNG = 100_000


def data_uri(path):
    """A picture file as a `data:` address.

    Small ones stay as they are; large PNGs become WebP, of which a page of forty
    can be sent to somebody. What was read once is remembered until the file changes.

    Args:
        path: `pathlib.Path`.
    """
    status = path.stat()
    return _read(path, status.st_mtime_ns, status.st_size)


def size_of(path):
    """`(width, height)` of a picture file, in pixels."""
    from PIL import Image

    with Image.open(path) as image:
        return image.size


def thinned(items, most=MOST_GRIDS):
    """At most so many of a dict's items, evenly apart, the first and last kept."""
    keys = list(items)
    if len(keys) <= most:
        return items
    chosen = {round(i * (len(keys) - 1) / (most - 1)) for i in range(most)}
    return {key: items[key] for i, key in enumerate(keys) if i in chosen}


@functools.lru_cache(maxsize=200)
def _read(path, changed, size):
    data, kind = path.read_bytes(), path.suffix.removeprefix(".")
    if kind == "png" and size > LARGEST_PNG:
        data, kind = _as_webp(data), "webp"
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def _as_webp(data):
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        packed = io.BytesIO()
        image.save(packed, "WEBP", quality=85)
    return packed.getvalue()
