"""A recipe for the user's pictures, device and time, by the rules of docs/data.md."""

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras

from keras_gan import backend, datasets, precision
from keras_gan.presets.preset import Preset
from keras_gan.presets.registry import get
from keras_gan.presets.specs import ImageShare, Make
from keras_gan.pretrained import efficientnet_lite0
from keras_gan.validation import arguments

FEWEST = 16  # pictures; a training on fewer draws these
FEW = 200  # of so many it soon draws copies
LITTLE_DATA = 20_000  # with fewer D needs augmentation
SIDES = (256, 192, 128, 96, 64, 48, 32)
# The largest side by the minutes that there are, on a processor and an accelerator.
LARGEST = {
    "processor": ((10, 32), (120, 64), (float("inf"), 128)),
    "accelerator": ((30, 64), (240, 128), (float("inf"), 256)),
}
# For fewer minutes of a processor: a DCGAN, whose steps cost least. In colour it loses
# from five on (benchmarks/recipes.py); fewer, and grey, are not measured.
DCGAN_MINUTES = {1: 20, 3: 5}
RECIPES = ("dcgan", "r3gan", "fastgan")
WIDTHS = (96, 64, 32, 16, 8)  # of R3GAN's stages on a processor, the smallest first


@dataclass(frozen=True)
class Recommendation:
    """A training, and why it is this one.

    Args:
        preset: the `Preset`, with a shape and, of a folder or a named data set, with
            data; its length is a guess until it is timed (`runs.Run.fit_to`).
        reasons: tuple of str, three lines: what was seen, which recipe, which settings.
        minutes: float, the time it is meant for.
        precision: str, a Keras dtype policy, or `"auto"` where a processor has to be
            timed.

    Example:

    ```python
    pictures = np.zeros((50, 32, 32, 1), "uint8")
    found = keras_gan.presets.recommend(pictures, minutes=5)
    found.preset.image_shape  # (32, 32, 1)
    ```
    """

    preset: Preset
    reasons: tuple[str, ...]
    minutes: float
    precision: str

    def __str__(self) -> str:
        return "\n".join(self.reasons)


def recommend(
    data: Any,
    minutes: float = 30.0,
    size: int | tuple[int, int] | None = None,
    labels: bool = False,
    on_error: str = "raise",
    recipe: str | None = None,
) -> Recommendation:
    """Choose a training for pictures, for this device, for the time that there is.

    Looks at the number, the size, the shape and the kind of the pictures; reads
    headers, decodes nothing and trains nothing. The rules are in docs/data.md.

    Args:
        data: a folder of pictures, the name of a data set, a data set that was loaded,
            or an array `(number, height, width, channels)`.
        minutes: float, the time for training.
        size: int or `(height, width)`, where the size is not to be chosen.
        labels: bool, whether each subfolder, or each label of a data set, is a class
            to be learned.
        on_error: `"raise"` or `"skip"`, for files that are no pictures.
        recipe: `"dcgan"`, `"r3gan"` or `"fastgan"`, where the recipe is not to be
            chosen. FastGAN takes no labels, and is never chosen by itself.

    Returns:
        A `Recommendation`. `print` it for the reasons.

    Raises:
        ValueError: if there are fewer than 16 pictures, they are smaller than 8
            pixels, there are no classes, or no such folder, data set or recipe.

    Example:

    ```python
    import numpy as np

    pictures = np.zeros((500, 64, 64, 3), "uint8")
    found = keras_gan.presets.recommend(pictures, minutes=30)
    print(found)
    gan = keras_gan.GAN.from_preset(found.preset, load_weights=False)
    gan.fit(pictures, batch_size=found.preset.batch_size, epochs=1)
    ```
    """
    if not arguments.finite("minutes", minutes) > 0:
        raise ValueError(f"`minutes` must be above 0. Received: {minutes}")
    if recipe is not None:
        arguments.one_of("recipe", recipe, RECIPES)
    seen = _look_at(data, on_error)
    if seen.num_pictures < FEWEST:
        raise ValueError(
            f"There are {seen.num_pictures} pictures, and a GAN needs {FEWEST} at the "
            "least, some hundreds to draw anything new. Add pictures."
        )
    device = _device()
    num_classes = _num_classes(data, seen) if labels else None
    side, why_size = _choose_size(seen, size, device, minutes)
    shape = (*side, seen.channels)
    if recipe is None:
        recipe, why_recipe = _choose_recipe(seen, device, minutes, side)
    else:
        why_recipe = f"{recipe}, as said."
    preset = _preset(recipe, device, seen, side, num_classes)
    if seen.num_pictures < FEW:
        why_recipe += f" With {seen.num_pictures} pictures it will draw near copies."
    batch_size = _at_most(seen.num_pictures, preset.batch_size)
    changes, why_augmented = _augmentation(seen, preset)
    preset = preset.replace(
        image_shape=shape,
        name="auto",
        description=f"{why_recipe} Chosen for these pictures and this device.",
        dataset=str(data) if isinstance(data, str | os.PathLike) else "array",
        batch_size=batch_size,
        compile=changes,
        metrics=_metrics(seen),
        note="",
    )
    policy = _policy(device)
    return Recommendation(
        preset,
        (
            f"{seen}; {_name_of(device)}, {policy}, {minutes:g} minutes.",
            why_recipe,
            f"{why_size} Batches of {batch_size}. {why_augmented} Rates fall over the "
            "whole time.",
        ),
        float(minutes),
        policy,
    )


def _look_at(data, on_error):
    if isinstance(data, str | os.PathLike):
        folder = Path(data).expanduser()
        if not folder.is_dir() or any(folder.glob("*-idx3-ubyte*")):
            data = datasets.load(data)
    return datasets.survey(data, on_error)


def _num_classes(data, seen):
    number = getattr(data, "num_classes", None) or seen.num_folders
    if number < 2:
        raise ValueError(
            "There are no classes to learn: with `labels`, each subfolder of a folder "
            f"is one. Received: {number} subfolders. Leave `labels` out."
        )
    return number


def _device():
    has_one = backend.accelerator_has_bfloat16() is not None
    return "accelerator" if has_one else "processor"


def _name_of(device):
    if device == "accelerator":
        return "an accelerator"
    return f"a processor with {os.cpu_count()} threads"


def _policy(device):
    if device == "accelerator":
        can = backend.accelerator_has_bfloat16()
        return "mixed_bfloat16" if can else "float32"
    is_slow = precision.processor_has_bfloat16() is False
    return "float32" if is_slow or keras.backend.backend() == "jax" else "auto"


def _choose_size(seen, size, device, minutes):
    """Return `(height, width)`, and why."""
    if size is not None:
        sides = (size, size) if isinstance(size, int) else tuple(size)
        height, width = (arguments.integer("size", side) for side in sides)
        return (height, width), f"Size {height} x {width}, as said."
    short, long = sorted((seen.height, seen.width))
    if short < 8:
        raise ValueError(
            f"The pictures have {seen.height} x {seen.width} pixels, and 8 is the "
            "shortest side that networks make. Pass `size` to enlarge them."
        )
    cap = next(side for until, side in LARGEST[device] if minutes < until)
    if short < SIDES[-1]:
        side = -(-short // 4) * 4
    else:
        side = next(each for each in SIDES if each <= min(short, cap))
    shape = (side, side)
    # Beyond this a square would cut off a fifth.
    if long / short >= 1.25:
        other = max(side, round(side * min(long / short, 2.0) / 16) * 16)
        shape = (other, side) if seen.height > seen.width else (side, other)
    reason = (
        "that of the pictures" if side >= short else f"which fits {minutes:g} minutes"
    )
    return shape, f"Size {shape[0]} x {shape[1]}, {reason}."


def _choose_recipe(seen, device, minutes, sides):
    """Return the name of a recipe, and why it is this one."""
    if device == "accelerator":
        why = "R3GAN, width 64: no collapse, the best quality for long training."
        return "r3gan", why
    if min(sides) < 16:
        return "dcgan", "DCGAN with R1: made for pictures that small."
    if minutes < (least := DCGAN_MINUTES[seen.channels]):
        why = f"the cheapest steps, for under {least} minutes of a processor."
        return "dcgan", f"DCGAN with R1: {why}"
    return "r3gan", (
        "R3GAN, narrow, on patches of 2 x 2 pixels: no collapse, and good pictures "
        "in the time of a processor."
    )


def _preset(recipe, device, seen, sides, num_classes):
    """Return the preset of a recipe, with what depends on device, sides and classes."""
    if recipe == "fastgan":
        if num_classes is not None:
            raise ValueError(
                "FastGAN takes no labels here. Pass `labels=False`, or another recipe."
            )
        return get("fastgan").replace(compile=_average())
    if recipe == "dcgan":
        preset = get("dcgan").replace(compile=_average(recompute_images=2_048))
        conditioning = {"conditioning": "projection"}
    elif device == "accelerator":
        preset, conditioning = get("r3gan").replace(arguments={"width": 64}), {}
    else:
        base = get("r3gan_emoji_64" if seen.channels == 3 else "r3gan_fashion_mnist")
        own = {"width": _widths(sides), "smooth_patches": seen.channels == 3}
        preset = base.replace(arguments=own, compile=_average(), finish=None)
        conditioning = {}
    if num_classes is None:
        return preset
    return preset.replace(num_classes=num_classes, arguments=conditioning)


def _widths(sides):
    """Return the widths of R3GAN's stages on patches of 2 x 2 pixels."""
    height, width = (side // 2 for side in sides)
    num_stages = 1
    while height % 2 == 0 and width % 2 == 0 and min(height, width) >= 8:
        height, width, num_stages = height // 2, width // 2, num_stages + 1
    return WIDTHS[: max(num_stages, 1)]


def _average(**settings):
    share = {"half_life": ImageShare(0.1), **settings}
    return {"ema": Make("optimizers.EMA", share)}


def _augmentation(seen, preset):
    """Return what of `compile` depends on the number of pictures, and why."""
    if seen.num_pictures >= LITTLE_DATA:
        return {"augment": None}, f"No augmentation: {LITTLE_DATA:,} pictures or more."
    if preset.model == "FastGAN":
        return {}, "Augmentation as published."
    ramp = {"ramp_images": ImageShare(0.5)}
    return (
        {"augment": Make("augment.AdaptiveAugment", ramp)},
        f"Adaptive augmentation: fewer than {LITTLE_DATA:,} pictures.",
    )


def _metrics(seen):
    """Return a neutral measure of colour pictures, where the network for it is here."""
    is_here = importlib.util.find_spec(efficientnet_lite0.PACKAGE) is not None
    if seen.channels != 3 or seen.num_pictures < 100 or not is_here:
        return ()
    settings = {
        "extractor": Make("metrics.EfficientNetLite0"),
        "subset_size": min(1_000, seen.num_pictures // 2),
    }
    return (Make("metrics.KernelDistance", settings),)


def _at_most(number, batch_size):
    while batch_size > number:
        batch_size //= 2
    return batch_size
