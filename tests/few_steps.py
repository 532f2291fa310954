"""How `compile` is told that a test takes few steps.

TensorFlow takes longer to trace them than to run them. JAX compiles each operation of
an eager step alone, which takes longer than to compile the step.
"""

import keras

IS_JAX = keras.backend.backend() == "jax"
FEW_STEPS = {"run_eagerly": not IS_JAX, "jit_compile": IS_JAX}
