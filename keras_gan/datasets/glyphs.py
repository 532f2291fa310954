"""Map emoji that are variants of one drawing to the same base glyph."""

JOINER = "200d"
SKIN_TONES = {"1f3fb", "1f3fc", "1f3fd", "1f3fe", "1f3ff"}
# As a picture; female; male; to the right.
VARIATIONS = {JOINER, "fe0f", "2640", "2642", "27a1", *SKIN_TONES}

ADULT, CHILD = "1f9d1", "1f9d2"
PEOPLE = {
    "1f468": ADULT,  # man
    "1f469": ADULT,  # woman
    "1f471": ADULT,  # person with blond hair
    "1f466": CHILD,  # boy
    "1f467": CHILD,  # girl
    "1f474": "1f9d3",  # old man
    "1f475": "1f9d3",  # old woman
}
COUPLES = {
    "1f46b": f"{ADULT}-1f91d-{ADULT}",  # woman and man holding hands
    "1f46c": f"{ADULT}-1f91d-{ADULT}",
    "1f46d": f"{ADULT}-1f91d-{ADULT}",
    "1f491": f"{ADULT}-2764-{ADULT}",  # couple with a heart
    "1f48f": f"{ADULT}-2764-1f48b-{ADULT}",  # kiss
}
FAMILY = "1f46a"

# Territories with another country's flag.
FLAGS = {
    "BV": "NO",
    "CP": "FR",
    "CQ": "SA",  # drawn so by Google
    "DG": "IO",
    "EA": "ES",
    "HM": "AU",
    "MF": "FR",
    "SJ": "NO",
    "UM": "US",
}


def base_glyph(code: str) -> str:
    """Return the code of the drawing that a glyph is a variant of.

    Variants differ in skin tone, gender, age, direction or hair colour, or in the
    members of a family. Some flags belong to two countries.

    Args:
        code: Code points in hexadecimal digits, such as `"1f44b-1f3fd"`.

    Returns:
        A code that is equal for glyphs that look alike, such as `"1f44b"`.

    Example:

    ```python
    from keras_gan.datasets.glyphs import base_glyph

    print(base_glyph("1f469-1f3fd-200d-1f692"))  # 1f9d1-1f692: a firefighter
    ```
    """
    parts = [part for part in code.split("-") if part not in VARIATIONS] or [code]
    parts = [PEOPLE.get(part, part) for part in parts]
    if len(parts) > 1 and {ADULT, CHILD}.issuperset(parts):
        return FAMILY
    base = "-".join(parts)
    return SAME_FLAG.get(base) or COUPLES.get(base, base)


def flag_code(country: str) -> str:
    """Return the code of a country's flag from its two letters."""
    return "-".join(f"{0x1F1E6 + ord(letter) - ord('A'):x}" for letter in country)


SAME_FLAG = {flag_code(one): flag_code(other) for one, other in FLAGS.items()}
