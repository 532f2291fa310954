"""The number of epochs for a number of steps."""

import pytest

from keras_gan.runs import epochs_of

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")


@pytest.mark.parametrize(
    ("num_steps", "expected"),
    [
        (1, (1, 1)),
        (7, (7, 1)),
        (40, (40, 1)),
        (1000, (50, 20)),
        (997, (37, 27)),  # a prime: 999 steps are the nearest that can be had
        (11719, (40, 293)),
    ],
)
def test_epochs(num_steps, expected):
    assert epochs_of(num_steps) == expected


def test_few_steps_too_many_and_never_too_few():
    for num_steps in range(100, 20_000, 37):
        epochs, steps = epochs_of(num_steps)
        assert 20 <= epochs <= 50
        assert 0 <= epochs * steps - num_steps < 20
