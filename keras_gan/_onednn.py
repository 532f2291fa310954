"""oneDNN, the library of fast convolutions that TensorFlow brings for processors.

TensorFlow decides when it is imported whether to use it: by TF_ENABLE_ONEDNN_OPTS, or
else only on processors with instructions that were made for neural networks. On one
with AVX2 it leaves it off, although a training step takes two thirds of the time with
it (docs/performance.md). So this package switches it on there.
"""

import os
import sys

from keras_gan import _processor

VARIABLE = "TF_ENABLE_ONEDNN_OPTS"
# With one of these TensorFlow uses oneDNN by itself.
FOR_NETWORKS = {
    "avx512_vnni",
    "avx512_bf16",
    "avx_vnni",
    "amx_tile",
    "amx_int8",
    "amx_bf16",
}
_state = {"came_too_late": False}


def switch_on() -> None:
    """Let TensorFlow use oneDNN where it gains, if TensorFlow is not there yet.

    What the user has set TF_ENABLE_ONEDNN_OPTS to stays.
    """
    if VARIABLE in os.environ or not _is_left_off():
        return
    if "tensorflow" in sys.modules:
        _state["came_too_late"] = True
    else:
        os.environ[VARIABLE] = "1"


def came_too_late() -> bool:
    """Whether TensorFlow was imported before this package could switch it on."""
    return _state["came_too_late"]


def _is_left_off():
    instructions = _processor.instructions() or frozenset()
    return "avx2" in instructions and FOR_NETWORKS.isdisjoint(instructions)
