"""The precision that is faster on the device at hand."""

import keras

from keras_gan import _processor, backend
from keras_gan.precision import timing

# As /proc/cpuinfo calls them, on x86 and on ARM.
INSTRUCTIONS = {"avx512_bf16", "amx_bf16", "bf16"}
GAIN = 1.05  # what bfloat16 must gain at least, for it has fewer digits


def processor_has_bfloat16() -> bool | None:
    """Return whether this processor has instructions for bfloat16 products.

    Returns:
        bool, or None where the system does not say: only Linux does.

    Example:

    ```python
    if keras_gan.precision.processor_has_bfloat16() is False:
        print("It would be emulated.")
    ```
    """
    instructions = _processor.instructions()
    return None if instructions is None else not INSTRUCTIONS.isdisjoint(instructions)


def choose() -> str:
    """Return the Keras dtype policy that trains faster on this device.

    A GPU or TPU that computes in bfloat16 gets `"mixed_bfloat16"`. A processor
    without instructions for it emulates it at a multiple of the time, and gets
    `"float32"`. Where it has them, they may be faster or slower than float32: a few
    steps of a small convolutional network are timed in both, which takes seconds,
    once in a process. So it is where the system does not say what the processor has.
    JAX gets `"float32"` on every processor: it gains nothing there.

    Returns:
        `"mixed_bfloat16"` or `"float32"`.

    Example:

    ```python
    from keras_gan import precision

    keras.config.set_dtype_policy(precision.choose())  # before networks are built
    ```
    """
    return "mixed_bfloat16" if _is_bfloat16_faster() else "float32"


def _is_bfloat16_faster():
    on_accelerator = backend.accelerator_has_bfloat16()
    if on_accelerator is not None:
        return on_accelerator
    if keras.backend.backend() == "jax" or processor_has_bfloat16() is False:
        return False
    return timing.bfloat16_cost() < 1 / GAIN
