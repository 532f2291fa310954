"""What is computed once or twice: traced and compiled, or run eagerly.

TensorFlow takes longer to trace it than to run it. JAX compiles each operation alone
that runs eagerly, which takes longer than to compile them as one program.
"""

import keras

IS_JAX = keras.backend.backend() == "jax"
# Arguments of `compile`.
FEW_STEPS = {"run_eagerly": not IS_JAX, "jit_compile": IS_JAX}


def as_one(function):
    """A function of tensors that JAX compiles as a whole.

    Variables that it reads are constants of what is compiled: it is not for losses that
    are differentiated by them.
    """
    if not IS_JAX:
        return function
    import jax

    return jax.jit(function)
