"""Measure how much longer `import keras_gan` takes than `import keras`."""

import os
import statistics
import subprocess
import sys

CODE = """
import time
start = time.perf_counter()
import keras
middle = time.perf_counter()
import keras_gan
print(middle - start, time.perf_counter() - middle)
"""


def measure(backend, num_times):
    """Return the seconds of `import keras`, and of `import keras_gan` after it."""
    environment = {**os.environ, "KERAS_BACKEND": backend}
    pairs = []
    for _ in range(num_times + 1):
        printed = subprocess.check_output(
            [sys.executable, "-c", CODE],
            env=environment,
            text=True,
            stderr=subprocess.DEVNULL,
        )
        pairs.append([float(word) for word in printed.split()[-2:]])
    keras, ours = zip(*pairs[1:], strict=True)  # the first filled the file cache
    return statistics.median(keras), statistics.median(ours)
