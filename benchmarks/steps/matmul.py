"""How a GPU multiplies float32: in TF32, or as it is."""

import os


def use(name):
    """Set it for this process.

    Args:
        name: `"tf32"` or None for TF32, which is the default of JAX and TensorFlow on a
            GPU that has it, but not of torch; `"float32"` for all bits.

    Raises:
        ValueError: on another name, and on `"float32"` under TensorFlow.
    """
    if name not in (None, "tf32", "float32"):
        raise ValueError(f"`name` must be 'tf32' or 'float32'. Received: {name!r}")
    backend = os.environ["KERAS_BACKEND"]
    if backend == "torch":
        import torch

        if torch.cuda.is_available():
            torch.set_float32_matmul_precision(
                "highest" if name == "float32" else "high"
            )
            torch.backends.cudnn.allow_tf32 = name != "float32"
    elif name == "float32" and backend == "jax":
        import jax

        jax.config.update("jax_default_matmul_precision", "highest")
    elif name == "float32":
        raise ValueError("Under TensorFlow only TF32 is timed. Pass None.")
