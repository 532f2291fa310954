"""Adam under TensorFlow, one kernel for each variable.

Keras writes Adam as a dozen small operations, each a walk through memory. The
kernel does the same arithmetic in one walk. On a processor, where the networks
are small, that is a measurable part of a step: see docs/performance.md.
"""

import keras
import tensorflow as tf

_STEPPING = (
    "apply",
    "update_step",
    "_backend_apply_gradients",
    "_backend_update_step",
    "_clip_gradients",
)


def can_step(optimizer, gradients):
    """Whether this is Adam as published, with nothing added to it.

    What its settings are at each step is all that a subclass may say.
    """
    return (
        isinstance(optimizer, keras.optimizers.Adam)
        and all(
            getattr(type(optimizer), name) is getattr(keras.optimizers.Adam, name)
            for name in _STEPPING
        )
        and not tf.distribute.has_strategy()
        and all(isinstance(gradient, tf.Tensor) for gradient in gradients)
        and not (
            optimizer.amsgrad
            or optimizer.weight_decay
            or optimizer.use_ema
            or optimizer.gradient_accumulation_steps
            or optimizer.loss_scale_factor
        )
        and all(v.constraint is None for v in optimizer._trainable_variables)
    )


def step(optimizer, gradients, variables):
    """One step, as `optimizer.apply` would take it."""
    num_steps = tf.cast(optimizer.iterations + 1, "float32")
    beta_1, beta_2, learning_rate = (
        tf.cast(setting, "float32")
        for setting in (optimizer.beta_1, optimizer.beta_2, optimizer.learning_rate)
    )
    for gradient, variable in zip(
        optimizer._clip_gradients(gradients), variables, strict=True
    ):
        index = optimizer._get_variable_index(variable)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.value.handle,
            m=optimizer._momentums[index].value.handle,
            v=optimizer._velocities[index].value.handle,
            beta1_power=beta_1**num_steps,
            beta2_power=beta_2**num_steps,
            lr=learning_rate,
            beta1=beta_1,
            beta2=beta_2,
            epsilon=optimizer.epsilon,
            grad=gradient,
        )
    optimizer.iterations.assign_add(1)
