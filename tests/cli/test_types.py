"""Numbers as they are typed."""

import click
import pytest

from keras_gan_cli.types import CODE, COUNT, SIZE

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5000", 5000),
        ("200k", 200_000),
        ("1.5M", 1_500_000),
        ("60_000", 60_000),
        ("2.01M", 2_010_000),
    ],
)
def test_counts(text, number):
    assert COUNT.convert(text, None, None) == number


@pytest.mark.parametrize(
    "text", ["", "0", "-3", "1.5", "k", "many", "0.0001k", "5kk", "inf", "nan", "1e99"]
)
def test_what_is_no_count(text):
    with pytest.raises(click.BadParameter, match="not a number such as 5000, 200k"):
        COUNT.convert(text, None, None)


def test_sizes_are_height_and_width():
    assert SIZE.convert("64", None, None) == [64, 64]
    assert SIZE.convert("48x64", None, None) == [48, 64]


@pytest.mark.parametrize("text", ["", "x", "0", "64x", "64x64x3", "-64"])
def test_what_is_no_size(text):
    with pytest.raises(click.BadParameter, match="HEIGHTxWIDTH"):
        SIZE.convert(text, None, None)


def test_codes_are_a_name_and_numbers():
    code = CODE.convert
    assert code("category=3", None, None) == ("category", [3])
    assert code("code_1=0.5,-1", None, None) == ("code_1", [0.5, -1])
    for wrong in ("category", "=3", "category=", "category=x"):
        with pytest.raises(click.BadParameter, match="is not NAME=VALUE"):
            code(wrong, None, None)
