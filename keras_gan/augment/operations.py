"""The random changes that `RandomAugment` knows: names, groups and strengths."""

from collections.abc import Iterable
from typing import Any

from keras_gan.augment.augmentation import check_names

GROUPS = {
    "blit": ("x_flip", "rotate_90", "integer_shift"),
    "geometry": ("scale", "rotation", "anisotropic_scale", "fractional_shift"),
    "color": ("brightness", "contrast", "luma_flip", "hue", "saturation"),
}
GEOMETRY = (*GROUPS["blit"], *GROUPS["geometry"])
COLOR = GROUPS["color"]
NAMES = (*GEOMETRY, *COLOR, "filter", "noise", "cutout")

# As in the paper. Standard deviations where a change is normal, else largest values.
STRENGTHS = {
    "integer_shift": 0.125,  # largest, as a share of the size
    "scale": 0.2,  # of the base-2 logarithm
    "rotation": 1.0,  # largest, in half turns
    "anisotropic_scale": 0.2,  # of the base-2 logarithm
    "fractional_shift": 0.125,  # as a share of the size
    "brightness": 0.2,
    "contrast": 0.5,  # of the base-2 logarithm
    "hue": 1.0,  # largest, in half turns
    "saturation": 1.0,  # of the base-2 logarithm
    "filter": 1.0,  # of the base-2 logarithm of the gain of a band
    "noise": 0.1,
    "cutout": 0.5,  # as a share of the size
}


def factors_of(operations: Iterable[str] | dict[str, float]) -> dict[str, float]:
    """Return the factor of the probability of every operation that is made.

    Args:
        operations: list of names of operations and groups; or a dict from names to
            factors. What is said of an operation counts more than what is said of
            its group.

    Raises:
        ValueError: on unknown and repeated names, and factors outside of [0, 1].
    """
    check_names("operations", operations, (*GROUPS, *NAMES))
    if not isinstance(operations, dict):
        operations = dict.fromkeys(operations, 1.0)
    if not all(0 <= factor <= 1 for factor in operations.values()):
        raise ValueError(
            "The factors of `operations` multiply the probability and must lie in "
            f"[0, 1]. Received: operations={operations}"
        )
    factors = {}
    for group, members in GROUPS.items():
        if group in operations:
            factors |= dict.fromkeys(members, operations[group])
    factors |= {name: f for name, f in operations.items() if name in NAMES}
    return {name: factors[name] for name in NAMES if factors.get(name)}


def strengths_of(strengths: dict[str, float] | None) -> dict[str, float]:
    """Return the strength of every operation, the paper's where none is given.

    Raises:
        ValueError: on names that have no strength, and on strengths that cannot be.
    """
    strengths = strengths or {}
    check_names("strengths", strengths, STRENGTHS)
    for name, value in strengths.items():
        if not _is_strength(value):
            raise ValueError(
                "`strengths` must be a dict from names to numbers that are not "
                f"negative. Received: {name}={value!r}"
            )
    return STRENGTHS | dict(strengths)


def _is_strength(value: Any) -> bool:
    return isinstance(value, int | float) and 0 <= value < float("inf")
