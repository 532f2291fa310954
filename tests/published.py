"""Values of the authors' implementations, and how close ours must be to them.

The files in `tests/fixtures` hold parameters, inputs and outputs of the published
PyTorch code, with random weights, in float32 on a processor.
"""

from pathlib import Path

import numpy as np
from keras import ops

FIXTURES = Path(__file__).parent / "fixtures"
RELATIVE = 1e-4


def assert_close(values, expected):
    """Compare to 1e-4 of the largest value: a small entry may be a difference."""
    values, expected = ops.convert_to_numpy(values), ops.convert_to_numpy(expected)
    assert values.shape == expected.shape
    scale = np.abs(expected).max()
    assert scale > 0
    np.testing.assert_allclose(values, expected, rtol=0, atol=RELATIVE * scale)


def channels_last(images):
    return ops.convert_to_tensor(images.transpose(0, 2, 3, 1))


def part_of(file, name):
    """The arrays of a file whose names begin with one, by the rest of their names."""
    prefix = f"{name}/"
    return {k.removeprefix(prefix): file[k] for k in file if k.startswith(prefix)}
