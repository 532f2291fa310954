"""How a GPU multiplies float32: in TF32, or as it is."""

import os


def use(name):
    """Set it for this process.

    Args:
        name: `"tf32"` or `"float32"`; None for the default of JAX and TensorFlow, which
            is TF32 on a GPU, and for TF32 under torch.

    Raises:
        ValueError: on another name, or under TensorFlow.
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
    elif name is not None and backend == "jax":
        import jax

        precision = {"tf32": "tensorfloat32", "float32": "highest"}[name]
        jax.config.update("jax_default_matmul_precision", precision)
    elif name is not None:
        raise ValueError("Under TensorFlow this is not set. Pass None.")
