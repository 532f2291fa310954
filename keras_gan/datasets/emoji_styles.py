"""Emoji in Google's and in Twitter's style: translation whose outcome is known."""

import hashlib
from typing import Any

import numpy as np

from keras_gan._typing import PathLike
from keras_gan.datasets.emoji import load_arrays
from keras_gan.datasets.glyphs import SKIN_TONES
from keras_gan.datasets.idx import check_split
from keras_gan.datasets.pairs import PairedBatches, pairs
from keras_gan.datasets.unpaired import UnpairedBatches, unpaired

STYLES = ("google", "twitter")


def emoji_styles(
    split: str = "train",
    paired: bool | None = None,
    inputs: str = "google",
    data_dir: PathLike | None = None,
    **options: Any,
) -> UnpairedBatches | PairedBatches:
    """Emoji in two styles of drawing, 64 x 64 pixels: Google's and Twitter's.

    A pair is one glyph in both styles. Training uses the styles as domains of which
    nothing says what belongs together; the pairs of the test split measure what came
    of it. Glyphs with a skin tone are left out. One glyph in ten is in the test split,
    by the MD5 digest of its code, in small letters. Glyphs
    that differ in gender only, such as a man and a woman who run, are glyphs of their
    own, and may be in different splits.

    The data are those of `emoji`, and so are the licences: Google's drawings Apache
    2.0, Twitter's CC BY 4.0.

    Args:
        split: `"train"`, 1,733 glyphs, or `"test"`, 178: in order, with nothing
            dropped.
        paired: Whether batches hold pairs. By default those of `"test"` do.
        inputs: The style of the inputs, `"google"` or `"twitter"`; the other one is
            that of the targets.
        data_dir: Folder with the files of both packages, such as
            `emoji-datasource-google-16.0.0.tgz`.
        **options: Further arguments of `unpaired` or `pairs`: `batch_size`, `seed`,
            `augment` ...

    Returns:
        `UnpairedBatches`, or `PairedBatches`, of images (batch, 64, 64, 3).

    Raises:
        FileNotFoundError: If there is no copy. The message says how to get one.

    Example:

    ```python
    from keras_gan import datasets

    train = datasets.emoji_styles(batch_size=4)  # downloads 135 MB, once
    test = datasets.emoji_styles("test", batch_size=89)
    google, twitter = test[0]
    ```
    """
    if inputs not in STYLES:
        raise ValueError(
            f'`inputs` must be "google" or "twitter". Received: inputs={inputs!r}'
        )
    is_test = check_split(split) == "test"
    images = {}
    for style in STYLES:
        drawings, codes, _ = load_arrays(style, data_dir)
        chosen = np.array(
            [not has_skin_tone(c) and is_held_out(c) == is_test for c in codes]
        )
        images[style] = drawings[chosen]
    targets = STYLES[1 - STYLES.index(inputs)]
    make = pairs if (is_test if paired is None else paired) else unpaired
    defaults = {"shuffle": not is_test, "drop_remainder": not is_test}
    return make(images[inputs], images[targets], **defaults | options)


def has_skin_tone(code: str) -> bool:
    """Return whether a glyph is a variant with a skin tone."""
    return not SKIN_TONES.isdisjoint(code.lower().split("-")[1:])


def is_held_out(code: str) -> bool:
    """Return whether a glyph is in the test split, like one in ten."""
    digest = hashlib.md5(code.encode(), usedforsecurity=False).hexdigest()
    return int(digest, 16) % 10 == 0
