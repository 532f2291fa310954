"""The sizes of an R3GAN: what its stages are, of an image shape and a few numbers."""

import math
import numbers
from collections.abc import Sequence

from keras_gan.validation import arguments

EXPANSION = 2
LEAK = 0.2


def plan(
    image_shape: Sequence[int],
    width: int | Sequence[int],
    num_blocks: int | Sequence[int],
    group_size: int,
    patch_size: int,
) -> tuple[tuple[int, int, int], tuple[int, ...], tuple[int, ...], tuple, float]:
    """Return the checked shape, widths and blocks by stage, smallest size and gain."""
    image_shape = arguments.image_shape(image_shape)
    image_height, image_width, _ = image_shape
    patch_size = arguments.integer("patch_size", patch_size)
    group_size = arguments.integer("group_size", group_size)
    widths = _widths(width, image_height // patch_size, image_width // patch_size)
    blocks = _blocks(num_blocks, len(widths))
    base = _base(image_height, image_width, patch_size, len(widths))
    _check_groups(widths, group_size)
    gain = math.sqrt(2 / (1 + LEAK**2)) * sum(blocks) ** -0.25
    return image_shape, widths, blocks, base, gain


def _widths(
    width: int | Sequence[int], image_height: int, image_width: int
) -> tuple[int, ...]:
    if not isinstance(width, numbers.Number):
        return arguments.integers("width", width)
    width = arguments.integer("width", width)
    num_stages = 1
    while (
        image_height % 2 == 0
        and image_width % 2 == 0
        and min(image_height, image_width) >= 8
    ):
        image_height, image_width = image_height // 2, image_width // 2
        num_stages += 1
    return tuple(width * min(2**stage, 4) for stage in reversed(range(num_stages)))


def _blocks(num_blocks: int | Sequence[int], num_stages: int) -> tuple[int, ...]:
    if isinstance(num_blocks, numbers.Number):
        return (arguments.integer("num_blocks", num_blocks),) * num_stages
    blocks = arguments.integers("num_blocks", num_blocks)
    if len(blocks) != num_stages:
        raise ValueError(
            f"`num_blocks` must be a positive integer, or {num_stages} of them, one "
            f"for every stage. Received: {num_blocks!r}"
        )
    return blocks


def _base(height: int, width: int, patch_size: int, num_stages: int) -> tuple[int, int]:
    factor = patch_size * 2 ** (num_stages - 1)
    if height % factor or width % factor:
        raise ValueError(
            f"{num_stages} stages, each half the one before, on patches of "
            f"{patch_size} x {patch_size} pixels need a height and a width divisible "
            f"by {factor}. Received: {height} x {width}. Pass a smaller `patch_size` "
            "or fewer stages in `width`, or resize the images, for instance to "
            f"{-(-height // factor) * factor} x {-(-width // factor) * factor}."
        )
    return height // factor, width // factor


def _check_groups(widths: tuple[int, ...], group_size: int) -> None:
    for width in widths:
        if width < 1 or EXPANSION * width % group_size:
            raise ValueError(
                f"`group_size` must divide twice the width of every stage. Received: "
                f"group_size={group_size} with the widths {widths}."
            )


def check_smooth(is_smooth: bool, patch_size: int) -> None:
    """Raise a `ValueError` if patches of this size cannot overlap."""
    if is_smooth and (patch_size == 1 or patch_size & (patch_size - 1)):
        raise ValueError(
            "`smooth_patches` needs patches to smooth, and a `patch_size` that is a "
            f"power of 2, such as 2 or 4. Received: patch_size={patch_size}."
        )
