import gzip
import struct

import numpy as np
import pytest
from made import save


@pytest.fixture
def write_split():
    """Return a function that writes a split of 2 x 3 images as a pair of IDX files."""

    def write(folder, prefix, num_images, ending=".gz"):
        images = np.arange(num_images * 6, dtype=np.uint8)
        labels = np.arange(num_images, dtype=np.uint8) % 3
        for name, header, values in [
            ("images-idx3-ubyte", (">4B3I", 0, 0, 8, 3, num_images, 2, 3), images),
            ("labels-idx1-ubyte", (">4BI", 0, 0, 8, 1, num_images), labels),
        ]:
            content = struct.pack(*header) + values.tobytes()
            path = folder / f"{prefix}-{name}{ending}"
            path.write_bytes(gzip.compress(content) if ending else content)

    return write


@pytest.fixture
def greys(tmp_path):
    """Six grey pictures, 5 rows by 7 columns, picture i filled with 10 * i."""
    folder = tmp_path / "greys"
    for i in range(6):
        save(folder / f"{i}.png", np.full((5, 7), 10 * i))
    return folder
